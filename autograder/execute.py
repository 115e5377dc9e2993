"""TRUSTED: the isolated execution, as the preprocessor that nbgrader runs in place of its own.

`nbgrader autograde` and formgrader's button use it through `autograder/nbgrader_config.py`.
"""

from __future__ import annotations

import atexit
import secrets
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.limits import Limits
from autograder.run import run_notebook
from autograder.sandbox.trusted.jail import Jail
from autograder.submission import make_harmless


class IsolatedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs the student's cells in the jail and puts the judge's points where nbgrader reads them."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Run and judge `nb`. A fault of the grader raises, so that nbgrader records no grade at all."""
        names = resources["nbgrader"]
        course = Course(Path.cwd())  # nbgrader changes to the course root before it converts
        assignment = load_assignment(course, names["assignment"])[names["notebook"]]
        run = run_notebook(nb, assignment, shared_jail(course.root), SEED, names["student"])
        if run.message:
            self.log.warning("%s: %s (%s)", names["student"], run.message, run.status)
        _show_no_hidden_test(nb, assignment.release)
        make_harmless(nb, assignment.release)
        return nb, resources


def _show_no_hidden_test(notebook: Any, release: Any) -> None:
    """nbgrader has put hidden tests back into the locked cells; students get these cells as feedback."""
    tagged = [cell for cell in release.cells if "nbgrader" in cell.metadata]
    sources = {cell.metadata.nbgrader["grade_id"]: cell.source for cell in tagged}
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("grade_id") in sources and not settings.get("solution"):
            cell.source = sources[settings["grade_id"]]


SEED = secrets.randbits(64)  # of the questions in this process; no student's code ever runs in it
_jails: dict[Path, Jail] = {}


def shared_jail(root: Path, limits: Limits | None = None) -> Jail:
    """This process's jail for the course at `root`: one fork server for all of its submissions."""
    if root not in _jails:
        _jails[root] = Jail(limits, hidden=[root])
        atexit.register(_jails[root].close)
    return _jails[root]
