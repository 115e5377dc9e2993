"""TRUSTED: whether the gradebook's database takes a write, and whether a refusal passes by itself."""

from __future__ import annotations

import ast
import sqlite3
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from nbgrader import api, dbutil
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from autograder.course import Course
from autograder.files import StorageError

PATIENCE_AT_START_SECONDS = 15.0  # before anything was graded
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 8.0  # between two tries; each is twice the one before
MADE_MEANWHILE = ("42P07", "42710")  # PostgreSQL: duplicate_table, duplicate_object
PASSES_BY_ITSELF = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)


def require_gradebook(
    course: Course,
    *,
    patience: float = PATIENCE_AT_START_SECONDS,
    say: Callable[[str], None] = lambda reason: None,
) -> None:
    """Return once the gradebook is there and takes a write. StorageError if not within `patience` seconds."""
    give_up = None
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return _try_to_write(course)
        except SQLAlchemyError as error:
            # from the first refusal on: on a busy machine making the tables alone can take longer than that
            give_up = give_up or time.monotonic() + patience
            if not passes_by_itself(error) or time.monotonic() > give_up:
                raise StorageError(explain(course, error)) from error
            if pause == FIRST_PAUSE_SECONDS:
                say(f"{explain(course, error)}; trying again for {patience:g} s")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _try_to_write(course: Course) -> None:
    """Make the tables if there are none, then ask for what a change needs, and change nothing."""
    engine = create_engine(course.gradebook_url)
    try:
        api.Base.metadata.create_all(engine)
        with engine.begin() as connection:
            _mark_version(connection)
        with engine.connect() as connection:
            _require_version(course, connection)
            connection.execute(text("update alembic_version set version_num = version_num"))
            connection.rollback()
    finally:
        engine.dispose()


def _mark_version(connection: Connection) -> None:
    """Say which nbgrader made the tables, as it does itself, also if a grader was killed while making them.

    Without it `nbgrader db upgrade` takes the gradebook for one of nbgrader's first years.
    """
    connection.execute(text("create table if not exists alembic_version (version_num varchar(32) not null)"))
    if connection.dialect.name == "postgresql":  # else two graders that start may both find none
        connection.execute(text("lock table alembic_version in exclusive mode"))
    if connection.execute(text("select count(*) from alembic_version")).scalar_one() == 0:
        version = {"version": newest_version()}
        connection.execute(text("insert into alembic_version (version_num) values (:version)"), version)


@lru_cache(maxsize=1)
def newest_version() -> str:
    """The version of a gradebook that this nbgrader makes: of its steps the one that no other builds on.

    nbgrader asks the command `alembic` for it, which costs seconds at every start of the grader.
    """
    found: dict[str, str | None] = {}
    for path in sorted((Path(dbutil.ALEMBIC_DIR) / "versions").glob("*.py")):
        named = {
            target.id: ast.literal_eval(line.value)
            for line in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(line, ast.Assign)
            for target in line.targets
            if isinstance(target, ast.Name) and target.id in ("revision", "down_revision")
        }
        found[named["revision"]] = named["down_revision"]
    (newest,) = found.keys() - set(found.values())
    return newest


def _require_version(course: Course, connection: Connection) -> None:
    """StorageError for a gradebook of another nbgrader: columns are missing there, or unknown here."""
    found = connection.execute(text("select version_num from alembic_version")).scalars().first()
    if found != newest_version():
        raise StorageError(
            f"the gradebook {_name(course)} was made by another version of nbgrader. Keep a copy of it, then "
            "run in the course root: nbgrader db upgrade"
        )


def _name(course: Course) -> str:
    """The gradebook as an instructor knows it, without a password."""
    url = make_url(course.gradebook_url)
    return str(
        url.database if url.drivername.startswith("sqlite") else url.render_as_string(hide_password=True)
    )


def passes_by_itself(error: Exception) -> bool:
    """True if another try may succeed: the database is away or locked, or someone wrote the same rows."""
    if isinstance(error, IntegrityError | StaleDataError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in PASSES_BY_ITSELF or "already exists" in str(
            cause
        )
    if getattr(cause, "sqlstate", "") in MADE_MEANWHILE:
        return True
    away = isinstance(error, OperationalError | InterfaceError)
    return away or (isinstance(error, DBAPIError) and error.connection_invalidated)


def explain(course: Course, error: Exception, done: str = "written") -> str:
    """One line for the instructor: which gradebook cannot be `done`, and what it said."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    reason = " ".join(str(cause).split()) or type(cause).__name__
    return f"the gradebook {_name(course)} cannot be {done}: {reason}"
