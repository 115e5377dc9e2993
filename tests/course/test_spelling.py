"""What people read is British English: Markdown, and sentences and comments in the notebooks' code."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.course.lectures import REPOSITORY
from tests.course.making import code, markdown
from tools.spelling.__main__ import ROOT, american, misspelt
from tools.spelling.prose import of_code, of_markdown, texts

WORDS = REPOSITORY / "tools" / "spelling" / "words.txt"
needs_node = pytest.mark.node


@needs_node
def test_every_word_that_people_read_is_british_english() -> None:
    found = misspelt(texts(ROOT))
    repair = "correct it, or put a word of the field into tools/spelling/words.txt"
    if found:
        pytest.fail("\n".join([*found, f"repair: {repair}"]), pytrace=False)


@needs_node
def test_a_misspelt_word_is_named_with_its_place() -> None:
    prose = [
        ("one", "The colour of the centre is grey."),
        ("two", "The color of the center is gray.\nWe recieve it, and normalize."),
        ("three", "The size of the prize was seized."),
    ]
    assert sorted(misspelt(prose)) == [
        "two: center",
        "two: color",
        "two: gray",
        "two: normalize",
        "two: recieve",
    ]


def test_words_in_ize_are_american_here_but_not_every_z_is() -> None:
    assert american("Normalized, optimizing a size, resized, prizes, Initialization, normalised") == [
        "Normalized",
        "optimizing",
        "Initialization",
    ]


def test_code_formulas_addresses_and_tags_are_no_prose() -> None:
    text = (
        "Set `kolor` in $kolor_i$ or $$kolor\n+ kolor$$, [this](kolor.md), https://kolor.org, <b kolor>.\n"
        "```\nkolor = 1\n```\nIt costs \\$3 and $5. The words stay."
    )
    assert "kolor" not in of_markdown(text)
    assert of_markdown(text).count("\n") == text.count("\n")
    for word in ("Set", "this", "It costs", "The words stay"):
        assert word in of_markdown(text)


def test_of_code_comments_and_sentences_are_prose_and_names_are_not() -> None:
    kept = of_code("kolor = f('kolor')  # a kolur\n%time\nshow(f'The coler of {kolor} is', alt='hue')")
    assert "kolur" in kept and "coler" in kept
    assert "kolor" not in kept and "hue" not in kept


def test_a_word_in_a_notebook_is_named_with_its_cell(tmp_path: Path) -> None:
    cells = [markdown("goals", "The color."), code("picture", "# a kolur")]
    for folder in ("lectures", "exercises"):
        (tmp_path / folder).mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / folder / "01_one.ipynb")
    (tmp_path / "README.md").write_text("Words.")
    assert list(texts(tmp_path)) == [
        ("README.md", "Words."),
        ("lectures/01_one.ipynb, cell goals", "The color."),
        ("lectures/01_one.ipynb, cell picture", "# a kolur"),
    ]


def test_the_course_words_are_sorted_and_stand_once() -> None:
    words = WORDS.read_text(encoding="utf-8").split()
    assert words == sorted(set(words), key=str.lower), "sort --ignore-case --unique tools/spelling/words.txt"
