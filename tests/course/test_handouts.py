"""The static page of every lecture holds each figure and each live demo that the notebook shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.course.lectures import LECTURES, STEMS, has_widget, pictures
from tests.course.structure import FOLDED
from tools.handout.pages import write_page

VIEW, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"


class StaticPage(HTMLParser):
    """What a page shows and asks for: pictures, links, scripts by their type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.alts: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.scripts: dict[str, list[str]] = {}
        self.details_open: list[bool] = []
        self._script = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.alts.append(named.get("alt", ""))
        if tag == "a" and "anchor-link" not in named.get("class", ""):
            self.links.append(named.get("href", ""))
        if tag == "details":
            self.details_open.append("open" in named)
        if "src" in named:
            self.loaded.append(named["src"])
        if tag == "link" and "href" in named:
            self.loaded.append(named["href"])
        if tag == "script" and named.get("type") in (VIEW, STATE):
            self._script = named["type"]

    def handle_endtag(self, tag: str) -> None:
        self._script = ""

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts.setdefault(self._script, []).append(data)


@pytest.fixture(scope="module", params=STEMS)
def stem(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def notebook(stem: str, executed: Callable[[str], Any]) -> Any:
    return executed(f"lectures/{stem}.ipynb")


@pytest.fixture(scope="module")
def folder(stem: str, executed: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the lecture's page is written to."""
    output = tmp_path_factory.mktemp("handout") / stem
    write_page(executed(f"lectures/{stem}.ipynb"), LECTURES / f"{stem}.ipynb", output)
    return output


@pytest.fixture(scope="module")
def page(folder: Path) -> StaticPage:
    return StaticPage((folder / "index.html").read_text(encoding="utf-8"))


def test_a_page_has_every_figure_with_its_words(page: StaticPage, notebook: Any) -> None:
    wanted = [picture.alt for cell in notebook.cells for picture in pictures(cell)]
    assert len(wanted) >= 3
    assert page.alts == wanted


def test_a_page_has_every_live_demo_with_its_state(page: StaticPage, notebook: Any) -> None:
    views = [json.loads(view)["model_id"] for view in page.scripts[VIEW]]
    assert len(views) == sum(has_widget(cell) for cell in notebook.cells) >= 1
    (state,) = map(json.loads, page.scripts[STATE])
    assert set(views) <= set(state["state"])
    for view in views:
        assert state["state"][view]["state"]["_esm"], "the page must hold the demo's own code"


def test_the_answers_of_a_page_are_closed_and_their_code_is_not_shown(
    page: StaticPage, folder: Path, notebook: Any
) -> None:
    gates = [cell for cell in notebook.cells if cell.id.startswith("gate-") and cell.id.endswith("-answer")]
    assert len(page.details_open) >= len(gates) >= 2
    assert not any(page.details_open)
    assert FOLDED not in (folder / "index.html").read_text(encoding="utf-8")


def test_a_page_asks_for_nothing_but_what_lies_beside_it(page: StaticPage) -> None:
    loaded = {address for address in page.loaded if not address.startswith("data:")}
    assert loaded <= {"assets/require.js", "assets/embed-amd.js", "assets/mathjax.js"}


def test_the_links_of_a_page_lead_to_what_lies_beside_it_or_to_other_lectures(
    page: StaticPage, folder: Path, stem: str
) -> None:
    inside = [link.partition("#")[0] for link in page.links if not re.match(r"https://|#", link)]
    pages = {f"../{other}/index.html" for other in STEMS}
    assert [link for link in inside if link not in pages and not (folder / link).is_file()] == []
    exercise = LECTURES.parent / "exercises" / stem / f"{stem}.ipynb"
    assert not exercise.exists() or exercise.name in inside
