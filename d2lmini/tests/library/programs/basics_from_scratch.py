"""Autograd on scalars and matrices, NumPy, a logistic regression and a feedforward network."""

import numpy as np
import torch
import torch.nn as nn
from seeded import draw, fill, normal

x = torch.tensor(1.0, requires_grad=True)
w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0, requires_grad=True)
y = w * x + b
y.backward()
print(x.grad)
print(w.grad)
print(b.grad)

x, y = torch.tensor(normal(10, 3)), torch.tensor(normal(10, 2))
linear = fill(nn.Linear(3, 2))
print("w: ", linear.weight)
print("b: ", linear.bias)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(linear.parameters(), lr=0.01)
pred = linear(x)
loss = criterion(pred, y)
print("loss: ", round(loss.item(), 4))
loss.backward()
print("dL/dw: ", linear.weight.grad)
print("dL/db: ", linear.bias.grad)
optimizer.step()
pred = linear(x)
loss = criterion(pred, y)
print("loss after 1 step optimization: ", round(loss.item(), 4))
x = np.array([[1, 2], [3, 4]])
y = torch.from_numpy(x)
z = y.numpy()
print(y, z)

x_train = np.array([[3.3], [4.4], [5.5], [6.71], [6.93]], dtype=np.float32)
y_train = np.array([[1.7], [2.76], [2.09], [3.19], [1.694]], dtype=np.float32)
model = fill(nn.Linear(1, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for epoch in range(30):
    inputs, targets = torch.from_numpy(x_train), torch.from_numpy(y_train)
    outputs = model(inputs)
    loss = criterion(outputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (epoch + 1) % 10 == 0:
        print("Epoch [{}/{}], Loss: {:.3f}".format(epoch + 1, 30, loss.item()))
predicted = model(torch.from_numpy(x_train)).detach().numpy()
print(predicted.shape, np.round(predicted[0], 2))

features = draw.normal(0, 1, (80, 2)).astype("float32")
target = (features.sum(1, keepdims=True) > 0.3).astype("float32")
X, Y = torch.from_numpy(features), torch.from_numpy(target)


class Logistic(nn.Module):
    def __init__(self, n_input_features):
        super(Logistic, self).__init__()
        self.linear = nn.Linear(n_input_features, 1)

    def forward(self, x):
        y_predicted = torch.sigmoid(self.linear(x))
        return y_predicted


model = fill(Logistic(2))
criterion = nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(40):
    y_pred = model(X)
    loss = criterion(y_pred, Y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
with torch.no_grad():
    y_predicted_cls = model(X).round()
    acc = y_predicted_cls.eq(Y).sum() / float(Y.shape[0])
    print(f"accuracy = {acc:.4f}, loss = {loss.item():.3f}")


class NeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes):
        super(NeuralNet, self).__init__()
        self.fc1 = nn.Linear(input_size, hidden_size)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        out = self.fc1(x)
        out = self.relu(out)
        out = self.fc2(out)
        return out


model = fill(NeuralNet(2, 8, 2))
labels = Y.long().squeeze(1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for epoch in range(20):
    loss = nn.CrossEntropyLoss()(model(X), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
n_correct = 0
_, predicted = torch.max(model(X).data, 1)
n_correct += (predicted == labels).sum().item()
print(f"Accuracy of the network: {100.0 * n_correct / len(labels)} %", model)
x = torch.tensor(normal(3), requires_grad=True)
for i in range(3):
    model_output = (x * 3).sum()
    model_output.backward()
    print(x.grad)
    x.grad.zero_()
print(x.view(3, 1).size(), x.detach().add(2), torch.add(x, x).shape, x[0].item() == float(x[0]))
t1 = torch.ones(2, 2)
t1.add_(t1)
print(t1, t1.sub(1), t1 - 1, torch.mul(t1, t1), torch.div(t1, 4), t1[:, 0], t1[1, 1].item())
