"""A person opens the course in JupyterLab: lessons, controls, exercises, the pad, by real events.

Chromium shows JupyterLab as `make lab` starts it, on copies of the notebooks without their outputs.
The first lessons run whole; of the later ones, only what their controls need (nbval runs them all).
Pictures of what was seen are in build/screenshots. The person's eyes and hands are in person.py.
"""

import ast
import builtins
import symtable
import urllib.request
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from d2lmini.tests.browser.browser import CHROMIUM
from d2lmini.tests.browser.person import CONTROL, SHIFT, Person, serve

TOP = Path(__file__).parents[3]
PICTURES = TOP / "build/screenshots"
LESSONS = sorted(path.stem for path in (TOP / "notebooks").glob("[0-9][0-9]_*.ipynb"))
WHOLE = [name for name in LESSONS if name[:2] in ("00", "01", "02")]
# Stands in for the minute of training in lesson 08: the same network, fewer images.
QUICK = """d2l.manual_seed(0)
model = build()
optimizer = optim.Adam(model.parameters(), lr=2e-3)
few = data.DataLoader(data.Subset(train_part, range(8000)), 64, shuffle=True)
train.fit(model, few, optimizer, epochs=2)"""

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is needed")


# --- the notebooks that are opened ---


def names(source):
    """The names that a cell makes, and those it uses from outside its functions."""
    made, used = set(), set()
    todo = [symtable.symtable(source, "cell", "exec")]
    for table in todo:
        for symbol in table.get_symbols():
            inside = table.get_type() != "module"
            if not inside and (symbol.is_assigned() or symbol.is_imported()):
                made.add(symbol.get_name())
            if symbol.is_referenced() and (not inside or symbol.is_global()):
                used.add(symbol.get_name())
        todo += table.get_children()
    return made, used - set(dir(builtins))


def sliced(cells):
    """The cells that are controls, and those that make the names that these need."""
    kept, needed = [], set()
    for cell in reversed([c for c in cells if c.cell_type == "code"]):
        made, used = names(cell.source)
        if "widget" in cell.metadata.get("tags", []) or made & needed:
            kept.insert(0, cell)
            needed |= used
    return kept


def test_what_a_control_needs_is_found():
    code = nbformat.v4.new_code_cell
    cells = [code("a = 1"), code("b = 2"), code("def f(b):\n    return a + b"), code("c = b"),
             code("f(3)", metadata={"tags": ["widget"]}), code("d = a")]
    assert [c.source[:5] for c in sliced(cells)] == ["a = 1", "def f", "f(3)"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A course with lessons and exercises whose cells have not run yet."""
    folder = tmp_path_factory.mktemp("course") / "a course"
    (folder / "notebooks/exercises").mkdir(parents=True)
    lessons = [TOP / "notebooks" / f"{name}.ipynb" for name in LESSONS]
    for path in [*lessons, TOP / "notebooks/exercises/01_tensors.ipynb"]:
        nb = nbformat.read(path, 4)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            if cell.id == "train-cnn":
                cell.source = QUICK
        if path in lessons and path.stem not in WHOLE:
            nb.cells = sliced(nb.cells)
        nbformat.write(nb, folder / path.relative_to(TOP))
    return folder


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    with serve(folder, tmp_path_factory.mktemp("home")) as (address, token):
        yield address, token


@pytest.fixture(scope="module")
def person(server, folder):
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Person(*server, folder, PICTURES) as person:
        yield person


@pytest.fixture
def me(person, server):
    """The person; in the end nothing was asked of another computer, and no kernel goes on."""
    person.fresh_page()
    yield person
    assert person.abroad == []
    address, token = server

    def ask(path, method="GET"):
        request = urllib.request.Request(f"{address}/api/{path}", method=method,
                                         headers={"Authorization": f"token {token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()

    for kernel in ast.literal_eval(ask("kernels")):
        ask(f"kernels/{kernel['id']}", "DELETE")


# --- lessons and their controls ---

PANELS = """[...document.querySelectorAll('.jp-OutputArea-output .widget-vbox')]
            .filter(e => e.querySelector('img'))"""
CONTROLS = ".widget-slider, .widget-dropdown, .widget-checkbox"
KINDS = f"""{PANELS}.map(p => [...p.querySelectorAll('{CONTROLS}')].map(
            e => e.className.match(/widget-(slider|dropdown|checkbox)/)[1]))"""


def errors(nb):
    return [f"{out.ename}: {out.evalue}" for cell in nb.cells for out in cell.get("outputs", [])
            if out.output_type == "error"]


def look(me, panel):
    """A checksum of the file of the panel's picture; none while it is loading."""
    return me.run(f"""(async () => {{ const i = {PANELS}[{panel}].querySelector('img');
        if (!i.complete || !i.naturalWidth) return '';
        const file = await (await fetch(i.src)).arrayBuffer();
        return [...new Uint8Array(await crypto.subtle.digest('SHA-1', file))].join(); }})()""")


def move(me, panel, number, kind, far):
    """Move one control as a hand does, a slider by that part of its length."""
    me.run("document.querySelectorAll('.this-one').forEach(e => e.classList.remove('this-one'))")
    me.run(f"{PANELS}[{panel}].querySelectorAll('{CONTROLS}')[{number}].classList.add('this-one')")
    one = ".this-one "
    if kind == "checkbox":
        me.click(one + "input")
    elif kind == "dropdown":
        # The open list is a window of the system's, outside the page; JupyterLab takes the arrows.
        me.run(f"""(e => {{ e.selectedIndex = (e.selectedIndex + 1) % e.length;
            e.dispatchEvent(new Event('change', {{bubbles: true}})); }})(
            document.querySelector('{one}select'))""")
    else:
        x, y = me.middle(one + ".noUi-handle")
        left, width = me.run(f"(r => [r.x, r.width])(document.querySelector('{one}.noUi-target')"
                             ".getBoundingClientRect())")
        me.drag((x, y), (x + (far if x < left + width / 2 else -far) * width, y), steps=1)


def move_all(me, name):
    """Move every control of the notebook and see the picture change; the number of controls.

    Some matter only after others have moved (Nesterov's box without momentum), so while a control
    has changed nothing, all have their turn again.
    """
    kinds = me.run(KINDS)
    for panel, controls in enumerate(kinds):
        todo = set(enumerate(controls))
        for far in (0.3, 0.45, 0.2, 0.6):
            for number, kind in enumerate(controls) if todo else ():
                before = me.wait(lambda panel=panel: look(me, panel), "no picture")
                move(me, panel, number, kind, far)
                if me.soon(lambda panel=panel, old=before: look(me, panel) not in ("", old)):
                    todo.discard((number, kind))
        assert not todo, f"{name}, panel {panel}: these controls change nothing"
        trouble = me.run(f"{PANELS}[{panel}].querySelector('.widget-html-content')?.textContent")
        assert not trouble
        me.run(f"{PANELS}[{panel}].scrollIntoView({{block: 'center'}})")
        me.snap(f"{name}_{panel + 1}")
    return sum(map(len, kinds))


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_and_each_control_changes_its_picture(me, folder, name):
    path = f"notebooks/{name}.ipynb"
    me.open_notebook(path)
    nb = me.run_all(path)
    assert errors(nb) == []
    assert all(cell.execution_count for cell in nb.cells if cell.cell_type == "code")
    explored = sum("explore(" in cell.source and "widget" in cell.metadata.get("tags", [])
                   for cell in nb.cells)
    me.see(f"{PANELS}.length === {explored}", f"{name}: not all panels are there")
    assert move_all(me, name) >= 1
    if name.startswith("08"):
        draw_digits(me)


def draw_digits(me):
    """On the pad of lesson 08, by mouse, by finger and by keyboard."""
    says = "document.querySelector('.d2l-pad .says').textContent"
    spoken = "document.querySelector('.d2l-pad .spoken').textContent"
    paper = ".d2l-pad .paper"

    def reads(digit, how):
        me.see(f"{says}.startsWith('The network says {digit},')", f"{how}: no {digit}")
        bars = me.run("[...document.querySelectorAll('.d2l-pad .bar')].map(e => e.offsetHeight)")
        assert len(bars) == 10 and max(bars) == bars[digit] > 60

    def clear(act):
        act()
        me.see(f"{says} === 'The pad is empty.'", "not cleared")

    x, y = me.middle(paper)
    assert me.run(f"{says}") == "The pad is empty."
    me.drag((x + 10, y - 95), (x - 10, y + 95))
    reads(1, "mouse")
    me.snap("pad_1_mouse")
    clear(lambda: me.click(".d2l-pad button", "Clear"))
    x, y = me.middle(paper)
    ring = [(x + 65 * np.sin(t), y - 95 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 24)]
    me.drag(*ring)
    reads(0, "mouse")
    me.see(f"{spoken}.startsWith('The network says 0')", "a screen reader says nothing")
    me.snap("pad_0_mouse")
    clear(lambda: me.press("Delete"))

    touch = lambda kind, *at: me.call("Input.dispatchTouchEvent", type=kind, touchPoints=[
        {"x": px, "y": py} for px, py in at])
    touch("touchStart", ring[0])
    for point in ring[1:]:
        touch("touchMove", point)
    touch("touchEnd")
    reads(0, "finger")
    clear(lambda: me.press("Backspace"))

    me.run(f"document.querySelector('{paper}').focus()")
    for key in ["ArrowUp"] * 9 + [" "] + ["ArrowDown"] * 19 + [" ", "ArrowRight"]:
        me.press(key)
    reads(1, "keyboard")
    me.see(f"{spoken}.startsWith('Row 24, column 15, pen up. The network says 1')", "not spoken")
    me.snap("pad_1_keyboard")


def test_notebook_7_with_the_mouse(me, folder):
    path = "notebooks/02_autograd.ipynb"
    nb = nbformat.read(folder / path, 4)
    nb.cells = sliced(nb.cells)
    for cell in nb.cells:
        cell.outputs, cell.execution_count = [], None
    nbformat.write(nb, folder / "notebooks/classic.ipynb")
    me.open_notebook("notebooks/classic.ipynb", page="notebooks")
    assert me.run("document.body.dataset.notebook") == "notebooks"
    assert errors(me.run_all("notebooks/classic.ipynb")) == []
    assert move_all(me, "notebook_7") == 4


# --- exercises ---


def test_an_exercise_is_answered_by_keyboard(me, folder):
    """A wrong answer gets one sentence and no traceback; the right one gets its points."""
    path = "notebooks/exercises/01_tensors.ipynb"
    me.open_notebook(path)
    me.click(".jp-CodeCell .cm-content", "from d2lmini.exercises")
    me.press("Enter", SHIFT)
    output = """[...document.querySelectorAll('.jp-CodeCell')].find(e =>
        e.textContent.includes('check("channels_last"')).querySelector('.jp-OutputArea')"""
    for answer, sentence in (("images", "expected shape"),
                             ("images.transpose(0, 2, 3, 1)", "channels_last: right")):
        me.click(".jp-CodeCell .cm-content", "def channels_last")
        me.press("a", CONTROL)
        me.press("Delete")
        me.write(f"def channels_last(images):\nreturn {answer}")
        me.press("Enter", SHIFT)
        me.press("Enter", SHIFT)
        me.see(f"{output}?.textContent.includes('{sentence}')", f"no word about {answer}")
        said = me.run(f"{output}.textContent.trim()")
        assert "Traceback" not in said and "judge.py" not in said and len(said) < 500
        assert len(said.splitlines()) <= 4, said
        me.snap(f"exercise_{'right' if '(' in answer else 'wrong'}")


# --- what the pictures show ---


def test_the_pictures_are_not_blank():
    pictures = sorted(PICTURES.glob("[0-9pen]*.png"))
    assert len(pictures) >= 14
    for path in pictures:
        with Image.open(path) as image:
            assert image.size == (1280, 960) and np.asarray(image.convert("L")).std() > 20, path
