"""Pytest plugin: what each lesson costs, and skips that count as failures where they must.

nbval makes every code cell of a notebook a test. After each one this reads the kernel's peak
memory, ends with a table of all lessons, and fails a lesson that is far too slow or too large.
With D2LMINI_NO_SKIP=1, as in .ci/run, a skipped test fails with its reason. What a test records as
"measured" is shown at the end.
"""

import os
from collections import defaultdict

import pytest

from d2lmini.tools.memory import peak_mb

# A lesson should take under 60 s on 2 quiet cores; computers differ, so only four times that fails.
MAX_SECONDS = float(os.environ.get("D2LMINI_LESSON_SECONDS", 240))
MAX_MB = float(os.environ.get("D2LMINI_LESSON_MB", 1000))
NO_SKIP = os.environ.get("D2LMINI_NO_SKIP") == "1"

MB = "lesson peak MB"  # rides in the reports, and so gets from xdist's workers to the table
SECONDS, FAILED = pytest.StashKey[float](), pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if item.path.suffix == ".ipynb":
        weigh(item.parent, report)
    return forbid_skip(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    return forbid_skip((yield))


def weigh(notebook, report):
    """Note the lesson's memory in the report of a cell, and fail the cell that passes a limit."""
    notebook.stash[SECONDS] = seconds = notebook.stash.get(SECONDS, 0.0) + report.duration
    if report.when != "call":
        return
    mb = peak_mb(notebook.kernel.km.provisioner.pid)
    report.user_properties.append((MB, mb))
    if not report.passed or notebook.stash.get(FAILED, False):
        return
    if seconds > MAX_SECONDS:
        fail(report, f"The lesson has taken {seconds:.0f} s; the limit is {MAX_SECONDS:.0f} s.")
    elif mb > MAX_MB:
        fail(report, f"The lesson has used {mb:.0f} MB; the limit is {MAX_MB:.0f} MB.")
    notebook.stash[FAILED] = report.failed


def forbid_skip(report):
    """Turn a skip into a failure, if skips are forbidden."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        fail(report, f"D2LMINI_NO_SKIP=1 forbids skips. {reason}")
    return report


def fail(report, sentence):
    report.outcome, report.longrepr = "failed", sentence


def pytest_terminal_summary(terminalreporter):
    show_measured(terminalreporter)
    rows = defaultdict(lambda: [0, 0.0, 0.0])  # cells, seconds, MB
    for reports in terminalreporter.stats.values():
        for report in reports:
            lesson, _, _ = getattr(report, "nodeid", "").partition("::")
            if lesson.endswith(".ipynb") and hasattr(report, "when"):
                row, mb = rows[lesson], dict(report.user_properties).get(MB, 0.0)
                row[:] = row[0] + (report.when == "call"), row[1] + report.duration, max(row[2], mb)
    if not rows:
        return
    terminalreporter.section("lessons")
    width = max(map(len, rows))
    terminalreporter.write_line(f"{'lesson':{width}}  cells  seconds  peak MB")
    for lesson, (cells, seconds, mb) in sorted(rows.items()):
        terminalreporter.write_line(f"{lesson:{width}}  {cells:5}  {seconds:7.1f}  {mb:7.0f}")


def show_measured(terminalreporter):
    """What passed tests have recorded with record_property("measured", text)."""
    lines = [f"{report.nodeid}: {text}" for report in terminalreporter.stats.get("passed", ())
             for key, text in report.user_properties if key == "measured"]
    if lines:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(lines))
