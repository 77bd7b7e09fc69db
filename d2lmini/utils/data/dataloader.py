"""`from d2lmini.utils.data.dataloader import DataLoader`, as in PyTorch."""

from ...data import DataLoader, default_collate

__all__ = ["DataLoader", "default_collate"]
