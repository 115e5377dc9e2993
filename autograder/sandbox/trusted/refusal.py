"""TRUSTED SIDE: why this machine cannot build the jail, and the ways out. None is a silent weaker mode.

bubblewrap tells what the kernel refused in its own words; each of them has its own remedy.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from coursekit.errors import CourseError

DOCKER = (
    "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined IMAGE"
)
IN_A_CONTAINER = f"in a container, start it with: {DOCKER}"
WSL = "grade in WSL 2: wsl --install"
MACHINE = "or grade in a virtual machine with Linux: limactl start (Lima), multipass launch (Multipass)"
UNPROTECTED = "or without any protection: autograder grade --no-sandbox, which says first what that means"
APPARMOR_PROFILE = (
    "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) "
    "{ userns, }\\n' | sudo tee /etc/apparmor.d/bwrap && sudo systemctl reload apparmor"
)
IN_APPARMOR = (
    f"allow it for bubblewrap alone: {APPARMOR_PROFILE}",
    "or for every program: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
)
CURRENT_KERNEL = "use the kernel of a current distribution"
CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))


class Cause(NamedTuple):
    """`words` are all in what bubblewrap or the jailed side said; `ways` lead out."""

    words: tuple[str, ...]
    meaning: str
    ways: tuple[str, ...]


CAUSES = (
    Cause(
        ("max_", "ENOSPC"),
        "this machine allows no further user namespace",
        ("raise it, on the machine itself: sudo sysctl user.max_user_namespaces=10000", IN_A_CONTAINER),
    ),
    Cause(
        ("uid map", "denied"),
        "AppArmor keeps bubblewrap from user namespaces (Ubuntu 24.04 does)",
        IN_APPARMOR,
    ),
    Cause(
        ("loopback",),
        "AppArmor keeps bubblewrap from a network of its own (Ubuntu 24.04 does)",
        IN_APPARMOR,
    ),
    Cause(
        ("kernel does not support user namespaces",),
        "this kernel has no user namespaces (CONFIG_USER_NS)",
        (CURRENT_KERNEL,),
    ),
    Cause(
        ("No permissions to create new namespace",),
        "user namespaces are switched off for users without privileges, or a container's filter refuses them",
        ("on the machine itself: sudo sysctl kernel.unprivileged_userns_clone=1", IN_A_CONTAINER),
    ),
    Cause(
        ("mount", "proc"), "the container hides parts of /proc: no fresh one is allowed", (IN_A_CONTAINER,)
    ),
    Cause(("/proc/sys",), "/proc/sys is hidden or read-only, as in a container", (IN_A_CONTAINER,)),
    Cause(("slave", "denied"), "AppArmor or a container's policy refuses mounts", (IN_A_CONTAINER,)),
    Cause(("pivot_root",), "AppArmor or a container's policy refuses mounts", (IN_A_CONTAINER,)),
    Cause(("Unknown option",), "this bubblewrap is too old", ("install bubblewrap 0.5 or newer",)),
    Cause(("unshare:",), "a namespace inside bubblewrap's is refused, as in a container", (IN_A_CONTAINER,)),
    Cause(
        ("no filter of system calls",),
        "this processor is neither an x86-64 nor a 64-bit ARM",
        ("grade on a machine with one of these",),
    ),
    Cause(
        ("seccomp",),
        "this kernel takes no filter of system calls (CONFIG_SECCOMP_FILTER)",
        (CURRENT_KERNEL,),
    ),
)


class SandboxError(CourseError, RuntimeError):
    """The jail cannot be built or has failed. Never the student's fault."""


def bubblewrap() -> str:
    """Path of bubblewrap; SandboxError with the ways to get it, or around it, if it is missing."""
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError(without_bubblewrap(platform.system()))
    return path


def without_bubblewrap(system: str) -> str:
    """What to do about a missing bubblewrap on `system`, a name that platform.system() gives."""
    if system == "Darwin":
        return _refusal(
            "grading needs bubblewrap, which macOS cannot have", (IN_A_CONTAINER, MACHINE, UNPROTECTED)
        )
    if system == "Windows":
        return _refusal("grading needs bubblewrap, which Windows cannot have", (WSL, MACHINE))
    packages = (
        "Debian, Ubuntu: sudo apt-get install bubblewrap",
        "Fedora: sudo dnf install bubblewrap",
        "Arch: sudo pacman -S bubblewrap",
    )
    what = "grading needs bubblewrap (the command bwrap), and it is not installed"
    return _refusal(what, (*packages, MACHINE, UNPROTECTED))


def _refusal(what: str, ways: Sequence[str]) -> str:
    return "\n".join([what, *(f"  - {way}" for way in ways)])


def require_fork() -> None:
    """SandboxError where a process cannot fork, which every way of grading needs: on Windows."""
    if not hasattr(os, "fork"):
        raise SandboxError(_refusal("grading needs a system that can fork; Windows cannot", (WSL, MACHINE)))


def explain(complaint: str) -> str:
    """Turn what bubblewrap or the jailed side said when it could not start into cause and ways out."""
    said = complaint.strip() or "nothing"
    cause = next((c for c in CAUSES if all(word.lower() in said.lower() for word in c.words)), None)
    meaning, ways = (cause.meaning, cause.ways) if cause else ("its start failed", _container_ways())
    text = _refusal(f"the sandbox cannot be built here: {meaning}", (*ways, MACHINE, UNPROTECTED))
    return f"{text}\n  It said: {said}"


def _container_ways() -> tuple[str, ...]:
    inside = any(mark.exists() for mark in CONTAINER_MARKS) or "container" in os.environ
    return (IN_A_CONTAINER,) if inside else ()
