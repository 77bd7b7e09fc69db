"""Headless Chromium for tests, driven over its DevTools protocol; nothing to install but Chromium.

`with Browser() as b:` starts one with a profile of its own and ends it. `b.open(url)` loads a page,
`b.follow(script)` loads what a click leads to, `b.run(script)` answers with a value of JavaScript,
`b.requests` lists what the page asked for, and `b.blocked` what its own rules
(Content-Security-Policy) then refused it.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

import websocket

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which(
    "google-chrome")
FLAGS = ["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars",
         # No name but this computer's own can be looked up, whatever a page or Chromium asks for.
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]


class Browser:
    def __init__(self, seconds: float = 30):
        self.seconds, self.last = seconds, 0
        self.requests, self.blocked, self.asked = [], [], {}
        self.documents, self.loaded = [], []  # in the window: those that came, those that are whole

    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="chromium")
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [CHROMIUM, *FLAGS, *root, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            port, path = self.wait(self.listening, "Chromium does not listen")
            self.socket = websocket.create_connection(
                f"ws://127.0.0.1:{port}{path}", suppress_origin=True, timeout=self.seconds)
            self.session = None
            (page,) = [t for t in self.call("Target.getTargets")["targetInfos"]
                       if t["type"] == "page"]
            self.attach(page["targetId"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if hasattr(self, "socket"):
            self.session = None
            self.call("Browser.close")
            self.socket.close()
        else:
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def listening(self):
        try:
            with open(os.path.join(self.profile, "DevToolsActivePort")) as file:
                return re.fullmatch(r"(\d+)\n(\S+)\n?", file.read()).groups()
        except (OSError, AttributeError):
            return None

    def wait(self, condition, sentence):
        """The first true value of `condition()`; TimeoutError with `sentence` if none comes."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            if value := condition():
                return value
            time.sleep(0.05)
        raise TimeoutError(sentence)

    def call(self, method, **params):
        """One command of the protocol; what arrives in between is kept."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)

    def note(self, event):
        if event["method"] == "Page.frameNavigated":
            frame = event["params"]["frame"]
            self.documents += [frame["loaderId"]] if "parentId" not in frame else []
        elif event["method"] == "Page.lifecycleEvent" and event["params"]["name"] == "load":
            self.loaded.append(event["params"]["loaderId"])
        elif event["method"] == "Network.requestWillBeSent":
            url = event["params"]["request"]["url"]
            self.requests.append(url)
            self.asked[event["params"]["requestId"]] = url
        elif event["method"] == "Network.loadingFailed":
            if event["params"].get("blockedReason") == "csp":
                self.blocked.append(self.asked[event["params"]["requestId"]])

    def attach(self, target):
        """Speak to this page from now on."""
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def expect(self, first=None):
        """Wait for the load event of the document `first`, or of one that it made way for."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            new = self.documents
            if first:
                new = new[new.index(first):] if first in new else []
            if any(document in self.loaded for document in new):
                return
            self.note(json.loads(self.socket.recv()))
        raise TimeoutError("no page was loaded")

    def forget(self):
        for kept in (self.documents, self.loaded, self.requests, self.blocked):
            kept.clear()

    def open(self, url):
        """Load `url` and wait for its load event, not for one of the page before."""
        self.forget()
        self.expect(self.call("Page.navigate", url=url)["loaderId"])

    def follow(self, script):
        """Do what leads to another page, and wait for its load event."""
        self.forget()
        self.run(script)
        self.expect()

    def run(self, script):
        """The value of the JavaScript expression `script`."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def show(self, width, height, scheme="light"):
        """The size of the window, in CSS pixels, and the reader's color scheme."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path):
        """Store what the window shows as a PNG."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))
