"""A small convolutional network: its parameters, its loss, its update."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from seeded import fill, normal


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

    def num_flat_features(self, x):
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features


net = Net()
print(net)
params = list(net.parameters())
print(len(params))
print(params[0].size())
fill(net, 0.1)
input = torch.from_numpy(normal(1, 1, 32, 32))
out = net(input)
print(out.shape, net.num_flat_features(torch.ones(2, 3, 4)))
net.zero_grad()
out.backward(torch.from_numpy(normal(1, 10)))

output = net(input)
target = torch.from_numpy(normal(10)).view(1, -1)
criterion = nn.MSELoss()
loss = criterion(output, target)
print(f"{loss.item():.3f}", loss.grad_fn is None)
net.zero_grad()
print("conv1.bias.grad before backward", net.conv1.bias.grad)
loss.backward()
print("conv1.bias.grad after backward")
print([round(g, 3) for g in net.conv1.bias.grad.tolist()])

learning_rate = 0.01
for f in net.parameters():
    f.data.sub_(f.grad.data * learning_rate)
optimizer = optim.SGD(net.parameters(), lr=0.01)
optimizer.zero_grad()
output = net(input)
loss = criterion(output, target)
loss.backward()
optimizer.step()
print(f"{loss.item():.3f}")
print(sum(p.numel() for p in net.parameters() if p.requires_grad))
for name, param in net.named_parameters():
    print(name, param.size())
