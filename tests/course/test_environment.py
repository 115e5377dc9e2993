"""One truth about what the course needs: pyproject.toml. conda's file and the lock must agree with it."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def normalised(requirements: list[str]) -> set[str]:
    return {str(Requirement(text)).lower() for text in requirements}


def test_conda_users_get_what_pyproject_declares() -> None:
    environment = yaml.safe_load((REPOSITORY / "environment.yml").read_text())["dependencies"]
    conda = [entry for entry in environment if isinstance(entry, str) and entry != "pip"]
    wanted = [
        f"python{PROJECT['requires-python']}",
        *PROJECT["dependencies"],
        *EXTRAS["lab"],
        *EXTRAS["grader"],
    ]
    assert normalised(conda) == normalised(wanted)


def test_conda_users_get_cupy_only_where_a_wheel_exists() -> None:
    environment = yaml.safe_load((REPOSITORY / "environment.yml").read_text())["dependencies"]
    (by_pip,) = [entry["pip"] for entry in environment if isinstance(entry, dict)]
    assert by_pip[-1] == "--editable ."
    assert normalised(by_pip[:-1]) == normalised(EXTRAS["gpu"])
    for text in EXTRAS["gpu"]:
        marker = Requirement(text).marker
        assert marker is not None
        assert not marker.evaluate({"sys_platform": "darwin"})
        assert marker.evaluate({"sys_platform": "linux"})


def pinned_versions() -> dict[str, list[str]]:
    """Each package of requirements.lock, with the one or more versions that it is pinned to."""
    pinned: dict[str, list[str]] = {}
    for line in (REPOSITORY / "requirements.lock").read_text().splitlines():
        if match := re.match(r"([a-z0-9_.-]+)==([^ ;]+)", line):
            pinned.setdefault(match[1], []).append(match[2])
    return pinned


def test_the_lock_pins_every_declared_package_to_a_version_that_is_allowed() -> None:
    pinned = pinned_versions()
    locked = ("lab", "grader", "cluster", "gpu", "postgresql", "dev")
    locked_extras = [text for name in locked for text in EXTRAS[name]]
    for text in [*PROJECT["dependencies"], *locked_extras]:
        requirement = Requirement(text)
        versions = pinned.get(requirement.name.lower(), [])
        assert versions, f"{requirement.name} is not in requirements.lock; run: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), text


def test_the_version_of_pytorch_that_is_installed_for_tests_is_one_that_the_benchmarks_allow() -> None:
    version = re.search(r"^TORCH=(\S+)", (REPOSITORY / "tools" / "need").read_text(), re.MULTILINE)
    (wanted,) = [Requirement(text) for text in EXTRAS["bench"] if text.startswith("torch")]
    assert version is not None
    assert wanted.specifier.contains(version[1])


@pytest.mark.torch
def test_what_pytorch_needs_is_in_the_lock_because_it_is_installed_without_dependencies() -> None:
    needed = [Requirement(text) for text in importlib.metadata.requires("torch") or []]
    pinned = pinned_versions()
    for requirement in needed:
        if requirement.name.startswith(("cuda", "nvidia", "triton")):  # a build for GPUs, installed by hand
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            versions = pinned.get(requirement.name.lower(), [])
            assert versions, f"{requirement.name}, which PyTorch imports, is not in requirements.lock"
            assert all(requirement.specifier.contains(version) for version in versions), str(requirement)


def test_the_lock_names_no_host() -> None:
    assert not re.search(r"https?://|index-url|\bfile:", (REPOSITORY / "requirements.lock").read_text())


@pytest.mark.parametrize("folder", [".", "tools/handout/static"])
def test_the_locks_of_javascript_name_no_registry(folder: str) -> None:
    """Then npm takes each package from the registry that its user has set."""
    assert '"resolved"' not in (REPOSITORY / folder / "package-lock.json").read_text()


def test_the_extras_are_those_that_the_readme_promises() -> None:
    assert set(EXTRAS) == {"lab", "grader", "gpu", "cluster", "postgresql", "bench", "dev"}
