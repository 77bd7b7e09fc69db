"""A scalar autograd engine beside tensors: the same neuron, the same gradients, a tiny MLP."""

import math
import random

import torch

random.seed(1337)


class Value:
    def __init__(self, data, children=()):
        self.data, self.grad, self.children = data, 0.0, children
        self.back = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def back():
            self.grad += out.grad
            other.grad += out.grad
        out.back = back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.back = back
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def back():
            self.grad += (1 - t ** 2) * out.grad
        out.back = back
        return out

    def backward(self):
        topo, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v.children:
                    build(child)
                topo.append(v)
        build(self)
        self.grad = 1.0
        for node in reversed(topo):
            node.back()


x1, x2, w1, w2, b = (Value(v) for v in (2.0, 0.0, -3.0, 1.0, 6.8813735870195432))
o = (x1 * w1 + x2 * w2 + b).tanh()
o.backward()
print(f"{o.data:.4f}", [round(v.grad, 4) for v in (x1, w1, x2, w2)])

x1 = torch.Tensor([2.0]).double()
x1.requires_grad = True
x2 = torch.Tensor([0.0]).double()
x2.requires_grad = True
w1 = torch.Tensor([-3.0]).double()
w1.requires_grad = True
w2 = torch.Tensor([1.0]).double()
w2.requires_grad = True
b = torch.Tensor([6.8813735870195432]).double()
b.requires_grad = True
n = x1 * w1 + x2 * w2 + b
o = torch.tanh(n)
print(f"{o.data.item():.6f}")
o.backward()
print("---")
print("x2", round(x2.grad.item(), 6))
print("w2", round(w2.grad.item(), 6))
print("x1", round(x1.grad.item(), 6))
print("w1", round(w1.grad.item(), 6))

xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
ys = [1.0, -1.0, -1.0, 1.0]
layers = [(torch.tensor([[random.uniform(-1, 1) for _ in range(m)] for _ in range(k)],
                        requires_grad=True),
           torch.tensor([random.uniform(-1, 1) for _ in range(k)], requires_grad=True))
          for m, k in ((3, 4), (4, 4), (4, 1))]
for k in range(20):
    out = torch.tensor(xs)
    for w, b in layers:
        out = (out @ w.T + b).tanh()
    loss = ((out.squeeze() - torch.tensor(ys)) ** 2).sum()
    for w, b in layers:
        w.grad = b.grad = None
    loss.backward()
    for w, b in layers:
        w.data += -0.1 * w.grad
        b.data += -0.1 * b.grad
    if k % 5 == 4:
        print(k, f"{loss.item():.4f}")
print([round(v, 2) for v in out.squeeze().tolist()], len(out))

a = torch.Tensor([-4.0]).double()
b = torch.Tensor([2.0]).double()
a.requires_grad = True
b.requires_grad = True
c = a + b
d = a * b + b ** 3
c = c + c + 1
c = c + 1 + c + (-a)
d = d + d * 2 + (b + a).relu()
d = d + 3 * d + (b - a).relu()
e = c - d
f = e ** 2
g = f / 2.0
g = g + 10.0 / f
g.backward()
print(f"{g.data.item():.4f} {a.grad.item():.4f} {b.grad.item():.4f}")
