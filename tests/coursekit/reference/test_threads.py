"""Several threads give the numbers of one, leave BLAS as it was, and hide no error."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.reference import correlate
from coursekit.reference.algorithms import fft, im2col, threads, winograd
from coursekit.reference.algorithms.threads import run_blocks, thread_count

MODULES = {"im2col": im2col, "fft": fft, "winograd": winograd}


@pytest.fixture
def blas() -> Any:
    """threadpoolctl's hold on BLAS, which several threads of ours need."""
    pytest.importorskip("threadpoolctl")
    found = threads._blas()
    if found is None:
        pytest.skip("threadpoolctl finds no BLAS here")
    return found


def use_threads(count: int, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "THREADED", 0)
    monkeypatch.setattr(threads, "thread_count", lambda: count)


@pytest.mark.usefixtures("blas")
@pytest.mark.parametrize("count", [2, 3, 7])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize(
    ("algorithm", "taps"),
    [("im2col", (3, 3)), ("im2col", (1, 1)), ("im2col", (5, 2)), ("fft", (4, 5)), ("winograd", (3, 3))],
)
def test_several_threads_give_the_same_bits_as_one(
    algorithm: Any, taps: tuple[int, int], dtype: Any, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    image = (100 * rng.standard_normal((5, 4, 30, 31))).astype(dtype)
    kernel = (100 * rng.standard_normal((6, 2, *taps))).astype(dtype)
    monkeypatch.setattr(MODULES[algorithm], "BUFFER", 30_000, raising=False)
    monkeypatch.setattr(fft, "block_shape", lambda *sizes: (12, 16))
    results = []
    for number in (1, count):
        use_threads(number, MODULES[algorithm], monkeypatch)
        results.append(correlate(image, kernel, groups=2, algorithm=algorithm))
    assert_array_equal(*results)


@pytest.mark.usefixtures("blas")
@pytest.mark.parametrize("count", [1, 2, 3, 10])
@pytest.mark.parametrize("blocks", [0, 1, 2, 7])
def test_every_block_is_worked_on_once_in_runs_of_neighbours(blocks: int, count: int) -> None:
    runs: list[list[int]] = []
    run_blocks(lambda run: runs.append(list(run)), range(blocks), threads=count)
    assert sorted(block for run in runs for block in run) == list(range(blocks))
    assert all(run == list(range(run[0], run[0] + len(run))) for run in runs if run)
    assert len(runs) == max(1, min(blocks, count))


@pytest.mark.usefixtures("blas")
@pytest.mark.parametrize("blocks", [0, 1, 7])
def test_results_come_in_the_order_of_the_blocks(blocks: int) -> None:
    """The first run ends last; a sum over the results must not depend on that."""

    def work(run: Any) -> list[int]:
        if 0 in run:
            time.sleep(0.05)
        return list(run)

    results = run_blocks(work, range(blocks), threads=3)
    assert [block for run in results for block in run] == list(range(blocks))


@pytest.mark.usefixtures("blas")
@pytest.mark.parametrize("bad", [0, 1, 5])
def test_an_error_in_any_thread_is_raised_after_all_have_ended(bad: int) -> None:
    ended = []

    def work(run: Any) -> None:
        if bad in run:
            raise ZeroDivisionError(f"block {bad}")
        ended.append(run)

    before = thread_count()
    with pytest.raises(ZeroDivisionError, match=f"block {bad}"):
        run_blocks(work, range(6), threads=3)
    assert len(ended) == 2
    assert thread_count() == before
    run_blocks(ended.append, range(6), threads=3)  # and the threads are there for the next call
    assert len(ended) == 5


def blas_threads(blas: Any) -> list[int]:
    return [library.num_threads for library in blas.lib_controllers]


def test_blas_has_one_thread_meanwhile_and_its_own_again_afterwards(blas: Any) -> None:
    before, seen = blas_threads(blas), []
    run_blocks(lambda run: seen.append(blas_threads(blas)), range(4), threads=2)
    assert seen == [[1] * len(before)] * 2
    assert blas_threads(blas) == before


def test_blas_has_its_threads_again_after_an_error(blas: Any) -> None:
    before = blas_threads(blas)
    with pytest.raises(ZeroDivisionError):
        run_blocks(lambda run: 1 // 0, range(2), threads=2)
    assert blas_threads(blas) == before


@pytest.mark.parametrize("first_ends_first", [True, False])
def test_blas_has_its_threads_again_after_calls_that_overlap(blas: Any, first_ends_first: bool) -> None:
    before = blas_threads(blas)
    second_is_in, first_is_out = threading.Event(), threading.Event()

    def in_second(run: Any) -> None:
        second_is_in.set()
        assert not first_ends_first or first_is_out.wait(60)

    second = threading.Thread(target=run_blocks, args=(in_second, range(2)), kwargs={"threads": 3})

    def in_first(run: Any) -> None:
        if 0 in run:
            second.start()
            assert second_is_in.wait(60)
            if not first_ends_first:
                second.join(60)

    run_blocks(in_first, range(2), threads=3)
    first_is_out.set()
    second.join(60)
    assert not second.is_alive()
    assert blas_threads(blas) == before


@pytest.mark.usefixtures("blas")
def test_calls_from_many_threads_of_the_user_do_not_disturb_each_other(
    monkeypatch: pytest.MonkeyPatch, blas: Any
) -> None:
    for module in MODULES.values():
        use_threads(2, module, monkeypatch)
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((3, 4, 40, 40)), rng.standard_normal((8, 4, 3, 3))
    before = blas_threads(blas)
    expected = {name: correlate(image, kernel, algorithm=name) for name in MODULES}
    wrong = []

    def user(name: Any) -> None:
        for _ in range(10):
            if not np.allclose(correlate(image, kernel, algorithm=name), expected[name], rtol=1e-12):
                wrong.append(name)

    users = [threading.Thread(target=user, args=(name,)) for name in [*MODULES, *MODULES]]
    for thread in users:
        thread.start()
    for thread in users:
        thread.join()
    assert not wrong
    assert blas_threads(blas) == before


@pytest.mark.usefixtures("blas")
@pytest.mark.parametrize("threads_of_ours", [1, 2])
def test_errors_of_floats_are_treated_as_the_caller_asked_in_every_thread(
    threads_of_ours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_threads(threads_of_ours, im2col, monkeypatch)
    image = np.zeros((4, 1, 5, 5), np.float32)
    image[-1] = 3e38
    kernel = np.full((9, 1, 2, 2), 10, np.float32)
    with np.errstate(over="ignore"):
        assert np.isinf(correlate(image, kernel, algorithm="im2col")[-1]).all()
    with np.errstate(over="raise"), pytest.raises(FloatingPointError, match="overflow"):
        correlate(image, kernel, algorithm="im2col")


def run_script(script: str) -> str:
    """Run `script` in an interpreter of its own, warnings as errors, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


PREPARE = """
import numpy as np
from coursekit.reference import correlate
from coursekit.reference.algorithms import im2col, threads
image, kernel = np.arange(4 * 8 * 64 * 64.0).reshape(4, 8, 64, 64), np.ones((8, 8, 3, 3))
"""


def test_without_threadpoolctl_one_thread_of_ours_does_the_work() -> None:
    printed = run_script(
        "import sys; sys.modules['threadpoolctl'] = None"
        + PREPARE
        + """
import threading
out = correlate(image, kernel, algorithm="im2col")
assert threads.thread_count() == 1
print(threading.active_count(), np.array_equal(out, correlate(image, kernel, algorithm="direct")))
"""
    )
    assert printed == "1 True\n"


FORK = """
import os, threading, warnings
im2col.THREADED = 0
threads.thread_count = lambda: 3
expected = correlate(image, kernel, algorithm="im2col")
is_in, end = threading.Event(), threading.Event()
other = threading.Thread(
    target=threads.run_blocks, args=(lambda run: (is_in.set(), end.wait(60)), [1, 2]), kwargs={"threads": 2}
)
before = threads._blas_threads()
if with_a_call_underway:
    other.start()
    is_in.wait(60)
warnings.simplefilter("ignore")  # newer Pythons warn of a fork beside threads
child = os.fork()
if child == 0:
    right = np.array_equal(correlate(image, kernel, algorithm="im2col"), expected)
    os._exit(0 if right and threads._blas_threads() == before else 1)
status = os.waitpid(child, 0)[1]
end.set()
if with_a_call_underway:
    other.join()
print(status, threads._blas_threads() == before)
"""


@pytest.mark.usefixtures("blas")
@pytest.mark.skipif(not hasattr(threads.os, "fork"), reason="this system cannot fork")
@pytest.mark.parametrize("with_a_call_underway", [False, True])
def test_a_forked_child_can_correlate_too(with_a_call_underway: bool) -> None:
    assert run_script(PREPARE + f"with_a_call_underway = {with_a_call_underway}" + FORK) == "0 True\n"


def test_importing_the_reference_starts_no_thread() -> None:
    assert run_script("import coursekit.reference, threading; print(threading.active_count())") == "1\n"
