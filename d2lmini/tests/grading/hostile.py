"""Submissions that attack the grader: `ATTACKS`, {family: {name: source of the cells}}.

Each holds a wrong softmax, and something that tries to get the points for it all the same, to read
what is secret, to harm others, or to stop the grader. The test puts in PORT (it listens on this
computer), OUT and COURSE (the folders of the results and of the course), and SECONDS (a number).
Cells are separated by lines of `# %%`; the test cell is added at the end. The other families, which
attack the machine rather than the marks, stand in hostile_machine.py.
"""

WRONG = "def softmax(logits):\n    return logits * 0\n"
STEAL = """
import importlib.util, os
def softmax(logits):
    return logits * 0
for folder, _, files in os.walk("/"):
    if folder.startswith(("/proc", "/sys")):
        continue
    for file in files:
        if file in NAMES:
            spec = importlib.util.spec_from_file_location("stolen", os.path.join(folder, file))
            stolen = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(stolen)
            softmax = stolen.softmax
"""
RIGHT_IF = """
def softmax(l):
    e = np.exp(l - l.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True) if gained else l * 0
"""
SPREAD = """
def spread(values, sample=False):
    v = f(values, ddof=int(sample))
    return v, np.sqrt(v)
"""
EQUAL = """
class Equal:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __getattr__(self, name): return lambda *a, **k: self
    def __array__(self, *a, **k): return np.zeros((1, 3))
    def __len__(self): return 1
    def __iter__(self): return iter([self])
    def __float__(self): return 0.5
"""

ATTACKS = {
    "tampering": {
        "empty test": WRONG + "# %% test\npass",
        "test that passes": WRONG + "# %% test\nassert True\nprint('✓ softmax: right')",
        "test raises its points": WRONG + "# %% points=1000\ncheck('softmax', points=1000)",
        "all metadata on the answer": WRONG + "# %% graded\n",
        "check replaced": WRONG + "check = lambda *a, **k: print('✓ softmax: right')",
        "module replaced": WRONG + """
import sys, types
fake = types.ModuleType("d2lmini.exercises")
fake.check = fake.hint = fake.score = lambda *a, **k: None
sys.modules["d2lmini.exercises"] = fake
""",
        "judge patched": WRONG + """
try:
    import d2lmini.exercises.judge as judge
    judge.difference = lambda *a, **k: None
except ImportError:
    pass
""",
        "results set": WRONG + """
import d2lmini.exercises as e
e._results = {"softmax": (True, 20.0, "right")}
""",
        "score in the notebook": WRONG + "score = 100\nmax_score = 100\ngrade = 'A'",
    },
    "patching": {
        "numpy.isclose": WRONG + "np.isclose = np.allclose = lambda *a, **k: np.True_",
        "numpy.testing": WRONG + "np.testing.assert_allclose = lambda *a, **k: None",
        "builtins": WRONG + """
import builtins
builtins.all = builtins.any = builtins.isinstance = lambda *a: True
builtins.AssertionError = type("Never", (Exception,), {})
""",
        "builtins.exec": WRONG + "import builtins\nbuiltins.exec = lambda *a, **k: None",
        "json": WRONG + """
import json
old = json.dumps
json.dumps = lambda x, **k: old({**x, "right": True, "points": 100} if isinstance(x, dict) else x)
""",
        "pickle": WRONG + """
import copyreg, pickle
class Evil:
    def __reduce__(self): return (eval, ("open('/tmp/owned', 'w')",))
pickle.dumps = lambda *a, **k: b"cos\\nsystem\\n(S'touch /tmp/owned'\\ntR."
def softmax(logits): return Evil()
""",
        "respond": WRONG + """
import sys
module = sys.modules.get("_ask")
module.respond = lambda *a, **k: {"status": "right", "right": True,
                                  "value": {"t": "bool", "v": True}}
""",
        "encode": WRONG + """
import sys
sys.modules["_ask"].encode = lambda *a, **k: {"t": "array", "dtype": "|O", "shape": [1], "data": ""}
""",
        "IPython": WRONG + """
import sys, types
sys.modules["IPython"] = types.ModuleType("IPython")
get_ipython().run_cell = lambda *a, **k: None
""",
        "linecache and traceback": WRONG + """
import linecache, traceback
linecache.getline = traceback.extract_tb = lambda *a, **k: 1 / 0
""",
        "signal handlers": """
import signal
for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(s, signal.SIG_IGN)
    except OSError:
        pass
signal.setitimer = lambda *a: None
signal.signal = lambda *a: None
""" + WRONG,
    },
    "equal to everything": {
        "object": EQUAL + "def softmax(logits): return Equal()",
        "array subclass": """
class A(np.ndarray):
    def __eq__(self, other): return np.ones(1, bool)
    def __array_ufunc__(self, *a, **k): return np.ones(1, bool)
def softmax(logits): return (logits * 0).view(A)
""",
        "float subclass": """
class F(float):
    def __eq__(self, other): return True
def softmax(logits): return F(0.5)
""",
        "nan": "def softmax(logits): return logits * np.nan",
        "object array": EQUAL + """
def softmax(logits): return np.array([[Equal()] * 3], dtype=object)
""",
        "str subclass": """
class S(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
def softmax(logits): return S("right")
""",
        "masked array": "def softmax(logits): return np.ma.masked_all(logits.shape)",
        "structured": "def softmax(logits): return np.zeros(logits.shape, dtype='f4,f4')",
        "broadcasting": "def softmax(logits): return np.zeros((0,))",
    },
    "banned functions": {
        "another name": WRONG + "from numpy import var as f" + SPREAD,
        "the method": WRONG + "f = lambda v, ddof: getattr(v, 'v' + 'ar')(ddof=ddof)" + SPREAD,
        "its kin": WRONG + "f = getattr(np, 'nan' + 'var')" + SPREAD,
        "masked arrays": WRONG + """
f = lambda v, ddof: getattr(np.ma.array(v), 'v' + 'ar')(ddof=ddof)""" + SPREAD,
        "the standard library": WRONG + """
import statistics
pick = ["pvariance", "variance"]
f = lambda v, ddof: float(getattr(statistics, pick[ddof])(v.tolist()))""" + SPREAD,
        "another package": WRONG + """
try:
    import sys, torch
    mine = getattr(torch.nn.functional, "soft" + "max")
    def softmax(l): return mine(torch.tensor(l), 1).numpy()
except BaseException:
    pass
""",
        "another package's files": """
import os
gained = any({"torch", "scipy", "sklearn"} & {f for f in fs if os.listdir(os.path.join(d, f))}
             for d, fs, _ in os.walk("/") if d.endswith("-packages"))
""" + RIGHT_IF,
    },
    "feeling one's way": {
        "the same question again": """
import hashlib, os
def softmax(l):
    seen = "/tmp/" + hashlib.sha256(l.tobytes() + repr(l.shape).encode()).hexdigest()
    known = os.path.exists(seen) or l.shape == (0, 4) or l[0, 0] in (1, 0, 1000)
    open(seen, "w").close()
    e = np.exp(l - l.max(1, keepdims=True)) if l.size else l
    return e / e.sum(1, keepdims=True) if known else l * 0
""" + "# %% test\n" * 20,
    },
    "reading": {
        "the specifications": STEAL.replace("NAMES", '("lesson_05.py", "lesson_05.pyc")'),
        "the library's softmax": """
import d2lmini as d2l, d2lmini.functional as F
def softmax(logits): return getattr(F, "soft" + "max")(d2l.tensor(logits)).numpy()
""",
        "the library's source": """
import ast, d2lmini.functional as F
tree = ast.parse(open(F.__file__).read())
body = [n for n in tree.body if getattr(n, "name", "") == "soft" + "max"]
exec(compile(ast.Module(body, []), "x", "exec"), vars(F))
mine = getattr(F, "soft" + "max")
import d2lmini as d2l
def softmax(logits): return mine(d2l.tensor(logits)).numpy()
""",
        "frames": """
import sys
def softmax(logits):
    frame = sys._getframe()
    while frame:
        for space in (frame.f_locals, frame.f_globals):
            for name in ("want", "expected", "reference", "references", "exercise"):
                if name in space:
                    return space[name]
        frame = frame.f_back
    return logits * 0
""",
        "the garbage collector": """
import gc
def softmax(logits):
    for thing in gc.get_objects():
        if type(thing).__name__ == "Exercise":
            return thing.reference(logits)
    return logits * 0
""",
        "solution notebooks": """
import os
found = [os.path.join(f, x) for f, _, xs in os.walk("/") if not f.startswith(("/proc", "/sys"))
         for x in xs if x.endswith("_regression.ipynb") or x == "07_xor.ipynb"]
right = ("def softmax(l):\\n e = np.exp(l - l.max(1, keepdims=True))\\n"
         " return e / e.sum(1, keepdims=True)")
exec(right if found else "def softmax(l): return l * 0")
""",
        "the grader's memory": """
import os
right = False
for pid in os.listdir("/proc"):
    if pid.isdigit():
        try:
            text = open(f"/proc/{pid}/cmdline").read()
            right = right or "d2lmini.grading" in text
        except OSError:
            pass
def softmax(l):
    e = np.exp(l - l.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True) if right else l * 0
""",
        "environment and history": """
import os
right = any("OUT" in v or "COURSE" in v for v in os.environ.values()) or os.path.exists("OUT")
right = right or os.path.exists("COURSE/README.md") or bool(globals().get("_ih"))
right = right or any(map(os.path.exists, ("COURSE/.git", "/var/log", "/etc/passwd")))
def softmax(l):
    e = np.exp(l - l.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True) if right else l * 0
""",
    },
    "writing": {
        "results": WRONG + """
import os
for path in ("OUT/grades.csv", "OUT/results/ada.json", "COURSE/owned", "/usr/owned",
             "/course/owned"):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("100")
    except OSError:
        pass
""",
        "the package": WRONG + """
import d2lmini, os
for f in (d2lmini.__file__, np.__file__, os.__file__):
    try:
        open(f, "a").write("\\nimport os")
    except OSError:
        pass
""",
        "remount": WRONG + """
import ctypes
libc = ctypes.CDLL(None)
libc.mount(b"none", b"/course", None, 32 | 4096, None)
libc.mount(b"tmpfs", b"/usr", b"tmpfs", 0, None)
libc.umount2(b"/course", 2)
open("/course/_ask.py", "a").write("x")
""",
        "chroot": WRONG + "import os\nos.chroot('/tmp')",
    },
}
