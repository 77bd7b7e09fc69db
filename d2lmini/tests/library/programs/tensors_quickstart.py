"""First steps with tensors: making, looking at, slicing, joining, multiplying, in place."""

import numpy as np
import torch
from seeded import uniform

rows = [[1, 2], [3, 4]]
from_list = torch.tensor(rows)
from_array = torch.from_numpy(np.array(rows))
print(from_list, from_array, from_list.dtype)
print(f"Ones like it:\n {torch.ones_like(from_list)}\n")
noise = torch.rand_like(from_list, dtype=torch.float)
print(noise.shape, noise.dtype, bool((noise < 1).all()))

shape = (2, 3)
print(f"zeros:\n{torch.zeros(shape)}\nones:\n{torch.ones(shape)}")
print(torch.rand(shape).shape, torch.empty(4, 1).size())

t = torch.from_numpy(uniform(3, 4))
print(f"Shape: {t.shape}")
print(f"Datatype: {t.dtype}")
print(f"Device: {t.device}")
if torch.cuda.is_available():
    t = t.to("cuda")

t = torch.ones(4, 4)
print("First row:", t[0])
print("First column:", t[:, 0])
print("Last column:", t[..., -1])
t[:, 1] = 0
print(t)
print(torch.cat([t, t, t], dim=1).shape, torch.stack([t, t]).shape)

y1 = t @ t.T
y2 = t.matmul(t.T)
y3 = torch.matmul(t, t.T)
print(torch.equal(y1, y2), torch.equal(y2, y3), y1[0])
z1 = t * t
z2 = t.mul(t)
print((z1 == z2).all())

total = t.sum()
number = total.item()
print(number, type(number))
t.add_(5)
print(t, "\n")

ones = torch.ones(5)
array = ones.numpy()
ones.add_(1)
print(f"t: {ones}")
print(f"n: {array}")
array = np.ones(5)
shared = torch.from_numpy(array)
np.add(array, 1, out=array)
print(f"t: {shared}")
print(f"n: {array}")
