"""What docs/cluster.md has readers copy: the real programs read it, or it holds to their documented names."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
FILES = REPOSITORY / "docs" / "cluster"
TEXT = (REPOSITORY / "docs" / "cluster.md").read_text(encoding="utf-8")
JOB_SCRIPT = """
from dask_jobqueue import SLURMCluster
with SLURMCluster(scheduler_options={"host": "127.0.0.1"}) as cluster:
    print(cluster.job_script())
"""
# what values.yaml of the chart dask/dask knows of a container's group, beside what is its own
COMMON = {
    "name", "image", "replicas", "extraArgs", "resources", "tolerations", "affinity", "nodeSelector",
    "securityContext", "serviceAccountName", "metrics", "livenessProbe", "readinessProbe",
}  # fmt: skip
CHART: dict[str, set[str]] = {
    "scheduler": COMMON | {"enabled", "serviceType", "loadBalancerIP", "servicePort", "serviceAnnotations"},
    "worker": COMMON
    | {"strategy", "custom_scheduler_url", "default_resources", "env", "mounts", "annotations", "port"}
    | {"portDashboard", "threads_per_worker"},
    "webUI": {"name", "servicePort", "ingress"},
    "jupyter": COMMON
    | {"enabled", "rbac", "serviceType", "servicePort", "password", "env", "mounts", "ingress"},
}
IMAGE = {"repository", "tag", "pullPolicy", "pullSecrets", "dask_worker"}
# of Kubernetes: a pod's and a container's securityContext have different fields, and the chart sets a pod's
POD = {
    "appArmorProfile", "fsGroup", "fsGroupChangePolicy", "runAsGroup", "runAsNonRoot", "runAsUser",
    "seLinuxOptions", "seccompProfile", "supplementalGroups", "sysctls",
}  # fmt: skip
CONTAINER = {
    "allowPrivilegeEscalation", "appArmorProfile", "capabilities", "privileged", "procMount",
    "readOnlyRootFilesystem", "runAsGroup", "runAsNonRoot", "runAsUser", "seLinuxOptions", "seccompProfile",
}  # fmt: skip


def read(name: str) -> Any:
    return yaml.safe_load((FILES / name).read_text(encoding="utf-8"))


def memory(text: str) -> float:
    """In GB."""
    number, unit = re.fullmatch(r"(\d+)(\D+)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"GB": 1, "GiB": 1.074, "Gi": 1.074, "Mi": 0.001049}[unit]


@pytest.fixture(scope="module")
def job_script() -> str:
    """As dask-jobqueue would hand it to sbatch. It needs no SLURM for that."""
    made = subprocess.run(
        [sys.executable, "-c", JOB_SCRIPT], capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"DASK_CONFIG": str(FILES / "jobqueue.yaml")},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return made.stdout


def test_the_slurm_job_asks_for_what_its_workers_need(job_script: str) -> None:
    assert "#SBATCH --job-name=grading" in job_script or "#SBATCH -J grading" in job_script
    assert re.search(r"#SBATCH --cpus-per-task=8\b", job_script)
    assert re.search(r"#SBATCH --mem=19G|#SBATCH --mem=20G", job_script)
    assert "#SBATCH -t 01:00:00" in job_script
    assert "#SBATCH --requeue" in job_script


def test_the_slurm_job_starts_workers_that_can_grade(job_script: str) -> None:
    (start,) = [line for line in job_script.splitlines() if "distributed.cli.dask_worker" in line]
    assert "--nworkers 8 " in start and "--nthreads 1 " in start
    assert "--preload autograder.cluster_worker" in start
    assert re.search(r"--memory-limit \S+ ?GiB", start)
    assert start.index("dask_worker") > 0
    assert job_script.index("command -v bwrap") < job_script.index(start), "refused before a worker starts"


def test_each_worker_of_a_slurm_job_has_memory_for_a_submission() -> None:
    from autograder.limits import Limits

    slurm, limits = read("jobqueue.yaml")["jobqueue"]["slurm"], Limits()
    submission = (limits.memory_bytes + limits.disk_bytes) / 1e9
    assert memory(slurm["memory"]) / slurm["processes"] >= submission + 0.5


def test_the_helm_values_are_those_that_the_chart_knows() -> None:
    values = read("values.yaml")
    assert set(values) - {"fullnameOverride"} <= set(CHART)
    for group, known in CHART.items():
        assert set(values.get(group, {})) <= known, group
    for group in ("scheduler", "worker"):
        assert set(values[group]["image"]) <= IMAGE
    assert set(values["worker"]["mounts"]) == {"volumes", "volumeMounts"}
    assert set(values["worker"]["securityContext"]) <= POD


def test_the_pods_let_bubblewrap_make_its_namespaces_and_no_more() -> None:
    worker, patch = read("values.yaml")["worker"], read("worker-patch.yaml")["spec"]["template"]["spec"]
    assert worker["securityContext"]["seccompProfile"] == {"type": "Unconfined"}
    assert worker["securityContext"]["appArmorProfile"] == {"type": "Unconfined"}
    assert worker["securityContext"]["runAsNonRoot"] is True
    assert set(patch) == {"hostUsers", "containers"}
    (container,) = patch["containers"]
    assert container["name"] == f"{read('values.yaml')['fullnameOverride']}-worker"  # as the chart names it
    assert set(container["securityContext"]) <= CONTAINER
    assert container["securityContext"]["procMount"] == "Unmasked"
    assert patch["hostUsers"] is False  # without it Kubernetes refuses procMount
    for context in (worker["securityContext"], container["securityContext"]):
        assert not context.get("privileged")
        assert not context.get("capabilities", {}).get("add")


def test_the_pods_only_read_the_course_and_have_memory_for_a_submission() -> None:
    from autograder.limits import Limits

    values, limits = read("values.yaml"), Limits()
    (volume,), (mount,) = values["worker"]["mounts"]["volumes"], values["worker"]["mounts"]["volumeMounts"]
    assert volume["name"] == mount["name"]
    assert mount["readOnly"] is True
    limit = memory(values["worker"]["resources"]["limits"]["memory"])
    assert (
        limit
        >= values["worker"]["threads_per_worker"] * (limits.memory_bytes + limits.disk_bytes) / 1e9 + 0.5
    )


def test_nothing_outside_reaches_the_scheduler() -> None:
    values = read("values.yaml")
    assert values["scheduler"]["serviceType"] == "ClusterIP"
    assert values["webUI"]["ingress"]["enabled"] is False
    assert values["jupyter"]["enabled"] is False


def test_the_preloaded_module_is_there_and_the_files_are_named() -> None:
    assert (REPOSITORY / "autograder" / "cluster_worker.py").exists()
    for path in FILES.iterdir():
        assert f"(cluster/{path.name})" in TEXT, f"docs/cluster.md does not link {path.name}"
    for link in re.findall(r"\]\(([a-z/-]+\.(?:md|yaml))\)", TEXT):
        assert (REPOSITORY / "docs" / link).exists(), link


def test_the_python_in_the_document_is_python() -> None:
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        compile(block, "docs/cluster.md", "exec")
