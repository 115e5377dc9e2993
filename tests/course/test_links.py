"""Every link leads somewhere; what leads out of the course is named in SOURCES.md or a README."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.course.making import code, markdown
from tools.links import ROOT, answer, broken, external, links_in


def test_every_link_to_a_file_or_heading_leads_somewhere() -> None:
    found = broken(ROOT)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_every_link_out_of_the_course_is_https() -> None:
    assert [address for address in external(ROOT) if not address.startswith("https://")] == []


def test_every_address_in_a_notebook_is_named_in_the_sources_or_a_readme() -> None:
    listed, unlisted = set(), {}
    for address, places in external(ROOT).items():
        if any(place.endswith(("README.md", "SOURCES.md")) for place in places):
            listed.add(address)
        else:
            unlisted[address] = [place for place in places if ".ipynb" in place]
    wrong = [f"{places[0]}: {address}" for address, places in unlisted.items() if places]
    if wrong:
        pytest.fail("\n".join([*wrong, "repair: name them in lectures/SOURCES.md"]), pytrace=False)


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A README, a lecture and a file that they link to."""
    (tmp_path / "lectures").mkdir()
    (tmp_path / "code.py").write_text("")
    (tmp_path / "README.md").write_text("# The `course`, too\n\n[up](#the-course-too), [code](code.py#L3)\n")
    cells = [
        markdown("title", "# 1 · Title\n\n## Find the word"),
        markdown("next", "[`f`](../code.py), [read](../README.md#the-course-too), [here](#Find-the-word)"),
        code("f", "'[no](link.md)'"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "lectures" / "01_one.ipynb")
    return tmp_path


def test_links_that_lead_somewhere_are_accepted(small_course: Path) -> None:
    assert broken(small_course) == []


@pytest.mark.parametrize("target", ["gone.md", "code/", "../lectures/02.ipynb", "#gone", "README.md#gone"])
def test_a_link_that_leads_nowhere_is_named_with_its_place(small_course: Path, target: str) -> None:
    (small_course / "CHANGELOG.md").write_text(f"[a link]({target})")
    assert broken(small_course) == [f"CHANGELOG.md: {target}"]


def test_a_broken_link_in_a_lecture_is_named_with_its_cell(small_course: Path) -> None:
    (small_course / "code.py").unlink()
    assert broken(small_course) == ["README.md: code.py#L3", "lectures/01_one.ipynb, cell next: ../code.py"]


def test_every_way_to_write_a_link_is_seen_and_code_holds_none() -> None:
    text = (
        "[one](one.md) ![two](two.png) <a href='three.md'>3</a> <https://four.org> (https://five.org).\n"
        "[six]: six.md\n`[no](code.md)` $[i](j)$\n```\n[no](fence.md)\n```\n[`seven`](seven.md#part)"
    )
    assert links_in(text) == [
        "one.md",
        "two.png",
        "three.md",
        "https://four.org",
        "https://five.org",
        "six.md",
        "seven.md#part",
    ]


def test_an_address_is_named_with_the_places_that_name_it(small_course: Path) -> None:
    (small_course / "CHANGELOG.md").write_text(
        "https://one.org and [it](https://one.org), [two](http://two.org)"
    )
    assert external(small_course) == {
        "https://one.org": ["CHANGELOG.md", "CHANGELOG.md"],
        "http://two.org": ["CHANGELOG.md"],
    }


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers each path with the status that it names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path[1:]))
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Stay quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(("status", "said"), [(200, ""), (403, ""), (404, "404 Not Found"), (500, "500 ")])
def test_an_address_that_does_not_answer_is_told_from_one_that_refuses_programs(
    server: str, status: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    assert answer(f"{server}/{status}").startswith(said)
    assert bool(answer(f"{server}/{status}")) == bool(said)


def test_an_address_without_a_server_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    assert answer("http://127.0.0.1:9/") != ""
