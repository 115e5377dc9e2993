"""A call of a named library routine is seen under any name it goes by."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy import convolve as another_name

import coursekit
from coursekit import figures
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.library_calls import SWITCHED_OFF, LibraryCalls

SIGNAL, IMAGE = np.arange(5.0), np.arange(9.0).reshape(3, 3)


def found(work: Callable[[], Any], names: tuple[str, ...] = CONVOLUTIONS) -> str:
    with LibraryCalls(names) as calls:
        work()
    return calls.found


def from_scipy() -> None:
    from scipy.ndimage import correlate as slide

    slide(IMAGE, IMAGE)


def in_a_thread() -> None:
    thread = threading.Thread(target=lambda: np.correlate(SIGNAL, SIGNAL))
    thread.start()
    thread.join()


def with_the_profiler_off() -> None:
    sys.setprofile(None)
    np.convolve(SIGNAL, SIGNAL)


def caught_inside() -> None:
    try:
        np.convolve(SIGNAL, [])
    except ValueError:
        return


@pytest.mark.parametrize(
    ("work", "name"),
    [
        (lambda: np.convolve(SIGNAL, SIGNAL), "numpy.convolve"),
        (lambda: another_name(SIGNAL, SIGNAL), "numpy.convolve"),
        (lambda: getattr(np, "corr" + "elate")(SIGNAL, SIGNAL), "numpy.correlate"),
        (lambda: np.polymul([1, 2], [3, 4]), "numpy.polymul"),
        (from_scipy, "scipy.correlate"),
        (in_a_thread, "numpy.correlate"),
        (with_the_profiler_off, SWITCHED_OFF),
        (caught_inside, "numpy.convolve"),
        (lambda: coursekit.correlate(IMAGE, IMAGE), "coursekit.correlate"),
        (lambda: coursekit.output_size(5, 3), "coursekit.output_size"),
        (lambda: figures.both_operations(IMAGE, IMAGE), "coursekit.figures.pictures.both_operations"),
    ],
)
def test_a_routine_is_named(work: Callable[[], Any], name: str) -> None:
    assert found(work) == name


@pytest.mark.parametrize(
    "work",
    [
        lambda: np.einsum("ij,ij->", IMAGE, IMAGE),
        lambda: np.fft.irfft(np.fft.rfft(SIGNAL) ** 2),
        lambda: np.lib.stride_tricks.sliding_window_view(IMAGE, (2, 2)),
        lambda: np.pad(IMAGE, 1),
        lambda: [a * b for a in range(9) for b in range(9)],
    ],
)
def test_what_a_student_may_use_is_not_named(work: Callable[[], Any]) -> None:
    assert found(work) == ""


def test_only_what_is_forbidden_counts() -> None:
    assert found(lambda: np.pad(IMAGE, 1), ("numpy.pad",)) == "numpy.pad"
    assert found(lambda: np.convolve(SIGNAL, SIGNAL), ("numpy.pad",)) == ""
    assert found(lambda: np.convolve(SIGNAL, SIGNAL), ()) == ""


def test_the_profiler_is_as_it_was_afterwards() -> None:
    def mine(*event: object) -> None:
        """Do nothing."""

    sys.setprofile(mine)
    try:
        found(lambda: np.convolve(SIGNAL, SIGNAL))
        assert sys.getprofile() is mine
        with pytest.raises(ZeroDivisionError), LibraryCalls(CONVOLUTIONS):
            _ = 1 / 0
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)


def test_to_import_a_library_is_not_to_call_it() -> None:
    code = """
from coursekit.library_calls import LibraryCalls
with LibraryCalls(["scipy", "coursekit.reference"]) as calls:
    import scipy.signal, coursekit.reference
print(repr(calls.found))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "''"


def test_python_tells_of_nothing_while_a_library_is_imported() -> None:
    code = """
from coursekit.library_calls import LibraryCalls

class Counting(LibraryCalls):
    told = 0
    def _event(self, *event):
        self.told += 1
        super()._event(*event)

with Counting(["scipy"]) as calls:
    from scipy.signal import correlate
print(calls.told < 1000, repr(calls.found))
with Counting(["scipy"]) as calls:
    correlate([1.0, 2.0], [1.0])
print(calls.told > 0, repr(calls.found))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n") == ["True ''", "True 'scipy.correlate'", ""]


def test_a_call_in_the_lines_of_a_students_own_module_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "import numpy, wave\n\ndef work():\n    return numpy.convolve([1], [2])\n\nanswer = work()\n"
    (tmp_path / "my_own_helper.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_own_helper", raising=False)

    def hidden_in_an_import() -> None:
        import my_own_helper  # type: ignore[import-not-found]  # written above

        assert my_own_helper.answer.tolist() == [2]

    assert found(hidden_in_an_import) == "numpy.convolve"


def test_a_module_that_is_not_there_is_missing_as_ever() -> None:
    def from_nowhere() -> None:
        with pytest.raises(ModuleNotFoundError, match="no_such_module"):
            import no_such_module  # type: ignore[import-not-found]  # that is the point  # noqa: F401
        np.convolve(SIGNAL, SIGNAL)

    assert found(from_nowhere) == "numpy.convolve"
