"""A person before JupyterLab, for tests: a browser with a mouse and a keyboard, and a server.

`Person` is browser.py's Chromium with hands: it clicks, drags and types by real events of the mouse
and the keyboard, and waits for what it should see. `serve(folder)` starts JupyterLab as `make lab`
does, with an empty home. test_browser.py tells what the person does.
"""

import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import nbformat

from d2lmini.tests.browser.browser import Browser

KEYS = {"Enter": 13, "Tab": 9, "Delete": 46, "Backspace": 8, "ArrowLeft": 37, "ArrowUp": 38,
        "ArrowRight": 39, "ArrowDown": 40, " ": 32, "Escape": 27}
CONTROL, SHIFT = 2, 8
OWN = {"127.0.0.1", "localhost", "", None}


@contextlib.contextmanager
def serve(folder, home, lesson_port=""):
    """The address, with its token, of JupyterLab started in `folder`; it ends with the block."""
    keep = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "D2LMINI_DATA", "D2LMINI_THREADS")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "BROWSER": "none",
                    "PORT": lesson_port, "JUPYTER_PREFER_ENV_PATH": "1"}
    log = home / "lab.log"
    with log.open("w") as file:
        server = subprocess.Popen([sys.executable, "-m", "d2lmini.tools.lab"], cwd=folder,
                                  env=environment, stdout=file, stderr=file,
                                  start_new_session=True)
    try:
        end = time.monotonic() + 60
        while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*\?token=(\w+)",
                                      log.read_text())):
            assert server.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield found.groups()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGINT)  # as Ctrl-C does
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


class Person(Browser):
    def __init__(self, address, token, folder, pictures, seconds=120):
        super().__init__(seconds)
        self.address, self.token = address, token
        self.folder, self.pictures = folder, pictures
        self.target = None
        self.abroad = []  # requests that would have left this computer

    def note(self, event):
        super().note(event)
        params = event["params"]
        url = {"Network.requestWillBeSent": lambda: params["request"]["url"],
               "Network.webSocketCreated": lambda: params["url"]}.get(event["method"], str)()
        if urlsplit(url).hostname not in OWN:
            self.abroad.append(url)

    # --- looking ---

    def see(self, script, sentence):
        """The first true value of a JavaScript expression; an element counts as true."""
        script = f"(async () => {{ const v = await {script}; return v instanceof Node || v }})()"
        return self.wait(lambda: self.run(script), sentence)

    def wait(self, condition, sentence):
        try:
            return super().wait(condition, sentence)
        except TimeoutError:
            if getattr(self, "session", None):
                self.snap("what was there instead")
            raise

    def soon(self, condition, seconds=5):
        """Whether the condition comes true while one may expect it."""
        end = time.monotonic() + seconds
        while not (true := condition()) and time.monotonic() < end:
            time.sleep(0.05)
        return true

    def middle(self, selector, text="", number=0):
        """Where the number-th visible element of that selector and text is, scrolled into view."""
        script = f"""(async () => {{
            const e = [...document.querySelectorAll({json.dumps(selector)})].filter(e =>
                e.checkVisibility() && e.textContent.includes({json.dumps(text)}))[{number}];
            if (!e) return null;
            const at = () => {{ const r = e.getBoundingClientRect();
                return [r.x + r.width / 2, r.y + r.height / 2]; }};
            const inside = () => {{ const seen = document.elementFromPoint(...at());
                return seen && (e.contains(seen) || seen.contains(e)); }};
            if (!inside()) e.scrollIntoView({{block: 'center'}});
            for (let still = 0, frame = 0, last = ''; frame < 60; frame++) {{
                await new Promise(requestAnimationFrame);
                still = last === String(at()) ? still + 1 : 0;
                last = String(at());
                if (still === 6) return inside() ? at() : null;
            }}
            return null; }})()"""
        return self.see(script, f"no {selector} {text!r}")

    def snap(self, name):
        """Keep a screenshot."""
        self.picture(self.pictures / f"{name}.png")

    # --- hands ---

    def mouse(self, kind, x, y, held=True):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, clickCount=1,
                  button="left" if held else "none", buttons=int(held and kind != "mouseReleased"))

    def drag(self, *points, steps=4):
        """Press the button at the first point, go along the others, let go at the last."""
        self.mouse("mouseMoved", *points[0], held=False)
        self.mouse("mousePressed", *points[0])
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            for part in (step / steps for step in range(1, steps + 1)):
                self.mouse("mouseMoved", x0 + part * (x1 - x0), y0 + part * (y1 - y0))
        self.mouse("mouseReleased", *points[-1])

    def click(self, selector, text="", number=0):
        self.drag(self.middle(selector, text, number))

    def press(self, key, held=0):
        """One key of the keyboard, by its name or its character."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = KEYS.get(key, ord(key.upper()) if key.isalnum() and len(key) == 1 else 0)
        how = {"key": key, "windowsVirtualKeyCode": code, "modifiers": held}
        if len(key) == 1 and key.isalpha():
            how["code"] = f"Key{key.upper()}"
        plain = text and not held & CONTROL
        self.call("Input.dispatchKeyEvent", type="keyDown" if plain else "rawKeyDown",
                  **how, **({"text": text} if plain else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **how)

    def write(self, text):
        for character in text:
            self.press("Enter" if character == "\n" else character)

    # --- JupyterLab ---

    def fresh_page(self):
        """Close the page and everything that ran in it; open an empty one."""
        self.session, old = None, self.target
        self.target = self.call("Target.createTarget", url="about:blank")["targetId"]
        if old:
            self.call("Target.closeTarget", targetId=old)
        self.attach(self.target)
        self.show(1280, 960)

    def open_notebook(self, path, page="lab/tree"):
        self.open(f"{self.address}/{page}/{path}?token={self.token}&reset")
        self.see("(document.querySelector('.jp-Notebook .jp-CodeCell') && "
                 "document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]') && "
                 "/Python 3/.test(document.querySelector('.jp-KernelName')?.textContent ?? "
                 "document.querySelector('.jp-Toolbar-kernelName')?.textContent))",
                 f"{path} does not open")

    def menu(self, name, command):
        self.click(".lm-MenuBar-item", name)
        self.click(f".lm-Menu-item[data-command='{command}']")

    def run_all(self, path):
        """Run every cell, wait for the last one, save; the saved notebook."""
        before = (self.folder / path).stat().st_mtime_ns
        self.menu("Run", "runmenu:run-all")
        count = sum(c.cell_type == "code" and bool(c.source.strip())
                    for c in nbformat.read(self.folder / path, 4).cells)
        self.see(f"""(() => {{ const prompts = [...document.querySelectorAll(
            '.jp-CodeCell .jp-InputArea-prompt')].map(e => e.textContent);
            return prompts.every(p => !p.includes('*')) && prompts.includes('[{count}]:'); }})()""",
                 f"{path}: not all cells ran")
        self.press("s", CONTROL)

        def saved():  # wholly
            if (self.folder / path).stat().st_mtime_ns != before:
                with contextlib.suppress(nbformat.reader.NotJSONError):
                    return nbformat.read(self.folder / path, 4)

        return self.wait(saved, f"{path}: not saved")
