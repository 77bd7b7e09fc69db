"""What the kernel refuses to a submission: `program()` gives a filter for bwrap's --seccomp.

Memory that belongs to no process (memfd, System V, shared and anonymous) escapes every limit on
processes; the rest is what no exercise needs and what attacks on a kernel or on a neighbor use.
The numbers are those of Linux for x86-64 and 64-bit ARM; other machines get no filter.
"""

from __future__ import annotations

import platform
import struct

X86, ARM = 0xC000003E, 0xC00000B7  # AUDIT_ARCH_… of linux/audit.h
REFUSED = {  # name: (x86-64, ARM)
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setattr": (314, 274), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "fsopen": (430, 430), "open_tree": (428, 428), "move_mount": (429, 429), "vmsplice": (278, 75),
}
MMAP = (9, 222)
SHARED_ANONYMOUS = 0x21
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050001  # the second gives EPERM


def program(machine: str | None = None) -> bytes:
    """The filter, as the kernel reads it (struct sock_filter); b"" for an unknown machine."""
    machine = machine or platform.machine()
    which = {"x86_64": 0, "AMD64": 0, "aarch64": 1, "arm64": 1}.get(machine)
    if which is None:
        return b""
    numbers = [both[which] for both in REFUSED.values()]
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, (X86, ARM)[which]), (RETURN, 0, 0, REFUSE),
             (LOAD, 0, 0, 0)]
    left = len(numbers) + 2  # steps until the mmap test below is over
    steps.append((AT_LEAST, left + 3, 0, 0x40000000))  # the x32 numbers of x86-64
    for i, number in enumerate(numbers):
        steps.append((EQUAL, left + 2 - i, 0, number))
    steps += [(EQUAL, 0, 3, MMAP[which]), (LOAD, 0, 0, 40), (AND, 0, 0, SHARED_ANONYMOUS),
              (EQUAL, 1, 0, SHARED_ANONYMOUS), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
