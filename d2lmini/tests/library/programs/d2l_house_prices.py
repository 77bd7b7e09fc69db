"""House prices: standardized and one-hot features, log RMSE, k-fold cross-validation, Adam."""

import numpy as np
import torch
from seeded import draw
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

n = 60
area, rooms, zone = draw.uniform(50, 250, n), draw.integers(1, 7, n), draw.integers(0, 3, n)
price = 1000 * area + 5000 * rooms + 20000 * zone + draw.normal(0, 5000, n)
numeric = np.stack([area, rooms], 1)
numeric = (numeric - numeric.mean(0)) / numeric.std(0)
table = np.concatenate([numeric, np.eye(3)[zone]], 1)
train_features = torch.tensor(table, dtype=torch.float32)
train_labels = torch.tensor(price.reshape(-1, 1) / 1e5, dtype=torch.float32)
print(train_features.shape, train_labels[:3])
loss = nn.MSELoss()
in_features = train_features.shape[1]


def get_net():
    net = nn.Sequential(nn.Linear(in_features, 1))
    with torch.no_grad():
        net[0].weight.fill_(0.1)
        net[0].bias.fill_(0.0)
    return net


def log_rmse(net, features, labels):
    clipped_preds = torch.clamp(net(features), 1e-2, float("inf"))
    rmse = torch.sqrt(loss(torch.log(clipped_preds), torch.log(labels)))
    return rmse.item()


def train(net, train_features, train_labels, test_features, test_labels, num_epochs,
          learning_rate, weight_decay, batch_size):
    train_ls, test_ls = [], []
    train_iter = DataLoader(TensorDataset(train_features, train_labels), batch_size)
    optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate, weight_decay=weight_decay)
    for _ in range(num_epochs):
        for X, y in train_iter:
            optimizer.zero_grad()
            l = loss(net(X), y)
            l.backward()
            optimizer.step()
        train_ls.append(log_rmse(net, train_features, train_labels))
        if test_labels is not None:
            test_ls.append(log_rmse(net, test_features, test_labels))
    return train_ls, test_ls


def get_k_fold_data(k, i, X, y):
    assert k > 1
    fold_size = X.shape[0] // k
    X_train, y_train = None, None
    for j in range(k):
        idx = slice(j * fold_size, (j + 1) * fold_size)
        X_part, y_part = X[idx, :], y[idx]
        if j == i:
            X_valid, y_valid = X_part, y_part
        elif X_train is None:
            X_train, y_train = X_part, y_part
        else:
            X_train = torch.cat([X_train, X_part], 0)
            y_train = torch.cat([y_train, y_part], 0)
    return X_train, y_train, X_valid, y_valid


k = 4
train_l_sum, valid_l_sum = 0, 0
for i in range(k):
    net = get_net()
    train_ls, valid_ls = train(net, *get_k_fold_data(k, i, train_features, train_labels),
                               20, 0.1, 0.0, 15)
    train_l_sum += train_ls[-1]
    valid_l_sum += valid_ls[-1]
    print(f"fold {i + 1}, train log rmse {train_ls[-1]:.3f}, valid log rmse {valid_ls[-1]:.3f}")
print(f"{k}-fold: avg train {train_l_sum / k:.3f}, avg valid {valid_l_sum / k:.3f}")
preds = net(train_features[:3]).detach().numpy()
print(np.round(preds, 1).tolist())
