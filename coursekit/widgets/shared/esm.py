"""Join a demo's files into the one module and the one style sheet that the browser is sent.

A widget in a notebook has no address of its own, so it cannot import its neighbours by relative path.
The files stay separate here, where they are read and tested; a browser gets them as one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w./]+)";\n', re.MULTILINE)
_WIDGETS = Path(__file__).parents[1]


def esm(stem: str) -> str:
    """Return the module of the demo in the folder `stem`."""
    return join_modules(_WIDGETS / stem / f"{stem}.js")


def css(stem: str) -> str:
    """Return the style sheet that all demos share, followed by the demo's own if it has one."""
    own = _WIDGETS / stem / f"{stem}.css"
    shared = (_WIDGETS / "shared" / "demo.css").read_text(encoding="utf-8")
    return shared + (own.read_text(encoding="utf-8") if own.exists() else "")


def join_modules(path: Path) -> str:
    """Return the module at `path`, after every module it imports by `import {...} from "./name.js";`.

    Each file is taken once, however often it is imported. They share one scope: no two may declare the
    same name at their top level. An import of any other form is left as it stands.
    """
    texts: dict[Path, str] = {}

    def visit(file: Path) -> None:
        if file in texts:
            return
        text = file.read_text(encoding="utf-8")
        texts[file] = ""  # marks it as seen, so that a circle ends
        for name in _IMPORT.findall(text):
            visit(Path(os.path.normpath(file.parent / name)))
        del texts[file]
        texts[file] = _IMPORT.sub("", text)

    visit(path)
    return "\n".join(texts.values())
