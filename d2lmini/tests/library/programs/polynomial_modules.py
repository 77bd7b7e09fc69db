"""The same cubic with nn.Sequential, an optimizer, a module of one's own and control flow."""

import math

import torch
from seeded import fill

x = torch.linspace(-math.pi, math.pi, 200)
y = torch.sin(x)
p = torch.tensor([1, 2, 3])
xx = x.unsqueeze(-1).pow(p)
print(xx.shape)

model = fill(torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1)), 0.1)
loss_fn = torch.nn.MSELoss(reduction="sum")
for t in range(300):
    y_pred = model(xx)
    loss = loss_fn(y_pred, y)
    if t % 100 == 99:
        print(t, f"{loss.item():.2f}")
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= 1e-6 * param.grad
linear_layer = model[0]
print(f"{linear_layer.bias.item():.4f} {linear_layer.weight[:, 0].item():.4f}")

model = fill(torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1)), 0.1)
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
for t in range(300):
    loss = loss_fn(model(xx), y)
    if t % 100 == 99:
        print(t, f"{loss.item():.1f}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


class Cubic(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Parameter(torch.tensor(0.1))
        self.b = torch.nn.Parameter(torch.tensor(-0.2))
        self.c = torch.nn.Parameter(torch.tensor(0.02))
        self.d = torch.nn.Parameter(torch.tensor(0.01))

    def forward(self, x):
        return self.a + self.b * x + self.c * x ** 2 + self.d * x ** 3

    def string(self):
        return f"y = {self.a.item():.3f} + {self.b.item():.3f} x"


model = Cubic()
criterion = torch.nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
for t in range(300):
    loss = criterion(model(x), y)
    if t % 100 == 99:
        print(t, f"{loss.item():.2f}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"Result: {model.string()}")


class Dynamic(Cubic):
    """The fourth and fifth powers come in some steps only, with shared weights."""

    def __init__(self):
        super().__init__()
        self.e = torch.nn.Parameter(torch.tensor(0.001))
        self.step = 0

    def forward(self, x):
        out = super().forward(x)
        self.step += 1
        for exp in range(4, 4 + self.step % 3):
            out = out + self.e * x ** exp
        return out


model = Dynamic()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-8, momentum=0.9)
for t in range(200):
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"{loss.item():.2f}", model.string(), [name for name, _ in model.named_parameters()])
