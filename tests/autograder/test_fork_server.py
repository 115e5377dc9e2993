"""The fork server: what its forks share, and that it is begun afresh where it grows or dies."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.sandbox.trusted.jail import MOST_GROWTH, Jail
from tests.autograder.conftest import REPOSITORY, SHORT

pytestmark = pytest.mark.sandbox

GROWS = """
import os
from autograder.sandbox.jailed import server
stopped, kept = server._stopped, []
def grows(*arguments):
    kept.append(os.urandom(1) * %d)
    return stopped(*arguments)
server._stopped = grows
server.main()
"""


class GrowingJail(Jail):
    """The real jail, whose server keeps so many bytes more after each submission."""

    def __init__(self, growth: int) -> None:
        super().__init__(SHORT, hidden=[REPOSITORY])
        self.growth = growth

    def _server_command(self) -> list[str]:
        *command, _, _ = super()._server_command()
        return [*command, "-c", GROWS % self.growth]


def server_of(jail: Jail) -> int | None:
    """A number that another server does not have."""
    return jail._process.pid if jail._process is not None else None


@pytest.mark.parametrize(("growth", "is_same"), [(MOST_GROWTH + (8 << 20), False), (4096, True)])
def test_a_server_that_grows_is_begun_afresh_between_submissions(growth: int, is_same: bool) -> None:
    with GrowingJail(growth) as jail:
        with jail.session() as session:
            session.run_cell("mine = 1")
            first = server_of(jail)
        with jail.session() as session:
            assert session.run_cell("1 + 1").outputs[0]["data"]["text/plain"] == "2"
            assert (server_of(jail) == first) is is_same


def test_a_server_that_died_is_begun_afresh(jail: Jail) -> None:
    with jail.session() as session:
        session.run_cell("mine = 1")
    assert jail._process is not None
    jail._process.kill()
    jail._process.wait()
    with jail.session() as session:
        assert session.run_cell("1 + 1").outputs[0]["data"]["text/plain"] == "2"


def test_a_server_begun_early_is_waited_for() -> None:
    with Jail(SHORT, hidden=[REPOSITORY]) as jail:
        jail.begin()
        first = server_of(jail)
        jail.begin()
        with jail.session() as session:
            assert session.run_cell("1 + 1").outputs[0]["data"]["text/plain"] == "2"
        assert first is not None
        assert server_of(jail) == first


def test_a_submission_shares_what_it_does_not_change(jail: Jail) -> None:
    with jail.session() as session:
        session.run_cell("1 + 1")
        before = jail.sharing()
        session.run_cell("import gc\ngc.collect()")
        collected = jail.sharing()
        session.run_cell("mine = bytearray(40 << 20)")
        after = jail.sharing()
    assert before["own"] < before["resident"] / 3
    assert collected["own"] < before["own"] + before["resident"] / 10
    assert 40 << 20 <= after["own"] - collected["own"] < 44 << 20


def test_the_graders_processes_build_no_grammar_of_addresses() -> None:
    code = (
        "import sys, autograder.grade_one, nbformat\n"
        "assert 'jsonschema' in sys.modules\n"
        "assert sys.modules.get('rfc3987_syntax') is None and 'lark' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY, timeout=120)
