"""PyTorch's further names, printing and argument checks: beside the files that are to be read.

tensor.py inherits `spellings.py` (with `methods.py`) and `inplace.py`; d2lmini/__init__.py takes
`names.py` (with `functions.py`); functional.py takes `functional.py`, `activations.py`,
`convolution.py` and `sizes.py`. A learner may skip this folder.
"""
