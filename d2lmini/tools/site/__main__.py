"""`make site`: the book in build/site, and in its folder `run` JupyterLite, if Pyodide is there."""

import shutil
import sys
from pathlib import Path

from d2lmini.tools.site import book, lite


def main() -> int:
    folder = Path("build/site")
    shutil.rmtree(folder, ignore_errors=True)
    runs = False
    try:
        lite.build(folder / "run")
        runs = True
    except lite.Missing as reason:
        print(f"The book alone, without lessons that run in the browser: {reason}", file=sys.stderr)
    book.build(folder, runs)
    print(f"The site is in {folder}. To read: open {folder / 'index.html'}. To run lessons too: "
          f"python -m http.server --directory {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
