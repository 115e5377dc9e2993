"""TRUSTED SIDE: what the jail sees, as a command line of bubblewrap.

It sees the system's libraries, Python and its packages (read-only), the harmless part of `coursekit`
and the jailed half of this package. It does not see the course, the reference, the checks or the judge.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import coursekit
from autograder.sandbox.trusted.refusal import SandboxError, bubblewrap

AUTOGRADER = Path(__file__).resolve().parents[2]
COURSEKIT = Path(coursekit.__file__).resolve().parent
# Of coursekit: what computes right answers, and the widgets, which need some of it and draw nothing here.
NOT_IN_THE_JAIL = {"reference", "shapes", "checks", "widgets", "__pycache__"}
# What stands inside in the place of a package: some may be imported all the same, the others say why not.
STAND_INS = {
    "checks": "coursekit_checks",
    "widgets": "coursekit_widgets",
    "reference": "coursekit_absent",
    "shapes": "coursekit_absent",
}
HOME = "/sandbox/home"  # of every submission; a name that no machine has of its own
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/localtime", "/etc/fonts", "/etc/alternatives")


def python() -> str:
    """Path of this Python, outside and inside: the one that a virtual environment rests on."""
    return str(Path(sys.base_prefix).resolve() / "bin" / Path(sys.executable).resolve().name)


def jail_command(hidden: Sequence[Path] = ()) -> list[str]:
    """The bubblewrap command line up to the program; `hidden` folders are covered where they would show."""
    command = [
        bubblewrap(),
        "--unshare-all",
        "--unshare-user",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
    ]
    command += ["--uid", "1000", "--gid", "1000", "--hostname", "jail", "--cap-drop", "ALL"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", HOME]
    command += ["--ro-bind", "/usr", "/usr"]
    for link in ("bin", "sbin", "lib", "lib64"):
        path = Path("/") / link
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            command += ["--ro-bind", str(path), str(path)]
    for system_file in SYSTEM_FILES:
        command += ["--ro-bind-try", system_file, system_file]
    bound = {Path("/usr"): Path("/usr")} | _python_folders()
    for folder, inside in bound.items():
        if folder != Path("/usr"):
            command += ["--ro-bind", str(folder), str(inside)]
    for secret in {COURSEKIT, AUTOGRADER, *(path.resolve() for path in hidden)}:
        for folder, inside in bound.items():
            if secret.is_relative_to(folder) and secret.is_dir():
                cover = str(inside / secret.relative_to(folder))
                command += ["--tmpfs", cover, "--remount-ro", cover]
    for place, source in course_inside().items():
        command += ["--ro-bind", str(source), f"/course/{place}"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    moved = [str(bound.get(folder, folder)) for folder in packages()]
    for name, value in environment("/course", HOME, "/tmp", moved).items():
        command += ["--setenv", name, value]
    return command


def _python_folders() -> dict[Path, Path]:
    """Where this Python and its packages are, and where they show inside.

    Python itself must stay where it was built for. The packages of a virtual environment move: their folder
    may be under one that is the student's own inside, such as /tmp.
    """
    folders: dict[Path, Path] = {}
    base = Path(sys.base_prefix).resolve()
    if base.is_relative_to("/tmp"):
        raise SandboxError(f"Python must not be installed under /tmp, which is the student's; got {base}")
    if not base.is_relative_to("/usr"):
        folders[base] = base
    for number, folder in enumerate(packages()):
        if not folder.is_relative_to(base) and not folder.is_relative_to("/usr"):
            folders[folder] = Path(f"/packages/{number}")
    return folders


def packages() -> list[Path]:
    """The folders of installed packages, pure and compiled."""
    paths = sysconfig.get_paths()
    return list(dict.fromkeys(Path(paths[key]).resolve() for key in ("purelib", "platlib")))


def course_inside() -> dict[str, Path]:
    """What stands under /course inside: the jailed half of the two packages, by its place there."""
    inside = {
        f"coursekit/{path.name}": path
        for path in sorted(COURSEKIT.iterdir())
        if path.name not in NOT_IN_THE_JAIL
    }
    sandbox = AUTOGRADER / "sandbox"
    inside |= {f"coursekit/{name}": sandbox / "jailed" / folder for name, folder in STAND_INS.items()}
    for path in (
        AUTOGRADER / "__init__.py",
        sandbox / "__init__.py",
        sandbox / "wire.py",
        sandbox / "jailed",
    ):
        inside[f"autograder/{path.relative_to(AUTOGRADER)}"] = path
    cache = _matplotlib_cache()
    return inside | ({"matplotlib-cache": cache} if cache else {})


def _matplotlib_cache() -> Path | None:
    """The folder of matplotlib's font list: with it the server starts a second sooner."""
    import matplotlib

    cache = Path(matplotlib.get_cachedir())
    return cache if list(cache.glob("fontlist-*.json")) else None


def environment(course: str, home: str, temporary: str, packages: Sequence[str]) -> dict[str, str]:
    """Every environment variable that student code finds; nothing of the grader's own is among them."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONPATH": ":".join([course, *packages]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLCONFIGDIR": f"{temporary}/matplotlib",
        "XDG_CACHE_HOME": f"{temporary}/cache",
        "IPYTHONDIR": f"{temporary}/ipython",
        "COURSEKIT_PIXEL_RATIO": "1",  # figures at the size that feedback shows them in
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PIP_NO_INDEX": "1",  # there is no network: `%pip install` says at once that it finds nothing
    }
