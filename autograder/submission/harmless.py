"""TRUSTED: makes the text of a notebook harmless for those who open it: graders and feedback readers."""

from __future__ import annotations

import re
from typing import Any

MAX_MARKDOWN = 10_000  # characters of one cell; rendering grows with their square at worst
LINK = re.compile(r"\](?=\s*[(\[:])")  # [text](address), [text][name] and [name]: address
ADDRESS = re.compile(r"(?<=[A-Za-z]:)(?=//)")  # a bare http://... becomes a link, too
MAX_CODE = 10_000  # characters of one cell, as it is shown: colouring them grows faster than they do
MAX_ALL_CODE = 200_000  # of a notebook
# Nobody's line is indented so far, and each doubling takes eight times as long. Looked for from the start of
# the blanks alone: from each of them, many shorter ones would take a minute.
BLANK = re.compile(r"(?<!\s)\s{120,}")
HTML_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def make_harmless(notebook: Any, release: Any) -> None:
    """Show the HTML that a student wrote into Markdown as text: graders and feedback readers open it.

    Links are shown as text too: their address may be a script. So is what is longer than anyone writes, cut.
    Cells that stand in the release as they are keep both. Code and its outputs are not Markdown.
    """
    ours = {cell.source for cell in release.cells}
    for cell in notebook.cells:
        if cell.cell_type != "code" and cell.source not in ours:
            cell.cell_type = "markdown"  # a raw cell would be written into the page as it is
            cut = cell.source[:MAX_MARKDOWN] + (" ..." if len(cell.source) > MAX_MARKDOWN else "")
            cell.source = ADDRESS.sub("\u200b", LINK.sub("]\u200b", HTML_TAG.sub("&lt;", cut)))


def make_code_short(notebook: Any, release: Any) -> None:
    """Show of code that has run as much as a page can be made of; the file that was handed in holds it all.

    To colour twenty thousand blank characters takes IPython's grammar minutes, and one student's page would
    stop the class: so blanks are cut too, and Python's own grammar colours the rest.
    """
    ours = {cell.source for cell in release.cells}
    left = MAX_ALL_CODE
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source not in ours:
            source = BLANK.sub("\n\n\n", cell.source)
            most = max(0, min(MAX_CODE, left))
            more = len(source) - most
            cell.source = source[:most] + (f"\n# ... and {more} characters more" if more > 0 else "")
            left -= len(source)
    language = notebook.metadata.setdefault("language_info", {"name": "python"})
    language["pygments_lexer"] = "python3"
