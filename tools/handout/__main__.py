"""Write lectures as static pages, or one as slides, with live demos, no kernel and no network.

    python -m tools.handout                      every lecture, to dist/handout
    python -m tools.handout 03                   one
    python -m tools.handout 03 --slides          as slides, to dist/slides

Each lecture becomes a folder that can be copied to a stick or a server; its index.html opens by itself.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.handout.assets import AssetsMissing
from tools.handout.pages import LectureFailed, write_contents, write_lecture

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Write what was asked for. Exit code 0: written; 1: a lecture failed or no npm; 2: wrong usage."""
    parser = argparse.ArgumentParser(
        "tools.handout", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("lectures", nargs="*", help="stems or their numbers, such as 03; default: all")
    parser.add_argument("--slides", action="store_true", help="write slides in place of a page to read")
    parser.add_argument("--output", type=Path, help="default: dist/handout or dist/slides")
    options = parser.parse_args()
    output = options.output or ROOT / "dist" / ("slides" if options.slides else "handout")
    try:
        chosen = find_lectures(ROOT / "lectures", options.lectures)
    except LookupError as error:
        parser.error(str(error))
    try:
        pages = [write_lecture(lecture, output, slides=options.slides) for lecture in chosen]
    except (AssetsMissing, LectureFailed) as error:
        print(error, file=sys.stderr)
        return 1
    for page in pages:
        print(f"wrote {page}")
    print(f"wrote {write_contents(output, pages)}")
    return 0


def find_lectures(folder: Path, names: list[str]) -> list[Path]:
    """Return the notebooks with these stems, numbers or starts of stems; all of them for no names.

    Raises LookupError for a name of none or of several.
    """
    notebooks = sorted(folder.glob("[0-9]*.ipynb"))
    if not names:
        return notebooks
    found = []
    for name in names:
        matching = [path for path in notebooks if path.stem == name or path.stem.startswith(f"{name}_")]
        if len(matching) != 1:
            stems = ", ".join(path.stem for path in notebooks)
            raise LookupError(f"{name!r} must name one lecture; there are {stems}")
        found += matching
    return found


if __name__ == "__main__":
    sys.exit(main())
