"""A class on a JupyterHub, from the link to the saved answer; test_hub.py runs it and grades.

`python -m d2lmini.tests.browser.hub FOLDER PROXY CHROMIUM` starts a hub whose files are all in
FOLDER. Two learners click the link of the lecturers' page and answer an exercise in Chromium; the
lecturer changes the course, and a learner clicks again. The last line is JSON: what they read and
what it cost. It expects to be alone in its namespaces: the hub's usual ports are free there,
nothing outlives it, and no other computer can be reached.
"""

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote, unquote

TOP = Path(__file__).parents[3]
HUB = "http://127.0.0.1:8000"
EXERCISE = "notebooks/exercises/05_softmax_regression.ipynb"
# The link as the lecturers' page has it, up to the notebook.
LINK = re.search(r"https://hub\.example\.edu"
                 r"(?P<path>/hub/user-redirect/git-pull\?repo=(?P<repo>[^&]+)&branch=(?P<branch>[^&]+)"
                 r"&urlpath=lab%2Ftree%2F(?P<folder>[\w.-]+)%2F)",
                 (TOP / ".github/LECTURERS.md").read_text(encoding="utf-8"))
ANSWERS = {
    "ada": ("e = np.exp(logits - logits.max(1, keepdims=True))\n"
            "return e / e.sum(1, keepdims=True)", "✓ softmax: right"),
    "bo": ("return np.exp(logits) / np.exp(logits).sum(1, keepdims=True)", "✗ softmax"),
}
CONFIG = """
import sys

c.JupyterHub.bind_url = {hub!r}
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.authenticator_class = "dummy"  # any password will do
c.Authenticator.allowed_users = {users!r}
c.JupyterHub.spawner_class = "simple"  # no learner is a user of the system
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = [
    "--allow-root", "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    # A learner's server has none of them; where the tests run, nbgrader may be installed.
    *(f"--ServerApp.jpserver_extensions=nbgrader.server_extensions.{{name}}=False" for name in
      ("assignment_list", "course_list", "formgrader", "validate_assignment"))]
# Whoever asks for the course's address on GitHub gets the repository beside this file.
c.Spawner.environment = {{
    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "url.file://{course}.insteadOf",
    "GIT_CONFIG_VALUE_0": {address!r}, "JUPYTER_PREFER_ENV_PATH": "1"}}
"""


def git(course, *words):
    who = ["-c", "user.name=lecturer", "-c", "user.email=lecturer@localhost"]
    subprocess.run(["git", "-C", course, *who, *words], check=True)


def hand_out(course):
    """A repository of the course as learners get it, without the solutions."""
    for name in ("notebooks", "data"):
        shutil.copytree(TOP / name, course / name,
                        ignore=shutil.ignore_patterns("solutions", ".ipynb_checkpoints"))
    git(course, "init", "--quiet", "--initial-branch", LINK["branch"])
    git(course, "add", ".")
    git(course, "commit", "--quiet", "--message", "the course")


def change(course):
    """The lecturer adds a heading to the notebook that the learners have answered."""
    path = course / EXERCISE
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["cells"][0]["source"] = [*nb["cells"][0]["source"], "\n\n## Due on Friday"]
    path.write_text(json.dumps(nb, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    git(course, "commit", "--quiet", "--all", "--message", "when it is due")


def until(condition, sentence, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, sentence
        time.sleep(0.1)


def start(folder, proxy):
    """JupyterHub's process, once it answers."""
    (folder / "config.py").write_text(CONFIG.format(
        hub=HUB, proxy=proxy, users=set(ANSWERS), homes=f"{folder}/home/{{username}}",
        course=folder / "course", address=unquote(LINK["repo"])))
    with (folder / "hub.log").open("w") as log:
        hub = subprocess.Popen([sys.executable, "-m", "jupyterhub", "-f", "config.py"], cwd=folder,
                               stdout=log, stderr=log)

    def answers():
        try:
            urllib.request.urlopen(f"{HUB}/hub/health", timeout=5).close()
            return True
        except OSError:
            return False

    until(lambda: hub.poll() is not None or answers(), "the hub does not answer")
    assert hub.poll() is None, (folder / "hub.log").read_text()
    return hub


class Learner:
    def __init__(self, browser, name, folder):
        self.name, self.saved = name, folder / "home" / name / LINK["folder"] / EXERCISE
        self.page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        self.page.set_default_timeout(120_000)
        self.asked = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))

    def click_the_link(self):
        self.page.goto(HUB + LINK["path"] + quote(EXERCISE, safe=""))

    def log_in(self):
        self.page.fill("input[name=username]", self.name)
        self.page.fill("input[name=password]", "a password")
        self.page.click("input[type=submit]")

    def see_the_notebook(self):
        """Wait for its cells and for a kernel that is ready to run them."""
        for sign in (".jp-CodeCell", ".jp-Toolbar-kernelName:has-text('Python 3')",
                     ".jp-Notebook-ExecutionIndicator[data-status=idle]"):
            self.page.locator(sign).first.wait_for(state="attached")

    def cell(self, text):
        return self.page.locator(".jp-CodeCell", has_text=text).first

    def answer(self, body, verdict):
        """Type softmax, run it and the check below, and save; what the check says."""
        keyboard = self.page.keyboard
        self.cell("from d2lmini.exercises").locator(".cm-content").click()
        keyboard.press("Shift+Enter")
        self.cell("def softmax").locator(".cm-content").click()
        keyboard.press("Control+A")
        keyboard.type(f"def softmax(logits):\n{body}")  # the editor indents
        keyboard.press("Shift+Enter")
        keyboard.press("Shift+Enter")
        output = self.cell('check("softmax"').locator(".jp-OutputArea", has_text=verdict)
        output.wait_for()
        keyboard.press("Control+S")
        until(lambda: verdict in self.saved.read_text(encoding="utf-8"), "it is not saved")
        return output.inner_text().strip()


def costs(hub):
    """MB of the hub with its proxy; MB and seconds of processor of each learner's processes."""
    import psutil

    mb = lambda *processes: sum(p.memory_info().rss for p in processes) / 1e6
    hub, learners = psutil.Process(hub.pid), {}
    rest = [hub]
    for child in hub.children():
        kernels = child.children(recursive=True)
        if "jupyterhub.singleuser" in child.cmdline():
            learners[child.environ()["JUPYTERHUB_USER"]] = {
                "server": mb(child), "kernel": mb(*kernels),
                "cpu": sum(sum(p.cpu_times()[:4]) for p in (child, *kernels))}
        else:
            rest += [child, *kernels]
    return {"hub": mb(*rest), **learners}


def visit(browser, folder, hub):
    """All that happens on the hub; what each learner read last, in how many seconds, at what cost.

    ready: from the click on Sign in to a notebook that runs; answered: typing, running, saving.
    """
    learners, said, seconds = [Learner(browser, name, folder) for name in ANSWERS], {}, {}
    try:
        for learner in learners:
            learner.click_the_link()
            begin = time.monotonic()
            learner.log_in()
            learner.see_the_notebook()
            ready = time.monotonic()
            said[learner.name] = learner.answer(*ANSWERS[learner.name])
            seconds[learner.name] = {"ready": ready - begin, "answered": time.monotonic() - ready}
        cost = costs(hub)
        change(folder / "course")
        ada = learners[0]
        ada.click_the_link()
        ada.page.get_by_role("heading", name="Due on Friday").wait_for()
        ada.cell('check("softmax"').get_by_text(ANSWERS["ada"][1]).first.wait_for()
    finally:
        for learner in learners:
            learner.page.screenshot(path=folder / f"{learner.name}.png")
    for url in (url for learner in learners for url in learner.asked):
        assert re.match(r"(https?|wss?)://127\.0\.0\.1:8000/|data:|blob:", url), url
    return {"said": said, "seconds": seconds, "cost": cost}


def main(folder, proxy, chromium):
    from playwright.sync_api import sync_playwright

    assert LINK, "The lecturers' page has no link for a hub."
    begin = time.monotonic()
    hand_out(folder / "course")
    hub = start(folder, proxy)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"])
        result = visit(browser, folder, hub)
        browser.close()
    print(json.dumps(result | {"all": time.monotonic() - begin}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
