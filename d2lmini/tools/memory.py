"""How much memory another process has used at most, for the kernels that run the lessons.

Linux and Windows remember each process's peak. macOS does not tell it for a running process, so
there it is the memory of the moment, which the callers read after every cell.
"""

from pathlib import Path


def peak_mb(pid: int) -> float:
    """Peak resident memory of process `pid` in MB (of 10**6 bytes); 0 once it has ended."""
    status = Path(f"/proc/{pid}/status")
    try:
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return _psutil_mb(pid) if not Path("/proc/self/status").exists() else 0.0


def _psutil_mb(pid: int) -> float:
    import psutil

    try:
        memory = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0.0
    return getattr(memory, "peak_wset", memory.rss) / 1e6
