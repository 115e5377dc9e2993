"""TRUSTED: when a submission was handed in, and what coming late costs, by nbgrader's own penalty plugins."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from numbers import Real
from pathlib import Path
from typing import Any

import dateutil.parser
from dateutil.tz import gettz
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import TraitError
from traitlets.config import Config

from autograder.course import UsageError
from coursekit.errors import CourseError

ZONE = re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*")  # "Europe/Berlin"; never a path of the machine


class LatePenaltyError(CourseError, RuntimeError):
    """The course's penalty plugin failed, or gave what is no penalty. The grader's side is at fault."""


@dataclass(frozen=True)
class HandedIn:
    """When something was handed in, in UTC without zone as nbgrader keeps it; `note` says what is odd."""

    moment: datetime | None = None
    note: str = ""

    @property
    def trusted(self) -> bool:
        """False if there is a time stamp that cannot be true: nobody pays for it."""
        return not self.note


def submission_time(folder: Path) -> HandedIn:
    """Read `timestamp.txt` of a submission. A bad one is no reason not to grade, nor to take points off."""
    path = folder / "timestamp.txt"
    try:
        if not path.is_symlink() and not path.exists():
            return HandedIn()
        if path.is_symlink() or not path.is_file():
            return HandedIn(note="timestamp.txt is no file: no late penalty.")
        with path.open("rb") as file:
            moment = moment_of(file.read(200).decode("utf-8-sig"))
    except (OSError, ValueError, OverflowError):
        return HandedIn(note="timestamp.txt holds no time: no late penalty.")
    if moment > datetime.now(UTC).replace(tzinfo=None):
        return HandedIn(moment, f"timestamp.txt says {moment} UTC, which is still to come: no late penalty.")
    return HandedIn(moment)


def moment_of(text: str) -> datetime:
    """Read a date with a year, in UTC where no zone is. ValueError if it is none, or of no known zone."""
    words = text.split()
    zone = None
    if len(words) == 3 and "/" in words[2]:  # nbgrader's own form; dateutil reads short names only
        zone = gettz(name) if ZONE.fullmatch(name := words.pop()) else None
        if zone is None:
            raise ValueError(f"unknown time zone {name!r}")
    first, second = (
        dateutil.parser.parse(" ".join(words), default=default, tzinfos=_zone)
        for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))
    )
    if first != second:
        raise ValueError(f"a time must have a year, a month and a day; got {text!r}")
    moment: datetime = first.replace(tzinfo=zone) if zone else first
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _zone(name: str | None, offset: int | None) -> tzinfo | int | None:
    if offset is not None or name is None:
        return offset
    zone: tzinfo | None = gettz(name) if ZONE.fullmatch(name) else None
    if zone is None:
        raise ValueError(f"unknown time zone {name!r}")
    return zone


class LatePenalties:
    """The penalties that the course's nbgrader_config.py sets: `c.AssignLatePenalties.plugin_class`.

    UsageError if the class cannot be loaded.
    """

    def __init__(self, config: Config) -> None:
        try:
            self._step = AssignLatePenalties(config=config)
            self._step.init_plugin()
        except (ImportError, TraitError, TypeError, AttributeError) as error:
            raise UsageError(
                f"c.AssignLatePenalties in nbgrader_config.py cannot be used: {error}"
            ) from error

    @property
    def name(self) -> str:
        """The plugin's class, as an instructor looks it up."""
        kind = self._step.plugin_class
        return f"{kind.__module__}.{kind.__qualname__}"

    def penalty(self, student: str, score: float, seconds_late: float) -> float | None:
        """Points to take off `score`, from 0 to `score`; None where nothing is to be taken off.

        LatePenaltyError if the plugin raises, or gives what is no finite number >= 0.
        """
        if not seconds_late > 0:
            return None
        self._step.init_plugin()  # a fresh one for every notebook, as nbgrader has it
        try:
            penalty: Any = self._step.plugin_inst.late_submission_penalty(student, score, seconds_late)
        except (Exception, SystemExit) as error:
            raise LatePenaltyError(f"{self.name} raised {type(error).__name__}: {error}") from error
        if penalty is None:  # nbgrader's word for none
            return None
        number = isinstance(penalty, Real) and not isinstance(penalty, bool)
        if not number or not math.isfinite(penalty) or penalty < 0:
            raise LatePenaltyError(f"{self.name} must give a number >= 0 or None; got {penalty!r}")
        return min(float(penalty), score)
