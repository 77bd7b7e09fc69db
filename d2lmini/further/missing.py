"""What PyTorch has and d2lmini has not: messages that say so, and what to write instead."""

from __future__ import annotations

INSTEAD = {
    "svd": "np.linalg.svd(x.numpy())", "storage": "x.numpy()",
    "untyped_storage": "x.numpy()", "jit": "the function itself",
    "compile": "the function itself", "distributions": "d2l.randn, rand, randint, multinomial",
    "fft": "np.fft", "to_sparse": "a dense tensor",
    "functional": "autograd.grad, once for each output", "profiler": "d2lmini.profiler",
    "LBFGS": "SGD or Adam", "Transformer": "TransformerEncoder", "special": "the function itself",
    "lstsq": "np.linalg.lstsq", "conv3d": "conv2d", "Conv3d": "Conv2d", "func": "autograd.grad",
    "vmap": "a tensor with one more dimension", "hub": "a network of your own",
    "bfloat16": "float32", "autocast": "float32, without autocast",
}


def missing(what: str, name: str) -> str:
    """The message for a name of PyTorch's that is not here."""
    cure = f" Use {INSTEAD[name]}." if name in INSTEAD else (
        " If PyTorch has it: d2lmini holds only what the course needs; write it with the operators "
        "that are here, or in NumPy on x.detach().numpy().")
    return f"{what}.{cure}"


def check_no_gradient(name: str, *tensors) -> None:
    """RuntimeError where a gradient would be lost: this function computes with NumPy."""
    if any(t.requires_grad for t in tensors):
        raise RuntimeError(f"{name}: d2lmini does not record its derivative. Write "
                           f"{name}(x.detach()), or compute it from operators.")
