"""Two classes of small pictures told apart: by distance to the mean picture, then by SGD.

In the manner of an introduction to MNIST with threes and sevens.
"""

import torch
import torch.nn.functional as F
from seeded import draw, normal
from torch import nn
from torch.utils.data import DataLoader

ideal = draw.integers(0, 255, (2, 7, 7))


def pictures(kind, n):
    noise = draw.integers(-40, 40, (n, 7, 7))
    return [torch.tensor((ideal[kind] + k).clip(0, 255).astype("uint8")) for k in noise]


threes, sevens = pictures(0, 40), pictures(1, 36)
print(threes[0][2:4, 1:5], threes[0].dtype)
stacked_threes = torch.stack(threes).float() / 255
stacked_sevens = torch.stack(sevens).float() / 255
print(stacked_threes.shape, stacked_threes.ndim, len(stacked_threes.shape))
mean3, mean7 = stacked_threes.mean(0), stacked_sevens.mean(0)
a_3 = stacked_threes[1]
dist_3_abs = (a_3 - mean3).abs().mean()
dist_3_sqr = ((a_3 - mean3) ** 2).mean().sqrt()
print(dist_3_abs, dist_3_sqr)
print(F.l1_loss(a_3.float(), mean7), F.mse_loss(a_3, mean7).sqrt())


def distance(a, b):
    return (a - b).abs().mean((-1, -2))


def is_3(x):
    return distance(x, mean3) < distance(x, mean7)


print(distance(a_3, mean3), distance(stacked_threes, mean3).shape)
print(is_3(a_3), is_3(a_3).float(), is_3(stacked_threes)[:6])
print(is_3(stacked_threes).float().mean(), (1 - is_3(stacked_sevens).float()).mean())

time = torch.arange(0, 20).float()
speed = torch.from_numpy(normal(20)) * 3 + 0.75 * (time - 9.5) ** 2 + 1


def quadratic(t, params):
    a, b, c = params
    return a * (t ** 2) + (b * t) + c


def mse(preds, targets):
    return ((preds - targets) ** 2).mean()


params = torch.tensor(normal(3)).requires_grad_()
orig_params = params.clone()
lr = 1e-5
for i in range(10):
    loss = mse(quadratic(time, params), speed)
    loss.backward()
    params.data -= lr * params.grad.data
    params.grad = None
    print(f"{loss.item():.2f}", end=" ")
print()
params = orig_params.detach().requires_grad_()
print(params)

train_x = torch.cat([stacked_threes, stacked_sevens]).view(-1, 7 * 7)
train_y = torch.tensor([1] * len(threes) + [0] * len(sevens)).unsqueeze(1)
print(train_x.shape, train_y.shape)
dset = list(zip(train_x, train_y))
x, y = dset[0]
print(x.shape, y)


def init_params(size, std=1.0):
    return torch.tensor(normal(*size, scale=std)).requires_grad_()


weights, bias = init_params((7 * 7, 1), 0.1), init_params((1,))
print((train_x[0] * weights.T).sum() + bias)


def linear1(xb):
    return xb @ weights + bias


preds = linear1(train_x)
corrects = (preds > 0.0).float() == train_y
print(corrects.float().mean().item())


def mnist_loss(predictions, targets):
    predictions = predictions.sigmoid()
    return torch.where(targets == 1, 1 - predictions, predictions).mean()


trgts = torch.tensor([1, 0, 1])
prds = torch.tensor([0.9, 0.4, 0.2])
print(torch.where(trgts == 1, 1 - prds, prds), mnist_loss(prds, trgts))
dl = DataLoader(dset, batch_size=16)
xb, yb = next(iter(dl))
print(xb.shape, yb.shape)


def calc_grad(xb, yb, model):
    loss = mnist_loss(model(xb), yb)
    loss.backward()


calc_grad(xb, yb, linear1)
print(weights.grad.mean(), bias.grad)
weights.grad.zero_()
bias.grad.zero_()


def train_epoch(model, lr, params):
    for xb, yb in dl:
        calc_grad(xb, yb, model)
        for p in params:
            p.data -= p.grad * lr
            p.grad.zero_()


def batch_accuracy(xb, yb):
    return (((xb.sigmoid()) > 0.5) == yb).float().mean()


def validate_epoch(model):
    accs = [batch_accuracy(model(xb), yb) for xb, yb in dl]
    return round(torch.stack(accs).mean().item(), 4)


for i in range(6):
    train_epoch(linear1, 1.0, (weights, bias))
    print(validate_epoch(linear1), end=" ")
print()


class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self, *args, **kwargs):
        for p in self.params:
            p.data -= p.grad.data * self.lr

    def zero_grad(self, *args, **kwargs):
        for p in self.params:
            p.grad = None


simple_net = nn.Sequential(nn.Linear(7 * 7, 30), nn.ReLU(), nn.Linear(30, 1))
for p in simple_net.parameters():
    p.data.copy_(torch.tensor(normal(*p.shape, scale=0.2)))
w, b = simple_net[0].parameters()
print(w.shape, b.shape)
opt = BasicOptim(simple_net.parameters(), 0.1)
for epoch in range(3):
    for xb, yb in dl:
        calc_grad(xb, yb, simple_net)
        opt.step()
        opt.zero_grad()
    print(validate_epoch(simple_net), end=" ")
print()
