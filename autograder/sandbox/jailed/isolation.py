"""JAILED SIDE: how a fork of the server becomes one submission's own world.

The fork gets new user, mount, PID, IPC, UTS and network namespaces inside those of bubblewrap, private
memory-backed folders, an empty /proc, resource limits, no capabilities and no way to get more.
All of it happens before the first line of student code, and none of it can be undone afterwards.
"""

from __future__ import annotations

import ctypes
import fcntl
import math
import os
import resource
import signal
import socket
import struct
from pathlib import Path

from autograder.sandbox.jailed import seccomp

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 1, 38, 24
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
CAPABILITY_VERSION_3 = 0x20080522
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
PENDING_SIGNALS = 256
CPU_GRACE = 5  # seconds: the watchdog, which sums over processes, comes first
LAST_CAPABILITY = 63  # dropping one that the kernel does not have fails with EINVAL, and is no matter
HOME = os.environ.get("HOME", "/sandbox/home")  # as the jail has it
# Bytes that the libraries take, set by the server once they are loaded; the student's limit counts from here.
ADDRESS_SPACE_AT_FORK = 0

libc = ctypes.CDLL(None, use_errno=True)


class CapabilityHeader(ctypes.Structure):
    """`__user_cap_header_struct` of capset(2)."""

    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def _must(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def enter_namespaces(limits: dict[str, float]) -> None:
    """Leave the server's namespaces; the caller's next child is PID 1 of the new ones."""
    # The process limit of the new user namespace is taken from the creator's, so it comes first.
    processes = int(limits["processes"])
    resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
    _must(libc.unshare(flags), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    for folder in (HOME, "/tmp", "/dev/shm"):
        _mount_memory(folder, int(limits["disk_bytes"]), MS_NOSUID | MS_NODEV)
    _talk_to_itself()


def _talk_to_itself() -> None:
    """Bring up the loopback of the new network, which has nothing else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def close_files(kept: int) -> None:
    """Close every file but the standard ones and `kept`: a submission shares none with the server."""
    os.closerange(3, kept)
    os.closerange(max(3, kept + 1), resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _mount_memory(folder: str, size: int, flags: int) -> None:
    options = f"size={size},nr_inodes=4096,mode=0700".encode()
    _must(libc.mount(b"tmpfs", folder.encode(), b"tmpfs", flags, options), f"mount {folder}")


def close_the_door(limits: dict[str, float]) -> None:
    """In PID 1 of the new namespaces: forbid further namespaces, hide /proc, drop every capability."""
    os.setsid()  # a signal to its process group reaches nobody outside
    Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, the kernel ends this one
    _must(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl PDEATHSIG")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _mount_memory("/proc", 4096, MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _must(libc.mount(None, b"/proc", None, 1 | 32 | MS_NOSUID | MS_NODEV | MS_NOEXEC, None), "remount /proc")
    set_resource_limits(limits)
    _must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl AMBIENT")
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header, none = CapabilityHeader(CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    _must(libc.capset(ctypes.byref(header), ctypes.byref(none)), "capset")
    _must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl NO_NEW_PRIVS")
    seccomp.install(libc)


def set_resource_limits(limits: dict[str, float]) -> None:
    """Set what the kernel enforces for each process; the server's watchdog sums over all of them.

    One byte of core dump is none in a file, and the only limit that also keeps a dump from being piped to
    a program of the machine; the system call filter keeps it. Whatever rights to real-time scheduling and
    better niceness the grader's own user has end here.
    """
    os.umask(0o022)
    for name, value in resource_limits(limits).items():
        resource.setrlimit(getattr(resource, name), (value, value))


def resource_limits(limits: dict[str, float]) -> dict[str, int]:
    """The kernel's limits for each process, by their names in the module `resource`."""
    return {
        "RLIMIT_AS": int(limits["memory_bytes"]) + ADDRESS_SPACE_AT_FORK,
        "RLIMIT_NOFILE": int(limits["open_files"]),
        "RLIMIT_FSIZE": int(limits["file_bytes"]),
        "RLIMIT_CPU": math.ceil(limits["cpu_seconds"]) + CPU_GRACE,
        "RLIMIT_CORE": 1,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_SIGPENDING": PENDING_SIGNALS,
        "RLIMIT_RTPRIO": 0,
        "RLIMIT_NICE": 0,
    }


def measure_address_space() -> int:
    """Bytes of address space of this process, read by the server while it can still see /proc."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
