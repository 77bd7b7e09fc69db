"""Softmax regression from scratch, an MLP with dropout by hand, initialization by apply."""

import torch
from seeded import draw, normal
from torch import nn
from torch.nn import functional as F

X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(X.sum(0, keepdim=True), X.sum(1, keepdim=True))


def softmax(X):
    X_exp = torch.exp(X)
    partition = X_exp.sum(1, keepdim=True)
    return X_exp / partition


X = torch.from_numpy(normal(2, 5))
X_prob = softmax(X)
print(X_prob, X_prob.sum(1).tolist()[0] - 1 < 1e-6)
y = torch.tensor([0, 2])
y_hat = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
print(y_hat[[0, 1], y])


def cross_entropy(y_hat, y):
    return -torch.log(y_hat[range(len(y_hat)), y])


print(cross_entropy(y_hat, y))


def accuracy(y_hat, y):
    if len(y_hat.shape) > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    cmp = y_hat.type(y.dtype) == y
    return float(cmp.type(y.dtype).sum())


print(accuracy(y_hat, y) / len(y))


class Accumulator:
    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def __getitem__(self, idx):
        return self.data[idx]


num_inputs, num_outputs = 16, 4
centers = draw.normal(0, 1, (num_outputs, num_inputs))
labels = draw.integers(0, num_outputs, 200)
features = torch.tensor((centers[labels] + draw.normal(0, 0.8, (200, num_inputs))),
                        dtype=torch.float32)
labels = torch.tensor(labels)
W = torch.tensor(normal(num_inputs, num_outputs, scale=0.01), requires_grad=True)
b = torch.zeros(num_outputs, requires_grad=True)


def net(X):
    return softmax(torch.matmul(X.reshape((-1, W.shape[0])), W) + b)


lr, batch_size = 0.1, 20
for epoch in range(3):
    metric = Accumulator(3)
    for i in range(0, 200, batch_size):
        X, y = features[i:i + batch_size], labels[i:i + batch_size]
        y_hat = net(X)
        loss = cross_entropy(y_hat, y)
        loss.sum().backward()
        with torch.no_grad():
            for p in (W, b):
                p -= lr * p.grad / batch_size
                p.grad.zero_()
        metric.add(loss.sum(), accuracy(y_hat, y), y.numel())
    print(f"{metric[0] / metric[2]:.3f} {metric[1] / metric[2]:.3f}")


def dropout_layer(X, dropout, mask):
    assert 0 <= dropout <= 1
    if dropout == 1:
        return torch.zeros_like(X)
    return (mask > dropout).float() * X / (1.0 - dropout)


X = torch.arange(16, dtype=torch.float32).reshape((2, 8))
mask = torch.from_numpy(draw.uniform(0, 1, (2, 8)).astype("float32"))
for dropout in (0.0, 0.5, 1.0):
    print(dropout_layer(X, dropout, mask))

x = torch.arange(-2.0, 2.0, 0.5, requires_grad=True)
for f in (torch.relu, torch.sigmoid, torch.tanh):
    y = f(x)
    x.grad = None
    y.backward(torch.ones_like(x), retain_graph=True)
    print(y.detach(), x.grad)


def relu(X):
    a = torch.zeros_like(X)
    return torch.max(X, a)


print(relu(x.detach()))
mlp = nn.Sequential(nn.Flatten(), nn.Linear(num_inputs, 8), nn.ReLU(), nn.Dropout(0.0),
                    nn.Linear(8, num_outputs))


def init_weights(m):
    if type(m) == nn.Linear:
        nn.init.normal_(m.weight, std=0.01)
        m.weight.data.copy_(torch.from_numpy(normal(*m.weight.shape, scale=0.3)))
        nn.init.zeros_(m.bias)


mlp.apply(init_weights)
trainer = torch.optim.SGD(mlp.parameters(), lr=0.2)
loss = nn.CrossEntropyLoss(reduction="none")
for epoch in range(5):
    for i in range(0, 200, batch_size):
        l = loss(mlp(features[i:i + batch_size]), labels[i:i + batch_size])
        trainer.zero_grad()
        l.mean().backward()
        trainer.step()
mlp.eval()
with torch.no_grad():
    print(f"{l.mean():.3f}", accuracy(mlp(features), labels) / len(labels))
print(F.cross_entropy(mlp(features), labels).item() < 0.5, mlp)
