"""A class on a Dask cluster of real processes, killed in the middle: nothing lost, nothing graded twice."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import basis, load_assignment
from autograder.cluster import ClusterCrew, examine_workers
from autograder.course import Course, UsageError
from autograder.grade import grade_class
from autograder.grade_one import Job, OtherVersion, new_run, require_same_version
from autograder.jails import Jails
from autograder.limits import Limits
from autograder.release import save_source_cells
from autograder.result import Status
from autograder.sample_class.build import STEM
from autograder.workers import LocalCrew, graded
from tests.autograder.dask_cluster import SETTINGS, DaskCluster, dask_cluster, jails_of, wait_until
from tests.faults.audit import Auditor, family, records
from tests.faults.classroom import lay_out_class
from tests.signals import heed_ctrl_c

REPOSITORY = Path(__file__).resolve().parents[2]
STUDENTS = ("01-loops", "07-convolves", "19-no-notebook")
QUICK = "19-no-notebook"  # graded without a jail: enough where only workers that may grade are looked at
COPIES = 8
PAUSE = "\nimport time\ntime.sleep(0.3)"  # in each notebook, so that there is a middle to kill something in
pytestmark = pytest.mark.sandbox


def command(course: Course, *options: object) -> list[str]:
    return [sys.executable, "-m", "autograder", "grade", STEM, "--course-dir", str(course.root),
            *map(str, options)]  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    return os.environ | SETTINGS | {"PYTHONPATH": str(REPOSITORY)} | more


def autograder(course: Course, *options: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(course, *options), capture_output=True, text=True, timeout=300, check=False,
        cwd=REPOSITORY, env=environment(**more),
    )  # fmt: skip


class Grader:
    """`autograder grade` as it runs: what it says is read all the time."""

    def __init__(self, course: Course, *options: object) -> None:
        self.process = subprocess.Popen(
            command(course, *options), cwd=REPOSITORY, text=True, env=environment(), preexec_fn=heed_ctrl_c,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.said = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr:
            for line in self.process.stderr:
                self.said += line

    def end(self) -> int:
        code = self.process.wait(300)
        self._reader.join()
        return code

    def told(self) -> Counter[str]:
        """How often each student's result was told, which is once for each that is written."""
        return Counter(re.findall(r"^\[ *\d+/\d+\] (\S+):", self.said, re.MULTILINE))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of 24, not graded; each notebook takes a third of a second at least."""
    course = lay_out_class(tmp_path_factory.mktemp("released") / "course", COPIES, STUDENTS)
    for path in (course.root / "submitted").rglob("*.ipynb"):
        if QUICK not in str(path):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            answer = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution"))
            answer["source"] = "".join(answer["source"]) + PAUSE
            path.write_text(json.dumps(notebook), encoding="utf-8")
    save_source_cells(course, STEM)
    return course


def copy_of(course: Course, root: Path) -> Course:
    shutil.copytree(course.root, root)
    return Course(root)


@pytest.fixture(scope="module")
def on_one_machine(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The class as this machine alone grades it."""
    course = copy_of(released, tmp_path_factory.mktemp("local") / "course")
    points = [result.score for result in grade_class(course, STEM, workers=2)]
    assert points == [11] * COPIES + [5] * COPIES + [0] * COPIES
    return course


@pytest.fixture
def fresh(released: Course, tmp_path: Path) -> Course:
    return copy_of(released, tmp_path / "course")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path / "cluster") as cluster:
        yield cluster


def test_a_class_survives_its_workers(fresh: Course, on_one_machine: Course, cluster: DaskCluster) -> None:
    """One killed, one killed and begun again by its nanny, one added: each student once, the same points."""
    first = cluster.worker("--no-nanny", "--nthreads", "2")
    nanny = cluster.worker("--nanny", "--nthreads", "1")
    grader = Grader(fresh, "--scheduler", cluster.file)

    wait_until(lambda: len(records(fresh)) >= 2 and jails_of(first) and jails_of(nanny), "a class under way")
    jails = jails_of(first)
    first.kill()
    first.wait()
    wait_until(lambda: not any(jail.runs() for jail in jails), "the end of a killed worker's jails")
    added = cluster.worker("--no-nanny", "--nthreads", "1")
    wait_until(lambda: jails_of(added), "work for the worker that was added")
    (worker,) = [kin for kin in family(nanny.pid)[1] if b"spawn_main" in cmdline(kin.pid)]
    jails = jails_of(nanny)
    assert len(records(fresh)) < 24, "the class must not be over yet"
    os.kill(worker.pid, signal.SIGKILL)

    assert grader.end() == 0, grader.said
    assert not any(jail.runs() for jail in jails)
    Auditor(on_one_machine).when_complete(fresh)
    assert grader.told() == Counter(dict.fromkeys(records(on_one_machine), 1))
    wait_until(lambda: not jails_of(added) and not jails_of(nanny), "the end of all jails with the grader")
    assert added.poll() is None, "a worker lives on for the next class"


def cmdline(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_ctrl_c_finishes_what_runs_on_the_cluster(
    fresh: Course, on_one_machine: Course, cluster: DaskCluster
) -> None:
    worker = cluster.worker("--no-nanny", "--nthreads", "2")
    grader = Grader(fresh, "--scheduler", cluster.address)
    wait_until(lambda: len(records(fresh)) >= 2, "two results")
    grader.process.send_signal(signal.SIGINT)
    assert grader.end() == 130, grader.said
    auditor = Auditor(on_one_machine)
    auditor.after_a_kill(fresh)
    done = len(records(fresh))
    assert 2 <= done < 24
    wait_until(lambda: not jails_of(worker), "the end of the jails")

    left = next(student for student in auditor.expected if student not in records(fresh))
    again = autograder(fresh, "--scheduler", cluster.address, "--student", left)  # by the same worker
    assert again.returncode == 0, again.stderr
    auditor.after_a_kill(fresh)
    assert len(records(fresh)) == done + 1


def test_a_scheduler_that_comes_to_nothing_ends_the_run_and_keeps_what_was_graded(
    fresh: Course, on_one_machine: Course, cluster: DaskCluster
) -> None:
    grader = Grader(fresh, "--scheduler", cluster.file)
    wait_until(lambda: "no worker that can grade now: waiting" in grader.said, "word that there is no worker")
    worker = cluster.worker("--no-nanny", "--nthreads", "2")
    wait_until(lambda: len(records(fresh)) >= 2, "two results")
    jails = jails_of(worker)
    cluster.scheduler.kill()
    assert grader.end() == 3, grader.said
    assert "scheduler is gone. What was graded is kept; run the same command to go on." in grader.said
    assert "Traceback" not in grader.said
    auditor = Auditor(on_one_machine)
    auditor.after_a_kill(fresh)
    wait_until(lambda: not any(jail.runs() for jail in jails), "the end of the jails")

    kept = set(records(fresh))
    assert 2 <= len(kept) < 24
    left = next(student for student in auditor.expected if student not in kept)
    again = autograder(fresh, "--workers", 1, "--student", left)
    assert again.returncode == 0, again.stderr
    auditor.after_a_kill(fresh)
    assert set(records(fresh)) == kept | {left}


def other_version(folder: Path) -> Path:
    """A copy of both packages in which one file differs."""
    for package in ("autograder", "coursekit"):
        shutil.copytree(REPOSITORY / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "autograder" / "judge.py").open("a") as file:
        file.write("# another version\n")
    return folder


def test_workers_that_would_grade_otherwise_are_refused(
    fresh: Course, cluster: DaskCluster, tmp_path: Path
) -> None:
    cluster.worker("--no-nanny", PYTHONPATH=str(other_version(tmp_path / "other")))
    cluster.worker("--no-nanny", PATH="/nowhere")  # where bubblewrap is not
    wait_until(
        lambda: "Registered to" in log(cluster, 1) and "Registered to" in log(cluster, 2), "two workers"
    )
    refused = autograder(fresh, "--scheduler", cluster.address, "--student", QUICK)
    assert refused.returncode == 3, refused.stderr
    assert f"another version of {STEM} or of the grader's code" in refused.stderr
    assert "bubblewrap" in refused.stderr
    assert "none of the cluster's 2 workers can grade" in refused.stderr
    assert not records(fresh)

    cluster.worker("--no-nanny", "--nthreads", "1", "--preload", "autograder.cluster_worker")
    wait_until(lambda: "Registered to" in log(cluster, 3), "a third worker")
    found = sorted(examine_workers(cluster.address, fresh.root).values())
    assert found[0] == "", "the third can"
    assert found[1].startswith("grading needs bubblewrap"), found[1]
    assert found[2].startswith("it has another version of the grader's code"), found[2]
    done = autograder(fresh, "--scheduler", cluster.address, "--student", QUICK, "--student", "01-loops")
    assert done.returncode == 0, done.stderr
    assert {s: r.score for s, r in records(fresh).items()} == {QUICK: 0, "01-loops": 11}


def test_a_scheduler_of_another_version_is_refused(fresh: Course, tmp_path: Path) -> None:
    with dask_cluster(tmp_path / "cluster", PYTHONPATH=str(other_version(tmp_path / "other"))) as cluster:
        refused = autograder(fresh, "--scheduler", cluster.address, "--student", QUICK)
    assert refused.returncode == 3, refused.stderr
    assert "the Dask scheduler has another version of the grader's code" in refused.stderr
    assert not records(fresh)


def log(cluster: DaskCluster, number: int) -> str:
    return (cluster.folder / f"{number}-worker.log").read_text()


def test_a_worker_says_why_it_cannot_grade(fresh: Course, tmp_path: Path) -> None:
    from autograder.cluster_worker import _cannot_grade, grade_there

    job = job_of(fresh, "01-loops")
    lost = replace(job, root=tmp_path / "elsewhere")
    assert "elsewhere is not there; it must be at the same path on every machine" in _cannot_grade(lost, "")
    assert "sees another submission of 01-loops" in _cannot_grade(job, "of another file")
    assert "grader-error" in str(grade_there(replace(job, student=QUICK), "of another file").status)


def job_of(course: Course, student: str) -> Job:
    limits = Limits()
    return Job(
        course.root, student, STEM, STEM, 1, limits, basis(load_assignment(course, STEM)[STEM], limits)
    )


def test_a_solution_that_changes_while_a_class_is_graded_is_not_graded_by(fresh: Course) -> None:
    job = job_of(fresh, "01-loops")
    require_same_version(job)
    (path,) = (fresh.root / "solutions").rglob("*.ipynb")
    path.write_text(path.read_text(encoding="utf-8").replace('"points": 2', '"points": 4', 1))
    require_same_version(job)  # this worker has read it before
    with pytest.raises(OtherVersion, match=f"another version of {STEM}"):
        require_same_version(replace(job, run=new_run()))  # of another run it is read now


def test_a_worker_of_this_machine_grades_nothing_by_another_version_either(fresh: Course) -> None:
    changed = replace(job_of(fresh, QUICK), basis="of what was there when the run began")
    (result,) = graded([changed], LocalCrew(1))
    assert result.status is Status.GRADER_ERROR
    assert f"another version of {STEM}" in result.message


def test_no_scheduler_answers(fresh: Course) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        done = autograder(fresh, "--scheduler", address, DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s")
    assert done.returncode == 3
    assert f"no Dask scheduler answers at {address}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--scheduler", "tcp://127.0.0.1:1", "--workers", "2"), "not allowed with argument"),
        (("--scheduler", "nowhere.json"), "there is no file 'nowhere.json'"),
        (("--scheduler", "file:nowhere"), "there is no file 'nowhere'"),
        (("--scheduler", "gopher://127.0.0.1:1"), "got 'gopher://127.0.0.1:1'"),
        (("--scheduler", "tls://127.0.0.1:1"), "got 'tls://127.0.0.1:1'"),
    ],
)
def test_a_scheduler_that_cannot_be_one_is_wrong_usage(
    fresh: Course, options: tuple[str, ...], said: str
) -> None:
    done = autograder(fresh, *options)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_dask_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch, fresh: Course) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=re.escape("pip install 'convolution-course[cluster]'")):
        grade_class(fresh, STEM, crew=ClusterCrew("tcp://127.0.0.1:1"))


def test_a_class_on_one_machine_never_loads_dask() -> None:
    loads = (
        "import autograder.__main__, autograder.grade, sys; print({'dask', 'distributed'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", loads], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout == "set()\n"


def test_what_travels_is_small(on_one_machine: Course) -> None:
    job = job_of(on_one_machine, "01-loops")
    assert len(pickle.dumps(job)) < 2_000
    result = records(on_one_machine)["01-loops"]
    notebook = (on_one_machine.folder("autograded", STEM, "01-loops") / f"{STEM}.ipynb").read_bytes()
    whole = len(pickle.dumps(replace(result, graded_notebook=notebook)))
    assert whole < len(notebook) + 5_000, "beside the notebook there is next to nothing"
    assert len(notebook) < 1_000_000


def test_each_thread_has_a_jail_of_its_own_and_leaves_it_to_the_next(tmp_path: Path) -> None:
    jails = Jails()
    used: dict[str, Any] = {}
    together = threading.Barrier(2, timeout=120)

    def grade(name: str) -> None:
        with jails.lent(tmp_path, Limits()) as jail, jail.session() as session:
            together.wait()
            used[name] = jail
            session.run_cell("x = 1")

    threads = [threading.Thread(target=grade, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert used["a"] is not used["b"]
    servers = {jail: jail._process.pid for jail in used.values()}
    with jails.lent(tmp_path, Limits()) as jail, jail.session() as session:  # its thread is gone, it is not
        assert session.run_cell("1 + 1").outputs[0]["data"]["text/plain"] == "2"
        assert jail._process is not None and jail._process.pid == servers[jail]
    jails.held_by("a class")
    jails.let_go("a class")
    assert all(jail._process is None for jail in used.values()), "nobody holds them: they end"


def test_a_jail_in_use_is_ended_only_once_it_comes_back(tmp_path: Path) -> None:
    jails = Jails()
    jails.held_by("a class")
    with jails.lent(tmp_path, Limits()) as jail, jail.session() as session:
        jails.let_go("a class")
        jails.close_idle()
        assert session.run_cell("1 + 1").outputs[0]["data"]["text/plain"] == "2"
    assert jail._process is None
