"""Chromium before JupyterLab, for tests: Playwright, and a page that knows notebooks.

`chromium()` is a browser that can reach this computer only, with a list of whatever else was asked
for. `serve(folder)` starts JupyterLab as `make lab` does, with an empty home. `Person` opens
notebooks there and runs them with a mouse and a keyboard; test_browser.py tells what it does.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest

pytest.importorskip("playwright", reason="pip install -e '.[browser]' brings it")
from playwright.sync_api import expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which(
    "google-chrome")
# No name but this computer's own can be looked up, whatever a page or Chromium itself asks for.
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-quic", "--no-first-run",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
HERE = re.compile(r"^(?:(?:http|ws)s?://(?:127\.0\.0\.1|localhost)[:/]|(?:data|blob|about|file):)")


@contextlib.contextmanager
def chromium(seconds=30, **options):
    """A browser with an empty profile; its `abroad` lists requests that would have left."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, chromium_sandbox=not root)
        context = browser.new_context(**options)
        context.set_default_timeout(1000 * seconds)
        expect.set_options(timeout=1000 * seconds)
        context.abroad = []
        note = lambda asked: HERE.match(asked.url) or context.abroad.append(asked.url)
        context.on("request", note)
        context.on("page", lambda page: page.on("websocket", note))
        yield context
        browser.close()


@contextlib.contextmanager
def serve(folder, home):
    """The address, with its token, of JupyterLab started in `folder`; it ends with the block."""
    keep = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "PYTHONPATH", "D2LMINI_DATA", "D2LMINI_THREADS")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "BROWSER": "none",
                    "JUPYTER_PREFER_ENV_PATH": "1"}
    log = home / "lab.log"
    with log.open("w") as file:
        server = subprocess.Popen([sys.executable, "-m", "d2lmini.tools.lab"], cwd=folder,
                                  env=environment, stdout=file, stderr=file,
                                  start_new_session=True)
    try:
        found = wait(lambda: re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*\?token=(\w+)",
                                       log.read_text()) or server.poll() is not None, 60)
        assert isinstance(found, re.Match), log.read_text()
        yield found.groups()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGINT)  # as Ctrl-C does
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait(condition, seconds):
    """The first true value of `condition()`, or the last one after so many seconds."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return value


def errors(nb):
    return [f"{out.ename}: {out.evalue}" for cell in nb.cells for out in cell.get("outputs", [])
            if out.output_type == "error"]


class Person:
    """Somebody before a page of JupyterLab; `pictures` is the folder for what they saw."""

    def __init__(self, context, server, folder, pictures, page=None):
        self.context, self.folder, self.pictures = context, folder, pictures
        self.address, self.token = server
        self.page = page or context.new_page()

    def snap(self, name):
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def see(self, locator, text, what):
        """Wait until there is that text; keep a picture of what was there instead."""
        try:
            expect(locator, what).to_contain_text(text)
        except AssertionError:
            self.snap("what was there instead")
            raise

    def center(self, locator):
        """Where the middle of an element is, scrolled into view."""
        locator.scroll_into_view_if_needed()
        locator.click(trial=True)  # waits until it stands still and nothing covers it
        box = locator.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, *points):
        """Press the button at the first point, go along the others, let go at the last."""
        mouse = self.page.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=4)
        mouse.up()

    def open_notebook(self, path, app="lab/tree"):
        self.page.goto(f"{self.address}/{app}/{path}?token={self.token}&reset")
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for()
        self.see(self.page.locator(".jp-KernelName, .jp-Toolbar-kernelName").first, "Python 3",
                 f"{path} has no kernel")

    def run_all(self, path):
        """Run every cell, wait for the last one, save; the saved notebook.

        A cell whose source is hidden shows no number, so the file says when all have run.
        """
        file = self.folder / path

        def started():  # a kernel that has just come up can let the first call go by
            self.page.locator(".lm-MenuBar-item", has_text="Run").click()
            self.page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
            prompts = self.page.locator(".jp-CodeCell .jp-InputArea-prompt")
            return wait(lambda: any("*" in text or text.strip("[ ]:")
                                    for text in prompts.all_text_contents()), 5)

        assert wait(started, 30), f"{path}: no cell runs"

        def ran():
            self.page.keyboard.press("Control+s")
            self.page.wait_for_timeout(1000)
            with contextlib.suppress(nbformat.reader.NotJSONError):  # not wholly written
                nb = nbformat.read(file, 4)
                code = [c for c in nb.cells if c.cell_type == "code" and c.source.strip()]
                return (errors(nb) or all(c.execution_count for c in code)) and nb

        nb = wait(ran, 240)
        if not nb:
            self.snap("what was there instead")
        assert nb, f"{path}: a cell has not run"
        return nb
