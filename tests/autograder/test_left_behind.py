"""A jail whose bubblewrap is killed while it makes it is ended by the next run; others are left alone."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from autograder.limits import Limits
from autograder.sandbox.trusted import view
from autograder.sandbox.trusted.jail import Jail, require_sandbox
from autograder.sandbox.trusted.left_behind import end_unfinished_jails, unfinished_jails

pytestmark = pytest.mark.sandbox


def half_made_jail() -> int:
    """Kill a bubblewrap between its child's start and the setting up of the child; the child's number."""
    told, tell = os.pipe()
    never, hold = os.pipe()  # bubblewrap waits for it before it sets the child up
    program, *options = view.jail_command()
    command = [program, "--info-fd", str(tell), "--userns-block-fd", str(never), *options]
    made = subprocess.Popen([*command, "autograder.sandbox.jailed.server"], pass_fds=[tell, never])
    os.close(tell)
    text = b""
    while b"}" not in text:  # the kernel may hand it over in parts
        text += os.read(told, 1 << 12)
    made.kill()
    made.wait()
    for descriptor in (told, never, hold):
        os.close(descriptor)
    return int(json.loads(text)["child-pid"])


def is_gone(number: int) -> bool:
    patience = time.monotonic() + 10
    while time.monotonic() < patience:
        try:
            if ") Z " in Path(f"/proc/{number}/stat").read_text():
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_a_jail_that_was_killed_half_made_is_ended_before_the_next_class() -> None:
    left = half_made_jail()
    time.sleep(0.2)
    # a class that starts beside this test may have ended it by now
    assert left in unfinished_jails() or is_gone(left), "this is what a kill at that moment leaves"
    require_sandbox()
    assert is_gone(left)
    assert left not in unfinished_jails()


def test_a_jail_at_work_is_no_unfinished_one() -> None:
    with Jail(Limits()) as jail, jail.session() as session:
        end_unfinished_jails()
        assert session.run_cell("print(1)").outputs[0]["text"] == "1\n"
