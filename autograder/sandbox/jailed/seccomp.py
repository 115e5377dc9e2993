"""JAILED SIDE: the system calls that a submission may not make, as a seccomp filter.

Namespaces hide what exists; this closes what they leave open: memory that no process maps, kernel keys that
outlive a submission, leases and watches on files that all share, what is counted for the whole machine,
core dumps, tracing, further namespaces and filters. A refused call fails with EPERM; one that is newer than
this table fails with ENOSYS, as on an older kernel. Most of the list asks for privileges that a submission
does not have: it is refused all the same, so that a hole behind such a check is no way out.
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
AND = 0x54
NUMBER, ARCHITECTURE = 0, 4  # offsets in seccomp_data
FIRST, SECOND, THIRD, THIRD_HIGH = 16, 24, 32, 36  # of the arguments' halves, on a little-endian machine
NONE = -1  # this processor has no such call
FIRST_UNKNOWN = 463  # the table was made with the calls below, which have the same numbers everywhere
F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ = 1024, 1026, 1031
NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* flag
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10
SOCK_STREAM, SOCK_DGRAM, SOCKET_TYPE = 1, 2, 0xF
ANY_PROTOCOL, TCP, UDP = 0, 6, 17
TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423
PR_SCHED_CORE = 62
RLIMIT_CORE = 4

# name: (x86_64, aarch64)
REFUSED = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "cachestat": (451, 451),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "inotify_add_watch": (254, 27),  # would tell when another submission opens a library
    "inotify_init": (253, NONE),
    "inotify_init1": (294, 26),
    "io_setup": (206, 0),  # the number of these is limited for the machine, not for each user
    "io_submit": (209, 2),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, NONE),
    "iopl": (172, NONE),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "listmount": (458, 458),
    "lookup_dcookie": (212, 18),
    "lsm_set_self_attr": (460, 460),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "mlock": (149, 228),
    "mlock2": (325, 284),
    "mlockall": (151, 230),
    "modify_ldt": (154, NONE),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "nfsservctl": (180, 42),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "seccomp": (317, 277),
    "semget": (64, 190),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "shmget": (29, 194),
    "statmount": (457, 457),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "sync": (162, 81),  # would write out the whole machine's files
    "syncfs": (306, 267),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, NONE),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
}
CLONE, CLONE3 = (56, 220), (435, 435)
FCNTL, IOCTL, PRCTL = (72, 25), (16, 29), (157, 167)
PRLIMIT, SETRLIMIT = (302, 261), (160, 164)
SOCKET, SOCKETPAIR = (41, 198), (53, 199)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the table, AUDIT_ARCH


class Program(ctypes.Structure):
    """`sock_fprog` of prctl(2)."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def _instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)


PASS, REFUSE = _instruction(RETURN, ALLOW), _instruction(RETURN, ERRNO | errno.EPERM)
UNKNOWN = _instruction(RETURN, ERRNO | errno.ENOSYS)


def _if(condition: int, operand: int, then: bytes) -> bytes:
    """Run `then`, which must return, if the condition on the loaded word holds; else go on."""
    return _instruction(condition, operand, 0, len(then) // 8) + then


def _argument(offset: int, values: tuple[int, ...], then: bytes, otherwise: bytes) -> bytes:
    """Load half an argument: `then` if it is one of `values`, else `otherwise`; both must return."""
    tests = b"".join(_if(JUMP_EQUAL, value, then) for value in values)
    return _instruction(LOAD, offset) + tests + otherwise


def _socket() -> bytes:
    """Streams and datagrams of the three plain families: no other protocol's code is loaded or reached."""
    protocol = _argument(THIRD, (ANY_PROTOCOL, TCP, UDP), PASS, REFUSE)
    plain = _instruction(LOAD, SECOND) + _instruction(AND, SOCKET_TYPE)
    plain += _if(JUMP_EQUAL, SOCK_STREAM, protocol) + _if(JUMP_EQUAL, SOCK_DGRAM, protocol) + REFUSE
    families = _instruction(LOAD, FIRST) + _if(JUMP_EQUAL, AF_UNIX, PASS)
    return families + _if(JUMP_EQUAL, AF_INET, plain) + _if(JUMP_EQUAL, AF_INET6, plain) + REFUSE


def _changes_no_core_limit() -> bytes:
    """prlimit may read every limit, and set all but that on core dumps."""
    sets = _argument(THIRD, (0,), _argument(THIRD_HIGH, (0,), PASS, REFUSE), REFUSE)
    return _argument(SECOND, (RLIMIT_CORE,), sets, PASS)


def _by_argument() -> dict[tuple[int, int], bytes]:
    """The calls of which some uses are refused: what to do with each."""
    clone = _instruction(LOAD, FIRST) + _if(JUMP_ANY_BIT, NEW_NAMESPACES, REFUSE) + PASS
    return {
        CLONE: clone,
        FCNTL: _argument(SECOND, (F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ), REFUSE, PASS),
        IOCTL: _argument(SECOND, (TIOCSTI, TIOCLINUX, TIOCSETD), REFUSE, PASS),
        PRCTL: _argument(FIRST, (PR_SET_SECCOMP, PR_SCHED_CORE), REFUSE, PASS),
        SETRLIMIT: _argument(FIRST, (RLIMIT_CORE,), REFUSE, PASS),
        PRLIMIT: _changes_no_core_limit(),
        SOCKET: _socket(),
        SOCKETPAIR: _argument(FIRST, (AF_UNIX,), PASS, REFUSE),
    }


def filter_program(machine: str) -> bytes | None:
    """The filter for `machine` (platform.machine()), or None where the table has no column for it."""
    if machine not in MACHINES:
        return None
    column, architecture = MACHINES[machine]
    program = _instruction(LOAD, ARCHITECTURE) + _instruction(JUMP_EQUAL, architecture, 1, 0)
    program += _instruction(RETURN, KILL)  # a 32-bit call has other numbers
    program += _instruction(LOAD, NUMBER)
    if machine == "x86_64":  # the x32 interface numbers the same calls anew
        program += _if(JUMP_GREATER_EQUAL, 0x40000000, REFUSE)
    program += _if(JUMP_GREATER_EQUAL, FIRST_UNKNOWN, UNKNOWN)
    for numbers in REFUSED.values():
        if numbers[column] != NONE:
            program += _if(JUMP_EQUAL, numbers[column], REFUSE)
    program += _if(JUMP_EQUAL, CLONE3[column], UNKNOWN)  # its flags are in memory; libc falls back to clone
    for call, body in _by_argument().items():
        program += _if(JUMP_EQUAL, call[column], body)
    return program + PASS


def install(libc: ctypes.CDLL) -> None:
    """Put the filter on this process and all that it starts. OSError if there is none, or it is refused."""
    program = filter_program(platform.machine())
    if program is None:
        raise OSError(errno.ENOSYS, f"no filter of system calls is known for {platform.machine()}")
    holder = Program(len(program) // 8, program)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(holder), 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses the seccomp filter")
