"""Check the spelling of Markdown files and notebooks: British English, -ise and not -ize.

    python -m tools.spelling

A word of the field that the dictionary lacks goes into tools/spelling/words.txt, which is sorted.
Exit status 0: nothing is misspelt; 1: something is, with file, cell and word; 2: cspell is not installed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.spelling.prose import texts

ROOT = Path(__file__).parents[2]
CSPELL = ROOT / "node_modules" / "cspell" / "bin.mjs"
CONFIGURATION = Path(__file__).parent / "cspell.json"
COMPLAINT = re.compile(r"(?P<file>\d+)\.md:\d+:\d+ - \w+ word \((?P<word>[^)]*)\)")
WITH_Z = re.compile(r"\b\w+iz(?:e|ed|es|er|ers|ing|ation|ations)\b", re.IGNORECASE)
ALWAYS_Z = re.compile(r".*(?:siz|priz|seiz)(?:e|ed|es|ing)", re.IGNORECASE)


class NotInstalled(RuntimeError):
    """cspell, which finds the words, is not there."""


def misspelt(prose: Iterable[tuple[str, str]]) -> list[str]:
    """Return "place: word" for each word that is not in the dictionaries, in the order of the texts.

    Parameters
    ----------
    prose : pairs of a place, as a reader would look for it, and a text

    Raises
    ------
    NotInstalled
    """
    if not CSPELL.exists():
        raise NotInstalled("the spelling checker is not installed: run npm ci (Node.js 20 or newer)")
    places = []
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (place, text) in enumerate(prose):
            Path(folder, f"{number}.md").write_text(text, encoding="utf-8")
            places.append(place)
            found += [(number, word) for word in american(text)]
        if not places:
            return []
        command = ["node", str(CSPELL), "lint", "--config", str(CONFIGURATION), "--root", folder]
        command += ["--no-progress", "--no-summary", "--no-color", "--no-gitignore", "--relative", "*.md"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=300)
    found += [(int(match["file"]), match["word"]) for match in COMPLAINT.finditer(ran.stdout)]
    if ran.returncode and not found:
        raise RuntimeError(f"cspell failed:\n{ran.stdout}{ran.stderr}")
    return [f"{places[number]}: {word}" for number, word in dict.fromkeys(sorted(found))]


def american(text: str) -> list[str]:
    """Return the words in -ize: the dictionary knows them, this course writes -ise."""
    return [word for word in WITH_Z.findall(text) if not ALWAYS_Z.fullmatch(word)]


def main() -> int:
    """Check everything, and return the exit status that the module's docstring promises."""
    try:
        found = misspelt(texts(ROOT))
    except NotInstalled as error:
        print(error, file=sys.stderr)
        return 2
    for line in found:
        print(line)
    if found:
        print("Correct them, or put a word of the field into tools/spelling/words.txt, in its place.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
