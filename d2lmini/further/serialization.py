"""Tensors on disk: `save` and `load` for tensors, numbers and texts, in lists, tuples and dicts.

The file is a zip archive of arrays in NumPy's format, which `np.load` reads too, and a JSON text
that says how they belong together. Nothing in it can be executed. Only a whole model is a pickle,
which could execute anything, and which `load` therefore reads with weights_only=False alone.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping

import numpy as np

from ..tensor import Tensor

_TREE = "structure.json"


def save(obj, f) -> None:
    """Write `obj` to `f`, a path or an open binary file. A path is replaced atomically."""
    import json  # this and zipfile only when needed: `import d2lmini` is to be quick

    if hasattr(obj, "state_dict") and hasattr(obj, "forward"):
        import pickle

        data = pickle.dumps(obj)
        write = lambda file: file.write(data)
    else:
        arrays = {}
        tree = json.dumps(_pack(obj, "", arrays))
        write = lambda file: _write(file, arrays, tree)
    if hasattr(f, "write"):
        write(f)
        return
    part = f"{os.fspath(f)}.part"
    with open(part, "wb") as file:
        write(file)
    os.replace(part, f)  # a full disk or Ctrl-C leaves the old file whole


def load(f, map_location=None, *, weights_only: bool = True):
    """What `save` wrote to `f`, a path or an open binary file; of any other .npz file a dict.

    A whole model is read only with weights_only=False: such a file can execute anything.
    FileNotFoundError where there is no file, ValueError for a file of another kind.
    """
    import json
    import zipfile

    if not hasattr(f, "read") and not os.path.exists(f):
        raise FileNotFoundError(f"load: there is no file {f}. Save something there first.")
    if not weights_only and not zipfile.is_zipfile(f):
        import pickle

        if hasattr(f, "read"):
            f.seek(0)
            return pickle.load(f)
        with open(f, "rb") as file:
            return pickle.load(file)
    try:
        with zipfile.ZipFile(f) as archive:
            arrays = {name.removesuffix(".npy"): _read_array(archive, name)
                      for name in archive.namelist() if name != _TREE}
            if _TREE in archive.namelist():
                return _unpack(json.loads(archive.read(_TREE)), arrays)
        return {name: Tensor.from_array(array) for name, array in arrays.items()}
    except Exception as error:  # not a zip, cut off, a pickle: whatever it is, it is not ours
        raise ValueError(f"load: {f} is not a file of tensors that save wrote ({error}). A whole "
                         f"model of your own needs weights_only=False.") from None


def _write(file, arrays: dict, tree: str) -> None:
    import zipfile

    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
        archive.writestr(_TREE, tree)


def _read_array(archive, name: str) -> np.ndarray:
    with archive.open(name) as member:
        array = np.lib.format.read_array(member, allow_pickle=False)
        if member.read(1):  # also makes zipfile compare its checksum
            raise ValueError(f"{name} is too long")
    return array


def _pack(obj, path: str, arrays: dict):
    """`obj` in JSON's terms; its arrays go to `arrays`, under names that tell where they were."""
    if obj is None or isinstance(obj, bool | int | float | str):
        return obj
    if isinstance(obj, Tensor | np.ndarray):
        while path in arrays:
            path += "_"
        arrays[path] = obj.array if isinstance(obj, Tensor) else obj
        return {"tensor" if isinstance(obj, Tensor) else "array": path,
                "requires_grad": getattr(obj, "requires_grad", False)}
    if isinstance(obj, Mapping):
        for key in obj:
            if not isinstance(key, bool | int | float | str):
                raise TypeError(f"save: a {type(key).__name__} is no name that can be saved; texts "
                                f"and numbers are.")
        kind = "OrderedDict" if isinstance(obj, OrderedDict) else "dict"
        return {kind: [[key, _pack(value, _join(path, key), arrays)] for key, value in obj.items()]}
    if isinstance(obj, list | tuple):
        kind = "list" if isinstance(obj, list) else "tuple"
        return {kind: [_pack(part, _join(path, i), arrays) for i, part in enumerate(obj)]}
    if isinstance(obj, np.generic):
        return obj.item()
    cure = " Save its state: d2l.save(model.state_dict(), path)." * hasattr(obj, "state_dict")
    raise TypeError(f"save: a {type(obj).__name__} cannot be saved; tensors, numbers, texts, lists,"
                    f" tuples and dicts can.{cure}")


def _join(path: str, key) -> str:
    return f"{path}/{key}" if path else str(key)


def _unpack(tree, arrays: dict):
    if not isinstance(tree, dict):
        return tree
    kind, content = next(iter(tree.items()))
    if kind == "array":
        return arrays[content]
    if kind == "tensor":
        return Tensor.from_array(arrays[content], tree["requires_grad"])
    if kind in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[kind](_unpack(part, arrays) for part in content)
    return {"dict": dict, "OrderedDict": OrderedDict}[kind](
        (key, _unpack(value, arrays)) for key, value in content)
