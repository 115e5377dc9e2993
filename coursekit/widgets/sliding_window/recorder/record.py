"""Run a function once as it is and once more with every read, product and write recorded."""

from __future__ import annotations

import contextlib
import inspect
import io
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.widgets.shared.traits import matrix
from coursekit.widgets.sliding_window.recorder import findings as judges
from coursekit.widgets.sliding_window.recorder import noting, pairing
from coursekit.widgets.sliding_window.recorder.arrays import Base, Recorded
from coursekit.widgets.sliding_window.recorder.events import MOST_EVENTS, Event, Events, RecordingEnded
from coursekit.widgets.sliding_window.recorder.findings import Finding, Judged
from coursekit.widgets.sliding_window.recorder.judging import judge_products
from coursekit.widgets.sliding_window.recorder.nodes import Node
from coursekit.widgets.sliding_window.recorder.patching import patched, python_function
from coursekit.widgets.sliding_window.recorder.steps import with_returned_writes
from coursekit.widgets.sliding_window.recorder.sums import Returned, Task

MOST_PIXELS = 256
"""Pixels in the largest image that is recorded: 16 x 16."""


@dataclass(frozen=True)
class Trace:
    """What a function did with an image and a kernel.

    name, source, first_line : of the function; the source is empty where there is none
    result : what the function returned, without recording; None if it raised
    output : float array of what was returned, or written until an error; None if these are no numbers
    events : in order, see `Event`
    findings : the mistakes; none where there are none
    notes : what cannot be shown, in plain sentences
    error : the error that the function raised, or ""
    operation, parameters : what it should compute: stride, padding and dilation for rows and columns
    right_shape : of the output as it should be
    """

    name: str
    source: str
    first_line: int
    image: np.ndarray[Any, Any]
    kernel: np.ndarray[Any, Any]
    result: Any
    output: np.ndarray[Any, Any] | None
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    error: str
    operation: str
    parameters: dict[str, tuple[int, ...]]
    right_shape: tuple[int, ...]


@dataclass
class _Outcome:
    result: Any = None
    error: BaseException | None = None

    def words(self) -> str:
        if self.error is None:
            return ""
        said = str(self.error).strip().rstrip(".").splitlines()
        return type(self.error).__name__ + (f": {said[0]}" if said else "")


def record(
    function: Callable[..., Any],
    image: Any,
    kernel: Any,
    *,
    operation: str = "correlation",
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> Trace:
    """Call `function(image, kernel)` and return everything it did, and what is wrong with it.

    Parameters
    ----------
    function : takes an image of shape (H, W) and a kernel of shape (KH, KW), both NumPy arrays, and returns
        an array or lists. It gets copies, and is called twice: once as it is, and once recorded.
    image : array or nested lists, at most 256 pixels
    operation : "correlation" (the kernel is not flipped) or "convolution": what it should compute
    stride, padding, dilation : what it should compute; those that are not 1, 0, 1 are handed to it by name

    Raises
    ------
    ShapeError
        The kernel does not fit into the image.
    ParameterError
        The image is too large, or the function does too much: more than 200,000 events.
    """
    pixels, weights = matrix("image", image), matrix("kernel", kernel)
    if not callable(function):
        raise ParameterError(f"function must be callable; got {function!r}")
    if pixels.size > MOST_PIXELS:
        raise ParameterError(
            f"image must have at most {MOST_PIXELS} pixels to be recorded; got shape {pixels.shape}"
        )
    if operation not in ("correlation", "convolution"):
        raise ParameterError(f"operation must be 'correlation' or 'convolution'; got {operation!r}")
    given = {"stride": stride, "padding": padding, "dilation": dilation}
    task = Task.of(pixels, weights, operation, **given)
    defaults = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}
    options = {name: given[name] for name, usual in defaults.items() if getattr(task, name) != usual}
    _check_takes(function, options)
    plain = _call(function, pixels.copy(), weights.copy(), options)
    events, recorded, bases = _record(function, pixels, weights, options)
    return _trace(function, task, plain, recorded, events, bases)


def _check_takes(function: Callable[..., Any], options: dict[str, Any]) -> None:
    """Raise ParameterError unless a function takes the parameters that it is to be called with."""
    if not options:
        return
    try:
        inspect.signature(function).bind(None, None, **options)
    except TypeError:
        names = " and ".join(f"{name} ({value!r})" for name, value in options.items())
        raise ParameterError(f"the function must take {names} by name; it does not") from None


def _call(function: Callable[..., Any], image: Any, kernel: Any, options: dict[str, Any]) -> _Outcome:
    try:
        return _Outcome(function(image, kernel, **options))
    except Exception as error:  # noqa: BLE001  # the student's function may raise anything: it is shown
        return _Outcome(error=error)


def _record(
    function: Callable[..., Any], pixels: Any, weights: Any, options: dict[str, Any]
) -> tuple[Events, _Outcome, tuple[Base, Base]]:
    code = getattr(python_function(function), "__code__", None)
    source, first = _source(function)
    lines = range(first, first + len(source.splitlines())) if source else range(1_000_000)
    events = Events(code, lines, {"image": pixels.shape[1], "kernel": weights.shape[1]})
    arrays = []
    for name, values in (("image", pixels.copy()), ("kernel", weights.copy())):
        origins = np.empty(values.shape, object)
        for cell in np.ndindex(values.shape):
            origins[cell] = Node(name, events, cell=(cell[0], cell[1]))
        arrays.append(pairing.created(events, values, origins, name))
    try:
        with patched(function, events), _quiet():
            outcome = _call(function, arrays[0], arrays[1], options)
    except RecordingEnded:
        raise ParameterError(
            f"a function can be recorded up to {MOST_EVENTS} events; this one did more. Take a smaller "
            "image, and look whether a loop never ends"
        ) from None
    if outcome.error is not None:
        event = events.add("raise", outcome.words())
        event.line = _line_of(outcome.error, events)
    return events, outcome, (arrays[0]._base, arrays[1]._base)


@contextlib.contextmanager
def _quiet() -> Any:
    """The call without recording has printed and warned already."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _line_of(error: BaseException, events: Events) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    file = events.code.co_filename if events.code else None
    lines = [frame.lineno for frame in frames if frame.filename == file and frame.lineno in events.lines]
    return lines[-1] or 0 if lines else 0


def _source(function: Callable[..., Any]) -> tuple[str, int]:
    written = python_function(function)
    try:
        lines, first = inspect.getsourcelines(written or function)
    except (OSError, TypeError):
        return "", 0
    return inspect.cleandoc("\n" + "".join(lines)), max(first, 1)


def _trace(
    function: Any, task: Task, plain: _Outcome, recorded: _Outcome, events: Events, bases: tuple[Base, Base]
) -> Trace:
    result = recorded.result if recorded.error is None else _written_so_far(events)
    returned = None if result is None else Returned.of(result)
    judged = Judged(task, events, returned, recorded.words() if plain.error is not None else "")
    notes = _notes(plain, recorded, events)
    if plain.error is not None or recorded.error is None:
        _judge(judged, result, bases)
    name = getattr(function, "__name__", type(function).__name__)
    all_events, moved = with_returned_writes(judged)
    found = tuple(
        Finding(
            one.id,
            one.sentence,
            one.cells,
            moved(one.event) if one.event >= 0 else _seen(one, judged, all_events),
        )
        for one in judged.findings
    )
    output = None if returned is None or returned.values.ndim != 2 else returned.values.astype(float)
    return Trace(
        name,
        *_source(function),
        task.image,
        task.kernel,
        plain.result,
        output,
        tuple(all_events),
        found,
        tuple(notes),
        plain.words(),
        task.operation,
        {"stride": task.stride, "padding": task.padding, "dilation": task.dilation},
        task.shape,
    )


def _seen(finding: Finding, judged: Judged, events: list[Event]) -> int:
    """Return the last write of the first output that a finding is about."""
    if not finding.cells:
        return len(events) - 1
    flat = finding.cells[0][0] * judged.shape[1] + finding.cells[0][1]
    writes = [i for i, event in enumerate(events) if event.kind == "write" and flat in event.cells]
    return writes[-1] if writes else len(events) - 1


def _judge(judged: Judged, result: Any, bases: tuple[Base, Base]) -> None:
    judges.judge_error(judged)
    for base in bases:
        if base.writes:
            event = next(i for i, e in enumerate(judged.events.all) if e.kind == "write" and e.base is base)
            sentence = f"the function writes into the {base.name} that it was given: later it reads it."
            judged.find(f"{base.name}_overwritten", sentence, event=event)
    if not judges.judge_shape(judged, result):
        return
    rule = judge_products(judged)
    explains_size = ("window_outside_image", "wrapped_around", "stride_of", "dilation_of")
    if not any(one.id.startswith(explains_size) for one in judged.findings):
        judges.judge_size(judged, rule)
    judges.judge_written(judged)
    judges.judge_values(judged)
    judges.judge_constants(judged)
    judges.judge_result(judged)


def _written_so_far(events: Events) -> Any:
    """Return the array that a function which raised wrote to last."""
    for event in reversed(events.all):
        if event.kind == "write" and event.base.made and event.base.values.ndim == 2:
            base = event.base
            return Recorded(events, base.values, base.origins, base, base.places)
    return None


def _notes(plain: _Outcome, recorded: _Outcome, events: Events) -> list[str]:
    notes = []
    if plain.error is None and recorded.error is not None:
        notes.append(
            f"Your function cannot be followed to its end: it did not work while it was recorded "
            f"({recorded.words()}). Without recording it returned a result."
        )
    elif plain.error is not None and recorded.error is None:
        notes.append(f"Without recording, your function stopped: {plain.words()}. Recorded, it did not.")
    elif not _same(plain.result, recorded.result):
        notes.append("While it was recorded, your function returned other numbers than without recording.")
    calls = sorted(
        {event.name for event in events.all if event.kind == "call" and event.name in noting.PRODUCTS}
    )
    notes += [
        f"Your function reads all windows in one call of `{name}`: the order inside it cannot be shown."
        for name in calls
    ]
    return notes + [_lost(name, line) for name, line in events.lost.items()]


def _lost(name: str, line: int) -> str:
    where = f"Line {line}" if line else "Your function"
    by = f"`{name}`" if name else "a function"
    return (
        f"{where}: {by} takes the numbers in a way that cannot be followed. From there on, it is unknown "
        "which pixels and taps they are made of."
    )


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(np.array_equal(np.asarray(one), np.asarray(pairing.plain(other)), equal_nan=True))
    except (TypeError, ValueError):
        return type(one) is type(other)
