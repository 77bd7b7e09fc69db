"""Runs inside the sandbox: executes a submission's cells, and lets its functions answer questions.

Started by sandbox.py as a script, with two pipes: requests come in on one, replies go out on the
other, a line of JSON each. Nothing here knows what is right. Whatever a submission does to this
process, it can only spoil its own answers.
"""

import base64
import contextlib
import importlib
import json
import os
import resource
import signal
import sys

ask = bans = shell = None


def main(requests: int, replies: int, start: dict) -> None:
    limit(start)
    sys.path[:0] = ["/course", *start["path"]] if start["sandbox"] else start["path"]
    for name in ("ask", "bans", "shell"):
        globals()[name] = importlib.import_module(f"_{name}")  # they lie beside this one
    shell.ask, shell.bans = ask, bans
    # Files beside a notebook, or written by it, can be imported, as in Jupyter.
    sys.path += ["", os.getcwd()]
    space = shell.names()
    reply(replies, {"token": start["token"], "numpy": ask.np.__version__})
    while True:
        request = read_line(requests)
        if request is None:
            os._exit(0)
        kind = request["do"]
        if kind == "files":
            write_files(request["files"])
            reply(replies, {"token": request["token"]})
        elif kind == "run":
            done = shell.run_cell(request["source"], request["number"], space, request["seconds"])
            reply(replies, {"token": request["token"], **done})
        elif kind == "exercise":
            answer_in_a_fork(requests, replies, request, space)


def limit(start: dict) -> None:
    """Limits of the kernel for this process and its children; they cannot be raised again."""
    for what, value in start["limits"].items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{what}"), (value, value))


def read_line(requests: int) -> dict | None:
    """One request; the grader sends the next only when it has the reply."""
    data = bytearray()
    while not data.endswith(b"\n"):
        piece = os.read(requests, 1 << 16)
        if not piece:
            return None
        data += piece
    return json.loads(data)


def reply(replies: int, message: dict) -> None:
    data = memoryview((json.dumps(message) + "\n").encode())
    while data:
        data = data[os.write(replies, data):]


def write_files(files: dict) -> None:
    """What was handed in beside the notebook, read only."""
    for name, data in files.items():
        with contextlib.suppress(OSError), open(name, "xb") as file:
            file.write(base64.b64decode(data))
            os.fchmod(file.fileno(), 0o444)


# --- the questions ---


def answer_in_a_fork(requests: int, replies: int, request: dict, space: dict) -> None:
    """Let a copy of this process answer until the exercise ends; it cannot change this one."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            answer(requests, replies, request, space)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)  # and whatever it started
    reply(replies, {"token": request["token"], "ended": status})


def answer(requests: int, replies: int, request: dict, space: dict) -> None:
    for thing, name, value in bans.of_numpy(request["bans"]):
        setattr(thing, name, value)
    sys.addaudithook(alone)
    reply(replies, {"token": request["token"]})  # ready: from here on the copy reads the requests
    while (asked := read_line(requests)) and asked["do"] == "ask":
        names = {name: space[name] for name in request["names"] if name in space}
        missing = [name for name in request["names"] if name not in names]
        if missing:
            message = {"status": "missing", "name": missing[0]}
        else:
            message = ask.respond(names, asked["question"], asked["seconds"])
        reply(replies, {"token": asked["token"], "answer": message})


def alone(event: str, _) -> None:
    """No other program may answer for this one."""
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        raise PermissionError("an answer cannot start another program while it is graded.")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
