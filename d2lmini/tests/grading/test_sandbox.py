"""The sandbox's profile: nothing of the course can be read inside, wherever clone and Python lie.

And where bubblewrap cannot work, the message has the cause and the cure.
"""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from d2lmini.grading.sandbox import bubblewrap, diagnose
from d2lmini.grading.sandbox.bubblewrap import Limits
from d2lmini.grading.sandbox.sandbox import Died, Sandbox
from d2lmini.tests.grading.handin import COURSE, with_sandbox


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone whose virtual environment lies at its top, and the path that Python knows it by."""
    tmp_path.chmod(0o755)
    real = tmp_path / "clone"
    for name in ("d2lmini/exercises/references_05.py", "d2lmini/tests/test_exercises.py",
                 "notebooks/solutions/05.ipynb", ".git/HEAD", "build/lib/answers.py", "README.md",
                 "bin/python", "lib/python3/site-packages/numpy/core.py", "pyvenv.cfg",
                 "lib/python3/site-packages/d2lmini/exercises/references_05.py",
                 "lib/python3/site-packages/torch/functional.py"):
        (real / name).parent.mkdir(parents=True, exist_ok=True)
        (real / name).write_text("text")
    (real / "lib64").symlink_to("lib")
    (tmp_path / "link").symlink_to("clone")
    monkeypatch.setattr(bubblewrap, "PACKAGE", real / "d2lmini")
    forget()
    yield tmp_path
    forget()


def forget():
    for function in (bubblewrap.bound, bubblewrap.foreign, bubblewrap.covers):
        function.cache_clear()


@with_sandbox
@pytest.mark.parametrize("user", ["root", "another"])
@pytest.mark.parametrize("name", ["clone", "link", "above"])
def test_only_python_can_be_read_of_a_clone(clone, monkeypatch, name, user):
    """Also if it is known by another path, or lies in a folder that is bound, as in /usr."""
    known = clone / ("clone" if name == "above" else name)
    monkeypatch.setattr(sys, "prefix", str(known))
    if name == "above":
        monkeypatch.setattr(sys, "base_prefix", str(clone))
    if user == "another":
        monkeypatch.setattr(bubblewrap.os, "geteuid", lambda: 1000)
    elif os.geteuid() != 0:
        pytest.skip("needs root")
    script = f"find -L {known} -type f; touch {known}/x {known}/lib/x /x /proc/1/comm; exit 0"
    argv = bubblewrap.command(Path("/usr"), None, Limits())
    done = subprocess.run([*argv, "/bin/sh", "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    package = "python3/site-packages/numpy/core.py"
    wanted = {"bin/python", "pyvenv.cfg", f"lib/{package}", f"lib64/{package}"}
    assert set(done.stdout.split()) == {f"{known}/{w}" for w in wanted}
    assert done.stderr.count("Read-only") + done.stderr.count("denied") == 4, done.stderr


@with_sandbox
def test_the_submissions_are_hidden_and_python_is_not(clone, monkeypatch):
    """Submissions whose folder holds Python itself."""
    monkeypatch.setattr(sys, "prefix", str(clone / "clone"))
    (clone / "clone/ada").mkdir()
    (clone / "clone/ada/hw.ipynb").write_text("")
    monkeypatch.setattr(bubblewrap, "PACKAGE", Path("/nowhere/d2lmini"))
    done = subprocess.run([*bubblewrap.command(Path("/usr"), None, Limits(),
                                          (str(clone / "link"),)), "/bin/ls", clone / "clone"],
                          capture_output=True, text=True)
    assert done.stdout.split() == ["bin", "lib", "lib64", "pyvenv.cfg"], done.stderr


@with_sandbox
def test_what_is_open_outside_is_no_students(settings):
    """Looked at before the process is in its sandbox, while it is there, and after its end."""
    with contextlib.ExitStack() as still_open:
        for _ in range(150):  # each may hold 10 MB
            still_open.enter_context(socket.create_server(("127.0.0.1", 0)))
        box = still_open.enter_context(Sandbox(
            Path(settings.packages, "05"), None, Limits(), time.monotonic() + 60))
        box._look()
        box.ready()
        box._look()
        os.killpg(box.process.pid, signal.SIGKILL)
        with pytest.raises(Died, match="the process ended"):
            box.send(10, do="cell", source="1")

TRY = f"""
import sys
sys.path.insert(0, {str(COURSE)!r})
from d2lmini.grading.sandbox import diagnose
diagnose.require()
"""
AS_USER = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
IN_ROOT = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
LITTLE = "mount -t tmpfs none /proc/acpi || mount -t tmpfs none /proc/scsi; exec "
CAUSES = {  # the command that makes Python live there; what is said
    "works for another user": (AS_USER, "", ""),
    "no user namespaces": (
        [*IN_ROOT, 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"', "-"],
        "user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces="),
    "root of a small container": ([*IN_ROOT, 'exec "$@"', "-"], "root in a container, without",
                                  "podman run --userns=keep-id"),
    "a /proc with covers": ([*IN_ROOT, f'{LITTLE} {" ".join(AS_USER)} "$@"', "-"],
                            "hides parts of /proc", "unmask=ALL"),
    "a seccomp filter": (["bwrap", "--dev-bind", "/", "/", "--seccomp", "FILTER"],
                         "seccomp filter", "--security-opt seccomp=unconfined"),
}


def docker_filter():
    """Refuses new user namespaces, as the filter of Docker and Podman does."""
    load, has, equal, back = 0x20, 0x45, 0x15, 0x06
    clone, unshare = {"x86_64": (56, 272), "aarch64": (220, 97)}[os.uname().machine]
    steps = [(load, 0, 0, 0), (equal, 0, 2, clone), (load, 0, 0, 16), (has, 3, 2, 0x10000000),
             (equal, 2, 0, unshare), (equal, 0, 0, 0), (back, 0, 0, 0x7FFF0000),
             (back, 0, 0, 0x00050001)]
    end, begin = os.pipe()
    os.write(begin, b"".join(struct.pack("=HBBI", *step) for step in steps))
    os.close(begin)
    return end


@with_sandbox
@pytest.mark.parametrize("name", CAUSES)
def test_the_cause_and_the_cure(name):
    argv, what, cure = CAUSES[name]
    handle = docker_filter()
    argv = [str(handle) if part == "FILTER" else part for part in argv]
    done = subprocess.run([*argv, sys.executable, "-c", TRY], pass_fds=(handle,), text=True,
                          capture_output=True, cwd="/")
    os.close(handle)
    if not what:
        assert done.returncode == 0, done.stderr
        return
    message = done.stderr.rpartition("SandboxMissing: ")[2]
    said, told, last = message.partition("\nThe cure: ")[0], *message.splitlines()[1:]
    assert said.startswith("Nothing was graded: ") and what in said, message
    assert told.startswith("The cure: ") and cure in told
    assert last.startswith("More in .github/LECTURERS.md") and "--unsafe-no-sandbox" in last
    assert "--unsafe" not in said + told


OTHER = {  # files below /, what bwrap said, its version; what is said
    "AppArmor": ({"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"},
                 "bwrap: setting up uid map: Permission denied", "AppArmor rule of Ubuntu",
                 "sudo apparmor_parser -r /etc/apparmor.d/bwrap"),
    "Podman's usual filter": ({"proc/self/status": "Seccomp:\t2\nCapEff:\t0"},
                              "bwrap: Can't set hostname to grading: Operation not permitted",
                              "seccomp filter", "--security-opt seccomp=unconfined"),
    "Docker on Ubuntu": ({"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1",
                          "proc/self/status": "Seccomp:\t2\n"},
                         "bwrap: No permissions to create new namespace", "seccomp filter",
                         "--security-opt apparmor=unconfined"),
    "Debian's switch": ({"proc/sys/kernel/unprivileged_userns_clone": "0"},
                        "bwrap: No permissions to creating new namespace", "are for root only",
                        "sysctl -w kernel.unprivileged_userns_clone=1"),
    "something else": ({}, "bwrap: no idea", "bwrap: no idea", "see what this prints"),
}


@pytest.mark.parametrize("name", OTHER)
def test_causes_that_this_computer_cannot_have(tmp_path, monkeypatch, name):
    files, stderr, what, cure = OTHER[name]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(diagnose, "ROOT", tmp_path)
    monkeypatch.setattr(diagnose.os, "geteuid", lambda: 1000)
    found = diagnose.cause(stderr)
    assert what in found[0] and cure in found[1] and stderr in found[0]


def test_no_bwrap_an_old_one_and_no_linux(monkeypatch):
    def said():
        with pytest.raises(diagnose.SandboxMissing) as error:
            diagnose.require()
        return str(error.value)

    monkeypatch.setattr(diagnose.shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(diagnose, "run", lambda *_: subprocess.CompletedProcess(
        (), 0, "bubblewrap 0.6.1\n", ""))
    assert "bubblewrap 0.6.1 is too old; 0.8 or newer is needed" in said()
    monkeypatch.setattr(diagnose.shutil, "which", lambda name: None)
    assert "The cure: apt install bubblewrap (Debian, Ubuntu)" in said()
    monkeypatch.setattr(diagnose.sys, "platform", "darwin")
    assert "WSL 2" in said() and said().rindex("--unsafe-no-sandbox") > said().index("WSL 2")


def test_the_filter_is_one_for_both_machines_and_none_for_others():
    program = bubblewrap.filter_program
    assert len(program("x86_64")) == len(program("aarch64")) > 200 and program("riscv64") == b""
