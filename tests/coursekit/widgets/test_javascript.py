"""The widgets' JavaScript: tested by vitest on fresh cases, and joined into one module for the browser."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

import coursekit.widgets as demos
from coursekit.widgets.shared.esm import esm, join_modules
from tests.conftest import REPOSITORY

JAVASCRIPT = REPOSITORY / "tests" / "javascript"
WIDGETS = REPOSITORY / "coursekit" / "widgets"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """The script that writes the cases."""
    spec = importlib.util.spec_from_file_location("write_cases", JAVASCRIPT / "write_cases.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("stem", sorted(path.parent.name for path in JAVASCRIPT.glob("*/write_cases.py")))
def test_the_committed_cases_are_what_the_reference_answers_today(writer, stem):
    committed = (JAVASCRIPT / stem / "cases.json").read_text(encoding="utf-8")
    assert committed == writer.as_text(stem), f"run: python tests/javascript/write_cases.py {stem}"


@pytest.mark.node
def test_vitest_passes_on_fresh_cases(writer, tmp_path):
    if not (REPOSITORY / "node_modules" / "vitest").exists():
        subprocess.run(["npm", "ci"], cwd=REPOSITORY, check=True, capture_output=True)
    for stem in writer.stems():
        (tmp_path / f"{stem}.json").write_text(writer.as_text(stem), encoding="utf-8")
    report = tmp_path / "vitest-report.json"
    command = ["npx", "vitest", "run", "--reporter=json", f"--outputFile={report}"]
    environment = {**os.environ, "CONVOLUTION_CASES": str(tmp_path)}
    ran = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert report.exists(), ran.stdout + ran.stderr
    answer = json.loads(report.read_text(encoding="utf-8"))
    failed = [
        f"{test['fullName']}\n{test['failureMessages']}"
        for file in answer["testResults"]
        for test in file["assertionResults"]
        if test["status"] != "passed"
    ]
    assert ran.returncode == 0 and not failed, "\n".join(failed) or ran.stderr
    with_cases = {
        Path(file["name"]).parent.name for file in answer["testResults"] if file["assertionResults"]
    }
    assert with_cases >= set(writer.stems())


@pytest.mark.parametrize("stem", sorted(set(demos.STEMS.values())))
def test_the_browser_is_sent_one_module_without_relative_imports(stem):
    text = esm(stem)
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert len(re.findall(r"^export default", text, re.MULTILINE)) == 1
    declared = re.findall(r"^(?:export )?(?:async )?(?:function|const|class|let) (\w+)", text, re.MULTILINE)
    assert sorted(set(declared)) == sorted(declared), "two files of one demo declare the same name"
    for file in (WIDGETS / stem).glob("*.js"):
        for name in re.findall(r"^export (?:function|const|class) (\w+)", file.read_text(), re.MULTILINE):
            assert name in declared, f"{file.name} is imported by none of its demo's files"


@pytest.mark.node
@pytest.mark.parametrize("stem", sorted(set(demos.STEMS.values())))
def test_the_joined_module_can_be_loaded(stem, tmp_path):
    module = tmp_path / "widget.mjs"
    module.write_text(esm(stem), encoding="utf-8")
    script = f"const module = await import({json.dumps(module.as_uri())});"
    script += "console.log(typeof module.default.render);"
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=False
    )
    assert ran.stdout.split() == ["function"], ran.stderr


def test_an_imported_file_is_taken_once_and_before_its_users(tmp_path: Path):
    (tmp_path / "a.js").write_text(
        'import { b } from "./b.js";\nimport {\n  c,\n} from "./c.js";\nexport const a = b + c;\n'
    )
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = c;\n')
    (tmp_path / "c.js").write_text("export const c = 1;\n")
    joined = join_modules(tmp_path / "a.js")
    assert re.findall(r"export const \w", joined) == ["export const c", "export const b", "export const a"]
    assert "import" not in joined
