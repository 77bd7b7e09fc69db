"""PyTorch's further names, printing and argument checks: beside the files that are to be read.

tensor.py inherits `spellings.py`, which brings `protocols.py`, `reductions.py`, `shapes.py` and
`inplace.py` together and adds `methods.py` (with `elementwise.py` and `statistics.py`);
d2lmini/__init__.py takes `names.py` (with `functions.py`); functional.py takes `functional.py`,
`activations.py`, `convolution.py` and `sizes.py`. A learner may skip this folder.
"""
