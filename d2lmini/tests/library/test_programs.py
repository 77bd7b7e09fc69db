"""Short programs in the manner of public PyTorch courses: the same text on PyTorch and on d2lmini.

programs/ holds them, written for PyTorch. They run in one process for each library; for d2lmini
nothing changes but the imports. Random numbers come from NumPy (programs/seeded.py).
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import traceback
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("torch")
FOLDER = Path(__file__).parent / "programs"
PROGRAMS = sorted(p.stem for p in FOLDER.glob("*.py") if p.stem != "seeded")


def on_d2lmini(source: str) -> str:
    """The program with d2lmini in place of torch in its imports."""
    source = re.sub(r"^(\s*)import torch$", r"\1import d2lmini as torch", source, flags=re.M)
    return re.sub(r"^(\s*)(from|import) torch\b", r"\1\2 d2lmini", source, flags=re.M)


def run_all(library: str) -> dict[str, str]:
    """What each program prints, with the end of the traceback where one stops."""
    sys.path.insert(0, str(FOLDER))
    printed = {}
    for name in PROGRAMS:
        source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
        source = source if library == "torch" else on_d2lmini(source)
        sys.modules.pop("seeded", None)  # each program draws from the start
        with contextlib.redirect_stdout(io.StringIO()) as out:
            try:
                exec(compile(source, f"{name}.py", "exec"), {"__name__": "__main__"})
            except Exception:
                out.write("stopped: " + "\n".join(traceback.format_exc().splitlines()[-3:]))
        printed[name] = out.getvalue()
    return printed


@cache
def printed_by(library: str) -> dict[str, str]:
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", __name__, library], text=True,
                          capture_output=True, env=os.environ | {"D2LMINI_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_the_same(name):
    from .differential import plain, same_text

    reference, subject = printed_by("torch")[name], printed_by("d2lmini")[name]
    assert "stopped:" not in reference
    reference, subject = plain(reference).splitlines(), plain(subject).splitlines()
    for i, (a, b) in enumerate(zip(reference, subject)):
        assert same_text(a, b), f"line {i + 1}: PyTorch prints {a!r}, d2lmini {b!r}"
    assert len(reference) == len(subject)


def test_the_imports_change():
    source = "import torch\nimport torch.nn as nn\nfrom torch.utils.data import DataLoader\n"
    assert on_d2lmini(source) == ("import d2lmini as torch\nimport d2lmini.nn as nn\n"
                                  "from d2lmini.utils.data import DataLoader\n")
    assert len(PROGRAMS) >= 25


if __name__ == "__main__":
    print(json.dumps(run_all(sys.argv[1])))
