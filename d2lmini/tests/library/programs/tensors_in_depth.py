"""A longer tour: dtypes, broadcasting, functions, copies, reshaping, NumPy."""

import math

import torch
from seeded import uniform

x = torch.empty(3, 4)
print(type(x).__name__, x.shape)
a = torch.ones((2, 3), dtype=torch.int16)
print(a)
b = torch.tensor(uniform(2, 3), dtype=torch.float64) * 20.0
print(b)
c = b.to(torch.int32)
print(c)

ones = torch.zeros(2, 2) + 1
twos = torch.ones(2, 2) * 2
threes = (torch.ones(2, 2) * 7 - 1) / 2
fours = twos ** 2
sqrt2s = twos ** 0.5
print(ones, twos, threes, fours, sqrt2s, sep="\n")
print(twos ** torch.tensor([[1, 2], [3, 4]]))
print(ones + fours, threes * fours)
try:
    print(torch.ones(2, 3) * torch.ones(3, 2))
except RuntimeError as error:
    print("shapes do not fit:", type(error).__name__ != "")

left = torch.from_numpy(uniform(2, 4))
print(left * (torch.ones(1, 4) * 2))
cube = torch.ones(4, 3, 2)
for other in (uniform(3, 2), uniform(3, 1), uniform(1, 2)):
    print((cube * torch.from_numpy(other)).shape)

v = torch.from_numpy(uniform(2, 4)) * 2 - 1
print(torch.abs(v), torch.ceil(v), torch.floor(v), torch.clamp(v, -0.5, 0.5), sep="\n")
angles = torch.tensor([0, math.pi / 4, math.pi / 2, 3 * math.pi / 4])
sines = torch.sin(angles)
print(angles, sines, torch.asin(sines), sep="\n")
d = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
e = torch.ones(1, 2)
print(torch.eq(d, e))
print(torch.max(d), torch.max(d).item(), torch.mean(d), torch.std(d), torch.prod(d))
print(torch.unique(torch.tensor([1, 2, 1, 2, 1, 2])))
m1, m2 = torch.from_numpy(uniform(2, 2)), torch.tensor([[3.0, 0.0], [0.0, 3.0]])
print(torch.matmul(m1, m2))

a = torch.tensor([0, math.pi / 4, math.pi / 2, 3 * math.pi / 4])
print(torch.sin(a), a)
print(torch.sin_(a), a)
a, b = torch.ones(2, 2), torch.from_numpy(uniform(2, 2))
print(a.add_(b), a, b.mul_(b), b, sep="\n")

a = torch.ones(2, 2)
b = a
a[0][1] = 561
print(b)
b = a.clone()
assert b is not a
print(torch.eq(a, b))
a[0][1] = 7
print(b)
a = torch.ones(2, 2, requires_grad=True)
print(a, a.clone(), a.detach().clone(), sep="\n")

image = torch.zeros(3, 6, 6)
print(image.unsqueeze(0).shape, torch.ones(1, 20).squeeze(0).shape, image.flatten().shape)
batch = torch.ones(4, 3, 2)
print((batch * torch.ones(3).unsqueeze(1)).shape)
flat = torch.ones(6 * 5).unsqueeze_(0)
print(flat.shape, flat.reshape(6 * 5, 1).shape, torch.reshape(flat, (6, 5)).shape)
