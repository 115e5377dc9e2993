"""The fuzzer's own tests: what it found stays found, a bounded run finds nothing, a planted bug is found."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.fuzz.__main__ import HERE, TARGETS

RUNS = {"wire": 60_000, "answer": 60_000, "notebook": 4_000}
KNOWN = sorted(path for kind in ("corpus", "found") for path in (HERE / kind).glob("*/*"))
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the fuzzer has no wheels for other systems")
# target, file, the check that is taken out, and what stands in its place
PLANTED = [
    (
        "wire",
        "autograder/sandbox/wire.py",
        "if not isinstance(code, str) or code not in ARRAY_DTYPES:",
        "if not isinstance(code, str):",
    ),
    (
        "wire",
        "autograder/sandbox/wire.py",
        "if decoder.taken != len(blob):",
        "if decoder.taken > len(blob):",
    ),
    (
        "answer",
        "autograder/sandbox/trusted/session.py",
        "for line in trace[:MAX_TRACEBACK]] if isinstance(trace, list) else []",
        "for line in trace[:MAX_TRACEBACK]] if trace else []",
    ),
    (
        "notebook",
        "autograder/submission/reading.py",
        '"".join(part for part in source if isinstance(part, str))',
        '"".join(source)',
    ),
]


def fuzz(folder: Path, target: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the fuzzer in `folder`, whose packages come before the repository's."""
    command = [sys.executable, "-m", "tests.fuzz", target, "--seed", "7", "--found", str(folder), *arguments]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", check=False
    )


@pytest.mark.parametrize("path", KNOWN, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_known_input_keeps_the_promises(path: Path) -> None:
    importlib.import_module(f"tests.fuzz.{path.parent.name}").try_input(path.read_bytes())


@on_linux
@pytest.mark.parametrize("target", TARGETS)
def test_a_bounded_run_of_the_fuzzer_finds_nothing(target: str, tmp_path: Path) -> None:
    done = fuzz(tmp_path, target, "--runs", str(RUNS[target]))
    assert done.returncode == 0, (
        f"{done.stdout[-4000:]}\n{done.stderr[-1000:]}\nkeep the input in tests/fuzz/found/{target}"
    )
    assert f"Done {RUNS[target]} runs" in done.stderr
    reached = [int(number) for number in re.findall(r"cov: (\d+)", done.stderr)]
    assert reached[-1] > 50, "the fuzzer sees the branches of the parser"


@on_linux
@pytest.mark.parametrize(
    ("target", "file", "check", "without"), PLANTED, ids=["dtype", "unused-bytes", "traceback", "source"]
)
def test_a_check_that_is_taken_out_is_found(
    target: str, file: str, check: str, without: str, tmp_path: Path
) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "sample_class")
    shutil.copytree(REPOSITORY / "autograder", tmp_path / "autograder", ignore=ignored)
    source = (tmp_path / file).read_text(encoding="utf-8")
    assert source.count(check) == 1, f"{file} has changed: plant the bug anew"
    (tmp_path / file).write_text(source.replace(check, without), encoding="utf-8")
    done = fuzz(tmp_path, target, "--runs", str(RUNS[target]))
    assert done.returncode != 0, "the planted bug was not found"
    assert str(tmp_path / file) in done.stdout or "AssertionError" in done.stdout, done.stdout[-4000:]
    assert list(tmp_path.glob(f"{target}-crash-*")), "the input that shows it is kept"
