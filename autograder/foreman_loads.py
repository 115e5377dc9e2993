"""TRUSTED: what the foreman (foreman.py) does before its first worker: it loads what each of them needs."""

from __future__ import annotations

from autograder.foreman import end_with_parent
from autograder.quick_import import no_search_for_garbage

end_with_parent()  # first: it is not to go on for a grader that was killed

with no_search_for_garbage():  # nor does a worker look through it, which would copy what is shared
    import matplotlib  # noqa: F401 - a jail's view asks it for its list of fonts

    import autograder.grade_one  # noqa: F401
    import coursekit.checks.tasks  # noqa: F401 - each assignment asks for some of them
    from autograder.assignment import code_digest

    code_digest()  # of what was loaded just now: a worker may be forked hours later
