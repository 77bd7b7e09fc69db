"""A notebook in the tab: JupyterLite as `make site` builds it, served from this computer.

`served(folder)` serves the site; `Tab` opens a notebook in it, runs it and reads what came out, by
the same menus that a reader has. test_tab.py tells what is expected.
"""

import contextlib
import subprocess
import sys
import time
import zlib
from urllib.parse import unquote, urlsplit

import nbformat

from d2lmini.tests.browser.browser import wait

CELLS = "[...jupyterapp.shell.currentWidget.content.model.cells].filter(c => c.type === 'code')"
STATUS = "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status"
STARTED = f"window.jupyterapp?.shell.currentWidget?.content?.model?.cells && {STATUS} === 'idle'"


@contextlib.contextmanager
def served(folder):
    """The address of the site in `folder`, until the block ends."""
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory",
         str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield f"http://127.0.0.1:{server.stdout.readline().split()[5]}"
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


class Tab:
    def __init__(self, context, address, path, content=None, wait=True):
        """Open the notebook at `path`; `seconds` is the time until its kernel waits for work.

        With `content`, a notebook, the browser first keeps that under the path. Without `wait`, the
        kernel may still be starting.
        """
        self.page, self.asked = context.new_page(), set()
        note = lambda response: self.asked.add(response.url)
        context.on("response", note)  # what the service worker fetches belongs to no page
        self.page.on("close", lambda: context.remove_listener("response", note))
        where = f"{address}/run/notebooks/index.html?path="
        if content:
            self.page.goto(f"{address}/run/tree/index.html")
            self.page.wait_for_function("window.jupyterapp?.serviceManager.contents")
            self.page.evaluate("""([path, content]) => jupyterapp.serviceManager.contents.save(
                path, {type: 'notebook', format: 'json', content})""", [path, content])
        start = time.monotonic()
        self.page.goto(where + path)
        if wait:
            self.idle()
        self.seconds = time.monotonic() - start

    def idle(self, limit=300):
        """Wait until the kernel waits for work."""
        self.page.wait_for_function(STARTED, timeout=1000 * limit)

    def menu(self, name, command):
        self.page.locator(".lm-MenuBar-item", has_text=name).click()
        self.page.locator(f".lm-Menu-item[data-command='{command}']").click()

    def notebook(self):
        return nbformat.from_dict(self.page.evaluate(
            "jupyterapp.shell.currentWidget.content.model.toJSON()"))

    def run_all(self, limit):
        """Run every cell; the notebook, and the seconds until its last cell was done."""
        self.page.evaluate(f"{CELLS}.forEach(c => c.clearExecution())")
        start = time.monotonic()
        self.menu("Run", "runmenu:run-all")
        done = f"""{STATUS} === 'idle' && {CELLS}.every(c => c.executionCount) ||
            {CELLS}.some(c => c.outputs.toJSON().some(o => o.output_type === 'error'))"""
        ended = wait(lambda: self.page.evaluate(done), limit)
        seconds = time.monotonic() - start
        nb = self.notebook()
        last = [c.id for c in nb.cells if c.cell_type == "code" and c.execution_count][-1:]
        assert ended, f"no end after {limit} s; the last cell that ran is {last}"
        return nb, seconds

    def ask(self, code):
        """What the kernel prints for some code."""
        return self.page.evaluate("""async code => {
            let said = '';
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const request = kernel.requestExecute({code, store_history: false});
            request.onIOPub = m => { said += m.content.text ?? m.content.evalue ?? ''; };
            await request.done;
            return said.trim(); }""", code)

    def sent(self, folder):
        """The MB of the files that were fetched, with gzip, as GitHub Pages sends them."""
        paths = {folder / unquote(urlsplit(url).path)[1:] for url in self.asked}
        return sum(len(zlib.compress(path.read_bytes(), 6)) for path in paths
                   if path.is_file()) / 1e6

    def megabytes(self):
        """The memory that Python has in this tab."""
        return int(self.ask("import pyodide_js; print(pyodide_js._module.HEAPU8.byteLength)")) / 1e6
