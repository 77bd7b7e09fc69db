"""State dicts: looked at, saved, loaded, continued."""

import os
import tempfile

import torch
from seeded import fill, normal
from torch import nn, optim


class TheModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc1 = nn.Linear(6, 2)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        return self.fc1(x.mean(dim=(2, 3)))


model = fill(TheModel())
optimizer = optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
print("Model's state_dict:")
for param_tensor in model.state_dict():
    print(param_tensor, "\t", model.state_dict()[param_tensor].size())
print("Optimizer's state_dict:")
print(list(optimizer.state_dict()), optimizer.state_dict()["param_groups"][0]["lr"])

x = torch.from_numpy(normal(2, 3, 8, 8))
loss = model(x).pow(2).mean()
loss.backward()
optimizer.step()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.pt")
    torch.save(model.state_dict(), path)
    again = TheModel()
    print(again.load_state_dict(torch.load(path, weights_only=True)))
    again.eval()
    print(torch.equal(model(x), again(x)))
    checkpoint = os.path.join(folder, "checkpoint.tar")
    torch.save({"epoch": 5, "model_state_dict": model.state_dict(),
                "optimizer_state_dict": optimizer.state_dict(), "loss": 0.4}, checkpoint)
    fresh = TheModel()
    fresh_optimizer = optim.SGD(fresh.parameters(), lr=0.001, momentum=0.9)
    stored = torch.load(checkpoint)
    fresh.load_state_dict(stored["model_state_dict"])
    fresh_optimizer.load_state_dict(stored["optimizer_state_dict"])
    print(stored["epoch"], stored["loss"])
    tensors = os.path.join(folder, "x-file")
    torch.save([torch.arange(4), torch.zeros(4)], tensors)
    x2, y2 = torch.load(tensors)
    print(x2, y2)
    torch.save({"x": x2, "y": y2}, tensors)
    print(torch.load(tensors))
for a, b in ((model, optimizer), (fresh, fresh_optimizer)):
    b.zero_grad()
    a(x).pow(2).mean().backward()
    b.step()
print(all(torch.allclose(p, q) for p, q in zip(model.parameters(), fresh.parameters())))
best = model.state_dict()
with torch.no_grad():
    model.fc1.bias.fill_(7.0)
print(best["fc1.bias"])
