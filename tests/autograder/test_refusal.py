"""Where no sandbox can be built there is a refusal with the ways out; without one only when told so twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.__main__ import ACCEPT, main
from autograder.grade_one import Job
from autograder.limits import Limits
from autograder.report.class_report import write_class_report
from autograder.sample_class.__main__ import lay_out
from autograder.sample_class.build import STEM
from autograder.sandbox.trusted import refusal
from autograder.sandbox.trusted.jail import SandboxError, require_sandbox
from autograder.sandbox.trusted.open_jail import OpenJail
from autograder.sandbox.trusted.session import SubmissionEnded
from autograder.store import kept_result, stored_results
from coursekit.checks.outcome import Returned
from tests.autograder.test_sandbox import printed

REPOSITORY = Path(__file__).resolve().parents[2]
GRADE = ("grade", STEM, "--student", "01-loops", "--course-dir")
LIKE_A_CONTAINER = """
import ctypes, os, sys
from autograder.sandbox.jailed import seccomp
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)
seccomp.install(libc)  # refuses namespaces, as the filter of Docker does
os.execv(sys.executable, [sys.executable, "-m", "autograder", *sys.argv[1:]])
"""
NO_NAMESPACES_LEFT = """
import ctypes, os, sys
user, group = os.getuid(), os.getgid()
assert ctypes.CDLL(None).unshare(0x10000000) == 0
open("/proc/self/setgroups", "w").write("deny")
open("/proc/self/uid_map", "w").write(f"0 {user} 1")
open("/proc/self/gid_map", "w").write(f"0 {group} 1")
open("/proc/sys/user/max_user_namespaces", "w").write("0")
from autograder.sandbox.trusted.jail import SandboxError, require_sandbox
try:
    require_sandbox()
except SandboxError as error:
    print(error)
"""


def autograder(*arguments: object, first: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours; `first` is a program that makes the machine unable, and then runs it."""
    program = ["-c", first] if first else ["-m", "autograder"]
    command = [sys.executable, *program, *map(str, arguments)]
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, cwd=REPOSITORY, env=environment
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("refusal") / "course").root


def refuses_once(done: subprocess.CompletedProcess[str], root: Path) -> None:
    assert done.returncode == 3
    assert done.stderr.count("autograder: ") == 1
    assert "Traceback" not in done.stderr
    assert "--no-sandbox" in done.stderr
    assert "limactl" in done.stderr
    assert done.stdout == ""
    assert not (root / "autograded").exists()
    assert not list(root.glob("reports/*/results"))


def test_without_bubblewrap_a_class_is_refused_once_before_it_begins(root: Path) -> None:
    done = autograder(*GRADE, root, PATH="/nowhere")
    refuses_once(done, root)
    assert "sudo apt-get install bubblewrap" in done.stderr


@pytest.mark.sandbox
def test_in_a_container_that_refuses_namespaces_the_doctor_says_how_to_start_one() -> None:
    done = autograder("doctor", first=LIKE_A_CONTAINER)
    assert done.returncode == 3
    assert "  PROBLEM  the sandbox cannot be built here: user namespaces are switched off" in done.stdout
    assert "docker run --security-opt seccomp=unconfined" in done.stdout
    assert done.stdout.rstrip().endswith("This machine must not grade before that is mended.")


@pytest.mark.sandbox
def test_where_the_limit_of_namespaces_is_reached_it_says_which() -> None:
    done = autograder(first=NO_NAMESPACES_LEFT)
    assert "this machine allows no further user namespace" in done.stdout, done.stderr
    assert "sudo sysctl user.max_user_namespaces=" in done.stdout


@pytest.mark.sandbox
def test_where_it_can_be_built_nothing_is_said() -> None:
    require_sandbox([REPOSITORY])


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ("bwrap: No permissions to create new namespace, likely because ...", "unprivileged_userns_clone"),
        ("bwrap: setting up uid map: Permission denied", "apparmor_restrict_unprivileged_userns"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "/etc/apparmor.d/bwrap"),
        ("bwrap: ... /proc/sys/user/max_*_namespaces exceeded (ENOSPC)", "user.max_user_namespaces"),
        ("bwrap: Creating new namespace failed, likely because the kernel does not support user namespaces.",
         "kernel of a current distribution"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined"),
        ("bwrap: Can't read /proc/sys/kernel/overflowuid: No such file or directory", "systempaths"),
        ("bwrap: Failed to make / slave: Permission denied", "apparmor=unconfined"),
        ("bwrap: pivot_root: Operation not permitted", "apparmor=unconfined"),
        ("bwrap: Unknown option --clearenv", "bubblewrap 0.5 or newer"),
        ("isolation failed: [Errno 1] unshare: Operation not permitted", "docker run"),
        ("[Errno 38] no filter of system calls is known for riscv64", "one of these"),
        ("[Errno 22] the kernel refuses the seccomp filter", "current distribution"),
        ("something new", "virtual machine"),
        ("", "virtual machine"),
    ],
)  # fmt: skip
def test_each_cause_has_its_own_way_out(said: str, way: str) -> None:
    text = refusal.explain(said)
    assert way in text
    assert said in text


@pytest.mark.parametrize(
    ("system", "ways"),
    [("Darwin", ["docker run", "limactl", "--no-sandbox"]), ("Windows", ["WSL 2"]), ("Linux", ["dnf"])],
)
def test_each_system_has_its_own_way_to_bubblewrap(system: str, ways: list[str]) -> None:
    assert all(way in refusal.without_bubblewrap(system) for way in ways)


def test_a_system_that_cannot_fork_is_refused_with_or_without_a_sandbox(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(os, "fork")
    for more in ([], ["--no-sandbox", ACCEPT]):
        assert main([*GRADE, str(root), *more]) == 3
        assert "WSL 2" in capsys.readouterr().err
    with pytest.raises(SandboxError, match="WSL 2"):
        OpenJail()


@pytest.mark.parametrize("more", [[], [ACCEPT[:9]], ["--i-accept-something"]])
def test_no_sandbox_alone_is_wrong_usage_and_says_what_it_means(
    root: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    try:
        code = main([*GRADE, str(root), "--no-sandbox", *more])
    except SystemExit as ended:  # argparse: an abbreviation is no acknowledgement
        code = int(str(ended.code))
    assert code == 2
    assert more or "read, change and send away all that you can" in capsys.readouterr().err


def test_without_a_sandbox_a_class_is_graded_and_every_result_says_so(tmp_path: Path) -> None:
    course = lay_out(tmp_path / "course")
    out = course.root / "out.jsonl"
    arguments = ["grade", STEM, "--student", "16-exits", "--course-dir", course.root, "--json", out]
    done = autograder(*arguments, "--no-sandbox", ACCEPT, PATH="/nowhere")
    assert done.returncode == 0, done.stderr
    assert "(not sandboxed)" in done.stdout
    assert "NOT SANDBOXED" in done.stdout
    graded = json.loads(out.read_text())
    assert (graded["status"], graded["score"], graded["sandboxed"]) == ("crashed", 7.0, False)
    assert "NOT SANDBOXED" in write_class_report(course, STEM).read_text(encoding="utf-8")
    (record,) = stored_results(course, STEM)
    job = Job(course.root, "16-exits", STEM, STEM, 1, basis=record.basis, sandboxed=False)
    assert kept_result(course, job) == record
    assert kept_result(course, replace(job, sandboxed=True)) is None, "a run with a sandbox grades it again"


def test_without_a_sandbox_a_submission_still_has_a_process_a_home_and_limits(tmp_path: Path) -> None:
    with OpenJail(Limits(cell_seconds=20, open_files=64, memory_bytes=256 * 2**20)) as jail:
        with jail.session() as session:
            home = printed(session, "import os\nprint(os.getcwd(), end='')")
            printed(session, "open('left', 'w').write('x'); import sys; sys.modules['left'] = sys")
            session.run_cell("def double(values):\n    return 2 * values")
            outcome = session.ask("double", (21,))
            assert isinstance(outcome, Returned) and outcome.value == 42
            assert "Too many open files" in printed(session, "[open('/dev/null') for _ in range(99)]")
            assert session.run_cell("x = bytearray(10**10)").memory_ran_out
            assert "ModuleNotFoundError" in str(session.run_cell("import coursekit.reference").outputs)
        assert home
        assert not Path(home).exists()
        with jail.session() as session:
            assert printed(session, "import sys\nprint('left' in sys.modules)") == "False\n"


DAEMON = """
import os, time
told, tell = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(tell, str(os.getpid()).encode())
        time.sleep(600)
    os._exit(0)
print(os.read(told, 20).decode())
"""
MANY = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        break
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are watched on Linux alone")
def test_without_a_sandbox_the_watchdog_still_ends_what_a_submission_started() -> None:
    with OpenJail(Limits(processes=8, cpu_seconds=2, cell_seconds=60)) as jail:
        with jail.session() as session:
            daemon = Path("/proc") / printed(session, DAEMON).strip()
            assert daemon.exists()
        assert not daemon.exists()
        for code, why in ((MANY, "processes"), ("import os\nos.fork()\nwhile True:\n    pass", "cpu")):
            with pytest.raises(SubmissionEnded), jail.session() as session:
                session.run_cell(code)
            assert session.ended == why


def test_without_a_sandbox_nothing_is_left_when_the_grader_is_done() -> None:
    with OpenJail() as jail:
        jail.start()
        folder = jail._folder
        assert folder is not None and folder.is_dir()
    assert not folder.exists()
