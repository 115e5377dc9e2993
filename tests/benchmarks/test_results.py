"""What benchmarks print and leave behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from benchmarks import __main__ as command_line
from benchmarks.results import Results, table, verdict


def test_a_table_is_aligned_words_to_the_left_and_numbers_to_the_right() -> None:
    assert table(["name", "ms"], [["a", "1.00"], ["longer", "10.00"]]).splitlines() == [
        "| name   |    ms |",
        "| ------ | ----: |",
        "| a      |  1.00 |",
        "| longer | 10.00 |",
    ]


def test_a_verdict_says_whether_the_budget_is_met() -> None:
    assert verdict("mean", 0.9, 1) == "mean 0.90; budget 1: met"
    assert verdict("mean", 1.0, 1).endswith(": met")
    assert verdict("mean", 1.01, 1).endswith(": MISSED")


def test_results_are_written_with_command_machine_and_versions(tmp_path: Path) -> None:
    results = Results("sums", [{"ratio": 0.5}], "| a | b |", Figure)
    paths = results.write(tmp_path / "results")
    assert [path.name for path in paths] == ["sums.json", "sums.md", "sums.png"]
    data = json.loads(paths[0].read_text())
    assert data["measurements"] == [{"ratio": 0.5}]
    assert data["command"] == "python -m benchmarks sums --write"
    assert data["machine"] in paths[1].read_text()
    assert {"Python", "numpy"} <= set(data["versions"])
    assert paths[1].read_text().endswith("| a | b |\n")
    assert paths[2].read_bytes().startswith(b"\x89PNG")


def test_a_name_that_is_no_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["corelate"]) == 2
    assert "must be one of import_time, correlate" in capsys.readouterr().err


@pytest.mark.parametrize("option", [[], ["--write"]])
def test_nothing_is_written_unless_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    written: list[str] = []

    class Kept(Results):
        def write(self, folder: Path = tmp_path) -> list[Path]:
            written.append(self.name)
            return []

    monkeypatch.setattr(command_line, "BENCHMARKS", {"sums": lambda: Kept("sums", [], "a table", Figure)})
    assert command_line.main([*option, "sums"]) == 0
    assert "a table" in capsys.readouterr().out
    assert written == ["sums"] * len(option)
