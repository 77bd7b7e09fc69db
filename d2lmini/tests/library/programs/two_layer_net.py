"""A two-layer net with gradients by hand against autograd, SVM and softmax losses vectorized."""

import torch
from seeded import draw, normal

num_inputs, input_size, hidden_size, num_classes = 5, 4, 10, 3
params = {"W1": 1e-1 * torch.tensor(normal(input_size, hidden_size), dtype=torch.float64),
          "b1": torch.zeros(hidden_size, dtype=torch.float64),
          "W2": 1e-1 * torch.tensor(normal(hidden_size, num_classes), dtype=torch.float64),
          "b2": torch.zeros(num_classes, dtype=torch.float64)}
X = 10 * torch.tensor(normal(num_inputs, input_size), dtype=torch.float64)
y = torch.LongTensor([0, 1, 2, 2, 1])
for name, p in params.items():
    print(name, tuple(p.shape), p.dtype)


def loss_and_grads(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N, _ = X.shape
    hidden = (X.mm(W1) + b1).clamp(min=0)
    scores = hidden.mm(W2) + b2
    shifted = scores - scores.max(dim=1, keepdim=True)[0]
    probs = shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)
    loss = -probs[torch.arange(N), y].log().sum() / N
    loss += reg * (torch.sum(W1 * W1) + torch.sum(W2 * W2))
    dscores = probs.clone()
    dscores[torch.arange(N), y] -= 1
    dscores /= N
    grads = {"W2": hidden.t().mm(dscores) + 2 * reg * W2, "b2": dscores.sum(dim=0)}
    dhidden = dscores.mm(W2.t())
    dhidden[hidden == 0] = 0
    grads["W1"] = X.t().mm(dhidden) + 2 * reg * W1
    grads["b1"] = dhidden.sum(dim=0)
    return loss, grads


loss, grads = loss_and_grads(params, X, y, 0.05)
print(f"loss {loss.item():.6f}")
leaves = {k: v.clone().requires_grad_() for k, v in params.items()}
again, _ = loss_and_grads({k: v.clone() for k, v in params.items()}, X, y, 0.05)
hidden = torch.relu(X @ leaves["W1"] + leaves["b1"])
auto = torch.nn.functional.cross_entropy(hidden @ leaves["W2"] + leaves["b2"], y) + 0.05 * (
    (leaves["W1"] ** 2).sum() + (leaves["W2"] ** 2).sum())
auto.backward()
for name in grads:
    error = (grads[name] - leaves[name].grad).abs().max()
    print(f"{name} max relative error: {(error / grads[name].abs().max()).item() < 1e-10}")


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.mm(W)
    correct = scores[range(num_train), y].view(-1, 1)
    margin = (scores - correct + 1).clamp(min=0.0)
    margin[range(num_train), y] = 0.0
    loss = margin.sum() / num_train + reg * torch.sum(W * W)
    mask = (margin > 0).to(W.dtype)
    mask[range(num_train), y] = -mask.sum(dim=1)
    return loss, X.t().mm(mask) / num_train + 2 * reg * W


W = 0.01 * torch.tensor(normal(input_size, num_classes), dtype=torch.float64)
loss, dW = svm_loss_vectorized(W, X, y, 0.1)
print(f"{loss.item():.5f}", dW.shape, f"{dW.norm().item():.4f}")

x_train = torch.tensor(normal(12, 6))
x_test = torch.tensor(normal(4, 6))
y_train = torch.tensor(draw.integers(0, 3, 12))
dists = torch.sqrt((x_train.pow(2).sum(dim=1, keepdim=True) + x_test.pow(2).sum(dim=1)
                    - 2 * x_train.mm(x_test.t())).clamp(min=0))
loops = torch.zeros(12, 4)
for i in range(12):
    for j in range(4):
        loops[i, j] = ((x_train[i] - x_test[j]) ** 2).sum().sqrt()
print(torch.allclose(dists, loops, atol=1e-4), dists.dtype)
y_pred = torch.zeros(4, dtype=torch.int64)
for j in range(4):
    _, idx = torch.topk(dists[:, j], 3, largest=False)
    y_pred[j] = torch.bincount(y_train[idx]).argmax()
print(y_pred, (y_pred == torch.tensor([0, 1, 2, 0])).sum())
a = torch.tensor([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
idx = torch.tensor([1, 0, 3])
print(a[torch.arange(3), idx], a[[0, 2]], a[:, idx], a[a > 6])
a[torch.arange(3), idx] = 0
print(a, a.view(2, 6), a.reshape(-1).shape, a.t().contiguous().view(3, 4))
first, *folds = torch.arange(10).chunk(4)
print(first, len(folds), torch.cat(folds))
