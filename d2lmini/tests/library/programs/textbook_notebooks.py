"""Shallow and deep networks, He initialization, schedules, as the notebooks of a textbook do."""

import numpy as np
import torch
from seeded import draw, fill, normal
from torch import nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, TensorDataset

D_i, D_k, D_o = 10, 20, 5
model = nn.Sequential(nn.Linear(D_i, D_k), nn.ReLU(), nn.Linear(D_k, D_k), nn.ReLU(),
                      nn.Linear(D_k, D_o))


def weights_init(layer_in):
    if isinstance(layer_in, nn.Linear):
        nn.init.kaiming_normal_(layer_in.weight)
        layer_in.bias.data.fill_(0.0)


model.apply(weights_init)
print(model[0].bias, 0.1 < model[2].weight.std() < 0.6)
fill(model, 0.3)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
scheduler = StepLR(optimizer, step_size=4, gamma=0.5)
x, y = torch.tensor(normal(100, D_i)), torch.tensor(normal(100, D_o))
data_loader = DataLoader(TensorDataset(x, y), batch_size=10)
for epoch in range(8):
    epoch_loss = 0.0
    for _, data in enumerate(data_loader):
        x_batch, y_batch = data
        optimizer.zero_grad()
        pred = model(x_batch)
        loss = criterion(pred, y_batch)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    if epoch % 4 == 3:
        print(f"Epoch {epoch:5d}, loss {epoch_loss:.1f}, lr {scheduler.get_last_lr()[0]}")
    scheduler.step()

templates = draw.normal(0, 1, (4, 40))
labels = draw.integers(0, 4, 120)
signals = templates[labels] + 0.5 * draw.normal(0, 1, (120, 40))
x_train = torch.tensor(signals.astype("float32")).float()
y_train = torch.tensor(labels.transpose().astype("int64")).long()
net = fill(nn.Sequential(nn.Linear(40, 30), nn.ReLU(), nn.Linear(30, 4)), 0.2)
loss_function = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
n_epoch = 5
losses_train, errors_train = np.zeros((n_epoch)), np.zeros((n_epoch))
for epoch in range(n_epoch):
    for x_batch, y_batch in DataLoader(TensorDataset(x_train, y_train), batch_size=30):
        optimizer.zero_grad()
        loss = loss_function(net(x_batch), y_batch)
        loss.backward()
        optimizer.step()
    pred_train = net(x_train)
    _, predicted_train_class = torch.max(pred_train.data, 1)
    right = (predicted_train_class == y_train).float().sum()
    errors_train[epoch] = 100 - 100 * right / len(y_train)
    losses_train[epoch] = loss_function(pred_train, y_train).item()
print(np.round(losses_train, 3), np.round(errors_train, 1))

beta, omega = torch.tensor(0.5, requires_grad=True), torch.tensor([1.0, -0.4], requires_grad=True)
out = beta + omega[1] * torch.sin(omega[0] * torch.tensor(2.0)).exp()
out.backward()
print(out, beta.grad, omega.grad)
print(torch.sigmoid(torch.tensor([-1e4, 0.0, 1e4])), torch.softmax(torch.tensor([[1e4, 0.0]]), 1))
