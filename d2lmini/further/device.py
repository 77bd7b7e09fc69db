"""The one device that there is, as PyTorch's device objects."""

from __future__ import annotations


class Device:
    """Where tensors are: device("cpu"). Another may be named, but nothing can be put there."""

    def __init__(self, name="cpu", index=None):
        self.type, _, number = str(name).partition(":")
        if self.type not in ("cpu", "cuda", "mps", "xpu", "meta"):
            raise RuntimeError(f"device {name!r}: write device = \"cuda\" if "
                               f"torch.cuda.is_available() else \"cpu\".")
        self.index = int(number) if number else index

    def __eq__(self, other):
        return isinstance(other, Device) and str(self) == str(other)

    def __hash__(self):
        return hash(str(self))

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self):
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type={self.type!r}{index})"


def check_device(device) -> None:
    """RuntimeError for any device but the CPU."""
    if device is not None and (device if isinstance(device, Device) else Device(device)
                               ).type != "cpu":
        raise RuntimeError(f"device {str(device)!r}: d2lmini computes on the CPU only. Write "
                           f'device = "cuda" if torch.cuda.is_available() else "cpu".')
