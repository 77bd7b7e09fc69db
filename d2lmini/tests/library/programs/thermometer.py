"""Two thermometers: parameters, autograd, optimizers, validation, a network for the same data."""

from collections import OrderedDict

import torch
import torch.nn as nn
import torch.optim as optim

t_c = [0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0]
t_u = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
t_c, t_u = torch.tensor(t_c), torch.tensor(t_u)


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c) ** 2
    return squared_diffs.mean()


w, b = torch.ones(()), torch.zeros(())
t_p = model(t_u, w, b)
print(t_p, round(loss_fn(t_p, t_c).item(), 2))
x, y = torch.ones(()), torch.ones(3, 1)
z, a = torch.ones(1, 3), torch.ones(2, 1, 1)
print(f"shapes: x: {x.shape}, y: {y.shape} z: {z.shape}, a: {a.shape}")
print((x * y).shape, (y * z).shape, (y * z * a).shape)
delta = 0.1
rate = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (
    2.0 * delta)
print(rate)


def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = 2 * (t_p - t_c) / t_p.size(0)
    return torch.stack([(dloss_dtp * t_u).sum(), (dloss_dtp * 1.0).sum()])


def by_hand(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 10, 100}:
            print("Epoch %d, Loss %.3f" % (epoch, float(loss)))
            print("    Params:", [round(v, 3) for v in params.tolist()])
    return params


t_un = 0.1 * t_u
by_hand(100, 1e-2, torch.tensor([1.0, 0.0]), t_un, t_c)

params = torch.tensor([1.0, 0.0], requires_grad=True)
print(params.grad is None)
loss = loss_fn(model(t_u, *params), t_c)
loss.backward()
print(params.grad)
if params.grad is not None:
    params.grad.zero_()
for epoch in range(1, 501):
    if params.grad is not None:
        params.grad.zero_()
    loss = loss_fn(model(t_un, *params), t_c)
    loss.backward()
    with torch.no_grad():
        params -= 1e-2 * params.grad
    if epoch % 250 == 0:
        print("Epoch %d, Loss %.3f" % (epoch, loss))
for make in (lambda p: optim.SGD([p], lr=1e-2), lambda p: optim.Adam([p], lr=1e-1)):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = make(params)
    for epoch in range(200):
        loss = loss_fn(model(t_un, *params), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print([round(v, 2) for v in params.tolist()])

n_samples = t_u.shape[0]
n_val = int(0.2 * n_samples)
shuffled_indices = torch.tensor([3, 1, 9, 0, 5, 7, 2, 8, 10, 4, 6])
train_indices, val_indices = shuffled_indices[:-n_val], shuffled_indices[-n_val:]
print(train_indices, val_indices, torch.randperm(n_samples).sum())
t_un_train, t_un_val = t_un[train_indices].unsqueeze(1), t_un[val_indices].unsqueeze(1)
t_c_train, t_c_val = t_c[train_indices].unsqueeze(1), t_c[val_indices].unsqueeze(1)
seq_model = nn.Sequential(OrderedDict([("hidden_linear", nn.Linear(1, 8)),
                                       ("hidden_activation", nn.Tanh()),
                                       ("output_linear", nn.Linear(8, 1))]))
print(seq_model)
print([param.shape for param in seq_model.parameters()])
for i, (name, param) in enumerate(seq_model.named_parameters()):
    print(name, param.shape)
    param.data.copy_(torch.linspace(-1, 1, param.numel()).view(param.shape) * (1 + 0.1 * i))
print(seq_model.output_linear.bias)
optimizer = optim.SGD(seq_model.parameters(), lr=1e-3)
criterion = nn.MSELoss()
for epoch in range(1, 301):
    loss_train = criterion(seq_model(t_un_train), t_c_train)
    with torch.set_grad_enabled(False):
        loss_val = criterion(seq_model(t_un_val), t_c_val)
        assert loss_val.requires_grad is False
    optimizer.zero_grad()
    loss_train.backward()
    optimizer.step()
    if epoch == 1 or epoch % 150 == 0:
        print(f"Epoch {epoch}, Training loss {loss_train.item():.3f},"
              f" Validation loss {loss_val.item():.3f}")
print("hidden", seq_model.hidden_linear.weight.grad.shape)

points = torch.tensor([[4.0, 1.0], [5.0, 3.0], [2.0, 1.0]])
second_point = points[1]
second_point[0] = 10.0
print(points, points.stride(), points.t().stride(), points.t().is_contiguous())
print(points.t().contiguous().stride(), points[1:].shape, points[None].shape, points.double().dtype)
points_np = points.numpy()
points_np[0] = 0
print(points, torch.from_numpy(points_np).dtype, points.to(torch.short).dtype)
img_t = torch.arange(27).view(3, 3, 3).float()
print(img_t.mean(-3).shape, img_t.mean(0), img_t.transpose(0, 2).shape)
