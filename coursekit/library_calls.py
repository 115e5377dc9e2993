"""Which library routines a piece of code calls, whatever name it calls them by.

Python's profiler tells of each call, so an alias, a `getattr` or a star import changes nothing.
Code that switches the profiler off on purpose is noticed too. Code that hides a call by other means is not:
this tells students what a task asks for; it is no wall.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Any

SWITCHED_OFF = "sys.setprofile"


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
        if self.found or event not in ("call", "c_call"):
            return
        if event == "call":
            module, function = frame.f_globals.get("__name__"), frame.f_code.co_name
        else:
            module, function = _home(argument), getattr(argument, "__name__", "")
        name = self._named(module, function)
        if name and not _is_importing(frame):
            self.found = name

    def _named(self, module: object, function: object) -> str:
        """Return the name in `names` that a function of `module` has, as a reader writes it, or ""."""
        if not isinstance(module, str) or not isinstance(function, str):
            return ""
        for name in self.names:
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
    """Return whether an import is under way: a module's own lines are no calls of its routines."""
    while frame is not None:
        if frame.f_globals.get("__name__") == "importlib._bootstrap":
            return True
        frame = frame.f_back
    return False
