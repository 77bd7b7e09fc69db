"""A character MLP with an embedding table, then batch normalization and modules by hand."""

import torch
import torch.nn.functional as F
from seeded import draw, normal

words = ["emma", "olivia", "ava", "isabella", "sophia", "charlotte", "mia", "amelia", "harper"]
chars = sorted(set("".join(words)))
stoi = {s: i + 1 for i, s in enumerate(chars)}
stoi["."] = 0
vocab_size, block_size = len(stoi), 3


def build_dataset(words):
    X, Y = [], []
    for w in words:
        context = [0] * block_size
        for ch in w + ".":
            ix = stoi[ch]
            X.append(context)
            Y.append(ix)
            context = context[1:] + [ix]
    X = torch.tensor(X)
    Y = torch.tensor(Y)
    print(X.shape, Y.shape)
    return X, Y


Xtr, Ytr = build_dataset(words[:7])
Xdev, Ydev = build_dataset(words[7:])
print(Xtr.dtype, Xtr[:3])
C = torch.from_numpy(normal(vocab_size, 2))
emb = C[Xtr]
print(emb.shape, torch.equal(emb[5, 1], C[Xtr[5, 1]]))
print(torch.cat(torch.unbind(emb, 1), 1).shape, emb.view(-1, 6).shape)
W1, b1 = torch.from_numpy(normal(6, 20, scale=0.4)), torch.from_numpy(normal(20, scale=0.1))
W2, b2 = torch.from_numpy(normal(20, vocab_size, scale=0.2)), torch.zeros(vocab_size)
parameters = [C, W1, b1, W2, b2]
print(sum(p.nelement() for p in parameters))
for p in parameters:
    p.requires_grad = True
lre = torch.linspace(-3, 0, 5)
print(10 ** lre)
lossi = []
for i in range(60):
    ix = torch.tensor(draw.integers(0, Xtr.shape[0], (16,)))
    emb = C[Xtr[ix]]
    h = torch.tanh(emb.view(-1, 6) @ W1 + b1)
    logits = h @ W2 + b2
    loss = F.cross_entropy(logits, Ytr[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad
    lossi.append(loss.log10().item())
print(f"{sum(lossi[-10:]) / 10:.3f}", torch.tensor(lossi).view(-1, 20).mean(1))


@torch.no_grad()
def split_loss(split):
    x, y = {"train": (Xtr, Ytr), "val": (Xdev, Ydev)}[split]
    h = torch.tanh(C[x].view(x.shape[0], -1) @ W1 + b1)
    loss = F.cross_entropy(h @ W2 + b2, y)
    print(split, f"{loss.item():.3f}")


split_loss("train")
split_loss("val")
logits = h @ W2 + b2
counts = logits.exp()
prob = counts / counts.sum(1, keepdims=True)
loss = -prob[torch.arange(16), Ytr[ix]].log().mean()
print(torch.allclose(loss, F.cross_entropy(logits, Ytr[ix])))


class Linear:
    def __init__(self, fan_in, fan_out, bias=True):
        self.weight = torch.from_numpy(normal(fan_in, fan_out)) / fan_in ** 0.5
        self.bias = torch.zeros(fan_out) if bias else None

    def __call__(self, x):
        self.out = x @ self.weight
        if self.bias is not None:
            self.out += self.bias
        return self.out

    def parameters(self):
        return [self.weight] + ([] if self.bias is None else [self.bias])


class BatchNorm1d:
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        self.eps, self.momentum, self.training = eps, momentum, True
        self.gamma, self.beta = torch.ones(dim), torch.zeros(dim)
        self.running_mean, self.running_var = torch.zeros(dim), torch.ones(dim)

    def __call__(self, x):
        if self.training:
            xmean = x.mean(0, keepdim=True)
            xvar = x.var(0, keepdim=True, unbiased=True)
        else:
            xmean, xvar = self.running_mean, self.running_var
        xhat = (x - xmean) / torch.sqrt(xvar + self.eps)
        self.out = self.gamma * xhat + self.beta
        if self.training:
            with torch.no_grad():
                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * xmean
                self.running_var = (1 - self.momentum) * self.running_var + self.momentum * xvar
        return self.out

    def parameters(self):
        return [self.gamma, self.beta]


class Tanh:
    def __call__(self, x):
        self.out = torch.tanh(x)
        return self.out

    def parameters(self):
        return []


C = torch.from_numpy(normal(vocab_size, 4))
layers = [Linear(12, 16, bias=False), BatchNorm1d(16), Tanh(), Linear(16, vocab_size)]
with torch.no_grad():
    layers[-1].weight *= 0.1
parameters = [C] + [p for layer in layers for p in layer.parameters()]
for p in parameters:
    p.requires_grad = True
ud = []
for i in range(40):
    ix = torch.tensor(draw.integers(0, Xtr.shape[0], (16,)))
    x = C[Xtr[ix]].view(16, -1)
    for layer in layers:
        x = layer(x)
    loss = F.cross_entropy(x, Ytr[ix])
    for layer in layers:
        layer.out.retain_grad()
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad
    with torch.no_grad():
        ud.append([(0.1 * p.grad.std() / p.data.std()).log10().item() for p in parameters[:2]])
print(f"{loss.item():.3f}", torch.tensor(ud).mean(0))
for layer in layers[:-1]:
    t = layer.out
    print(layer.__class__.__name__, f"mean {t.mean():+.2f}, std {t.std():.2f}, "
          f"saturated: {(t.abs() > 0.97).float().mean() * 100:.2f}%, "
          f"grad {t.grad.std():e}"[:60])
for layer in layers:
    layer.training = False
x = C[Xdev].view(Xdev.shape[0], -1)
for layer in layers:
    x = layer(x)
print(x.shape, round(F.softmax(x, dim=1).sum().item(), 3), layers[1].running_mean.shape)
