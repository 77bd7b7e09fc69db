"""Kernels by hand, conv2d, a small network of strides, its sizes and its activations."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from seeded import draw, fill, normal
from torch.utils.data import DataLoader, TensorDataset

top_edge = torch.tensor([[-1, -1, -1], [0, 0, 0], [1, 1, 1]]).float()
im = torch.arange(64).view(8, 8).float() % 11
print((im[4:7, 2:5] * top_edge).sum(), im[0:3, 0:3])


def apply_kernel(row, col, kernel):
    return (im[row - 1:row + 2, col - 1:col + 2] * kernel).sum()


rng = range(1, 7)
edges = torch.tensor([[apply_kernel(i, j, top_edge) for j in rng] for i in rng])
print(edges)
left_edge = torch.tensor([[-1, 1, 0], [-1, 1, 0], [-1, 1, 0]]).float()
diag1 = torch.tensor([[0, -1, 1], [-1, 1, 0], [1, 0, 0]]).float()
edge_kernels = torch.stack([left_edge, top_edge, diag1]).unsqueeze(1)
xb = im[None, None].repeat(2, 1, 1, 1)
batch_features = F.conv2d(xb, edge_kernels)
print(edge_kernels.shape, batch_features.shape, torch.equal(batch_features[0, 1], edges))
print(F.conv2d(xb, edge_kernels, padding=1, stride=2).shape)


def conv(ni, nf, ks=3, act=True):
    res = nn.Conv2d(ni, nf, stride=2, kernel_size=ks, padding=ks // 2)
    if act:
        res = nn.Sequential(res, nn.ReLU())
    return res


simple_cnn = fill(nn.Sequential(conv(1, 4), conv(4, 8), conv(8, 2, act=False), nn.Flatten()), 0.3)
print(simple_cnn)
print(simple_cnn(xb).shape)
m = simple_cnn[0]
print(m[0].weight.shape, m[0].bias.shape, m)
total = 0
for name, p in simple_cnn.named_parameters():
    print(name, tuple(p.shape), p.numel())
    total += p.numel()
print(total)

sizes = []
handles = [layer.register_forward_hook(
    lambda mod, inp, outp: sizes.append((type(mod).__name__, tuple(outp.shape),
                                         round(outp.mean().item(), 3))))
    for layer in simple_cnn.children()]
simple_cnn(xb)
for h in handles:
    h.remove()
simple_cnn(xb)
print(sizes)

labels = draw.integers(0, 2, 64)
images = normal(64, 1, 8, 8, scale=0.3)
images[:, 0, 2:5] += labels[:, None, None].astype("float32")
dl = DataLoader(TensorDataset(torch.tensor(images), torch.tensor(labels)), 16)
opt = torch.optim.Adam(simple_cnn.parameters(), lr=0.01)
for epoch in range(3):
    for x, y in dl:
        loss = F.cross_entropy(simple_cnn(x), y)
        loss.backward()
        opt.step()
        opt.zero_grad()
    print(epoch, f"{loss.item():.3f}")
with torch.no_grad():
    acc = torch.cat([simple_cnn(x).argmax(-1) == y for x, y in dl]).float().mean()
print(f"{acc:.3f}")
norm = nn.BatchNorm2d(4)
out = norm(torch.from_numpy(normal(6, 4, 3, 3)) * 3 + 1)
print(out.mean(dim=(0, 2, 3)).abs().max() < 1e-4, out.std() - 1 < 0.1)
print(norm.running_mean.shape, norm.num_batches_tracked)
