"""Why bubblewrap does not work here, and the cure: `require()` raises SandboxMissing with both.

The cures are tried ones; .github/LECTURERS.md has them with more words.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .bubblewrap import Limits, command

ROOT = Path("/")  # where the tests put other files
NEEDED = (0, 8)  # --disable-userns
LAST = ("More in .github/LECTURERS.md, \"Where bubblewrap does not work\". Only if you trust every "
        "submission: --unsafe-no-sandbox runs student code with all of your rights.")
INSTALL = "apt install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora)"
APPARMOR = """sudo tee /etc/apparmor.d/bwrap >/dev/null <<'END'
abi <abi/4.0>,
include <tunables/global>
profile bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,
}
END
sudo apparmor_parser -r /etc/apparmor.d/bwrap"""
CONTAINER = ("podman run --userns=keep-id --security-opt seccomp=unconfined --security-opt "
             "unmask=ALL … (rootless), or docker run --user 1000 --security-opt seccomp=unconfined "
             "--security-opt apparmor=unconfined --security-opt systempaths=unconfined …")


class SandboxMissing(Exception):
    """bwrap is not installed, or this system does not let it work; the message says what to do."""


def require() -> None:
    """Raise SandboxMissing unless the sandbox works here."""
    if sys.platform != "linux":
        raise missing("the grader's sandbox needs Linux",
                      "grade in WSL 2 (Windows), in a virtual machine or a Linux container (macOS)")
    if shutil.which("bwrap") is None:
        raise missing("bubblewrap (the command bwrap), which keeps student code from the rest of "
                      "the computer, is not installed", INSTALL)
    said = run("bwrap", "--version").stdout
    version = tuple(map(int, re.findall(r"\d+", said)[:2]))
    if version < NEEDED:
        raise missing(f"{said.strip()} is too old; 0.8 or newer is needed",
                      "take it from Debian 12, Ubuntu 24.04, Fedora 38 or newer, build it from its "
                      "sources (meson), or grade in a container with one of these")
    done = run(*command(Path("/usr"), None, Limits()), "/bin/sh", "-c", "exit 7")
    if done.returncode != 7:
        raise missing(*cause(done.stderr))


def run(*argv: str) -> subprocess.CompletedProcess:
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=30)


def missing(what: str, cure: str) -> SandboxMissing:
    return SandboxMissing(f"Nothing was graded: {what}.\nThe cure: {cure}\n{LAST}")


def cause(stderr: str) -> tuple[str, str]:
    """What keeps an installed bwrap from working, and the cure; `stderr` is what it said."""
    said = " ".join(stderr.split())[:300] or "it gave no reason"
    failed, filtered = f"bwrap is installed but does not work here ({said}): ", bool(
        re.search(r"(?m)^Seccomp:\s*2", setting("proc/self/status")))
    rights = re.search(r"(?m)^CapEff:\s*(\w+)", setting("proc/self/status"))
    if setting("proc/sys/user/max_user_namespaces") == "0":
        return (failed + "this system allows no user namespaces (user.max_user_namespaces is 0)",
                persistent("user.max_user_namespaces=15000"))
    if os.geteuid() == 0 and ("setpriv" in said or (rights and not int(rights[1], 16) >> 21 & 1)):
        return (failed + "you are root in a container, without the rights of root",
                f"be another user there: {CONTAINER}")
    if setting("proc/sys/kernel/unprivileged_userns_clone") == "0" and os.geteuid() != 0:
        return (failed + "user namespaces are for root only "
                "(kernel.unprivileged_userns_clone is 0)",
                persistent("kernel.unprivileged_userns_clone=1"))
    if "mount proc" in said:
        return (failed + "a container hides parts of /proc, so no new one can be mounted",
                f"start the container so: {CONTAINER}")
    if setting("proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" and (
            not filtered or "namespace" not in said):
        return (failed + "an AppArmor rule of Ubuntu (23.10 and newer) takes the rights from user "
                "namespaces", f"allow them to bwrap alone, with these commands:\n{APPARMOR}")
    if filtered:
        return (failed + "a container's seccomp filter (Docker's and Podman's usual one) refuses "
                "what it needs", f"start the container so: {CONTAINER}")
    return failed + "no known cause was found", (
        "see what this prints: bwrap --unshare-all --disable-userns --ro-bind / / true")


def persistent(value: str) -> str:
    return f"sudo sysctl -w {value}; echo {value} | sudo tee /etc/sysctl.d/90-bwrap.conf keeps it"


def setting(path: str) -> str:
    try:
        return (ROOT / path).read_text().strip()
    except OSError:
        return ""
