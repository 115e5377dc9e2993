"""TRUSTED: words for what students cannot know: what is different when their notebook is graded.

Everything here reads text that a student's process sent. It decides no point.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from autograder import nodes

FUNCTION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*=[ \t]*lambda", re.MULTILINE)
# blanks within a line alone: over line ends too, time grew with the square of the empty lines
INSTALL = re.compile(
    r"^[^\S\n]*+[%!][^\S\n]*+(?:pip3?|conda|mamba|uv|python3? -m pip)\b.*\binstall\b", re.MULTILINE
)
NO_NETWORK = re.compile(r"name resolution|Name or service|Network is unreachable|urlopen error|Max retries")
WINDOWS_PATH = re.compile(r"[A-Za-z]:\\|\\\\")
CLOSE = 0.75  # of difflib's ratio: a letter or two of a name
MOST_READ = 300_000  # characters of a notebook in which a name is looked for: each takes some microseconds

KEYBOARD = "Nobody types while your notebook is graded: give the value in the code instead of asking for it."
INSTALLING = (
    "Nothing can be installed while your notebook is graded: there is no network. "
    "The course's own packages are there already; hand in without this line."
)
NETWORK = (
    "There is no network while your notebook is graded: hand in the file beside your notebook and open that."
)
COLAB = "`google.colab` is there in Colab alone: delete these lines before you hand in."
MODULE = (
    "Only the packages of the course are there while your notebook is graded, and files that you hand in "
    "beside it: do without this module, or hand it in if it is your own."
)
MISSING_FILE = (
    "Only files that you hand in beside your notebook are there while it is graded: "
    'hand this one in too, and open it by its name alone, such as open("data.csv").'
)
WINDOW = "No window can be opened while your notebook is graded: delete the line that chooses how to draw."
KERNEL = "Your notebook is graded without Jupyter's kernel: do without what asks for it."
MAGIC = "Only IPython's own magics are known while your notebook is graded: write this cell in Python."
TABS = "Spaces and tabs are mixed: indent every line of the function with spaces alone."
QUOTES = "These are the quotation marks of a word processor: type them anew as \" or '."
SPACE = "There is an invisible character, as in text copied from a PDF: delete the spaces and type them anew."


def _is_curly(value: str) -> bool:
    return bool(re.search(r"U\+20(?:18|19|1A|1B|1C|1D|1E)|U\+00AB|U\+00BB", value))


def _is_invisible(value: str) -> bool:
    return "non-printable character" in value


# (names of exceptions, what must hold of the exception's text and the cell's source, the sentence)
ERRORS: tuple[tuple[tuple[str, ...], Callable[[str, str], bool], str], ...] = (
    (("EOFError",), lambda text, code: bool(re.search("input|getpass", code)), KEYBOARD),
    (("ModuleNotFoundError",), lambda text, code: "'google" in text, COLAB),
    (("ModuleNotFoundError",), lambda text, code: True, MODULE),
    (("FileNotFoundError",), lambda text, code: True, MISSING_FILE),
    (("ImportError",), lambda text, code: "Cannot load backend" in text, WINDOW),
    (("AttributeError",), lambda text, code: "attribute 'kernel'" in text, KERNEL),
    (("TabError",), lambda text, code: True, TABS),
    (("SyntaxError",), lambda text, code: _is_curly(text), QUOTES),
    (("SyntaxError",), lambda text, code: _is_invisible(text), SPACE),
)  # fmt: skip


def hint(source: str, outputs: Sequence[Any]) -> str:
    """One sentence on what a cell met that is different when graded, or ""."""
    for output in outputs:
        if output["output_type"] == "error":
            name, text = output["ename"], output["evalue"]
            for names, holds, sentence in ERRORS:
                if name in names and holds(text, source):
                    return sentence
            if NO_NETWORK.search(text):
                return NETWORK
        elif output["output_type"] == "stream":
            if INSTALL.search(source) and "error" in output["text"].lower():
                return INSTALLING
            if output["text"].startswith("UsageError: Cell magic"):
                return MAGIC
    return ""


def add_hints(cells: Sequence[Any]) -> None:
    """Put each hint under the first cell that it is about, where its exception is shown."""
    given: set[str] = set()
    for cell in cells:
        sentence = hint(cell.source, cell.outputs) if cell.cell_type == "code" else ""
        if sentence and sentence not in given:
            given.add(sentence)
            cell.outputs.append(nodes.stream(f"[About grading] {sentence}\n"))


def why_not_defined(name: str, cells: Sequence[Any], others: Collection[str]) -> str:
    """Why there is no function `name`, as far as the notebook tells: one or two sentences, or "".

    `others` are the names that belong to other tasks, so none of them is a slip of the pen.
    """
    read = list(_first(cells, MOST_READ))
    for cell in read:
        if name in _defined(cell.source):
            found = _why_not_run(cell)
            if found:
                return found
    code = [cell.source for cell in read if cell.cell_type == "code"]
    names = {other: other for text in code for other in _defined(text) if other not in others}
    folded = {_folded(other): other for other in names}
    close = difflib.get_close_matches(_folded(name), folded, n=1, cutoff=CLOSE)
    if not close:
        return ""
    return f"Your notebook defines `{folded[close[0]][:80]}`: its name must be `{name}`, letter for letter."


def _first(cells: Sequence[Any], most: int) -> Iterator[Any]:
    """The first cells, with so many characters together."""
    for cell in cells:
        most -= len(cell.source)
        if most < 0:
            return
        yield cell


def _defined(source: str) -> list[str]:
    return [first or second for first, second in FUNCTION.findall(source)]


def _folded(name: str) -> str:
    return name.lower().replace("_", "")


def _why_not_run(cell: Any) -> str:
    if cell.cell_type != "code":
        return "It stands in a cell of text, which is not run: change its type to Code."
    magic = re.match(r"\s*(%%\w+)", cell.source)
    if magic and magic[1] not in ("%%time", "%%capture"):
        return f"The cell that should define it begins with `{magic[1]}`, so it is not run as Python here."
    error = next((output for output in cell.outputs if output["output_type"] == "error"), None)
    if error is not None:
        text = re.sub(r" \(<ipython-input-[^>]*>, (line \d+)\)", r" (\1)", error["evalue"])[:200]
        told = f"The cell that should define it stopped with {error['ename']}: {text}".rstrip(": .") + "."
        return f"{told} {hint(cell.source, cell.outputs)}".rstrip()
    return ""
