"""What the site is built from and the course does not have: files of npm, verified."""

import base64
import hashlib
import subprocess
import tarfile
from pathlib import Path


class Missing(Exception):
    """Why something cannot be had here."""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a program; Missing, with its last line, if it fails."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{command[0]}: {error}") from None
    if done.returncode:
        said = (done.stderr + done.stdout).strip().splitlines() or ["no word"]
        raise Missing(f"{Path(command[0]).name} {command[2]:.20} failed: {said[-1]}")
    return done.stdout


def npm(name: str, version: str, integrity: str, folder: Path) -> dict[str, bytes]:
    """The files of a package of npm, which must be the one that `integrity`, npm's own, names."""
    folder.mkdir(parents=True, exist_ok=True)
    said = run("npm", "pack", f"{name}@{version}", "--silent", f"--pack-destination={folder}")
    archive = folder / said.split()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != integrity:
        raise Missing(f"npm's {name} {version} is not the file it should be")
    with tarfile.open(archive) as tar:
        files = {file.name: tar.extractfile(file).read() for file in tar if file.isfile()}
    archive.unlink()
    return files
