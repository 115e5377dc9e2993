"""Blocks of work on several threads, one block's matrix products on one.

NumPy lets other threads run while it copies or multiplies. Threads of ours that each work on a block of
their own share nothing, so they scale better than BLAS's threads inside each small product. To keep the two
from fighting for the cores, BLAS is held to one thread meanwhile, through threadpoolctl where it is
installed (it comes with scikit-learn). Without it there is one thread of ours, and BLAS uses its own.

We use as many threads as BLAS would: OPENBLAS_NUM_THREADS, or threadpoolctl, sets both.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

Block = TypeVar("Block")
Result = TypeVar("Result")


@cache
def _blas() -> Any:
    """Return threadpoolctl's hold on BLAS, or None where it is not installed or finds no BLAS."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    found = ThreadpoolController().select(user_api="blas")
    return found if found.lib_controllers else None


def thread_count() -> int:
    """Return the number of threads that blocks are dealt to: BLAS's, or 1 where it cannot be held."""
    return _Hold.before or _blas_threads()


def threads_for(xp: Any, amount: int, least: int) -> int:
    """Return how many threads to deal `amount` of work to: 1 below `least`, and in libraries but NumPy."""
    return thread_count() if xp is np and amount >= least else 1


def _blas_threads() -> int:
    blas = _blas()
    return max(library.num_threads for library in blas.lib_controllers) if blas else 1


class _Hold:
    """The limit of the call that holds BLAS to one thread at the moment, and how many it had before."""

    lock = threading.Lock()  # taken while there is one
    limit: Any = None
    before = 0


@contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Hold BLAS to one thread.

    Where calls overlap, the first one holds it, and lifts its own limit when it ends: threadpoolctl heeds
    no other thread than the one that set a limit. The others may then finish beside BLAS's threads, which
    costs them time.
    """
    if not _Hold.lock.acquire(blocking=False):
        yield
        return
    try:
        _Hold.before = _blas_threads()
        with _blas().limit(limits=1) as _Hold.limit:
            yield
    finally:
        _Hold.limit, _Hold.before = None, 0
        _Hold.lock.release()


def _start_anew_after_a_fork() -> None:
    """Lift, in a forked child, the limit of another thread of its parent: it never ends here."""
    if _Hold.limit is not None:
        _Hold.limit.restore_original_limits()
    _Hold.lock, _Hold.limit, _Hold.before = threading.Lock(), None, 0


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_start_anew_after_a_fork)


@cache
def _pool(process: int, workers: int) -> ThreadPoolExecutor:
    """Return the threads of this process; a forked child has none of its parent's, so it makes its own."""
    del process
    return ThreadPoolExecutor(workers, thread_name_prefix="coursekit")


def run_blocks(
    work: Callable[[Sequence[Block]], Result], blocks: Sequence[Block], *, threads: int
) -> list[Result]:
    """Call `work` on all of `blocks`, dealt in runs of neighbours to at most `threads` threads.

    Returns what it returned for each run, in the order of the blocks, whichever thread ends first.
    An exception in any of them is raised here, after all have ended.
    """
    shares = min(threads, len(blocks))
    if shares <= 1:
        return [work(blocks)]
    cuts = [len(blocks) * share // shares for share in range(shares + 1)]
    runs = [blocks[start:stop] for start, stop in pairwise(cuts)]
    with _one_blas_thread():
        # In a copy of our context, so that np.errstate holds in the other threads as in this one.
        pool = _pool(os.getpid(), threads - 1)
        others = [pool.submit(copy_context().run, work, run) for run in runs[1:]]
        try:
            first = work(runs[0])
        finally:
            errors = [other.exception() for other in others]
    for error in errors:
        if error is not None:
            raise error
    return [first, *(other.result() for other in others)]
