"""Gradients: a small graph, leaves, switching off, accumulating, vectors."""

import torch
from seeded import normal

x = torch.ones(5)
y = torch.zeros(3)
w = torch.tensor(normal(5, 3), requires_grad=True)
b = torch.tensor(normal(3), requires_grad=True)
z = torch.matmul(x, w) + b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
print(f"graph of z: {z.grad_fn is not None}, of the loss: {loss.grad_fn is not None}")
loss.backward()
print(w.grad)
print(b.grad)

print(z.requires_grad)
with torch.no_grad():
    z = torch.matmul(x, w) + b
print(z.requires_grad)
z = torch.matmul(x, w) + b
z_detached = z.detach()
print(z_detached.requires_grad)

inp = torch.eye(4, 5, requires_grad=True)
out = (inp + 1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"First call\n{inp.grad}")
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nSecond call\n{inp.grad}")
inp.grad.zero_()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nCall after zeroing gradients\n{inp.grad}")

a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
q = 3 * a ** 3 - b ** 2
q.backward(gradient=torch.tensor([1.0, 1.0]))
print(9 * a ** 2 == a.grad, -2 * b == b.grad)

x, frozen = torch.ones(2, 2), torch.ones(2, 2)
z = torch.ones((2, 2), requires_grad=True)
print((x + frozen).requires_grad, (x + z).requires_grad)

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
print(z, out)
out.backward()
print(x.grad)
a = torch.tensor(normal(2, 2))
a = (a * 3) / (a - 1)
print(a.requires_grad)
a.requires_grad_(True)
print(a.requires_grad, (a * a).sum().grad_fn is None)

x = torch.tensor([0.3, -0.2, 1.1], requires_grad=True)
y = x * 2
while y.data.norm() < 1000:
    y = y * 2
print(y)
y.backward(torch.tensor([0.1, 1.0, 0.0001]))
print(x.grad)
try:
    y.backward(torch.tensor([0.1, 1.0, 0.0001]))
except RuntimeError:
    print("the graph is gone")
