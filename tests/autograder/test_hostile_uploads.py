"""Hostile zips: what is unpacked stays in its folder, small and plain, and no upload stops another's."""

from __future__ import annotations

import logging
import os
import runpy
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.plugins import ExtractorPlugin
from traitlets.config import Config

from autograder import extract
from autograder.limits import MEBIBYTE
from tests.autograder.hostile_class import docstring, files_of
from tests.autograder.small_course import REPOSITORY, RIGHT, STEM, answered, make_course, notebook

UPLOADS = [pytest.param(path, id=path.stem) for path in files_of("uploads")]
EMPTY = ("deep", "deep/inside", "deep/inside/extracted")  # but for what is unpacked there
NAME = "{who}_{number}_assignsubmission_file_"


def handed_in() -> str:
    return nbformat.writes(answered(notebook("one_number"), RIGHT))


def everything_under(folder: Path) -> dict[str, os.stat_result]:
    """Every entry under `folder`, never through a link."""
    return {str(path.relative_to(folder)): path.lstat() for path in folder.rglob("*")}


def extractor() -> Any:
    quiet = logging.getLogger("tests.hostile_uploads")
    return extract.SafeExtractor(config=Config(), log=quiet)


@pytest.mark.parametrize("path", UPLOADS)
def test_what_is_unpacked_is_plain_small_and_in_its_place(path: Path, tmp_path: Path) -> None:
    hostile = runpy.run_path(str(path))
    archive, unpacked = tmp_path / "archive", tmp_path / "deep" / "inside" / "extracted"
    archive.mkdir()
    unpacked.mkdir(parents=True)
    text = handed_in()
    hostile["upload"](archive / "hostile.zip", text)
    with zipfile.ZipFile(archive / "honest.zip", "w") as honest:
        honest.writestr("exercise.ipynb", text)
    extractor().extract(str(archive), str(unpacked))

    found = everything_under(unpacked)
    assert (unpacked / "honest" / "exercise.ipynb").read_text() == text, docstring(path)
    elsewhere = {name for name in everything_under(tmp_path) if not name.startswith("deep/inside/extracted/")}
    assert elsewhere == {"archive", "archive/hostile.zip", "archive/honest.zip", *EMPTY}
    assert not Path("/tmp/absolute.ipynb").exists()
    files = {name: entry for name, entry in found.items() if not stat.S_ISDIR(entry.st_mode)}
    assert all(stat.S_ISREG(entry.st_mode) for entry in files.values())
    assert all(stat.S_IMODE(entry.st_mode) == 0o644 for entry in files.values())
    assert sum(entry.st_size for entry in files.values()) < 260 * MEBIBYTE  # two names at the top of one zip
    assert len(found) < 1_100
    mine = {name.removeprefix("hostile/") for name in files if name.startswith("hostile/")}
    assert hostile["KEPT"] <= mine
    assert all(name in hostile["KEPT"] or name.startswith(("many/", "empty/", "layer/")) for name in mine)


def test_the_extractor_of_nbgrader_itself_would_not_pass(tmp_path: Path) -> None:
    hostile = runpy.run_path(str(REPOSITORY / "tests/hostile/uploads/no_archive_at_all.py"))
    archive, unpacked = tmp_path / "archive", tmp_path / "extracted"
    archive.mkdir()
    unpacked.mkdir()
    hostile["upload"](archive / "hostile.zip", "")
    with pytest.raises(Exception, match="archive"):
        ExtractorPlugin(config=Config()).extract(str(archive), str(unpacked))


@pytest.mark.parametrize(("over", "kept"), [(1, 0), (0, 1)])
def test_a_file_is_unpacked_up_to_its_limit(over: int, kept: int, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(extract, "FILE_BYTES", 1000)
    (tmp_path / "archive").mkdir()
    (tmp_path / "extracted").mkdir()
    with zipfile.ZipFile(tmp_path / "archive" / "a.zip", "w") as archive:
        archive.writestr("file", bytes(1000 + over))
    extractor().extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
    assert len(list((tmp_path / "extracted" / "a").iterdir())) == kept


@pytest.mark.parametrize(("entries", "kept"), [(5, 4), (4, 4), (3, 3)])
def test_entries_are_unpacked_up_to_their_limit(
    entries: int, kept: int, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(extract, "Room", lambda: extract_room(4))
    (tmp_path / "archive").mkdir()
    (tmp_path / "extracted").mkdir()
    with zipfile.ZipFile(tmp_path / "archive" / "a.zip", "w") as archive:
        for number in range(entries):
            archive.writestr(f"somebody/{number}", "x")
    extractor().extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
    assert len(list((tmp_path / "extracted" / "a" / "somebody").iterdir())) == kept


Room = extract.Room


def extract_room(entries: int) -> extract.Room:
    return Room(entries=entries)


def test_zip_collect_takes_the_honest_and_nobody_collects_for_another(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", {"exercise": notebook("one_number")})
    release = course.folder("release", STEM)
    release.mkdir(parents=True)
    (release / "exercise.ipynb").write_text(nbformat.writes(answered(notebook("one_number"), {})))
    archive = course.root / "downloaded" / STEM / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "class.zip", "w") as download:  # as Moodle gives it out
        download.writestr(f"{NAME.format(who='Neighbour', number=7000999)}/exercise.ipynb", handed_in())
        for number, path in enumerate(files_of("uploads")):
            upload = tmp_path / "upload.zip"
            runpy.run_path(str(path))["upload"](upload, "not the neighbour's")
            folder = NAME.format(who=path.stem.replace("_", " ").title(), number=7000000 + number)
            download.write(upload, f"{folder}/upload.zip")
    command = [sys.executable, "-m", "nbgrader", "zip_collect", STEM]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    submitted = course.root / "submitted"
    assert (submitted / "neighbour" / STEM / "exercise.ipynb").read_text() == handed_in()
    assert all(not path.is_symlink() for path in submitted.rglob("*"))
    assert done.stderr.count("Left out") > 20
