"""JAILED SIDE, in the submission's own process: runs its cells and calls its functions when asked.

{"file": [names of folders, name]} + bytes
                                          adds the bytes to a file under home; answers {"refused": why, or ""}
{"cell": source, "figures": drawn or not}  answers {"outputs": [...], "memory": bool}
{"ask": name, "arguments": list, "watch": names} + bytes
                                          answers {"returned": [value, arguments], "routine": name} + bytes,
                                          without the arguments if they are still what was sent,
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
    BoundedFormatter,
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

    def init_display_formatter(self) -> None:
        self.display_formatter = BoundedFormatter(parent=self)
        self.configurables.append(self.display_formatter)

    def _showtraceback(self, kind: type[BaseException], value: BaseException, lines: list[str]) -> None:
        recorder.error(kind.__name__, str(value), lines)

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to open."""

    def ask_exit(self) -> None:
        """Go on after `exit` or `quit`: in JupyterLab they end the kernel, and with it all that follows."""
        sys.stdout.write("[exit and quit are skipped: grading goes on with the next line.]\n")

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
        """Figures are pictures in the notebook, whatever `%matplotlib widget` or `qt` asks for."""
        shown: tuple[str, str] = super().enable_matplotlib("inline")
        return shown


def warm_up(course: Path = Path("/course")) -> None:
    """Import what notebooks import and make the shell, once, before any submission exists."""
    fonts = course / "matplotlib-cache"  # the machine's own list of fonts saves finding them again
    if fonts.is_dir():
        shutil.copytree(fonts, os.environ["MPLCONFIGDIR"])
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.cache_size = 0
    RecordingPublisher.recorder = RecordingDisplayHook.recorder = BoundedFormatter.recorder = recorder

    from autograder.sandbox.jailed.drawing import Drawing  # it loads matplotlib, with the fonts from above

    BoundedFormatter.drawing = Drawing()
    shell = JailedShell.instance(config=config)
    _show_at_the_end_of_a_cell(shell)
    _warm_up_drawing(shell)
    _warm_up_errors(shell)
    _warm_up_the_course()


def _show_at_the_end_of_a_cell(shell: JailedShell) -> None:
    """Show what a cell has plotted at its end, as in a kernel, and close it.

    pyplot draws anew what has changed, also at the end. It comes after the inline backend: nothing is left.
    """
    import matplotlib.pyplot as plt

    shell.enable_matplotlib()
    plt.uninstall_repl_displayhook()
    plt.install_repl_displayhook()


def _warm_up_drawing(shell: JailedShell) -> None:
    """Draw what figures are made of, so that fonts, glyphs and encoders are there for every fork.

    All of it lies on the canvas: what reaches beyond would be drawn several times.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(12, 6))
    axes[0, 0].plot([1, 10, 100], [1, 2, 4], "o--", label="a curve")
    axes[0, 0].set(xscale="log", title="title", xlabel="$x^2$", ylabel="0123456789.,-+")
    axes[0, 0].legend()
    axes[0, 1].bar(["a", "b"], [1.0, -2.5], hatch="//")
    figure.colorbar(axes[1, 0].imshow(np.eye(3)), ax=axes[1, 0])
    axes[1, 1].imshow(np.eye(3), cmap="gray")
    letters = "".join(map(chr, range(33, 127))).replace("$", "")
    lines = f"{letters[:47]}\n{letters[47:]}"
    for row, size in enumerate((8, 10, 12, 13, 14, 16)):
        figure.text(0.05, 0.05 + 0.14 * row, lines, fontsize=size)
    figure.suptitle("title", weight="bold")
    shell.display_formatter.format(figure)
    plt.close(figure)
    empty = plt.figure(figsize=(1, 1))
    empty.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    plt.close(empty)


def _warm_up_errors(shell: JailedShell) -> None:
    """Let a cell fail: what writes a traceback is loaded at the first one. No trace of it is left."""
    shell.run_cell("raise NotImplementedError")
    shell.run_cell("None")
    shell.reset(new_session=True)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)
    recorder.reset(0)


def _warm_up_the_course() -> None:
    """Load the images and draw one figure: every fork has them then. Without scikit-image there are none."""
    from coursekit import data, figures

    with contextlib.suppress(ImportError, CourseError):
        for image in (data.photograph(), data.page()):
            figures.picture(image, title="title")._repr_mimebundle_()


def serve(channel: socket.socket, limits: dict[str, float]) -> None:
    """Obey the trusted side for one submission; returns when it hangs up."""
    _settle_in()
    limit = 2 * int(limits["answer_bytes"])
    with contextlib.suppress(wire.WireClosed):
        while True:
            message, blob = wire.receive(channel, limit)
            if "file" in message:
                wire.send(channel, {"refused": put_file(message["file"], blob)})
            elif "cell" in message:
                size, figures = int(limits["output_bytes"]), bool(message.get("figures", True))
                wire.send(channel, run_cell(message["cell"], size, figures))
            else:
                wire.send(channel, *answer(message, blob, OtherSide(channel, limit)))


def _settle_in() -> None:
    """A home of its own, its own random state, and standard streams that are recorded."""
    os.chdir(isolation.HOME)
    sys.path.insert(0, "")  # a module that the notebook writes can be imported, as in a kernel
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    if nowhere > 2:
        os.close(nowhere)
    sys.stdout, sys.stderr = RecordedStream(recorder, "stdout"), RecordedStream(recorder, "stderr")
    sys.stdin = io.StringIO()  # input() finds the end of the file at once
    seed = os.urandom(8)
    random.seed(seed)
    np.random.seed(int.from_bytes(seed[:4], "big"))  # noqa: NPY002 - students use the legacy state


def put_file(parts: list[str], blob: bytes) -> str:
    """Add bytes to a file that was handed in with the notebook, before its first cell; why not, or ""."""
    path = Path(isolation.HOME, *parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(blob)
    except OSError as error:
        return os.strerror(error.errno or 0)
    return ""


def run_cell(source: str, output_limit: int, figures: bool = True) -> dict[str, Any]:
    """Run one cell as a notebook would; an exception is an output, not an end."""
    recorder.reset(output_limit)
    BoundedFormatter.drawing.begin_cell(figures)
    try:
        JailedShell.instance().run_cell(source, store_history=True)
    except BaseException as error:  # noqa: BLE001 - whatever escapes IPython belongs to the student's cell
        recorder.error(type(error).__name__, str(error), traceback.format_exception(error))
    return {"outputs": recorder.finished(), "memory": recorder.memory_ran_out}


def answer(message: dict[str, Any], blob: bytes, other_side: OtherSide) -> tuple[dict[str, Any], bytes]:
    """Call the student's function and pack what it returned, and the arguments if they were changed."""
    recorder.reset(1 << 20)  # prints during a question are no answer, and are dropped
    name, namespace = message["ask"], JailedShell.instance().user_ns
    if name not in namespace:
        return {"undefined": True}, b""
    arguments: Any = wire.decode(message["arguments"], blob, function=other_side.implementation)
    watch = LibraryCalls(message["watch"])
    try:
        with watch:
            returned = namespace[name](*arguments)
        unchanged = wire.encode(arguments) == (message["arguments"], blob)
        tree, data = wire.encode([returned] if unchanged else [returned, arguments])
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
