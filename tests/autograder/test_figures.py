"""Figures: drawn once, as large as feedback shows them, or not at all; never at the cost of an answer."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from autograder.grade import grade_class
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.session import Session
from tests.autograder.small_course import STEM, hand_in, make_course, notebook

pytestmark = pytest.mark.sandbox

SETUP = "import io\nimport matplotlib.pyplot as plt\nimport numpy as np\nfrom matplotlib.figure import Figure"
COUNT = """
from matplotlib.artist import Artist
class Counted(Artist):
    count = 0
    def draw(self, renderer):
        Counted.count += 1
"""


def run(session: Session, *cells: str, figures: bool = True) -> list[Mapping[str, Any]]:
    """The outputs of the last of these cells."""
    for cell in cells[:-1]:
        assert session.run_cell(cell).outputs == []
    return session.run_cell(cells[-1], figures).outputs


def pixels(output: Mapping[str, Any]) -> np.ndarray:
    """The picture of an output, in colours from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"]))).convert("RGB"))


@pytest.mark.parametrize(
    ("shown", "pictures"),
    [
        ("fig, axes = plt.subplots(); axes.add_artist(Counted())", 1),
        ("fig, axes = plt.subplots(); axes.add_artist(Counted())\nplt.show()", 1),
        ("fig, axes = plt.subplots(); axes.add_artist(Counted())\nfig", 2),  # as in Jupyter
        ("fig, axes = plt.subplots(layout='constrained'); axes.add_artist(Counted())\nplt.show()", 1),
        ("fig = Figure(); fig.subplots().add_artist(Counted())\nfig", 1),
    ],
)
def test_a_figure_is_drawn_once(jail: Jail, shown: str, pictures: int) -> None:
    with jail.session() as session:
        outputs = run(session, SETUP, COUNT, shown)
        assert sum("image/png" in output.get("data", {}) for output in outputs) == pictures
        assert session.run_cell("print(Counted.count)").outputs[0]["text"] == "1\n"


def test_a_lectures_figure_is_drawn_once(jail: Jail) -> None:
    shown = "figure = figures.picture([[0, 1], [1, 0]], title='a')\nfigure.add_artist(Counted())\nfigure"
    with jail.session() as session:
        (output,) = run(session, SETUP, COUNT + "from coursekit import figures", shown)
        assert output["data"]["text/plain"].startswith("a, 2×2 pixels")
        assert session.run_cell("print(Counted.count)").outputs[0]["text"] == "1\n"


def test_a_figure_that_was_changed_after_it_was_shown_is_drawn_anew(jail: Jail) -> None:
    with jail.session() as session:
        shown = "fig, axes = plt.subplots()\ndisplay(fig)\naxes.axvspan(0, 1, color='red')\nplt.show()"
        first, second = run(session, SETUP, shown)
    assert not np.array_equal(pixels(first), pixels(second))


@pytest.mark.parametrize(
    "plot",
    [
        "plt.plot([1, 3, 2]); plt.xlabel('time'); plt.ylabel('height'); plt.title('title')",
        "plt.figure(figsize=(3, 2)); plt.plot([0, 1]); plt.xlabel('a label\\nof\\nfour\\nlines')",
        "plt.imshow(np.arange(12).reshape(3, 4)); plt.colorbar(label='metres')",
        "plt.figure(layout='constrained'); plt.plot([1, 2], label='line'); plt.legend()",
        "plt.figure(facecolor='none'); plt.plot([1, 2])",
        "plt.figure(figsize=(4, 4)); plt.text(0.95, 0.5, 'goes on beyond the edge of the figure')",
    ],
)
def test_a_figure_looks_as_it_does_in_jupyter(jail: Jail, plot: str) -> None:
    theirs = (
        "from IPython.core.pylabtools import print_figure\n"
        f"{plot}\nplain = print_figure(plt.gcf(), base64=True)\nplt.close('all')\nprint(plain)"
    )
    with jail.session() as session:
        (shown,) = run(session, SETUP, f"{plot};")
        (printed,) = run(session, theirs)
    ours, stock = pixels(shown), pixels({"data": {"image/png": printed["text"].strip()}})
    assert abs(ours.shape[0] - stock.shape[0]) <= 2
    assert abs(ours.shape[1] - stock.shape[1]) <= 2
    small = [np.asarray(Image.fromarray(one).resize((40, 30)), float) for one in (ours, stock)]
    assert np.abs(small[0] - small[1]).mean() < 6  # of 255: the same but for a part of a pixel


def test_a_large_resolution_is_not_drawn_for_a_page(jail: Jail) -> None:
    with jail.session() as session:
        (shown,) = run(session, SETUP, "plt.figure(dpi=600); plt.plot([1, 2]);")
        assert session.run_cell("plt.figure(dpi=600).dpi").outputs[0]["data"]["text/plain"] == "600"
    assert max(pixels(shown).shape) < 700


@pytest.mark.parametrize("setting", ["figure_format = 'retina'", "figure_format = 'svg'"])
def test_a_setting_for_screens_gives_a_picture_for_feedback(jail: Jail, setting: str) -> None:
    with jail.session() as session:
        (shown,) = run(session, SETUP, f"%config InlineBackend.{setting}", "plt.plot([1, 2]);")
    assert max(pixels(shown).shape) < 700


def test_an_exception_while_drawing_is_shown(jail: Jail) -> None:
    code = """
class Broken(Artist):
    def draw(self, renderer):
        raise ValueError("cannot be drawn")
fig, axes = plt.subplots()
axes.add_artist(Broken());
"""
    with jail.session() as session:
        outputs = run(session, SETUP, COUNT, code)
        assert [output["ename"] for output in outputs if output["output_type"] == "error"] == ["ValueError"]
        assert "image/png" in run(session, "plt.plot([1, 2]);")[0]["data"]


# what students do with figures in an answer; each line must hold with figures and without
ANSWERS = (
    "buffer = io.BytesIO(); fig.savefig(buffer); assert buffer.getvalue()[1:4] == b'PNG'",
    "fig.savefig('mine.png', dpi=30); assert plt.imread('mine.png').ndim == 3",
    "assert np.asarray(fig.canvas.buffer_rgba()).any()",  # as it was shown
    "fig.canvas.draw(); assert np.asarray(fig.canvas.buffer_rgba()).any()",
    "assert plt.gcf() is fig and plt.gca() is axes",
    "assert fig.dpi == 100 and fig.canvas.figure is fig and type(fig.canvas).__name__ == 'FigureCanvasAgg'",
    "assert axes.lines[0].get_ydata().tolist() == [1, 3, 2]",
    "assert axes.get_window_extent().width > 100",
)


@pytest.mark.parametrize("figures", [True, False], ids=["drawn", "not drawn"])
def test_what_a_student_does_with_a_figure_works(jail: Jail, figures: bool) -> None:
    body = "".join(f"    {line}\n" for line in ANSWERS)
    make = "fig, axes = plt.subplots()\naxes.plot([1, 3, 2])\n"
    check = f"def checked(fig, axes):\n{body}    return True\n"
    with jail.session() as session:
        session.run_cell(f"{SETUP}\n{check}")
        again = f"{make}display(fig)\nprint(checked(fig, axes))\nplt.close('all')"
        outputs = session.run_cell(again, figures).outputs
        assert outputs[-1] == {"output_type": "stream", "name": "stdout", "text": "True\n"}


def test_a_student_can_read_the_pixels_of_a_figure_that_was_shown_and_not_drawn(jail: Jail) -> None:
    read = (
        "fig, axes = plt.subplots()\naxes.plot([1, 2])\ndisplay(fig)\n"
        "shown = np.asarray(fig.canvas.buffer_rgba()).copy()\n"
        "fig.canvas.draw()\n"
        "print(np.array_equal(shown, fig.canvas.buffer_rgba()), shown.shape, shown.min())\n"
        "plt.close('all')"
    )
    with jail.session() as session:
        picture, text = run(session, SETUP, read, figures=False)
    assert picture["data"] == {"text/plain": "[figure not drawn]"}
    assert text["text"] == "True (480, 640, 4) 0\n"


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("plt.plot([1, 2]);", "[figure not drawn]"),
        ("Figure()", "[figure not drawn]"),
        ("figures.picture([[0, 1], [1, 0]], title='a')", "[figure not drawn] a, 2×2 pixels."),
        ("display(figures.picture([[0, 1], [1, 0]], title='a'))", "[figure not drawn] a, 2×2 pixels."),
    ],
)
def test_without_figures_a_line_stands_where_one_would(jail: Jail, shown: str, words: str) -> None:
    with jail.session() as session:
        (output,) = run(session, f"{SETUP}\nfrom coursekit import figures", shown, figures=False)
        assert output["data"] == {"text/plain": words}


def test_a_figure_over_the_limit_of_a_cells_output_is_not_drawn(jail: Jail) -> None:
    with jail.session(limits=replace(jail.limits, output_bytes=2_000)) as session:
        code = "print('x' * 5_000)\nfig, axes = plt.subplots(); axes.add_artist(Counted())\nplt.show()"
        run(session, SETUP, COUNT, code)
        assert session.run_cell("print(Counted.count)").outputs[0]["text"] == "0\n"


def test_who_asks_for_figures_later_gets_them_and_who_has_them_keeps_them(
    tmp_path: Path, one_jail: None
) -> None:
    source = notebook("to_channels_first")
    course = make_course(tmp_path / "course", {STEM: source})
    drawing = "from coursekit import figures\nfigures.picture([[0, 1], [1, 0]], title='a')"
    hand_in(course, "somebody", source, {"to_channels_first": drawing})

    def graded(figures: bool) -> str:
        (result,) = grade_class(course, STEM, figures=figures)
        assert result.figures is ("image/png" in page())
        return page()

    def page() -> str:
        (path,) = course.root.glob("autograded/somebody/*/*.ipynb")
        return path.read_text(encoding="utf-8")

    assert "[figure not drawn]" in graded(figures=False)
    drawn = graded(figures=True)
    assert "image/png" in drawn
    assert graded(figures=False) == drawn
