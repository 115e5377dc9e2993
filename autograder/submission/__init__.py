"""TRUSTED: reads what a student handed in, and puts the assignment's own cells back in order.

Nothing of the student's file is kept but the text of cells: metadata, outputs and ids are the assignment's
or made afresh. So a deleted, duplicated, moved or retagged cell cannot cost, or earn, a point.
What a person could repair by looking at it is repaired and noted; what a function means is never guessed.
"""

from autograder.submission.cells import InvalidSubmission, StudentCell, Submitted
from autograder.submission.extra_files import ExtraFile, extra_files
from autograder.submission.folder import (
    HandedIn,
    NothingHandedIn,
    choose,
    digest_of_folder,
    look_into,
    nothing_there,
)
from autograder.submission.harmless import make_code_short, make_harmless
from autograder.submission.reading import parse_submission, read_submission, student_cells
from autograder.submission.repairing import Repaired, repair

__all__ = [
    "ExtraFile",
    "HandedIn",
    "InvalidSubmission",
    "NothingHandedIn",
    "Repaired",
    "StudentCell",
    "Submitted",
    "choose",
    "digest_of_folder",
    "extra_files",
    "look_into",
    "make_code_short",
    "make_harmless",
    "nothing_there",
    "parse_submission",
    "read_submission",
    "repair",
    "student_cells",
]
