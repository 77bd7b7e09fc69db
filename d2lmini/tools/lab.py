"""Opens JupyterLab on the course's first notebook: `make lab`, or `python -m d2lmini.tools.lab`.

PORT chooses the port (otherwise the first free one from 8888 on). BROWSER chooses the browser;
BROWSER=none opens no window. JupyterLab prints its address, which carries the access token, as
soon as it answers. Next: `execute.py`, which runs the same notebooks without a window.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

FIRST_PORT, TRIES = 8888, 50


def first_lesson(folder: str = "notebooks") -> Path | None:
    """The notebook with the lowest number."""
    return min(Path(folder).glob("[0-9][0-9]_*.ipynb"), default=None)


def is_free(port: int) -> bool:
    """Whether this computer's port can be listened on."""
    with socket.socket() as s:
        if os.name != "nt":  # On Windows this option would let two servers share the port.
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def choose_port(asked: str) -> int:
    """The port asked for, or the first free one; SystemExit with a sentence if there is none."""
    if not asked:
        ports = range(FIRST_PORT, FIRST_PORT + TRIES)
        return next(filter(is_free, ports), FIRST_PORT)
    if not asked.isdecimal() or not 0 < int(asked) < 65536:
        sys.exit(f"PORT={asked} is not a port. Give a number up to 65535: make lab PORT=8890")
    if not is_free(int(asked)):
        sys.exit(f"Port {asked} is taken, perhaps by another JupyterLab. Try: make lab PORT=8890")
    return int(asked)


def command(lesson: Path, port: int, browser: str, root: bool) -> list[str]:
    """The command line that opens `lesson`."""
    args = [
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.root_dir=.",
        f"--LabApp.default_url=/lab/tree/{lesson.as_posix()}",
        "--LabApp.news_url=None",  # Neither the news nor the updates: they need the network.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ServerApp.answer_yes=True",  # Ctrl-C stops the server without a question.
        "--log-level=WARN",
    ]
    args += ["--no-browser"] if browser == "none" else []
    args += ["--allow-root"] if root else []
    return [sys.executable, "-m", "jupyterlab", *args]


def main() -> int:
    lesson = first_lesson()
    if lesson is None:
        sys.exit("There is no lesson in notebooks/. Run this in the top folder of the course.")
    browser = os.environ.get("BROWSER", "")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    port = choose_port(os.environ.get("PORT", ""))
    environment = dict(os.environ)
    if browser in ("", "none"):  # Python itself would take either for the name of a program.
        environment.pop("BROWSER", None)
    print(f"Opening {lesson} on port {port}. Press Ctrl-C here to stop.", flush=True)
    try:
        return subprocess.call(command(lesson, port, browser, root), env=environment)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
