"""JAILED SIDE: the system calls that a submission may not make, as a seccomp filter.

Namespaces hide what exists; this closes what they leave open: memory that no process maps, kernel keys that
outlive a submission, leases on shared files, tracing, further namespaces. A refused call fails with EPERM.
Numbers are from the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24  # offsets in seccomp_data, little-endian
F_SETLEASE = 1024
NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* flag
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10

# name: (x86_64, aarch64)
REFUSED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "fanotify_init": (300, 262),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
CLONE, CLONE3 = (56, 220), (435, 435)
FCNTL, SOCKET, SOCKETPAIR = (72, 25), (41, 198), (53, 199)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the table, AUDIT_ARCH


class Program(ctypes.Structure):
    """`sock_fprog` of prctl(2)."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def _instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)


def _refuse(number: int, code: int = errno.EPERM) -> bytes:
    """Two instructions: fail with `code` if the call has this number, else go on."""
    return _instruction(JUMP_EQUAL, number, 0, 1) + _instruction(RETURN, ERRNO | code)


def _on_call(number: int, body: bytes) -> bytes:
    """Run `body`, which must return, only for the call with this number."""
    return _instruction(JUMP_EQUAL, number, 0, len(body) // 8) + body


def filter_program(machine: str) -> bytes | None:
    """The filter for `machine` (platform.machine()), or None where the table has no column for it."""
    if machine not in MACHINES:
        return None
    column, architecture = MACHINES[machine]
    allow, refuse = _instruction(RETURN, ALLOW), _instruction(RETURN, ERRNO | errno.EPERM)
    program = _instruction(LOAD, ARCHITECTURE) + _instruction(JUMP_EQUAL, architecture, 1, 0)
    program += _instruction(RETURN, KILL)  # a 32-bit call has other numbers
    program += _instruction(LOAD, NUMBER)
    if machine == "x86_64":  # the x32 interface numbers the same calls anew
        program += _instruction(JUMP_GREATER_EQUAL, 0x40000000, 0, 1) + refuse
    for numbers in REFUSED.values():
        program += _refuse(numbers[column])
    program += _refuse(CLONE3[column], errno.ENOSYS)  # its flags are in memory; libc falls back to clone
    flags = _instruction(LOAD, FIRST_ARGUMENT)
    flags += _instruction(JUMP_ANY_BIT, NEW_NAMESPACES, 0, 1) + refuse + allow
    lease = _instruction(LOAD, SECOND_ARGUMENT) + _instruction(JUMP_EQUAL, F_SETLEASE, 0, 1) + refuse + allow
    families = _instruction(LOAD, FIRST_ARGUMENT)
    for family in (AF_UNIX, AF_INET, AF_INET6):
        families += _instruction(JUMP_EQUAL, family, 0, 1) + allow
    families += refuse
    for numbers, body in ((CLONE, flags), (FCNTL, lease), (SOCKET, families), (SOCKETPAIR, families)):
        program += _on_call(numbers[column], body)
    return program + allow


def install(libc: ctypes.CDLL) -> None:
    """Put the filter on this process and all that it starts. OSError if the kernel refuses it."""
    program = filter_program(platform.machine())
    if program is None:
        return
    holder = Program(len(program) // 8, program)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(holder), 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses the seccomp filter")
