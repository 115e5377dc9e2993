"""Files beside the notebook: needed, forgotten, too many, too large, or rubbish."""

from __future__ import annotations

from autograder.sample_class.build import STEM
from tests.careless.making import (
    ANSWER,
    FULL,
    NAME,
    WITHOUT_ONE,
    Files,
    careless,
    handed_in,
    right,
    with_cell,
    written,
)

READS = "taps = np.loadtxt({!r})\nassert taps.tolist() == [1, 2, 3]\n"
TAPS = "1\n2\n3\n"


def needs(path: str) -> str:
    """A notebook whose first answer cannot be defined without a file."""
    return written(right(correlate1d=READS.format(path) + ANSWER))


@careless("graded", FULL)
def data_file() -> Files:
    """It lies where the notebook looks for it, as on the student's machine."""
    return {NAME: needs("taps.csv"), "taps.csv": TAPS}


@careless("graded", FULL)
def data_file_in_a_folder() -> Files:
    """So do its folders."""
    return {NAME: needs("data/more/taps.csv"), "data/more/taps.csv": TAPS}


@careless("graded", FULL)
def data_file_with_a_windows_path_as_its_name() -> Files:
    """A zip made on Windows: the folder is meant."""
    return {NAME: needs("data/taps.csv"), "data\\taps.csv": TAPS}


@careless("graded", FULL)
def module_of_ones_own() -> Files:
    """Tidy students write one."""
    helped = "from helpers import correlate1d"
    return {NAME: written(right(correlate1d=helped)), "helpers.py": "import numpy as np\n\n" + ANSWER}


@careless("graded", FULL, "was graded in place of")
def data_file_in_the_notebooks_own_folder() -> Files:
    """Paths are relative to the notebook."""
    return {f"work/{NAME}": needs("taps.csv"), "work/taps.csv": TAPS}


@careless("graded", FULL)
def rubbish_of_three_systems() -> Files:
    """Nobody handed that in on purpose, and nobody is told about it."""
    rubbish = ("__MACOSX/._x", ".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__/helpers.pyc", "~lock")
    checkpoint = f".ipynb_checkpoints/{STEM}-checkpoint.ipynb"
    return handed_in(right()) | dict.fromkeys(rubbish, b"\x00") | {checkpoint: written(right())}


@careless("graded", FULL)
def pictures() -> Files:
    """They stay where they are."""
    return handed_in(right()) | {"figure.png": b"\x89PNG\r\n\x1a\n", "figures/two.jpg": b"\xff\xd8\xff"}


@careless("graded", FULL)
def module_with_the_name_of_a_library() -> Files:
    """`numpy.py` and `json.py` come first in a fresh kernel; here the libraries are loaded already."""
    return handed_in(right()) | {"numpy.py": "array = 5\n", "json.py": "loads = None\n"}


@careless("graded", FULL, "`film.bin` was left out")
def film_of_forty_megabytes() -> Files:
    """Points need no film; what is left out is named."""
    return handed_in(right()) | {"film.bin": bytes(40_000_000)}


@careless("graded", FULL, "more than 100 files", "other files")
def two_hundred_files() -> Files:
    """The same."""
    return handed_in(right()) | {f"frame{number:03}.txt": "x" for number in range(200)}


@careless("graded", WITHOUT_ONE, "FileNotFoundError", "Only files that you hand in beside your notebook")
def data_file_forgotten() -> Files:
    """The function is not defined without it; the other tasks stand."""
    return {NAME: needs("taps.csv")}


@careless("graded", FULL, "hand this one in too")
def data_file_of_windows() -> Files:
    """In a cell of its own it costs nothing."""
    return with_cell('taps = open("C:\\\\Users\\\\x\\\\taps.csv").read()')


@careless("graded", FULL, "The assignment's own `levels.csv` was used")
def assignments_own_data_changed() -> Files:
    """The assignment's data are the same for all."""
    check = "levels = np.loadtxt('levels.csv')\nassert levels.tolist() == [4, 5, 6]\n"
    return {NAME: written(right(correlate1d=check + ANSWER)), "levels.csv": "0\n"}


@careless("graded", FULL)
def assignments_own_data_not_handed_in() -> Files:
    """It came with the assignment, so it is there."""
    check = "levels = np.loadtxt('levels.csv')\nassert levels.tolist() == [4, 5, 6]\n"
    return {NAME: written(right(correlate1d=check + ANSWER))}


@careless("graded", FULL)
def time_in_the_future() -> Files:
    """A wrong clock is no reason not to grade."""
    return handed_in(right()) | {"timestamp.txt": "2999-01-01 00:00:00 UTC"}


@careless("graded", FULL)
def time_that_is_none() -> Files:
    """Stock nbgrader ends with an AttributeError."""
    return handed_in(right()) | {"timestamp.txt": "yesterday evening, I think"}
