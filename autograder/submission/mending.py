"""TRUSTED: what can be read of a notebook's text when it is not JSON any more."""

from __future__ import annotations

import json
import re
from typing import Any

# A text in quotes is taken whole, without going back in it, up to the end of the file where nothing ends it:
# no quote in it is then tried as a start, and the time is linear in the file's size.
TEXT = r'"(?:[^"\\]++|\\.)*+(?:"|\\?+\Z)'
COMMA_TOO_MANY = re.compile(rf"({TEXT})|,(?=\s*+[,}}\]])", re.DOTALL)
END_OF_PART = re.compile(rf"{TEXT}|[}}\]]|[-+.\w]++", re.DOTALL)
NEXT_PART = re.compile(r'\s*+["{\[\w-]')
CELLS = re.compile(r'"cells"\s*+:\s*+\[')
BETWEEN = re.compile(r"[\s,]*+")
FUNCTION = re.compile(r"^def [A-Za-z_]\w*\(", re.MULTILINE)
CELL_MARK = re.compile(r"^# (?:In ?\[[^\]\n]*\]:|%%.*)$\n?", re.MULTILINE)
LONGEST_SCRIPT = 1_000_000
IN_QUOTES = re.compile(TEXT, re.DOTALL)


def holds_more_parts(text: str, most: int) -> bool:
    """Whether a JSON text begins more than `most` lists and objects; brackets in quotes are none."""
    if text.count("[") + text.count("{") <= most:
        return False
    outside = IN_QUOTES.sub("", text)
    return outside.count("[") + outside.count("{") > most


def one_side(text: str, side: int) -> str:
    """The text with every conflict that git marked decided for its first (0) or its second (1) version."""
    if "<<<<<<<" not in text:
        return text
    kept: list[str] = []
    now: int | None = None  # outside of a conflict; 0 and 1 are its versions, 2 what both began from
    for line in text.splitlines(keepends=True):
        mark = line[:7]
        if mark == "<<<<<<<":
            now = 0
        elif mark == "|||||||" and now == 0:
            now = 2
        elif mark == "=======" and now in (0, 2):
            now = 1
        elif mark == ">>>>>>>" and now == 1:
            now = None
        elif now is None or now == side:
            kept.append(line)
    return "".join(kept)


def mended_commas(text: str) -> str:
    """JSON without commas before a bracket or another comma, and with those missing between two parts."""
    fewer = COMMA_TOO_MANY.sub(lambda found: found[1] or "", text)

    def with_comma(found: re.Match[str]) -> str:
        return found[0] + "," if NEXT_PART.match(fewer, found.end()) else found[0]

    return END_OF_PART.sub(with_comma, fewer)


def cells_before_the_damage(text: str, most: int) -> list[dict[str, Any]]:
    """The cells that are whole, from the first one on up to the place where the JSON breaks."""
    start = CELLS.search(text)
    found: list[dict[str, Any]] = []
    decoder = json.JSONDecoder(strict=False)
    place = start.end() if start else len(text)
    while len(found) < most:
        place = _end(BETWEEN, text, place)
        try:
            cell, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        if not isinstance(cell, dict):
            break
        found.append(cell)
    return found


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


def script_cells(text: str) -> list[str]:
    """The cells of a Python script that JupyterLab or an editor saved a notebook as; [] if it is none."""
    if len(text) > LONGEST_SCRIPT or text.lstrip()[:1] in ("{", "<") or not FUNCTION.search(text):
        return []
    return [part for part in CELL_MARK.split(text.replace("\r\n", "\n")) if part.strip()]
