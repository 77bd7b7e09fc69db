"""A data set of one's own, batches, a collate function, splits."""

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset, random_split


class Faces(Dataset):
    """Points as a dictionary, with an optional transform, in the manner of a landmarks file."""

    def __init__(self, n, transform=None):
        self.points = np.arange(n * 4).reshape(n, 2, 2).astype("float32")
        self.transform = transform

    def __len__(self):
        return len(self.points)

    def __getitem__(self, idx):
        if torch.is_tensor(idx):
            idx = idx.tolist()
        sample = {"image": self.points[idx], "label": idx % 2}
        return self.transform(sample) if self.transform else sample


class ToTensor:
    def __call__(self, sample):
        return {"image": torch.from_numpy(sample["image"]), "label": sample["label"]}


faces = Faces(5, transform=ToTensor())
print(len(faces), faces[3]["image"], faces[3]["label"])
loader = DataLoader(faces, batch_size=2, shuffle=False, num_workers=0)
for i_batch, batch in enumerate(loader):
    print(i_batch, batch["image"].size(), batch["label"])
print(len(loader))


class Squares(Dataset):
    def __len__(self):
        return 6

    def __getitem__(self, i):
        return float(i), i * i


xs, ys = next(iter(DataLoader(Squares(), batch_size=4)))
print(xs, ys, xs.dtype, ys.dtype)
print([len(b[0]) for b in DataLoader(Squares(), batch_size=4, drop_last=True)])

x = torch.arange(10).float().view(5, 2)
y = torch.tensor([0, 1, 0, 1, 1])
ds = TensorDataset(x, y)
print(ds[0], len(ds), ds[1:3])
pairs = list(zip(x, y))
xb, yb = next(iter(DataLoader(pairs, batch_size=3)))
print(xb, yb)
train, valid = random_split(ds, [4, 1], generator=torch.Generator().manual_seed(0))
print(len(train), len(valid))
few = Subset(ds, [0, 2])
print([int(label) for _, label in few])


def collate(samples):
    return torch.stack([s[0] for s in samples]), torch.tensor([int(s[1]) for s in samples])


for xb, yb in DataLoader(ds, batch_size=2, collate_fn=collate):
    print(xb.shape, yb)
seen = torch.cat([yb for _, yb in DataLoader(ds, batch_size=2, shuffle=True)])
print(seen.sort().values)
train_features, train_labels = next(iter(DataLoader(ds, batch_size=5)))
print(f"Feature batch shape: {train_features.size()}")
print(f"Labels batch shape: {train_labels.size()}")
