"""Every demo in real JupyterLab and Notebook 7: two views, themes, a restart, running again, saved state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.demos import DEMOS, IMPORTS, stem_of

pytestmark = pytest.mark.browser

MADE = "\n".join(f"{name.lower()} = {code}" for name, code in DEMOS.items())
CELLS = [f"{IMPORTS}\n{MADE}"]
CELLS += [view for name in DEMOS for view in (name.lower(), name.lower())]  # two views of each model

VIEW, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"

# Pictures of what a view shows, one for each canvas, and its words: equal views are equal.
SHOWN = """(root) => JSON.stringify([
    [...root.querySelectorAll("canvas")].filter((one) => one.checkVisibility()).map((one) => one.toDataURL()),
    [...root.querySelectorAll("[aria-pressed]")].map((one) => one.ariaPressed),
])"""


@pytest.fixture(scope="module", params=["lab", "notebook"])
def notebook(request: pytest.FixtureRequest, open_notebook: Callable[..., Any]) -> Any:
    """A notebook with two views of every demo, run."""
    opened = open_notebook(CELLS, request.param, run=False)
    opened.page.set_default_timeout(30_000)
    opened.run_all(120)
    return opened


@pytest.fixture
def calm(notebook: Any) -> Iterator[Any]:
    """The same notebook; the page must not complain of anything."""
    yield notebook
    errors, notebook.errors[:] = list(notebook.errors), []
    assert errors == []


def views(notebook: Any, name: str) -> list[Locator]:
    """Both views of a demo, the cells scrolled into sight."""
    first = 1 + 2 * list(DEMOS).index(name)
    found = []
    for cell in (first, first + 1):
        notebook.show_cell(cell)
        view = notebook.page.locator(
            f'.jp-Notebook .jp-Cell[data-windowed-list-index="{cell}"] .ck-{stem_of(name)}'
        )
        expect(view).to_be_visible(timeout=20_000)
        found.append(view)
    return found


def settled(view: Locator) -> str:
    """What a view shows once it stays the same for two looks."""
    before = ""
    for _ in range(40):
        now = str(view.evaluate(SHOWN))
        if now == before:
            return now
        before = now
        view.page.wait_for_timeout(100)
    raise AssertionError("the view does not come to rest")


@pytest.mark.parametrize("name", DEMOS)
def test_two_views_of_one_model_show_the_same(calm: Any, name: str):
    one, two = views(calm, name)
    start = settled(one)
    button = one.locator("button[aria-pressed='false']:not([aria-disabled])").locator("visible=true").first
    button.click()
    calm.page.mouse.move(0, 0)
    changed = settled(one)
    assert changed != start
    assert settled(two) == changed


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_both_themes_reach_every_demo(calm: Any, artefacts: Path, theme: str):
    calm.use_theme(f"JupyterLab {theme}")
    for name in DEMOS:
        view = views(calm, name)[0]
        paper = "(root) => getComputedStyle(root).backgroundColor.match(/\\d+/g).map(Number)"
        calm.page.wait_for_function(
            f"([root, dark]) => (Math.max(...({paper})(root).slice(0, 3)) < 64) === dark",
            arg=[view.element_handle(), theme == "Dark"],
        )
        settled(view)
        view.screenshot(path=artefacts / f"{calm.app}-{stem_of(name)}-{theme.lower()}.png")


def test_keys_of_the_notebook_do_not_act_on_a_demo(calm: Any):
    for name in DEMOS:
        view = views(calm, name)[0]
        view.locator("[tabindex='0'], button").locator("visible=true").first.focus()
        calm.page.keyboard.press("d")
        calm.page.keyboard.press("d")
    assert len(calm.cell_ids) == len(CELLS)


def test_after_a_restart_the_demos_still_answer_and_run_again(calm: Any):
    calm.page.evaluate(f"async () => {{ await {calm.SESSION}.session.kernel.restart(); }}")
    for name in DEMOS:  # the browser computes: no kernel is asked
        view = views(calm, name)[0]
        before = settled(view)
        button = (
            view.locator("button[aria-pressed='false']:not([aria-disabled])").locator("visible=true").first
        )
        button.click()
        calm.page.mouse.move(0, 0)
        assert settled(view) != before
    calm.run_all(120)
    for name in DEMOS:
        views(calm, name)
    assert calm.failures == []


def models_in(path: Path) -> tuple[set[str], set[str]]:
    """The models that a notebook's outputs show, and those whose state its file holds."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    shown = {
        output["data"][VIEW]["model_id"]
        for cell in notebook["cells"]
        for output in cell["outputs"]
        if VIEW in output.get("data", {})
    }
    saved = notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    return shown, set(saved)


def opened_again(notebook: Any, open_notebook: Callable[..., Any]) -> Any:
    """The saved notebook in a new page, in which JupyterLab has found every model.

    Its widget manager asks the kernel and reads the file at the same time. On a busy machine the kernel may
    answer first: what is drawn then says "model not found" for good, and a reader loads the page once more.
    """
    for _ in range(4):
        again = open_notebook(notebook.path, notebook.app, run=False)
        shown, saved = models_in(notebook.path)
        assert shown and shown <= saved, f"of {len(shown)} demos, the file holds {len(shown & saved)}"
        if all(finds_its_model(again, cell) for cell in range(1, len(CELLS))):
            return again
        again.page.close()
    raise AssertionError("four pages did not find the models that the file holds")


def finds_its_model(notebook: Any, cell: int) -> bool:
    """Whether a demo is shown in this cell, and not that its model is missing."""
    notebook.show_cell(cell)
    place = notebook.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{cell}"]')
    missing = place.get_by_text("Error displaying widget: model not found")
    expect(place.locator("[class*='ck-']").or_(missing).first).to_be_visible(timeout=20_000)
    return not missing.count()


def test_saved_state_shows_the_demos_again_without_running(calm: Any, open_notebook: Callable[..., Any]):
    page = calm.page
    page.evaluate(
        """async () => {
            const { commands } = window.jupyterapp;
            const save = "@jupyter-widgets/jupyterlab-manager:saveWidgetState";
            if (!commands.isToggled(save)) await commands.execute(save);
        }"""
    )
    for look in range(300):
        if look % 50 == 0:  # a slow page may not hold the state of every demo yet
            page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        shown, saved = models_in(calm.path)
        if shown and shown <= saved:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail(f"of {len(shown)} demos, {len(shown & saved)} were saved within 30 seconds")
    page.evaluate(f"() => {calm.SESSION}.shutdown()")  # a kernel that still ran would give the demos back
    again = opened_again(calm, open_notebook)
    for name in DEMOS:
        before, other = views(again, name)
        assert settled(before) == settled(other)
    assert again.errors == []
