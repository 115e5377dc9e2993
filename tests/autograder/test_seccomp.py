"""The filter of system calls, run in a small interpreter: for both processors, whatever this machine is."""

from __future__ import annotations

import errno
import struct

import pytest

from autograder.sandbox.jailed import seccomp

ALLOWED, KILLED = "allowed", "killed"
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
COLUMN = {"x86_64": 0, "aarch64": 1}
COMMON = {  # calls that honest code makes on either processor
    "read": (0, 63), "openat": (257, 56), "mmap": (9, 222), "futex": (202, 98), "execve": (59, 221),
    "wait4": (61, 260), "nanosleep": (35, 101), "getrandom": (318, 278), "sigaltstack": (131, 132),
    "sched_getaffinity": (204, 123), "madvise": (28, 233), "kill": (62, 129), "epoll_create1": (291, 20),
}  # fmt: skip


def verdict(machine: str, number: int, *arguments: int, architecture: int | None = None) -> object:
    """What the filter does with a call: ALLOWED, KILLED or the number of the error."""
    program = seccomp.filter_program(machine)
    assert program is not None
    words = [number, architecture or ARCHITECTURE[machine]]
    data = struct.pack("<IIQ6Q", *words, 0, *arguments, *[0] * (6 - len(arguments)))
    instructions = list(struct.iter_unpack("HBBI", program))
    counter = loaded = 0
    while True:
        code, if_true, if_false, operand = instructions[counter]
        counter += 1
        if code == seccomp.LOAD:
            (loaded,) = struct.unpack_from("<I", data, operand)
        elif code == seccomp.AND:
            loaded &= operand
        elif code == seccomp.RETURN:
            answer = {seccomp.ALLOW: ALLOWED, seccomp.KILL: KILLED}
            return answer.get(operand, operand & 0xFFFF)
        else:
            holds = {
                seccomp.JUMP_EQUAL: loaded == operand,
                seccomp.JUMP_GREATER_EQUAL: loaded >= operand,
                seccomp.JUMP_ANY_BIT: bool(loaded & operand),
            }[code]
            counter += if_true if holds else if_false


machines = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


@machines
@pytest.mark.parametrize("name", seccomp.REFUSED)
def test_a_call_on_the_list_is_refused(machine: str, name: str) -> None:
    number = seccomp.REFUSED[name][COLUMN[machine]]
    if number == seccomp.NONE:
        assert machine == "aarch64"
    else:
        assert verdict(machine, number) == errno.EPERM


@machines
@pytest.mark.parametrize("name", COMMON)
def test_a_call_of_honest_code_is_allowed(machine: str, name: str) -> None:
    assert verdict(machine, COMMON[name][COLUMN[machine]]) == ALLOWED


@machines
def test_calls_of_another_architecture_end_the_process(machine: str) -> None:
    assert verdict(machine, 11, architecture=0x40000003) == KILLED


def test_the_x32_numbers_are_no_way_around() -> None:
    assert verdict("x86_64", 0x40000000 + 101) == errno.EPERM


@machines
def test_calls_newer_than_the_table_do_not_exist(machine: str) -> None:
    for number in (463, 470, 600):
        assert verdict(machine, number) == errno.ENOSYS
    assert verdict(machine, 435) == errno.ENOSYS, "clone3, whose flags a filter cannot see"


@machines
@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        (seccomp.CLONE, (0x3D0F00,), ALLOWED),  # a thread
        (seccomp.CLONE, (0x10000000,), errno.EPERM),
        (seccomp.CLONE, (0x02000000 | 17,), errno.EPERM),
        (seccomp.FCNTL, (3, 1024, 0), errno.EPERM),
        (seccomp.FCNTL, (3, 1026, 1), errno.EPERM),
        (seccomp.FCNTL, (3, 1031, 1 << 20), errno.EPERM),
        (seccomp.FCNTL, (3, 2, 1), ALLOWED),
        (seccomp.IOCTL, (0, 0x5412), errno.EPERM),
        (seccomp.IOCTL, (0, 0x100005412), errno.EPERM),  # the kernel looks at 32 bits, and so does the filter
        (seccomp.IOCTL, (0, 0x541C), errno.EPERM),
        (seccomp.IOCTL, (0, 0x5423), errno.EPERM),
        (seccomp.IOCTL, (0, 0x5413), ALLOWED),  # the size of a window
        (seccomp.PRCTL, (22, 2), errno.EPERM),
        (seccomp.PRCTL, (62, 1), errno.EPERM),
        (seccomp.PRCTL, (15,), ALLOWED),  # a name for a thread
        (seccomp.SETRLIMIT, (4, 1), errno.EPERM),
        (seccomp.SETRLIMIT, (7, 1), ALLOWED),
        (seccomp.PRLIMIT, (0, 4, 0x7F0000001000, 0), errno.EPERM),
        (seccomp.PRLIMIT, (0, 4, 0x7F0000000000, 0), errno.EPERM),  # its lower half is 0
        (seccomp.PRLIMIT, (0, 4, 0, 1), ALLOWED),
        (seccomp.PRLIMIT, (0, 7, 1, 0), ALLOWED),
        (seccomp.SOCKET, (1, 1, 0), ALLOWED),
        (seccomp.SOCKET, (2, 1 | 0o2000000, 6), ALLOWED),
        (seccomp.SOCKET, (10, 2, 17), ALLOWED),
        (seccomp.SOCKET, (2, 3, 1), errno.EPERM),
        (seccomp.SOCKET, (2, 5, 132), errno.EPERM),
        (seccomp.SOCKET, (2, 6, 0), errno.EPERM),
        (seccomp.SOCKET, (2, 1, 262), errno.EPERM),
        (seccomp.SOCKET, (38, 5, 0), errno.EPERM),
        (seccomp.SOCKET, (16, 3, 0), errno.EPERM),
        (seccomp.SOCKETPAIR, (1, 1, 0), ALLOWED),
        (seccomp.SOCKETPAIR, (16, 1, 0), errno.EPERM),
    ],
)
def test_a_call_is_judged_by_its_arguments(
    machine: str, call: tuple[int, int], arguments: tuple[int, ...], expected: object
) -> None:
    assert verdict(machine, call[COLUMN[machine]], *arguments) == expected


def test_no_number_stands_twice_in_the_table() -> None:
    for column in range(2):
        numbers = [numbers[column] for numbers in seccomp.REFUSED.values() if numbers[column] != seccomp.NONE]
        assert len(numbers) == len(set(numbers))


def test_another_processor_has_no_filter_rather_than_a_wrong_one() -> None:
    assert seccomp.filter_program("riscv64") is None
