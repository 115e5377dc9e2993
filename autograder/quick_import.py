"""TRUSTED: keeps a part of the start-up away: searches for garbage, and a grammar that nothing here asks for.

jsonschema, which nbformat imports, looks for `rfc3987_syntax` to check internationalised web addresses. To
import that builds a parser from a grammar, each time. No schema of a notebook holds such an address. So in
the grader's own processes Python is told that the package is not there, which jsonschema is made for. It is
no loss where something else has imported it before.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator

ADDRESS_GRAMMAR = "rfc3987_syntax"

# what is None in sys.modules is not found: see Python's own documentation of the import system
sys.modules.setdefault(ADDRESS_GRAMMAR, None)  # type: ignore[arg-type]  # typeshed knows only modules


@contextlib.contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """For imports: what they load is there to stay, then and in every later search."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
