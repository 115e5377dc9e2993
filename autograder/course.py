"""TRUSTED: where a course keeps its things, as its nbgrader configuration says."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from autograder.limits import Limits, changed
from coursekit.errors import CourseError, ParameterError

OUR_CONFIG = Path(__file__).with_name("nbgrader_config.py")
STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
# nbgrader's pages write a student's id into HTML and scripts, and it looks for files by it as a pattern
NO_ID = re.compile(r"[<>\"&\\*?\[\x00-\x1f\x7f\ud800-\udfff]")


class UsageError(CourseError, ValueError):
    """The instructor named something that does not exist or cannot be used. Exit code 2."""


class Course:
    """A course root: its folders, its gradebook and its configuration for nbgrader.

    Parameters
    ----------
    root : folder that holds `nbgrader_config.py`; without that file the course's own settings hold

    Raises
    ------
    UsageError if `root` is not a folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise UsageError(f"--course-dir must be a folder; got {str(root)!r}")
        if re.search(r"[*?\[]", str(self.root)):  # nbgrader takes the whole path for a pattern
            raise UsageError(f"--course-dir must hold no *, ? and [; got {str(self.root)!r}")
        _make_alembic_findable()
        if str(self.root) not in sys.path:
            sys.path.append(str(self.root))  # for a module beside nbgrader_config.py, as nbgrader does
        self.config = _configuration(self.root)
        self.directory = _directory(self.root, self.config)

    @property
    def gradebook_url(self) -> str:
        """The database that nbgrader and formgrader use."""
        return str(self.directory.db_url)

    @property
    def course_id(self) -> str:
        """nbgrader's id of the course in the gradebook."""
        return str(self.directory.course_id)

    @property
    def limits(self) -> Limits:
        """What a submission may use, as `c.AutograderLimits` in nbgrader_config.py says.

        UsageError for a limit that does not exist or a value that it cannot have.
        """
        try:
            return changed(Limits(), dict(self.config.get("AutograderLimits", {})))
        except ParameterError as error:
            raise UsageError(f"c.AutograderLimits in nbgrader_config.py: {error}") from error

    def folder(self, step: str, stem: str, student: str = ".") -> Path:
        """The folder of `step`: "source", "release", "submitted", "autograded" or "feedback"."""
        names = {
            "source": self.directory.source_directory,
            "release": self.directory.release_directory,
            "submitted": self.directory.submitted_directory,
            "autograded": self.directory.autograded_directory,
            "feedback": self.directory.feedback_directory,
        }
        return Path(self.directory.format_path(names[step], student, stem))

    def reports(self, stem: str) -> Path:
        """The folder of the class report and of the results that it is made from."""
        return self.root / "reports" / stem

    def require_stem(self, stem: str) -> None:
        """UsageError, with the stems there are, unless `stem` is an assignment of this course."""
        folder = self.folder("source", stem) if STEM.fullmatch(stem) else None
        if folder is None or not list(folder.glob("*.ipynb")):
            raise UsageError(f"STEM must be one of {', '.join(self.stems()) or '(none here)'}; got {stem!r}")

    def stems(self) -> list[str]:
        """The assignments of this course."""
        parent = self.folder("source", "x").parent
        return sorted({path.parent.name for path in parent.glob("*/*.ipynb")})

    def students_with_a_submission(self, stem: str) -> list[str]:
        """Ids of the students who have something under `submitted/`, in order."""
        pattern = self.folder("submitted", stem, "*")
        depth = pattern.relative_to(self.root).parts.index("*")
        found = self.root.glob(str(pattern.relative_to(self.root)))
        return sorted(path.relative_to(self.root).parts[depth] for path in found)


def require_student_id(student: str) -> None:
    """UsageError for the name of a folder that would be a script in a page: a student may have chosen it."""
    if NO_ID.search(student):
        raise UsageError(
            f"a student's id must be text with no * ? [ < > \" & or \\; rename the folder {student!r}"
        )


def _make_alembic_findable() -> None:
    """nbgrader runs the command `alembic` to make a gradebook; it stands beside this Python, PATH or not."""
    if shutil.which("alembic") is None:
        scripts = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), scripts])


def _directory(root: Path, config: Config) -> CourseDirectory:
    """nbgrader's idea of the course. UsageError where its configuration cannot be, or leads elsewhere."""
    try:
        directory = CourseDirectory(config=config, root=str(root))
        make_url(directory.db_url)
        for step in ("source", "release", "submitted", "autograded", "feedback"):
            option = f"{step}_directory"
            place = Path(directory.format_path(getattr(directory, option), "STUDENT", "STEM"))
            if not Path(os.path.normpath(place)).is_relative_to(root):
                raise UsageError(
                    f"c.CourseDirectory.{option} in nbgrader_config.py must lead into the course root; "
                    f"got {place}"
                )
    except UsageError:
        raise
    except TraitError as error:
        raise UsageError(f"c.CourseDirectory in nbgrader_config.py: {error}") from error
    except (KeyError, IndexError, ValueError) as error:
        raise UsageError(
            "c.CourseDirectory.directory_structure in nbgrader_config.py must hold no names but "
            f"nbgrader_step, student_id and assignment_id; got {directory.directory_structure!r}"
        ) from error
    except ArgumentError as error:
        raise UsageError(
            "c.CourseDirectory.db_url in nbgrader_config.py must be an address as sqlite:///gradebook.db or "
            f"postgresql://server/name; got {directory.db_url!r}"
        ) from error
    return directory


def _configuration(root: Path) -> Config:
    config = Config()
    for name, folder in ((OUR_CONFIG.name, OUR_CONFIG.parent), ("nbgrader_config.py", root)):
        try:
            config.merge(PyFileConfigLoader(name, path=str(folder)).load_config())
        except ConfigFileNotFound:
            continue
        except Exception as error:
            raise UsageError(f"{folder / name} cannot be read: {type(error).__name__}: {error}") from error
    return config
