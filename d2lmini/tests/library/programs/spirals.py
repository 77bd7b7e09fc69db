"""Points on spirals: a linear model, then a hidden layer, and regression by an ensemble."""

import math

import torch
from seeded import fill, normal, uniform
from torch import nn, optim

device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
N, D, C, H = 60, 2, 3, 40
X = torch.zeros(N * C, D).to(device)
y = torch.zeros(N * C, dtype=torch.long).to(device)
for c in range(C):
    index = 0
    t = torch.linspace(0, 1, N)
    inner_var = torch.linspace((2 * math.pi / C) * c, (2 * math.pi / C) * (2 + c), N)
    inner_var = inner_var + torch.from_numpy(normal(N)) * 0.2
    for ix in range(N * c, N * (c + 1)):
        X[ix] = t[index] * torch.FloatTensor((math.sin(inner_var[index]),
                                              math.cos(inner_var[index])))
        y[ix] = c
        index += 1
print("Shapes:")
print("X:", tuple(X.size()))
print("y:", tuple(y.size()), y[::30])

learning_rate, lambda_l2 = 1e-1, 1e-5
for hidden in (False, True):
    if hidden:
        model = nn.Sequential(nn.Linear(D, H), nn.ReLU(), nn.Linear(H, C))
    else:
        model = nn.Sequential(nn.Linear(D, H), nn.Linear(H, C))
    fill(model, 0.3).to(device)
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02, weight_decay=lambda_l2)
    for t in range(80):
        y_pred = model(X)
        loss = criterion(y_pred, y)
        score, predicted = torch.max(y_pred, 1)
        acc = (y == predicted).sum().float() / len(y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("[EPOCH]: %i, [LOSS]: %.2f, [ACCURACY]: %.2f" % (t, loss.item(), acc))
    print(score[:3].detach().shape, predicted.dtype)
print(model)

X = torch.unsqueeze(torch.linspace(-1, 1, 100), dim=1)
y = X.pow(3) + 0.3 * torch.from_numpy(uniform(*X.size()))
nets = []
for net in range(3):
    model = fill(nn.Sequential(nn.Linear(1, 20), nn.ReLU() if net % 2 == 0 else nn.Tanh(),
                               nn.Linear(20, 1)), 0.5)
    nets.append(model)
    criterion = torch.nn.MSELoss()
    optimizer = optim.SGD(model.parameters(), lr=5e-2, weight_decay=1e-4)
    for t in range(60):
        loss = criterion(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"{loss.item():.3f}", end=" ")
preds = torch.stack([model(X).detach() for model in nets])
print(preds.size(), f"{preds.var(dim=0).mean().item():.4f}")
rotation = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
print((torch.tensor([[1.0, 2.0]]) @ rotation.t()).tolist(), rotation.norm())
print(torch.eye(2) @ rotation)
