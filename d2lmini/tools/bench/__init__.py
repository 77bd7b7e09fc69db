"""How fast is it? Training steps of three models, side by side with PyTorch: `make bench`.

`worker.py` runs one model in one framework in a process of its own; `compare.py` lets the workers
take turns and forms ratios; `growth.py` measures how time grows; `accuracy.py` how long it takes to
learn MNIST. `python -m d2lmini.tools.bench --help` lists what can be chosen.
"""
