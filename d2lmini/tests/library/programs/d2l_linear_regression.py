"""Linear regression from scratch and concisely: synthetic data, minibatches, SGD."""

import random

import torch
from seeded import fill, normal
from torch import nn
from torch.utils import data

random.seed(0)


def synthetic_data(w, b, num_examples):
    X = torch.from_numpy(normal(num_examples, len(w)))
    y = torch.matmul(X, w) + b
    y += torch.from_numpy(normal(*y.shape, scale=0.01))
    return X, y.reshape((-1, 1))


true_w = torch.tensor([2, -3.4])
true_b = 4.2
features, labels = synthetic_data(true_w, true_b, 200)
print("features:", features[0], "\nlabel:", labels[0])


def data_iter(batch_size, features, labels):
    num_examples = len(features)
    indices = list(range(num_examples))
    random.shuffle(indices)
    for i in range(0, num_examples, batch_size):
        batch_indices = torch.tensor(indices[i:min(i + batch_size, num_examples)])
        yield features[batch_indices], labels[batch_indices]


for X, y in data_iter(5, features, labels):
    print(X, "\n", y)
    break

w = torch.tensor(normal(2, 1, scale=0.01), requires_grad=True)
b = torch.zeros(1, requires_grad=True)


def linreg(X, w, b):
    return torch.matmul(X, w) + b


def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


lr, num_epochs, batch_size = 0.03, 3, 10
for epoch in range(num_epochs):
    for X, y in data_iter(batch_size, features, labels):
        loss = squared_loss(linreg(X, w, b), y)
        loss.sum().backward()
        sgd([w, b], lr, batch_size)
    with torch.no_grad():
        train_l = squared_loss(linreg(features, w, b), labels)
        print(f"epoch {epoch + 1}, loss {float(train_l.mean()):.4f}")
print(f"error in estimating w: {true_w - w.reshape(true_w.shape)}"[:30])
print([round(v, 2) for v in (true_b - b).tolist()])


def load_array(data_arrays, batch_size, is_train=True):
    dataset = data.TensorDataset(*data_arrays)
    return data.DataLoader(dataset, batch_size, shuffle=is_train)


batches = load_array((features, labels), batch_size, is_train=False)
print(next(iter(batches))[0].shape)
net = fill(nn.Sequential(nn.Linear(2, 1)))
net[0].weight.data.fill_(0.01)
net[0].bias.data.fill_(0)
loss = nn.MSELoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.03)
for epoch in range(3):
    for X, y in batches:
        l = loss(net(X), y)
        trainer.zero_grad()
        l.backward()
        trainer.step()
    l = loss(net(features), labels)
    print(f"epoch {epoch + 1}, loss {l:.4f}")
w, b = net[0].weight.data, net[0].bias.data
print("error in estimating w:", [round(v, 2) for v in (true_w - w.reshape(true_w.shape)).tolist()])
print("error in estimating b:", round((true_b - b).item(), 2))

n_train, num_inputs = 20, 30
true_w, true_b = torch.ones((num_inputs, 1)) * 0.01, 0.05
X = torch.from_numpy(normal(n_train, num_inputs))
y = X @ true_w + true_b + torch.from_numpy(normal(n_train, 1, scale=0.01))


def l2_penalty(w):
    return torch.sum(w.pow(2)) / 2


for lambd in (0, 3):
    net = fill(nn.Sequential(nn.Linear(num_inputs, 1)), 0.3)
    trainer = torch.optim.SGD([{"params": net[0].weight, "weight_decay": lambd},
                               {"params": net[0].bias}], lr=0.003)
    for _ in range(60):
        trainer.zero_grad()
        loss = nn.MSELoss(reduction="none")
        l = loss(net(X), y)
        l.mean().backward()
        trainer.step()
    print(lambd, "L2 norm of w:", f"{net[0].weight.norm().item():.3f}",
          f"{l2_penalty(net[0].weight).item():.3f}")
