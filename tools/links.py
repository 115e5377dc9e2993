"""Where the links of Markdown files and notebooks lead.

    python -m tools.links        ask every address of the web that they name; needs a network

The tests use the rest of this module: a link to a file or a heading must lead somewhere, without a network.
Exit status 0: every address answers; 1: some do not.
"""

from __future__ import annotations

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat

from tools.spelling.prose import files

ROOT = Path(__file__).parents[1]
CODE_OR_FORMULA = re.compile(
    r"^(?P<fence>```|~~~).*?^(?P=fence)"
    r"|`[^`\n]*`"
    r"|\$\$.*?\$\$"
    r"|(?<![\\\w])\$[^$\n]+\$",
    re.DOTALL | re.MULTILINE,
)
LINK = re.compile(
    r"\]\(\s*<?(?P<inline>[^)\s>]+)"
    r"|^\s*\[[^\]]+\]:\s*(?P<reference>\S+)"
    r"|(?:href|src)=[\"'](?P<html>[^\"']+)"
    r"|(?P<bare>https?://[^\s)<>\"'`|]+)",
    re.MULTILINE,
)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
SECONDS = 20
# What publishers answer to a program, though a reader gets the page.
REFUSALS = (401, 403, 405, 418, 429)


@dataclass(frozen=True)
class Link:
    """A link as it is written, the file that it stands in, and where there, for a reader."""

    target: str
    file: Path
    place: str

    @property
    def external(self) -> bool:
        """Whether it leads out of the repository."""
        return bool(urlsplit(self.target).scheme)


def links(root: Path) -> Iterator[Link]:
    """Yield the links of every Markdown file, and of the Markdown in lectures and solutions."""
    for path in files(root, ".md"):
        place = path.relative_to(root).as_posix()
        yield from (Link(to, path, place) for to in links_in(path.read_text(encoding="utf-8")))
    for folder in ("lectures", "solutions"):
        for path in files(root / folder, ".ipynb"):
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type == "markdown":
                    place = f"{path.relative_to(root).as_posix()}, cell {cell.id}"
                    yield from (Link(to, path, place) for to in links_in(cell.source))


def links_in(markdown: str) -> list[str]:
    """Return the targets of all links and pictures; code and formulas hold none."""
    text = CODE_OR_FORMULA.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), markdown)
    return [match[match.lastgroup].rstrip(".,;:") for match in LINK.finditer(text) if match.lastgroup]


def broken(root: Path) -> list[str]:
    """Return "place: target" for each link to a file or heading that is not there."""
    found = []
    for link in links(root):
        address = urlsplit(link.target)
        if link.external:
            continue
        target = link.file.parent / unquote(address.path) if address.path else link.file
        headings = address.fragment and target.suffix in (".md", ".ipynb")
        if not target.exists() or (headings and unquote(address.fragment) not in anchors(target)):
            found.append(f"{link.place}: {link.target}")
    return found


@cache
def anchors(path: Path) -> set[str]:
    """Return what a # can name in a file: its headings as GitHub writes them, and as Jupyter does."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    text = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    found = set()
    for heading in HEADING.findall(text):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.replace("`", ""))
        found |= {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-"), words.replace(" ", "-")}
    return found


def external(root: Path) -> dict[str, list[str]]:
    """Return the addresses of the web that the course names, each with the places that name it."""
    found: dict[str, list[str]] = {}
    for link in links(root):
        if link.external:
            found.setdefault(link.target, []).append(link.place)
    return found


def answer(address: str) -> str:
    """Return "" if an address answers, else what is wrong with it."""
    request = urllib.request.Request(
        address, headers={"User-Agent": "Mozilla/5.0 (checking a course's links)"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in REFUSALS else f"{error.code} {error.reason}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def main() -> int:
    """Ask every address, and return the exit status that the module's docstring promises."""
    named = external(ROOT)
    with ThreadPoolExecutor(8) as pool:
        wrong = {address: said for address, said in zip(named, pool.map(answer, named), strict=True) if said}
    for address, said in wrong.items():
        print(f"{address}: {said}; named in {'; '.join(named[address])}")
    print(f"{len(named) - len(wrong)} of {len(named)} addresses answer")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
