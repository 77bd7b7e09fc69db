"""A network from the foundations: matrix products three ways, layers with their own backward."""

from math import sqrt

import torch
from seeded import normal
from torch import nn, tensor


def matmul_loops(a, b):
    ar, ac = a.shape
    br, bc = b.shape
    assert ac == br
    c = torch.zeros(ar, bc)
    for i in range(ar):
        for j in range(bc):
            for k in range(ac):
                c[i, j] += a[i, k] * b[k, j]
    return c


def matmul_rows(a, b):
    c = torch.zeros(a.shape[0], b.shape[1])
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            c[i, j] = (a[i] * b[:, j]).sum()
    return c


def matmul_broadcast(a, b):
    c = torch.zeros(a.shape[0], b.shape[1])
    for i in range(a.shape[0]):
        c[i] = (a[i].unsqueeze(-1) * b).sum(dim=0)
    return c


m1, m2 = torch.from_numpy(normal(3, 5)), torch.from_numpy(normal(5, 4))
for f in (matmul_loops, matmul_rows, matmul_broadcast):
    print(torch.allclose(f(m1, m2), m1 @ m2, atol=1e-5))

a, b = tensor([10.0, 6, -4]), tensor([2.0, 8, 7])
print(a + b, a < b, (a < b).all(), (a == b).all(), (a + b).mean().item())
m = tensor([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])
print(m * m, (m - 5) / 2.73, a > 0)
print((m * m).sum().sqrt())
c = tensor([10.0, 20, 30])
print(m + c, c.expand_as(m), c.unsqueeze(1) + m)
print(c.shape, c.unsqueeze(0).shape, c[None, :].shape, c[:, None].shape, c[..., None].shape)
print(c.expand_as(m).stride(), c[None, :] > c[:, None])

x, y = torch.from_numpy(normal(50, 20)), torch.from_numpy(normal(50))
deep = x
for _ in range(10):
    deep = deep @ (torch.from_numpy(normal(20, 20)) / sqrt(20))
print(deep.std() < 10)
w1, b1 = torch.from_numpy(normal(20, 10)) * sqrt(2 / 20), torch.zeros(10)
w2, b2 = torch.from_numpy(normal(10, 1)) * sqrt(2 / 10), torch.zeros(1)


def lin(x, w, b):
    return x @ w + b


def relu(x):
    return x.clamp_min(0.0)


def mse(output, targ):
    return (output.squeeze(-1) - targ).pow(2).mean()


l1 = lin(x, w1, b1)
print(l1.mean(), l1.std())
l2 = relu(l1)
print(l2.mean(), l2.std())
out = lin(l2, w2, b2)
print(out.shape, mse(out, y))


class LayerFunction:
    def __call__(self, *args):
        self.args = args
        self.out = self.forward(*args)
        return self.out

    def forward(self):
        raise Exception("not implemented")

    def bwd(self):
        raise Exception("not implemented")

    def backward(self):
        self.bwd(self.out, *self.args)


class Relu(LayerFunction):
    def forward(self, inp):
        return inp.clamp_min(0.0)

    def bwd(self, out, inp):
        inp.g = (inp > 0).float() * out.g


class Lin(LayerFunction):
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, inp):
        return inp @ self.w + self.b

    def bwd(self, out, inp):
        inp.g = out.g @ self.w.t()
        self.w.g = inp.t() @ self.out.g
        self.b.g = out.g.sum(0)


class Mse(LayerFunction):
    def forward(self, inp, targ):
        return (inp.squeeze() - targ).pow(2).mean()

    def bwd(self, out, inp, targ):
        inp.g = 2 * (inp.squeeze() - targ).unsqueeze(-1) / targ.shape[0]


class Model:
    def __init__(self, w1, b1, w2, b2):
        self.layers = [Lin(w1, b1), Relu(), Lin(w2, b2)]
        self.loss = Mse()

    def __call__(self, x, targ):
        for layer in self.layers:
            x = layer(x)
        return self.loss(x, targ)

    def backward(self):
        self.loss.backward()
        for layer in reversed(self.layers):
            layer.backward()


model = Model(w1, b1, w2, b2)
loss = model(x, y)
model.backward()
print(loss, b1.g)
grads = [t.g.clone() for t in (w1, b1, w2, b2)]
leaves = [t.clone().requires_grad_(True) for t in (w1, b1, w2, b2)]
mse(lin(relu(lin(x, *leaves[:2])), *leaves[2:]), y).backward()
print([torch.allclose(g, t.grad, atol=1e-5) for g, t in zip(grads, leaves)])


class Dense(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(normal(n_out, n_in)) * sqrt(2 / n_in))
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.weight.t() + self.bias


layer = Dense(20, 2)
p1, p2 = layer.parameters()
print(p1.shape, p2.shape, layer(x).shape, p1.requires_grad)
