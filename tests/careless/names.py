"""Files under another name, several notebooks, or none."""

from __future__ import annotations

from autograder.sample_class.build import STEM
from tests.careless.making import (
    ANSWER,
    FULL,
    NAME,
    Files,
    careless,
    right,
    stubs,
    written,
)

GRADED = "was graded in place of `03_cross_correlation.ipynb`"
COPY = f"{STEM}-Copy1.ipynb"


def named(name: str) -> Files:
    return {name: written(right())}


@careless("graded", FULL, GRADED, "hand your notebook in under that name")
def downloaded_twice() -> Files:
    """A browser adds the number; there is one notebook."""
    return named(f"{STEM} (1).ipynb")


@careless("graded", FULL, GRADED)
def capital_letters() -> Files:
    """Windows and macOS do not care for them."""
    return named("03_Cross_Correlation.ipynb")


@careless("graded", FULL, GRADED)
def copy_alone() -> Files:
    """JupyterLab's Duplicate."""
    return named(COPY)


@careless("graded", FULL, GRADED)
def text_ending() -> Files:
    """A browser or a mail program adds it."""
    return named(f"{NAME}.txt")


@careless("graded", FULL, GRADED)
def json_ending() -> Files:
    """So does this one."""
    return named(f"{STEM}.json")


@careless("graded", FULL, GRADED)
def with_the_students_name() -> Files:
    """Other courses ask for that."""
    return named(f"{STEM}_somebody.ipynb")


@careless("graded", FULL, GRADED)
def untitled() -> Files:
    """The one notebook that is there, and its cells are this assignment's."""
    return named("Untitled.ipynb")


@careless("graded", FULL, GRADED)
def path_of_windows_as_a_name() -> Files:
    """A zip made on Windows was unpacked on Linux."""
    return named(f"C:\\Users\\x\\{NAME}")


@careless("graded", FULL, f"`homework/final/{NAME}` {GRADED}", "in no folder of its own")
def in_a_folder_of_its_own() -> Files:
    """The folder was handed in with the notebook."""
    return named(f"homework/final/{NAME}")


@careless("graded", FULL, GRADED, "Python script and not a notebook")
def script_under_its_own_name() -> Files:
    """Exported as .py: nothing is lost in it."""
    cells = [each for each in right()["cells"] if each["cell_type"] == "code"]
    return {f"{STEM}.py": "\n\n".join("# %%\n" + each["source"] for each in cells)}


@careless("graded", FULL, "more than one notebook", f"not `{COPY}`")
def right_one_and_a_copy() -> Files:
    """The one of the right name counts."""
    return {NAME: written(right()), COPY: written(right(correlate1d="# old"))}


@careless("graded", FULL, f"`{COPY}` was graded in place of")
def untouched_one_and_the_copy_with_the_work() -> Files:
    """Who worked in the copy has answered; the other file holds nothing of theirs."""
    return {NAME: written(stubs()), COPY: written(right())}


@careless("graded", FULL, f"`{COPY}` was graded in place of")
def empty_one_and_a_copy() -> Files:
    """The upload of one failed."""
    return {NAME: b"", COPY: written(right())}


@careless("graded", FULL, GRADED)
def two_of_another_name_with_the_same_answers() -> Files:
    """Either will do."""
    return {"solution.ipynb": written(right()), "solution-backup.ipynb": written(right())}


@careless("graded", FULL, GRADED)
def draft_and_the_notebook_of_nearly_its_name() -> Files:
    """The nearer name counts."""
    return {"draft.ipynb": written(right(correlate1d="# todo")), f"{STEM}_final.ipynb": written(right())}


@careless("invalid", 0, "several notebooks with different answers", "Hand in the one that counts")
def two_of_another_name_that_differ() -> Files:
    """No grader chooses between a student's works; the student does."""
    return {"version1.ipynb": written(right(correlate1d="# a")), "version2.ipynb": written(right())}


@careless("invalid", 0, "not the assignment 03_cross_correlation", "Hand in the notebook of this assignment")
def another_assignment_under_this_name() -> Files:
    """Nothing in it answers this one."""
    other = '{"cell_type": "code", "source": "def convolve1d(a, b):\\n    return np.correlate(a, b)"}'
    return {NAME: f'{{"cells": [{other}]}}'}


@careless("invalid", 0, "not the assignment", "This is about `02_convolution.ipynb`")
def another_assignment_under_its_own_name() -> Files:
    """The same, and the file's name is told."""
    return {"02_convolution.ipynb": '{"cells": [{"cell_type": "code", "source": "x = 1"}]}'}


@careless("invalid", 0, "web page (HTML)", f"there is no `{NAME}`")
def only_a_web_page() -> Files:
    """Something was handed in, so it is told what is wrong with it."""
    return {f"{STEM}.html": f"<html><body>{ANSWER}</body></html>"}


@careless("invalid", 0, "it is a PDF")
def only_a_pdf() -> Files:
    """The same."""
    return {f"{STEM}.pdf": b"%PDF-1.4\n"}


@careless("missing", 0, "Nothing was handed in", "the folder holds README.txt")
def only_a_letter() -> Files:
    """Nothing to grade: no rows in the gradebook, as with nbgrader."""
    return {"README.txt": "I will hand in tomorrow.\n"}


@careless("missing", 0, "Nothing was handed in")
def only_a_checkpoint() -> Files:
    """What JupyterLab keeps on its own was not handed in."""
    return {f".ipynb_checkpoints/{STEM}-checkpoint.ipynb": written(right())}


@careless("missing", 0, "Nothing was handed in")
def nothing_at_all() -> Files:
    """An empty folder."""
    return {}
