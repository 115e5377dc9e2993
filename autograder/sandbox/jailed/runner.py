"""JAILED SIDE, in the submission's own process: runs its cells and calls its functions when asked.

{"cell": source}                          answers {"outputs": [...], "memory": bool}
{"ask": name, "arguments": list, "watch": names} + bytes
                                          answers {"returned": [value, arguments], "routine": name} + bytes,
                                          or {"raised": kind, "message", "trace"}, or {"undefined": true};
                                          before that it may ask {"call": number, "arguments": list} + bytes
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.sandbox import wire
from autograder.sandbox.jailed import isolation
from autograder.sandbox.jailed.capture import (
    RecordedStream,
    Recorder,
    RecordingDisplayHook,
    RecordingPublisher,
)
from autograder.sandbox.jailed.other_side import OtherSide
from coursekit.errors import CourseError
from coursekit.library_calls import LibraryCalls

recorder = Recorder()


class JailedShell(InteractiveShell):  # type: ignore[misc]
    """IPython as in a notebook, but with outputs recorded and nothing kept on disk."""

    displayhook_class = RecordingDisplayHook
    display_pub_class = RecordingPublisher

    def _showtraceback(self, kind: type[BaseException], value: BaseException, lines: list[str]) -> None:
        recorder.error(kind.__name__, str(value), lines)

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to open."""


def warm_up() -> None:
    """Import what notebooks import and make the shell, once, before any submission exists."""
    fonts = Path("/course/matplotlib-cache")  # the machine's own list of fonts saves finding them again
    if fonts.is_dir():
        shutil.copytree(fonts, os.environ["MPLCONFIGDIR"])
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.cache_size = 0
    RecordingPublisher.recorder = RecordingDisplayHook.recorder = recorder
    shell = JailedShell.instance(config=config)

    import matplotlib.pyplot
    from matplotlib_inline.backend_inline import configure_inline_support

    # A figure is text layout and PNG encoding: drawing one now loads fonts and encoders for every fork.
    matplotlib.use("module://matplotlib_inline.backend_inline")
    configure_inline_support(shell, "module://matplotlib_inline.backend_inline")
    figure = matplotlib.pyplot.figure()
    figure.text(0.5, 0.5, "warm")
    figure.savefig(io.BytesIO(), format="png")
    matplotlib.pyplot.close(figure)
    shell.run_cell("None")
    _warm_up_the_course()


def _warm_up_the_course() -> None:
    """Load the images and draw one figure: every fork has them then. Without scikit-image there are none."""
    from coursekit import data, figures

    with contextlib.suppress(ImportError, CourseError):
        for image in (data.photograph(), data.page()):
            figures.picture(image)._repr_mimebundle_()


def serve(channel: socket.socket, limits: dict[str, float]) -> None:
    """Obey the trusted side for one submission; returns when it hangs up."""
    _settle_in()
    limit = 2 * int(limits["answer_bytes"])
    with contextlib.suppress(wire.WireClosed):
        while True:
            message, blob = wire.receive(channel, limit)
            if "cell" in message:
                wire.send(channel, run_cell(message["cell"], int(limits["output_bytes"])))
            else:
                wire.send(channel, *answer(message, blob, OtherSide(channel, limit)))


def _settle_in() -> None:
    """A home of its own, its own random state, and standard streams that are recorded."""
    os.chdir(isolation.HOME)
    sys.path.insert(0, "")  # a module that the notebook writes can be imported, as in a kernel
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    sys.stdout, sys.stderr = RecordedStream(recorder, "stdout"), RecordedStream(recorder, "stderr")
    sys.stdin = io.StringIO()  # input() finds the end of the file at once
    seed = os.urandom(8)
    random.seed(seed)
    np.random.seed(int.from_bytes(seed[:4], "big"))  # noqa: NPY002 - students use the legacy state


def run_cell(source: str, output_limit: int) -> dict[str, Any]:
    """Run one cell as a notebook would; an exception is an output, not an end."""
    recorder.reset(output_limit)
    try:
        JailedShell.instance().run_cell(source, store_history=True)
    except BaseException as error:  # noqa: BLE001 - whatever escapes IPython belongs to the student's cell
        recorder.error(type(error).__name__, str(error), traceback.format_exception(error))
    return {"outputs": recorder.finished(), "memory": recorder.memory_ran_out}


def answer(message: dict[str, Any], blob: bytes, other_side: OtherSide) -> tuple[dict[str, Any], bytes]:
    """Call the student's function and pack what it returned, and the arguments as they are afterwards."""
    recorder.reset(1 << 20)  # prints during a question are no answer, and are dropped
    name, namespace = message["ask"], JailedShell.instance().user_ns
    if name not in namespace:
        return {"undefined": True}, b""
    arguments: Any = wire.decode(message["arguments"], blob, function=other_side.implementation)
    watch = LibraryCalls(message["watch"])
    try:
        with watch:
            returned = namespace[name](*arguments)
        tree, data = wire.encode([returned, arguments])
    except BaseException as error:  # noqa: BLE001 - SystemExit too is an answer: a wrong one
        return {"raised": _name(error), "message": _text(error), "trace": student_lines(error)}, b""
    finally:
        other_side.close()
    return {"returned": tree, "routine": watch.found}, data


def _name(error: BaseException) -> str:
    return type(error).__name__[:200]


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001 - a student's __str__ may do anything
        return "(its message cannot be shown)"


def student_lines(error: BaseException) -> str:
    """The traceback from the student's first own line on, as plain text."""
    frames = traceback.extract_tb(error.__traceback__)
    here = str(Path(__file__))
    own = [frame for frame in frames if frame.filename != here]
    return "".join(traceback.format_list(own[-12:]))[:5000]
