"""TRUSTED SIDE: the fork server without a sandbox, for `autograder grade --no-sandbox` alone.

It is a process of its own, spoken to over the same wire, with the judge outside. But student code runs as the
grader's own user and can read and change all that this user can. `autograder/README.md` says what is lost.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from autograder.limits import Limits
from autograder.sandbox.trusted import view
from autograder.sandbox.trusted.jail import PYTHON_OPTIONS, Jail
from autograder.sandbox.trusted.refusal import require_fork


class OpenJail(Jail):
    """A running fork server with no walls around it."""

    def __init__(self, limits: Limits | None = None) -> None:
        require_fork()
        super().__init__(limits)
        self._folder: Path | None = None

    def _server_command(self) -> list[str]:
        """Lay out what a jail would show of the course, as links: a notebook imports the same modules."""
        self._folder = Path(tempfile.mkdtemp(prefix="autograder-open-"))
        for place, source in view.course_inside().items():
            link = self._folder / "course" / place
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(source)
        return [view.python(), *PYTHON_OPTIONS, "autograder.sandbox.jailed.open_server"]

    def _environment(self) -> dict[str, str]:
        assert self._folder is not None
        folder = str(self._folder)
        packages = [str(path) for path in view.packages()]
        variables = view.environment(f"{folder}/course", f"{folder}/home", folder, packages)
        return variables | {"TMPDIR": folder, "AUTOGRADER_OPEN_FOLDER": folder}

    def _control_group(self) -> None:
        return None

    def close(self) -> None:
        """End the server and remove its folder, with what submissions have left in it."""
        super().close()
        if self._folder is not None:
            with contextlib.suppress(OSError):
                shutil.rmtree(self._folder)
            self._folder = None
