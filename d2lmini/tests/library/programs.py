"""The same short program run on d2lmini and on PyTorch, and what each prints."""

import contextlib
import io
import textwrap

import pytest

import d2lmini as d2l


def printed(program: str, library) -> str:
    """What `program`, written for torch, prints; for d2lmini `torch` becomes its name."""
    text = textwrap.dedent(program)
    if library is d2l:
        text = text.replace("torch", "d2lmini")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(text, "<program>", "exec"), {"__name__": "program"})
    return out.getvalue()


def prints_the_same(program: str) -> None:
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    ours, theirs = printed(program, d2l), printed(program, torch)
    assert ours.strip() and ours.replace("d2lmini", "torch") == theirs, f"{ours}\n---\n{theirs}"


def is_refused_by_both(program: str) -> tuple[Exception, Exception]:
    """The two errors; ours is of the same kind as PyTorch's, or of a special one."""
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    errors = []
    for library in d2l, torch:
        with pytest.raises(Exception) as error:
            printed(program, library)
        errors.append(error.value)
    assert str(errors[0]) and issubclass(type(errors[0]), type(errors[1])), errors
    return tuple(errors)
