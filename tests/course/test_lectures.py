"""Every lecture has the same parts: question, picture, gates, demos, summary; its pictures fit and speak."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from coursekit.checks.registry import EXERCISES
from tests.course.lectures import LECTURES, STEMS, WIDGET, source
from tests.course.making import code, image, markdown
from tests.course.structure import CHANGE_ME, FOLDED, PREDICT, SHOWN, WRITTEN, Rule

each_lecture = pytest.mark.parametrize("stem", STEMS)


def name(rule: Rule) -> str:
    return rule.__name__  # type: ignore[attr-defined]


def test_the_lectures_are_the_thirteen_stems() -> None:
    assert sorted(path.stem for path in LECTURES.glob("*.ipynb")) == list(STEMS)


@each_lecture
@pytest.mark.parametrize("rule", WRITTEN, ids=name)
def test_a_lecture_has_the_parts(stem: str, rule: Rule) -> None:
    found = list(rule(stem, source(stem)))
    if found:
        pytest.fail(f"{stem}: " + "; ".join(found), pytrace=False)


@each_lecture
@pytest.mark.parametrize("rule", SHOWN, ids=name)
def test_a_lecture_shows_what_it_should(stem: str, rule: Rule, executed: Callable[[str], Any]) -> None:
    found = list(rule(stem, executed(f"lectures/{stem}.ipynb")))
    if found:
        pytest.fail(f"{stem}: " + "; ".join(found), pytrace=False)


def rows_of_the_readme(text: str) -> list[tuple[str, str, int, str]]:
    """Return (title, stem, minutes, link to the exercise or "") of each row of the table of lectures."""
    row = re.compile(
        r"^\| \[(?P<title>[^\]]+)\]\((?P<stem>\w+)\.ipynb\) \| (?P<minutes>\d+) minutes \|"
        r" (?:\[(?P=stem)\]\((?P<exercise>[^)]+)\) )?\|$",
        re.MULTILINE,
    )
    return [(m["title"], m["stem"], int(m["minutes"]), m["exercise"] or "") for m in row.finditer(text)]


def test_the_readme_lists_every_lecture_with_its_time_and_its_exercise() -> None:
    rows = rows_of_the_readme((LECTURES / "README.md").read_text(encoding="utf-8"))
    assert [stem for _, stem, _, _ in rows] == list(STEMS)
    for title, stem, minutes, exercise in rows:
        number, name = title.split(" ", 1)
        assert source(stem).cells[0].source.splitlines()[0] == f"# {int(number)} · {name}"
        assert 30 <= minutes <= 50, stem
        assert exercise == (f"../exercises/{stem}/{stem}.ipynb" if stem in EXERCISES else "")


def test_a_row_of_the_readme_is_read_with_and_without_an_exercise() -> None:
    text = (
        "| lecture | time | exercise |\n|---|---|---|\n"
        "| [01 Dense layers](01_dense.ipynb) | 40 minutes | |\n"
        "| [02 Convolution](02_conv.ipynb) | 45 minutes | [02_conv](../exercises/02_conv/02_conv.ipynb) |\n"
        "| [03 Wrong](03_wrong.ipynb) | 45 minutes | [02_conv](../exercises/02_conv/02_conv.ipynb) |\n"
        "| [04 Long](04_long.ipynb) | an hour | |\n"
    )
    assert rows_of_the_readme(text) == [
        ("01 Dense layers", "01_dense", 40, ""),
        ("02 Convolution", "02_conv", 45, "../exercises/02_conv/02_conv.ipynb"),
    ]


# The rules themselves, on a small lecture that keeps them all. Each case breaks one.

STEM = "03_cross_correlation"
WORDS = "Two grids of 3×3 numbers, and their sum, 19."
FIGURE = {"text/html": image(WORDS)}
ANSWER = {"text/html": f"<details><summary>Show</summary>{image(WORDS)}</details>"}
DEMO = {WIDGET: {"model_id": "m"}, "text/html": image(WORDS)}
ASKED = 'if find_spec("torch"):\n    import torch\n    assert torch.all(ours == theirs)'
LINKS = (
    "[exercise](../exercises/03_cross_correlation/03_cross_correlation.ipynb), "
    "[code](../coursekit/reference/correlate.py)"
)


def answer(name: str) -> Any:
    cell = code(name, f"{FOLDED}\nfigures.Reveal('19')", ANSWER)
    cell.metadata["jupyter"] = {"source_hidden": True}
    return cell


def small_lecture() -> Any:
    cells = [
        markdown("title", "# 3 · Cross-correlation\n\n**Where is it?**", "slide"),
        code("question-picture", "figures.picture(page)", FIGURE),
        markdown("goals", "At the end you can\n\n- compute,\n- say,\n- find.", "subslide"),
        markdown("gate-one", f"{PREDICT}\nWhat comes out?", "slide"),
        answer("gate-one-answer"),
        markdown("gate-two", f"{PREDICT}\nA or B?", "slide"),
        answer("gate-two-answer"),
        markdown("widget", "Press play. What changes?", "notes"),
        code("widget-window", "SlidingWindow()", DEMO),
        code("relief", f"{CHANGE_ME} the kernel.\nkernel = [1]", tags=("change-me",)),
        markdown("pytorch", "PyTorch calls it convolution.", "slide"),
        code("pytorch-asked", ASKED),
        markdown("summary", "## Summary\n\n- It slides.", "slide"),
        markdown("next", LINKS, "subslide"),
    ]
    return nbformat.v4.new_notebook(cells=cells, metadata={"seconds": 5.0})


def said(rule: Rule, notebook: Any, stem: str = STEM) -> str:
    return "; ".join(rule(stem, notebook))


def cell(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.id == name)


def write(name: str, text: str) -> Callable[[Any], None]:
    """What replaces the source of a cell."""
    return lambda notebook: cell(notebook, name).update(source=text)


def show(name: str, bundle: dict[str, Any]) -> Callable[[Any], None]:
    """What replaces the output of a cell."""
    output = nbformat.v4.new_output("display_data", bundle)
    return lambda notebook: cell(notebook, name).update(outputs=[output])


def remove(name: str) -> Callable[[Any], None]:
    return lambda notebook: notebook.cells.remove(cell(notebook, name))


def rename(name: str, other: str) -> Callable[[Any], None]:
    return lambda notebook: cell(notebook, name).update(id=other)


def unfold(notebook: Any) -> None:
    cell(notebook, "gate-one-answer").metadata.clear()


def untag(notebook: Any) -> None:
    cell(notebook, "relief").metadata.clear()


def move_answer_away(notebook: Any) -> None:
    notebook.cells.append(notebook.cells.pop(4))


def print_beside_the_answer(notebook: Any) -> None:
    printed = nbformat.v4.new_output("stream", name="stdout", text="19")
    cell(notebook, "gate-one-answer").outputs.append(printed)


def set_slides(kind: str) -> Callable[[Any], None]:
    def change(notebook: Any) -> None:
        for cell in notebook.cells:
            cell.metadata["slideshow"] = {"slide_type": kind}

    return change


def take(seconds: float) -> Callable[[Any], None]:
    return lambda notebook: notebook.metadata.update(seconds=seconds)


OPEN = {"text/html": "<details open><summary>Show</summary>19</details>"}
BROKEN = [
    ("opening", remove("goals"), "the first cells must be"),
    ("opening", write("title", "# 4 · Cross-correlation\n\n**Where is it?**"), "begin with '# 3 · '"),
    ("opening", write("title", "# 3 · Cross-correlation\n\nWhere is it?"), "one bold question"),
    ("opening", write("goals", "- compute\n- say"), "goals must list"),
    ("gates", write("gate-two", "A or B?"), "two cells or more"),
    ("gates", write("gate-two", PREDICT), "ask something"),
    ("gates", rename("gate-two", "guess"), "must be called gate-one"),
    ("gates", remove("gate-one-answer"), "gate-one-answer must follow"),
    ("gates", move_answer_away, "gate-one-answer must follow"),
    ("gates", unfold, "gate-one-answer must be folded away"),
    ("gates", write("gate-one-answer", "x = 19\nfigures.Reveal(x)"), "its first line be"),
    ("gates", write("gate-one-answer", f"{FOLDED}\n19"), "end in figures.Reveal"),
    ("gates", remove("gate-one"), "must answer a cell with"),
    ("demos", remove("widget-window"), "must show a live demo"),
    ("demos", remove("widget"), "words must say"),
    ("demos", write("widget", "Press play."), "ask something"),
    ("for_the_lecturer", remove("relief"), "one cell must have the tag"),
    ("for_the_lecturer", untag, "relief must have both"),
    ("for_the_lecturer", write("relief", "kernel = [1]"), "relief must have both"),
    ("pytorch", remove("pytorch"), "what PyTorch calls it"),
    ("pytorch", remove("pytorch-asked"), "assert that PyTorch"),
    ("pytorch", write("pytorch-asked", "import torch\nassert ours == theirs"), "import torch only under"),
    ("pytorch", write("relief", f"{CHANGE_ME} it\nfrom torch.nn import Conv2d"), "import torch only under"),
    ("closing", remove("summary"), "at most 20 lines; got 0"),
    ("closing", write("summary", "- line\n" * 21), "at most 20 lines; got 21"),
    ("closing", remove("next"), "the last cell must be next"),
    ("closing", write("next", LINKS.replace("03_", "04_")), "must link to ../exercises/03_cross"),
    ("closing", write("next", LINKS.replace("reference", "widgets")), "a file of coursekit/reference"),
    ("slides", set_slides("page"), "slide_type must be"),
    ("slides", set_slides("subslide"), "got 0"),
    ("short_cells", write("relief", "x = 1\n\n# why\n" * 26), "at most 25 lines of code; got 26"),
    ("one_title", write("summary", "# Summary"), "summary must not have a heading"),
    ("hidden_answers", show("gate-one-answer", OPEN), "must show closed <details>"),
    ("hidden_answers", show("gate-one-answer", FIGURE), "must show closed <details>"),
    ("hidden_answers", print_beside_the_answer, "nothing else"),
    ("live_demos", show("widget-window", FIGURE), "widget-window must show a live demo"),
    ("live_demos", show("relief", DEMO), "its id must begin with widget-"),
    ("live_demos", show("widget-window", {WIDGET: {}, "text/html": "Demo"}), "beside its demo"),
    ("words_and_size_of_pictures", show("relief", {"image/png": "AAAA"}), "alternative text"),
    ("words_and_size_of_pictures", show("relief", {"text/html": image("A grid.")}), "'A grid.'"),
    ("words_and_size_of_pictures", show("relief", {"text/html": image(WORDS, 1200, 300)}), "1200×300"),
    ("words_and_size_of_pictures", show("relief", {"text/html": image(WORDS, 900, 600)}), "900×600"),
    (
        "words_and_size_of_pictures",
        show("gate-one-answer", {"text/html": f"<details>{image(WORDS, 300, 200, shown_at=900)}</details>"}),
        "900×600",
    ),
    ("first_picture", show("question-picture", {"text/plain": "page"}), "must show a picture"),
    ("time_to_run", take(61), "took 61"),
]
RULES = {name(rule): rule for rule in (*WRITTEN, *SHOWN)}


@pytest.mark.parametrize("rule", RULES.values(), ids=name)
def test_the_small_lecture_keeps_every_rule(rule: Rule) -> None:
    assert said(rule, small_lecture()) == ""


@pytest.mark.parametrize(("rule", "change", "words"), BROKEN, ids=[f"{r}-{w}" for r, _, w in BROKEN])
def test_a_lecture_that_breaks_a_rule_is_refused(
    rule: str, change: Callable[[Any], None], words: str
) -> None:
    notebook = copy.deepcopy(small_lecture())
    change(notebook)
    assert words in said(RULES[rule], notebook)


def test_every_rule_is_shown_to_bite() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_a_picture_is_measured_as_the_page_shows_it() -> None:
    """A sharp one has two image pixels for each pixel of the page."""
    notebook = small_lecture()
    show("relief", {"text/html": image(WORDS, 2000, 1000, shown_at=1000)})(notebook)
    assert said(RULES["words_and_size_of_pictures"], notebook) == ""


def test_a_lecture_without_an_exercise_of_its_own_offers_something_to_try() -> None:
    notebook = small_lecture()
    other = "[channels](../exercises/04_channels/04_channels.ipynb), [code](../coursekit/shapes/counting.py)"
    write("next", f"**Try it here.** {other}")(notebook)
    assert said(RULES["closing"], notebook, "01_from_dense_layers") == ""
    write("next", other)(notebook)
    assert "Try it here" in said(RULES["closing"], notebook, "01_from_dense_layers")
    write("next", "**Try it here.** [code](../coursekit/shapes/counting.py)")(notebook)
    assert "an exercise that practises" in said(RULES["closing"], notebook, "01_from_dense_layers")
