"""A recurrent network from scratch on characters: one-hot, state, clipping, perplexity."""

import math

import torch
from seeded import normal
from torch import nn
from torch.nn import functional as F

text = "the time machine by h g wells the time traveller for so it will be convenient"
vocab = sorted(set(text))
char_to_idx = {c: i for i, c in enumerate(vocab)}
corpus = [char_to_idx[c] for c in text]
print(F.one_hot(torch.tensor([0, 2]), len(vocab)))
X = torch.arange(10).reshape((2, 5))
print(F.one_hot(X.T, 28).shape)
vocab_size, num_hiddens, num_steps = len(vocab), 12, 6


def get_params():
    def weight(*shape):
        return torch.from_numpy(normal(*shape, scale=0.3))

    params = [weight(vocab_size, num_hiddens), weight(num_hiddens, num_hiddens),
              torch.zeros(num_hiddens), weight(num_hiddens, vocab_size), torch.zeros(vocab_size)]
    for param in params:
        param.requires_grad_(True)
    return params


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    H, = state
    outputs = []
    for X in inputs:
        H = torch.tanh(torch.mm(X, W_xh) + torch.mm(H, W_hh) + b_h)
        outputs.append(torch.mm(H, W_hq) + b_q)
    return torch.cat(outputs, dim=0), (H,)


params = get_params()
batch = torch.tensor([corpus[i:i + num_steps] for i in (0, 7)])
Y, new_state = rnn(F.one_hot(batch.T, vocab_size).type(torch.float32),
                   (torch.zeros((2, num_hiddens)),), params)
print(Y.shape, len(new_state), new_state[0].shape)


def grad_clipping(params, theta):
    norm = torch.sqrt(sum(torch.sum((p.grad ** 2)) for p in params))
    if norm > theta:
        for param in params:
            param.grad[:] *= theta / norm


loss = nn.CrossEntropyLoss()
for epoch in range(4):
    state, total, tokens = (torch.zeros((1, num_hiddens)),), 0.0, 0
    for i in range(0, len(corpus) - num_steps - 1, num_steps):
        x = torch.tensor(corpus[i:i + num_steps]).reshape(1, -1)
        y = torch.tensor(corpus[i + 1:i + num_steps + 1])
        for s in state:
            s.detach_()
        y_hat, state = rnn(F.one_hot(x.T, vocab_size).float(), state, params)
        l = loss(y_hat, y.long()).mean()
        l.backward()
        grad_clipping(params, 1)
        with torch.no_grad():
            for p in params:
                p -= 0.5 * p.grad
                p.grad.zero_()
        total += l.item() * y.numel()
        tokens += y.numel()
    print(f"perplexity {math.exp(total / tokens):.2f}")


def predict(prefix, num_preds):
    state = (torch.zeros((1, num_hiddens)),)
    outputs = [char_to_idx[prefix[0]]]

    def get_input():
        return F.one_hot(torch.tensor([outputs[-1]]).reshape((1, 1)), vocab_size).float()

    for y in prefix[1:]:
        _, state = rnn(get_input(), state, params)
        outputs.append(char_to_idx[y])
    for _ in range(num_preds):
        y, state = rnn(get_input(), state, params)
        outputs.append(int(y.argmax(dim=1).reshape(1)))
    return "".join([vocab[i] for i in outputs])


with torch.no_grad():
    print(predict("time ", 8))
