"""A short campaign: real graders killed at random and before each kind of write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.audit import Auditor, gradebook_rows, records
from tests.faults.campaign import Campaign, graded_without_a_fault

ONLY = ("01-loops", "12-unfinished", "19-no-notebook", "22-nothing-handed-in")
SEED = 20
pytestmark = pytest.mark.sandbox


def test_graders_that_are_killed_lose_nothing_and_write_nothing_by_half(tmp_path: Path) -> None:
    reference = graded_without_a_fault(tmp_path / "reference", only=ONLY)
    campaign = Campaign(tmp_path, reference, int(os.environ.get("FAULTS_SEED", SEED)), only=ONLY)
    figures = campaign.run(kills=8)
    assert figures.violations == []
    assert sum(figures.kills.values()) >= 8
    assert figures.classes >= 1

    # and the auditor is no yes-man: what it must see, it sees
    auditor = Auditor(reference)
    auditor.when_complete(reference)
    record = reference.reports("03_cross_correlation") / "results" / "01-loops" / "03_cross_correlation.json"
    text = record.read_text()
    record.write_text(text.replace('"score": 11.0', '"score": 10.0'))
    with pytest.raises(AssertionError, match="01-loops"):
        auditor.after_a_kill(reference)
    record.write_text(text[:200])
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        auditor.after_a_kill(reference)
    record.unlink()
    with pytest.raises(AssertionError, match="lost"):
        auditor.after_a_kill(reference)
    assert set(gradebook_rows(reference)) - set(records(reference)) == {"01-loops"}
