"""Every promise of isolation, attacked in the real jail: by the trials of the doctor, and deeper."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import isolation_trials
from autograder.isolation_trials import EARLIER, IsolationTrial, random_numbers
from autograder.sandbox.trusted.jail import Jail
from tests.autograder.test_sandbox import printed

pytestmark = pytest.mark.sandbox


def trials(*, earlier: bool) -> list[object]:
    chosen = [trial for trial in isolation_trials.TRIALS if (trial.group == EARLIER) is earlier]
    return [pytest.param(trial, id=trial.attempt.replace(" ", "-")) for trial in chosen]


@pytest.mark.parametrize("trial", trials(earlier=False))
def test_a_submission_cannot(jail: Jail, trial: IsolationTrial) -> None:
    assert trial.run(jail) == "True"


@pytest.mark.parametrize("trial", trials(earlier=True))
def test_a_later_submission_cannot(jail: Jail, trial: IsolationTrial) -> None:
    assert trial.run(jail) == "True"


def test_a_later_submission_draws_other_random_numbers(jail: Jail) -> None:
    assert not set(random_numbers(jail)) & set(random_numbers(jail))


def test_a_trial_that_is_wrong_itself_does_not_look_like_safety(jail: Jail) -> None:
    wrong = IsolationTrial("any", "any", "print(refused(libc.no_such_function))")
    assert wrong.run(jail) != "True"
    allowed = IsolationTrial("any", "any", "print(refused(os.getcwd))")
    assert allowed.run(jail) == "False"


def test_the_server_shares_no_writable_memory_with_its_forks(jail: Jail) -> None:
    with Jail(jail.limits) as own:
        own.start()
        server = max(_below(own._process.pid)) if own._process else 0
        maps = [line.split() for line in Path(f"/proc/{server}/maps").read_text().splitlines()]
        assert any("numpy" in line[-1] for line in maps), "the server, with its libraries"
        assert not [line for line in maps if "w" in line[1] and "s" in line[1]]


def _below(parent: int) -> list[int]:
    """The process and all its descendants."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *(pid for child in children for pid in _below(int(child)))]


def test_a_submission_talks_to_itself_over_its_own_loopback(jail: Jail) -> None:
    code = """
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
server.accept()[0].sendall(b"hello")
print(client.recv(5))
"""
    with jail.session() as session:
        assert printed(session, code) == "b'hello'\n"


def test_what_honest_code_asks_of_the_system_is_not_refused(jail: Jail) -> None:
    code = """
import fcntl, os, resource, signal, subprocess, tempfile, threading
resource.getrlimit(resource.RLIMIT_CORE), resource.prlimit(0, resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
fcntl.flock(tempfile.TemporaryFile(), fcntl.LOCK_EX)
os.sched_yield(), os.getloadavg, os.nice(1)
print(subprocess.run(["sh", "-c", "ulimit -c; echo $HOME"], capture_output=True, text=True).stdout.split())
"""
    with jail.session() as session:
        assert printed(session, code) == "['0', '/sandbox/home']\n"
