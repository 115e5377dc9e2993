"""The jail: what a submission sees, what it may use, and that nothing of it is left for the next one."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.trusted.jail import Jail, SandboxError
from autograder.sandbox.trusted.session import Session, SubmissionEnded, clean_output
from coursekit.checks.outcome import Foreign, NoAnswer, Raised, Returned

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.sandbox


def printed(session: Session, source: str) -> str:
    """What a cell prints; an exception of the cell is part of it."""
    outputs = session.run_cell(source).outputs
    return "".join(
        out.get("text", "") or out.get("evalue", "") or str(out.get("data", "")) for out in outputs
    )


def test_a_cell_runs_as_in_a_notebook(jail: Jail) -> None:
    with jail.session() as session:
        done = session.run_cell("import numpy as np\nprint('hello')\nnp.arange(3)")
        assert [out["output_type"] for out in done.outputs] == ["stream", "execute_result"]
        assert done.outputs[1]["data"]["text/plain"] == "array([0, 1, 2])"
        assert session.run_cell("1 / 0").outputs[0]["ename"] == "ZeroDivisionError"
        assert printed(session, "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')") == "awaited\n"
        assert "jail" in printed(session, "!hostname")
        assert "EOF" in printed(session, "input('name? ')")


def test_a_figure_is_a_picture(jail: Jail) -> None:
    with jail.session() as session:
        done = session.run_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert "image/png" in done.outputs[-1]["data"]


def test_a_picture_keeps_its_words_for_those_who_cannot_see_it(jail: Jail) -> None:
    code = "from coursekit import figures\nfigures.picture([[0, 1], [1, 0]], title='a chessboard')"
    with jail.session() as session:
        (output,) = session.run_cell(code).outputs
    assert output["metadata"]["image/png"]["alt"].startswith("a chessboard")


@pytest.mark.parametrize("package", ["reference", "shapes"])
def test_an_import_of_what_computes_the_answers_says_why_it_fails(jail: Jail, package: str) -> None:
    with jail.session() as session:
        (output,) = session.run_cell(f"from coursekit.{package}.anything import something").outputs
    assert output["ename"] == "ModuleNotFoundError"
    assert output["evalue"].startswith(f"coursekit.{package} is left out while your work is graded: ")


@pytest.mark.parametrize(
    "code",
    [
        "from coursekit import correlate",
        "import coursekit\ncoursekit.output_size",
        "from coursekit import shapes",
    ],
)
def test_a_name_of_the_course_that_is_left_out_says_what_to_do(jail: Jail, code: str) -> None:
    with jail.session() as session:
        (output,) = session.run_cell(code).outputs
    assert output["ename"] == "ImportError"
    assert "left out while your work is graded; use your own function instead" in output["evalue"]


def test_a_figure_that_needs_the_reference_says_that_it_is_not_drawn(jail: Jail) -> None:
    code = "from coursekit import figures\nfigures.window_step([[1, 2], [3, 4]], [[1]], (0, 0))"
    with jail.session() as session:
        (output,) = session.run_cell(code).outputs
    assert output["evalue"].endswith("no figure that needs it is drawn")


def test_a_question_brings_back_the_answer_and_the_inputs_afterwards(jail: Jail) -> None:
    with jail.session() as session:
        session.run_cell("def spoil(values, factor):\n    values[0] = 7\n    return factor * values")
        outcome = session.ask("spoil", (np.array([1, 2]), 3))
        assert isinstance(outcome, Returned)
        assert np.asarray(outcome.value).tolist() == [21, 6]
        assert np.asarray(outcome.arguments_after[0]).tolist() == [7, 2]
        assert session.ask("nowhere", ()) == NoAnswer("not-defined")


def test_arguments_that_a_call_leaves_alone_are_those_that_were_sent(jail: Jail) -> None:
    sent = (np.array([1.0, np.nan]), [np.zeros(2), (3, True)], 3)
    with jail.session() as session:
        session.run_cell(
            "def look(array, items, number):\n    return array.sum()\n"
            "def append(array, items, number):\n    items.append(number)\n"
            "def retype(array, items, number):\n    items[0] = items[0].astype('int64')"
        )
        after: list[Any] = [session.ask(name, sent) for name in ("look", "append", "retype")]
    looked, appended, retyped = (outcome.arguments_after for outcome in after)
    assert all(mine is given for mine, given in zip(looked, sent, strict=True))
    assert appended[1][2] == 3 and len(sent[1]) == 2  # type: ignore[arg-type]  # a list
    assert retyped[1][0].dtype == np.int64


def test_an_exception_is_an_answer_with_the_students_own_lines(jail: Jail) -> None:
    with jail.session() as session:
        session.run_cell("def inner(x):\n    return x[5]\n\ndef outer(x):\n    return inner(x)")
        outcome = session.ask("outer", (np.zeros(2),))
    assert isinstance(outcome, Raised)
    assert outcome.kind == "IndexError"
    assert "return x[5]" in outcome.trace
    assert "runner.py" not in outcome.trace


@pytest.mark.parametrize(
    "returned", ["{1: 2}", "object()", "np.array([object()])", "np.array(['a'])", "print"]
)
def test_what_is_not_numbers_comes_back_as_a_name(jail: Jail, returned: str) -> None:
    with jail.session() as session:
        session.run_cell(f"import numpy as np\ndef f():\n    return {returned}")
        outcome = session.ask("f", ())
    assert isinstance(outcome, Returned)
    assert isinstance(outcome.value, Foreign)


@pytest.mark.parametrize(
    "code",
    [
        "import coursekit.reference",
        "import autograder.judge",
        "import autograder.sandbox.trusted.jail",
        "from coursekit import correlate",
        "open('/etc/passwd')",
        "open('/proc/self/status')",
        "open('/usr/new', 'w')",
        "open('/course/coursekit/new', 'w')",
        "open('/dev/new', 'w')",
        "open('/new', 'w')",
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
        "import os; os.setuid(0)",
        "import os; os.mknod('device', 0o20666, 1)",
    ],
)
def test_a_submission_cannot(jail: Jail, code: str) -> None:
    with jail.session() as session:
        (output,) = session.run_cell(code).outputs
    assert output["output_type"] == "error"


def test_only_the_jailed_half_of_the_course_is_there(jail: Jail) -> None:
    with jail.session() as session:
        listing = "import os\nprint(sorted(n for _, _, names in os.walk('/course') for n in names))"
        names = printed(session, listing)
        assert "wire.py" in names
        assert "pictures.py" in names  # of the figures
        for trusted in (
            "judge.py",
            "correlate.py",
            "output.py",
            "grade.py",
            "session.py",
            "registry.py",
            "03_cross_correlation",
        ):
            assert trusted not in names
        assert (
            printed(session, "import os\nprint(os.listdir('/proc'), os.listdir(), os.getpid())")
            == "[] [] 1\n"
        )
        names = (
            "import os\nprint([n for n in os.environ if 'TOKEN' in n or 'SECRET' in n or 'NBGRADER' in n])"
        )
        assert printed(session, names) == "[]\n"


def test_of_the_course_folder_only_the_installed_packages_show(jail: Jail) -> None:
    look = f"""
import os
for folder, inner, names in os.walk({str(REPOSITORY)!r}):
    inner[:] = [name for name in inner if name != "site-packages"]
    if names:
        print(folder, names)
"""
    with jail.session() as session:
        assert printed(session, look) == ""


HOARD = "while True:\n    x.append(bytearray(10**7))"


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("import os; os._exit(3)", "exit 3"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
        ("import os\nfor _ in range(4):\n    os.fork()\nx = []\n" + HOARD, "memory"),
    ],
)
def test_a_submission_that_takes_itself_down_is_told_how(jail: Jail, code: str, how: str) -> None:
    with pytest.raises(SubmissionEnded), jail.session() as session:
        session.run_cell(code)
    assert session.ended == how


def test_a_fork_bomb_is_stopped_by_the_kernel_or_where_the_grader_is_root_by_the_watchdog(jail: Jail) -> None:
    bomb = "import os\ntry:\n    while True:\n        os.fork()\nexcept OSError:\n    os._exit(9)"
    with pytest.raises(SubmissionEnded), jail.session() as session:
        session.run_cell(bomb)
    assert session.ended in ("processes", "exit 9")


def test_the_jail_of_root_has_a_control_group_and_leaves_none_behind(jail: Jail) -> None:
    mine = f"**/autograder-{os.getpid()}-*"  # another grader on this machine makes and removes its own
    before = set(Path("/sys/fs/cgroup").glob(mine))
    with Jail(jail.limits) as own:
        own.start()
        if os.geteuid() == 0 and own._group is not None:
            assert int((own._group / "pids.max").read_text()) < 2 * jail.limits.processes
            assert len((own._group / "cgroup.procs").read_text().split()) >= 2
    assert set(Path("/sys/fs/cgroup").glob(mine)) <= before


def test_one_process_that_wants_too_much_memory_gets_a_memory_error(jail: Jail) -> None:
    with jail.session() as session:
        assert session.run_cell("x = bytearray(10**10)").memory_ran_out
        just_under = "x = bytearray(300 * 1024 * 1024)\nprint(len(x))"
        assert printed(session, just_under) == "314572800\n"
        session.run_cell("def f():\n    return bytearray(10**10)")
        assert isinstance(session.ask("f", ()), NoAnswer)


STUBBORN = """
def f():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""


def test_an_endless_cell_and_an_endless_answer_are_stopped(jail: Jail) -> None:
    with Jail(replace(jail.limits, cell_seconds=0.5, question_seconds=0.5)) as quick:
        for use in (lambda s: s.run_cell("while True: pass"), lambda s: s.ask("f", ())):
            with pytest.raises(SubmissionEnded, match=r"timeout.*0\.5 s"), quick.session() as session:
                session.run_cell(STUBBORN)
                use(session)


def test_disk_files_and_descriptors_are_bounded(jail: Jail) -> None:
    with jail.session() as session:
        assert "File too large" in printed(session, "open('big', 'wb').write(bytes(40 * 1024 * 1024))")
        fill = "for i in range(9):\n    open(f'f{i}', 'wb').write(bytes(20 * 1024 * 1024))"
        assert "No space left" in printed(session, fill)
        assert "Too many open files" in printed(session, "held = [open('/dev/null') for _ in range(999)]")


def test_a_cells_output_is_cut_not_the_cell(jail: Jail) -> None:
    with jail.session() as session:
        done = session.run_cell("print('x' * 10**7)\nreached = True")
        assert "over the limit" in done.outputs[-1]["text"]
        assert sum(len(out["text"]) for out in done.outputs) < jail.limits.output_bytes
        assert printed(session, "print(reached)") == "True\n"


def test_an_answer_over_the_limit_is_no_answer(jail: Jail) -> None:
    with jail.session() as session:
        session.run_cell("import numpy as np\ndef f():\n    return np.zeros(10**7)")
        with pytest.raises(SubmissionEnded, match="bytes"):
            session.ask("f", ())


@pytest.mark.parametrize(
    "output",
    [
        None,
        {"output_type": "update_display_data"},
        {"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}},
        {"output_type": "display_data", "data": {"image/png": "bm90IGEgcGljdHVyZQ=="}},
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload='alert(1)'/>"}},
        {"output_type": "display_data", "data": ["text/plain"]},
    ],
)
def test_an_output_that_could_harm_its_reader_is_dropped(output: Any) -> None:
    assert clean_output(output) is None


def test_a_dead_fork_server_is_replaced(jail: Jail) -> None:
    with Jail(jail.limits) as own:
        own.start()
        assert own._process is not None
        own._process.kill()
        own._process.wait()
        with own.session() as session:
            assert printed(session, "print(1)") == "1\n"


def test_a_server_that_dies_under_a_submission_is_a_fault_of_ours_and_is_noticed_at_once(jail: Jail) -> None:
    with Jail(jail.limits) as own:
        own.start()
        assert own._process is not None
        threading.Timer(0.3, own._process.kill).start()
        started = time.monotonic()
        with pytest.raises(SandboxError, match="fork server"), own.session() as session:
            session.run_cell("import time; time.sleep(30)")
        assert time.monotonic() - started < 20
        with own.session() as session:
            assert printed(session, "print('next')") == "next\n"


def test_threads_are_bounded(jail: Jail) -> None:
    start = """
import os
import threading
started = 0
try:
    for started in range(999):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
except RuntimeError:
    pass
print(started)
"""
    with jail.session() as session:
        assert 1 < int(printed(session, start)) <= jail.limits.processes


def test_what_outlives_its_own_parents_is_ended_before_the_next_submission(jail: Jail) -> None:
    stay = """
import ctypes, os, time
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
if os.fork() == 0:
    os.setsid()
    held = bytearray(300 * 1024 * 1024)
    time.sleep(600)
os.kill(0, 9)
"""
    with Jail(jail.limits) as own:
        for _ in range(2):
            with own.session() as session:
                session.run_cell(stay)
        with own.session() as session:
            assert printed(session, "held = bytearray(400 * 1024 * 1024)\nprint(len(held))") == "419430400\n"


def test_stopping_its_process_group_stalls_nobody(jail: Jail) -> None:
    started = time.monotonic()
    with pytest.raises(SubmissionEnded, match="timeout"), jail.session(1.0) as session:
        session.run_cell("import os, signal\nos.kill(0, signal.SIGSTOP)\nwhile True: pass")
    assert time.monotonic() - started < 9


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("memfd_create", "import os; os.memfd_create('m')"),
        ("shmget", "assert libc.shmget(0, 4096, 0o1600) >= 0"),
        ("add_key", "assert libc.syscall(248 if x86 else 217, b'user', b'k', b'v', 1, -3) >= 0"),
        ("ptrace", "assert libc.ptrace(0, 0, 0, 0) >= 0"),
        ("lease", "import fcntl, numpy; fcntl.fcntl(open(numpy.__file__), 1024, 0)"),
        ("user namespace", "assert libc.unshare(0x10000000) == 0"),
        ("vsock", "import socket; socket.socket(40, socket.SOCK_STREAM)"),
        ("affinity", "import os; os.sched_setaffinity(0, {0})"),
        ("mount", "assert libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None) == 0"),
    ],
)
def test_the_kernel_refuses(jail: Jail, call: str, code: str) -> None:
    setup = "import ctypes, platform\nlibc = ctypes.CDLL(None)\nx86 = platform.machine() == 'x86_64'"
    with jail.session() as session:
        assert session.run_cell(setup).outputs == []
        assert session.run_cell(code).outputs[0]["output_type"] == "error"


def test_processes_threads_and_subprocesses_of_honest_code_work(jail: Jail) -> None:
    code = """
import multiprocessing, subprocess, threading
from concurrent.futures import ThreadPoolExecutor
with multiprocessing.Pool(2) as pool:
    squares = pool.starmap(pow, [(1, 2), (2, 2), (3, 2)])
with ThreadPoolExecutor(4) as pool:
    cubes = list(pool.map(lambda n: n**3, range(4)))
print(squares, cubes, subprocess.run(["echo", "hello"], capture_output=True, text=True).stdout)
"""
    with jail.session() as session:
        assert printed(session, code) == "[1, 4, 9] [0, 1, 8, 27] hello\n\n"


def test_a_module_that_the_notebook_writes_can_be_imported(jail: Jail) -> None:
    with jail.session() as session:
        session.run_cell("%%writefile helper.py\nanswer = 42")
        assert printed(session, "import helper\nprint(helper.answer)") == "42\n"


@pytest.mark.parametrize("text", ["█", "\\x00", "\\ud800", "é"])
def test_output_in_any_alphabet_is_cut_not_the_cell(jail: Jail, text: str) -> None:
    with jail.session() as session:
        session.run_cell(f"print('{text}' * 1_900_000)\nreached = True")
        assert printed(session, "print(reached)") == "True\n"
        many = "import sys\nfor _ in range(30_000):\n    print(1)\n    print(2, file=sys.stderr)\nreached = 2"
        session.run_cell(many)
        assert printed(session, "print(reached)") == "2\n"


def test_text_comes_out_without_control_characters_and_surrogates(jail: Jail) -> None:
    with jail.session() as session:
        session.run_cell("def f():\n    raise ValueError('a\\ud800b\\x07c\\u202ed')")
        outcome = session.ask("f", ())
    assert isinstance(outcome, Raised)
    assert outcome.message == "a?b\ufffdc\ufffdd"


def test_a_widget_can_be_made_where_the_reference_is_not(jail: Jail) -> None:
    code = "from coursekit import SlidingWindow\nSlidingWindow([[1, 2], [3, 4]], [[1]])"
    with jail.session() as session:
        assert all(out["output_type"] != "error" for out in session.run_cell(code).outputs)
