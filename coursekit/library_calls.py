"""Which library routines a piece of code calls, whatever name it calls them by.

Python's profiler tells of each call, so an alias, a `getattr` or a star import changes nothing.
Code that switches the profiler off on purpose is noticed too. Code that hides a call by other means is not:
this tells students what a task asks for; it is no wall.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import sysconfig
import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib import _bootstrap, util
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

SWITCHED_OFF = "sys.setprofile"
# What stands in these places is not the student's own. There may be several folders of packages.
COURSE = str(Path(__file__).resolve().parent)
LIBRARIES = (
    COURSE,
    *{os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")},
)
PACKAGES = ("site-packages", "dist-packages")
# Python runs this for what an `import` names and is not loaded yet.
LOADING = _bootstrap._find_and_load.__code__  # type: ignore[attr-defined]  # typeshed knows what is public


class LibraryCalls:
    """A context that watches for calls of `names` in this thread and in threads started within.

    names : routines as "numpy.convolve", or packages and modules as "scipy"
    `found` is the first that was called, as a reader would write it, or "".
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.found = ""
        self._before: Any = None
        self._hook: Any = None

    def __enter__(self) -> LibraryCalls:
        if self.names:
            self._before, self._hook = sys.getprofile(), self._event
            threading.setprofile(self._hook)
            sys.setprofile(self._hook)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.names:
            if sys.getprofile() is not self._hook and not self.found:
                self.found = SWITCHED_OFF
            sys.setprofile(self._before)
            threading.setprofile(self._before)

    def _event(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            if frame.f_code is LOADING:
                _load_unwatched(frame.f_locals["name"])
            module, function = frame.f_globals.get("__name__"), frame.f_code.co_name
        elif event == "c_call":
            module, function = _home(argument), getattr(argument, "__name__", "")
        else:
            return
        if self.found or type(module) is not str or type(function) is not str:
            return
        name = _named(self.names, module, function)
        if name and not _is_importing(frame):
            self.found = name


@lru_cache(maxsize=4096)  # asked for each call of a student's loops
def _named(names: tuple[str, ...], module: str, function: str) -> str:
    """Return the name in `names` that a function of `module` has, as a reader writes it, or ""."""
    for name in names:
        home, _, last = name.rpartition(".")
        if function == last and home and _within(module, home):
            return name
        if _within(module, name) and not function.startswith("<"):
            return f"{name.removesuffix('.reference').removesuffix('.shapes')}.{function.strip('_')}"
    return ""


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _home(builtin: Any) -> object:
    """Return the module of a function written in C, or that of the class whose method it is."""
    module = getattr(builtin, "__module__", None)
    owner = getattr(builtin, "__self__", None)
    return module or getattr(owner if isinstance(owner, type) else type(owner), "__module__", None)


def _is_importing(frame: FrameType | None) -> bool:
    """Return whether a library is being imported: a module's own lines are no calls of its routines.

    The lines of a module that is the student's own are calls, also while it is imported.
    """
    while frame is not None:
        if frame.f_globals.get("__name__") == "importlib._bootstrap":
            return True
        if frame.f_code.co_name == "<module>" and not _of_a_library(frame.f_code.co_filename):
            return False
        frame = frame.f_back
    return False


def _load_unwatched(name: str) -> None:
    """Load a library's module, about which Python asks: to tell of each call in it takes seconds.

    Python tells of nothing while it tells of something, and then finds the module loaded. What cannot be
    loaded fails again where the student's code asks for it.
    """
    with contextlib.suppress(Exception):
        found = util.find_spec(name.partition(".")[0])
        if found is not None and _of_a_library(found.origin or ""):
            importlib.import_module(name)


def _of_a_library(place: str) -> bool:
    """Return whether a file, or what Python says in its place, is not the student's own."""
    if place.startswith("<frozen") or place in ("frozen", "built-in"):
        return True
    return place.startswith(LIBRARIES) or any(f"{os.sep}{name}{os.sep}" in place for name in PACKAGES)
