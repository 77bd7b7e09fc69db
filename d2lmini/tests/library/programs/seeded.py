"""Random numbers for the programs beside this file: NumPy's, because generators differ."""

import numpy as np

draw = np.random.default_rng(0)


def normal(*shape, scale=1.0):
    """Normal numbers as a float32 array."""
    return (scale * draw.standard_normal(shape)).astype("float32")


def uniform(*shape, low=0.0, high=1.0):
    """Numbers between low and high as a float32 array."""
    return draw.uniform(low, high, shape).astype("float32")


def integers(high, *shape):
    """Integers below high as an int64 array."""
    return draw.integers(0, high, shape)


def fill(model, scale=0.5):
    """The model with normal numbers as its weights and biases."""
    for p in model.parameters():
        p.data.numpy()[...] = normal(*p.shape, scale=scale)
    return model
