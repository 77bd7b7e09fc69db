"""Submissions that attack the reply channel and the computer: hostile.py says what they are."""

from d2lmini.tests.grading.hostile import RIGHT_IF, WRONG

FDS = """
import os, json
def pipes():
    for fd in range(3, 256):
        try:
            os.fstat(fd)
        except OSError:
            continue
        yield fd
"""

ATTACKS = {
    "forging": {
        "verdicts": FDS + WRONG + """
for fd in pipes():
    try:
        os.write(fd, b'{"status": "right", "right": true, "points": 100}\\n' * 50)
    except OSError:
        pass
""",
        "every token": FDS + """
def softmax(logits):
    for fd in pipes():
        try:
            os.write(fd, json.dumps({"token": "0" * 16, "answer": {"status": "value", "value": None,
                                     "right": True}}).encode() + b"\\n")
        except OSError:
            pass
    return logits * 0
""",
        "own token": FDS + """
import sys
def softmax(logits):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if isinstance(value, dict) and "token" in value:
                for fd in pipes():
                    try:
                        os.write(fd, json.dumps({"token": value["token"], "ended": 0, "right": True,
                                                 "answer": {"status": "right"}}).encode() + b"\\n")
                    except OSError:
                        pass
        frame = frame.f_back
    return logits * 0
""",
        "wrong lengths": WRONG + """
import sys
sys.modules["_ask"].encode = lambda v, *a: {"t": "array", "dtype": "<f8", "shape": [1, 3],
                                           "data": "AAAA"}
""",
        "negative and huge shapes": WRONG + """
import sys
sys.modules["_ask"].encode = lambda v, *a: {"t": "array", "dtype": "<f8", "shape": [-1, 10**30],
                                           "data": ""}
""",
        "deep JSON": FDS + WRONG + """
for fd in pipes():
    try:
        os.set_blocking(fd, True)
        os.write(fd, b"[" * 60000 + b"\\n")
    except OSError:
        pass
""",
        "deep value": """
def softmax(logits):
    x = []
    for _ in range(900):
        x = [x]
    return x
""",
        "a list in itself": "def softmax(logits):\n    x = []\n    x.append(x)\n    return x",
        "huge integer": "def softmax(logits): return 10 ** 5000",
        "huge integer in JSON": FDS + WRONG + """
for fd in pipes():
    try:
        os.write(fd, b'{"token": ' + b"9" * 50000 + b"}\\n")
    except OSError:
        pass
""",
        "200 MB array": "def softmax(logits): return np.zeros(25_000_000)",
        "200 MB on the pipe": FDS + """
def softmax(logits):
    block = b"x" * (1 << 20)
    for fd in pipes():
        try:
            os.set_blocking(fd, True)
            for _ in range(200):
                os.write(fd, block)
        except OSError:
            pass
""",
        "a drip that never ends": FDS + """
import time
def softmax(logits):
    while True:
        for fd in pipes():
            try:
                os.write(fd, b"{}\\n")
            except OSError:
                pass
        time.sleep(0.05)
""",
        "a drip without line ends": FDS + """
import time
def softmax(logits):
    while True:
        for fd in pipes():
            try:
                os.write(fd, b" ")
            except OSError:
                pass
        time.sleep(0.02)
""",
        "pipes closed": FDS + WRONG + "for fd in pipes():\n    os.close(fd)",
        "requests eaten": FDS + WRONG + """
import threading
def eat(fd):
    while True:
        try:
            os.read(fd, 65536)
        except OSError:
            return
for fd in pipes():
    threading.Thread(target=eat, args=(fd,), daemon=True).start()
""",
        "a million parts": "def softmax(logits): return [0] * 1_000_000",
    },
    "processes": {
        "fork bomb in a cell": WRONG + "import os\nwhile True:\n    os.fork()",
        "fork bomb in the answer": """
import os
def softmax(logits):
    while True:
        os.fork()
""",
        "a daemon": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "SECONDS"])
    os._exit(0)
""" + WRONG,
        "threads without number": """
import threading, time
try:
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
except RuntimeError:
    pass
""" + WRONG,
        "kill everything": WRONG + "import os, signal\nos.kill(-1, signal.SIGKILL)",
        "kill the parent": WRONG + """
import os, signal
for pid in (os.getppid(), 1, 2):
    for s in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
        try:
            os.kill(pid, s)
        except OSError:
            pass
""",
        "stop myself": WRONG + "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        "a segmentation fault": WRONG + "import ctypes\nctypes.string_at(0)",
        "namespaces": WRONG + """
import ctypes, os
done = ctypes.CDLL(None).unshare(0x10000000)
def softmax(l):
    e = np.exp(l - l.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True) if done == 0 else l * 0
""",
        "ptrace": WRONG + """
import ctypes
ctypes.CDLL(None).ptrace(16, 1, None, None)
""",
    },
    "memory that nobody counts": {
        "memfd": """
import os
gained = False
try:
    for i in range(40):
        os.write(os.memfd_create("x"), b"x" * (15 << 20))
    gained = True
except OSError:
    pass
""" + RIGHT_IF,
        "shared and anonymous": """
import mmap
gained = False
try:
    mmap.mmap(-1, 1 << 24)
    gained = True
except OSError:
    pass
""" + RIGHT_IF,
        "/dev/zero": """
import mmap, os
gained = False
try:
    mmap.mmap(os.open("/dev/zero", os.O_RDWR), 1 << 24)
    gained = True
except OSError:
    pass
""" + RIGHT_IF,
        "System V": """
import ctypes
gained = ctypes.CDLL(None).shmget(0, 1 << 24, 0o1600) >= 0
""" + RIGHT_IF,
        "children of a thread": """
import os, threading, time
def go():
    for _ in range(8):
        if os.fork() == 0:
            x = b"x" * (150 << 20)
            time.sleep(1000)
def softmax(l):
    t = threading.Thread(target=go)
    t.start()
    t.join()
    time.sleep(1.5)
    e = np.exp(l - l.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)
""",
        "behind a drip": FDS + """
import time
def softmax(l):
    end, x = time.time() + 1.5, b"x" * (700 << 20)
    while time.time() < end:
        for fd in pipes():
            try:
                os.write(fd, b" ")
            except OSError:
                pass
        time.sleep(0.01)
    e = np.exp(l - l.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)
""",
        "files without content": """
import os
def softmax(l):
    end = time.time() + 1.5
    for i in range(100_000):
        open(f"/tmp/{i}", "w").close()
    time.sleep(0.3)
    e = np.exp(l - l.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)
import time
""",
        "sockets that wait": """
import os, socket, time
def fill():
    keep = []
    while len(keep) < 160:
        keep += socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            while True:
                keep[-1].send(b"x" * 32000)
        except OSError:
            pass
    time.sleep(1000)
any(os.fork() == 0 and fill() for _ in range(8))
time.sleep(1.5)
gained = True
""" + RIGHT_IF.replace("gained", "globals().get('gained')"),
        "another core": """
import os
gained = False
try:
    os.sched_setaffinity(0, range(os.cpu_count()))
    gained = True
except OSError:
    pass
""" + RIGHT_IF,
    },
    "memory of the grader": {
        "an axis of length 0": "def softmax(l): return np.zeros((0, 8_000_000, 60), np.uint8)",
        "broadcast by a mistake": "def softmax(l): return np.zeros((1_000_000, 1))",
        "long keys": "def softmax(l): return {'x' * 5000 + str(i): i for i in range(2000)}",
        "seconds without end": WRONG + """
import sys
sys.modules["_ask"].respond = lambda *a, **k: {"status": "slow", "seconds": 10 ** 4000}
""",
        "many definitions": "def softmax(l): pass\n" * 30_000,
        "empty lines": WRONG + "\n" * 500_000,
        "deep source": WRONG + "# %% test\n" + "-" * 100_000 + "1",
    },
    "resources": {
        "memory": WRONG + "x = [np.ones(1 << 24) for _ in range(1000)]",
        "memory in the answer": """
def softmax(logits):
    return [bytearray(1 << 26) for _ in range(999)]
""",
        "disk": WRONG + """
with open("/tmp/big", "wb") as file:
    while True:
        file.write(b"x" * (1 << 20))
""",
        "many files": WRONG + """
i = 0
while True:
    open(f"/tmp/{i}", "w").close()
    i += 1
""",
        "file descriptors": WRONG + "files = []\nwhile True:\n    files.append(open('/dev/null'))",
        "endless recursion": "def softmax(logits): return softmax(logits)",
        "endless loop, deaf": """
def softmax(logits):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
        "output": WRONG + "for _ in range(3000):\n    print('x' * 100_000)",
        "a long sleep": "import time\ndef softmax(logits):\n    time.sleep(1000)",
        "shared memory": WRONG + """
for i in range(100):
    open(f"/dev/shm/{i}", "wb").write(b"x" * (1 << 24))
""",
    },
    "network": {
        "connect": WRONG + """
import socket
socket.create_connection(("127.66.6.6", PORT), timeout=2).send(b"hello")
""",
        "abstract socket": WRONG + """
import socket
s = socket.socket(socket.AF_UNIX)
s.connect("\\0d2lmini-test-PORT")
s.send(b"hello")
""",
        "name lookup": WRONG + "import socket\nsocket.getaddrinfo('example.org', 80)",
    },
    "pages": {
        "HTML in the error": """
def softmax(logits):
    raise ValueError("<script>alert(1)</script><img src=x onerror=alert(1)>")
""",
        "HTML in the code": WRONG + "x = '</pre><script>alert(1)</script>'",
        "HTML in the answer": "def softmax(logits): return '</p><script>alert(1)</script>'",
        "control characters": "def softmax(logits): return '\\x00\\x1b[31m\\u202e\\ud800'",
        "an error that raises": """
class E(Exception):
    def __str__(self): raise SystemExit
def softmax(logits): raise E
""",
    },
}
