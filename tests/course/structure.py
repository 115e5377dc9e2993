"""What every lecture is made of. Each rule yields in words what breaks it, and nothing if nothing does.

`WRITTEN` holds for the notebook as it is in the repository, `SHOWN` for what it shows when it is run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from coursekit.checks.registry import EXERCISES
from tests.course.lectures import WIDGET, has_widget, html_of, pictures, read_html, shown

PREDICT = "**Predict before you look.**"
FOLDED = "# The answer is made here."
CHANGE_ME = "# CHANGE THIS IN FRONT OF THE CLASS:"
SLIDES = ("slide", "subslide", "notes", "fragment", "skip")
MOST_LINES_OF_CODE = 25
MOST_LINES_OF_SUMMARY = 20
SECONDS = 60
# What fits under JupyterLab's bars on a page of 1280×720, in CSS pixels.
WIDEST, HIGHEST = 1180, 560
SHORTEST_ALT = 30

Rule = Callable[[str, Any], Iterator[str]]


def opening(stem: str, notebook: Any) -> Iterator[str]:
    """Title with one bold question, a picture, then what you can do at the end."""
    first = [cell.id for cell in notebook.cells[:3]]
    if first != ["title", "question-picture", "goals"]:
        yield f"the first cells must be title, question-picture and goals; got {', '.join(first)}"
        return
    title, picture, goals = notebook.cells[:3]
    if not re.match(rf"# {int(stem[:2])} · \w", title.source):
        yield f"title must begin with '# {int(stem[:2])} · '"
    if len(re.findall(r"\*\*[^*]+\?\*\*", title.source)) != 1:
        yield "title must ask one bold question"
    if picture.cell_type != "code":
        yield "question-picture must be code"
    if "At the end you can" not in goals.source or goals.source.count("\n- ") < 2:
        yield 'goals must list what comes after "At the end you can"'


def gates(stem: str, notebook: Any) -> Iterator[str]:
    """Two or more questions to predict first, each with a folded cell that makes the answer."""
    cells = notebook.cells
    questions = {cell.id: place for place, cell in enumerate(cells) if PREDICT in cell.source}
    if len(questions) < 2:
        yield f"two cells or more must ask {PREDICT}; got {len(questions)}"
    places = {cell.id: place for place, cell in enumerate(cells)}
    for name, place in questions.items():
        answer = cells[places[f"{name}-answer"]] if f"{name}-answer" in places else None
        if not re.fullmatch(r"gate-[a-z]+", name) or "?" not in cells[place].source:
            yield f"{name} must be called gate-one, gate-two, ... and ask something"
        if answer is None or not place < places[answer.id] <= place + 3:
            yield f"{name}-answer must follow {name} within three cells"
            continue
        if answer.source.splitlines()[0] != FOLDED or not answer.metadata.get("jupyter", {}).get(
            "source_hidden"
        ):
            yield f"{answer.id} must be folded away, and its first line be {FOLDED!r}"
        if "figures.Reveal(" not in answer.source:
            yield f"{answer.id} must end in figures.Reveal(...)"
    for cell in cells:
        name = cell.id.removesuffix("-answer")
        if cell.id.startswith("gate-") and name != cell.id and name not in questions:
            yield f"{cell.id} must answer a cell with {PREDICT}"


def demos(stem: str, notebook: Any) -> Iterator[str]:
    """One or more live demos, each after words that say what to look for."""
    places = [place for place, cell in enumerate(notebook.cells) if is_demo(cell)]
    if not places:
        yield "a code cell widget-... must show a live demo"
    for place in places:
        before = notebook.cells[place - 1]
        if before.cell_type != "markdown" or "?" not in before.source:
            yield f"before {notebook.cells[place].id}, words must say what to do, and ask something"


def is_demo(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and cell.id.startswith("widget-"))


def for_the_lecturer(stem: str, notebook: Any) -> Iterator[str]:
    """A cell to change in front of the class: the tag and the first line go together."""
    tagged = {cell.id for cell in notebook.cells if "change-me" in cell.metadata.get("tags", [])}
    called = {cell.id for cell in notebook.cells if cell.source.startswith(CHANGE_ME)}
    if not tagged:
        yield "one cell must have the tag change-me"
    for name in sorted(tagged ^ called):
        yield f"{name} must have both the tag change-me and the first line {CHANGE_ME!r}"


def pytorch(stem: str, notebook: Any) -> Iterator[str]:
    """What PyTorch calls it, and a check against it that runs where it is installed."""
    cells = [cell for cell in notebook.cells if cell.id.startswith("pytorch")]
    if not any(cell.cell_type == "markdown" for cell in cells):
        yield "a Markdown cell pytorch... must say what PyTorch calls it"
    asking = [
        cell.source for cell in cells if cell.cell_type == "code" and 'find_spec("torch")' in cell.source
    ]
    if not any("assert" in source for source in asking):
        yield 'a code cell pytorch... must, if find_spec("torch"), assert that PyTorch gives the same'
    for cell in notebook.cells:
        if cell.cell_type == "code" and imports_torch(ast.parse(without_magics(cell.source)).body):
            yield f'{cell.id} must import torch only under `if find_spec("torch")`'


def imports_torch(statements: list[ast.stmt]) -> bool:
    """Whether statements import PyTorch without asking for it."""
    for statement in statements:
        if isinstance(statement, ast.Import) and any(
            n.name.split(".")[0] == "torch" for n in statement.names
        ):
            return True
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").split(".")[0] == "torch":
            return True
    return False


def without_magics(source: str) -> str:
    return "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())


def closing(stem: str, notebook: Any) -> Iterator[str]:
    """A summary of one screen, then where to go on: exercise, and the files of the functions."""
    cells = {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "markdown"}
    lines = len(cells.get("summary", "").splitlines())
    if not 0 < lines <= MOST_LINES_OF_SUMMARY:
        yield f"a cell summary must have at most {MOST_LINES_OF_SUMMARY} lines; got {lines}"
    if notebook.cells[-1].id != "next" or "next" not in cells:
        yield "the last cell must be next, in Markdown"
        return
    links = re.findall(r"\]\(([^)]+)\)", cells["next"])
    own = f"../exercises/{stem}/{stem}.ipynb"
    if stem in EXERCISES and own not in links:
        yield f"next must link to {own}"
    if stem not in EXERCISES and not any(link.startswith("../exercises/") for link in links):
        yield "next must link to an exercise that practises some of it"
    if stem not in EXERCISES and "Try it here" not in cells["next"]:
        yield 'next must offer "Try it here"'
    if not any(re.match(r"\.\./coursekit/(reference|shapes)/.+\.py$", link) for link in links):
        yield "next must link to a file of coursekit/reference or coursekit/shapes"


def slides(stem: str, notebook: Any) -> Iterator[str]:
    """The notebook is a presentation, too."""
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type", "-") for cell in notebook.cells]
    unknown = sorted(set(kinds) - {*SLIDES, "-"})
    if unknown:
        yield f"slide_type must be one of {', '.join(SLIDES)}; got {', '.join(unknown)}"
    if kinds[0] != "slide" or kinds.count("slide") < 5:
        yield f"the title and four more cells must begin a slide; got {kinds.count('slide')}"


def short_cells(stem: str, notebook: Any) -> Iterator[str]:
    """A cell holds little code."""
    for cell in notebook.cells:
        lines = [
            line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")
        ]
        if cell.cell_type == "code" and len(lines) > MOST_LINES_OF_CODE:
            yield f"{cell.id} must have at most {MOST_LINES_OF_CODE} lines of code; got {len(lines)}"


def one_title(stem: str, notebook: Any) -> Iterator[str]:
    """Sections are numbered headings of the second level under one title."""
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown" and re.search(r"^# ", cell.source, re.MULTILINE):
            yield f"{cell.id} must not have a heading of the first level"


def hidden_answers(stem: str, notebook: Any) -> Iterator[str]:
    """An answer is a <details>, closed."""
    for cell in notebook.cells:
        if cell.id.startswith("gate-") and cell.id.endswith("-answer"):
            opened = [state for bundle in shown(cell) for state in read_html(html_of(bundle)).details_open]
            outside = [out for out in cell.outputs if "<details" not in html_of(out.get("data", {}))]
            if not opened or any(opened) or outside:
                yield f"{cell.id} must show closed <details> and nothing else"


def live_demos(stem: str, notebook: Any) -> Iterator[str]:
    """What is called a demo is one, with a picture for where it cannot live."""
    for cell in notebook.cells:
        if is_demo(cell) and not has_widget(cell):
            yield f"{cell.id} must show a live demo"
        if has_widget(cell) and not cell.id.startswith("widget-"):
            yield f"{cell.id} shows a live demo: its id must begin with widget-"
        for bundle in shown(cell):
            if WIDGET in bundle and not any(i.get("alt") for i in read_html(html_of(bundle)).images):
                yield f"{cell.id} must have a picture with alternative text beside its demo"


def words_and_size_of_pictures(stem: str, notebook: Any) -> Iterator[str]:
    """Each picture says in words what it shows, and fits the page of a projector."""
    for cell in notebook.cells:
        for picture in pictures(cell):
            if len(picture.alt) <= SHORTEST_ALT:
                yield f"{cell.id} needs alternative text of more than {SHORTEST_ALT} letters: {picture.alt!r}"
            if not (0 < picture.width <= WIDEST and 0 < picture.height <= HIGHEST):
                size = f"{picture.width:.0f}×{picture.height:.0f}"
                yield f"{cell.id} must be a PNG of at most {WIDEST}×{HIGHEST} pixels on the page; got {size}"


def first_picture(stem: str, notebook: Any) -> Iterator[str]:
    """The question comes with a picture."""
    if not any(pictures(cell) for cell in notebook.cells if cell.id == "question-picture"):
        yield "question-picture must show a picture"


def time_to_run(stem: str, notebook: Any) -> Iterator[str]:
    """Nobody waits a minute for a lecture."""
    if notebook.metadata.seconds > SECONDS:
        yield f"must run in {SECONDS} seconds; took {notebook.metadata.seconds:.0f}"


WRITTEN: tuple[Rule, ...] = (
    opening,
    gates,
    demos,
    for_the_lecturer,
    pytorch,
    closing,
    slides,
    short_cells,
    one_title,
)
SHOWN: tuple[Rule, ...] = (
    hidden_answers,
    live_demos,
    words_and_size_of_pictures,
    first_picture,
    time_to_run,
)
