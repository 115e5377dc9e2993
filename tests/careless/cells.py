"""Cells that were copied, deleted, moved, marked anew, merged or split."""

from __future__ import annotations

from tests.careless.making import (
    ANSWER,
    FULL,
    STUB,
    WITHOUT_ONE,
    Files,
    add,
    careless,
    cell,
    grade_id,
    handed_in,
    place,
    right,
    take,
    twin,
    with_answer,
)


@careless("graded", FULL)
def as_it_should_be() -> Files:
    """The measure for all others: full points and no note."""
    return handed_in(right())


@careless("graded", FULL, "correlate2d-check was missing", "keep the cells as given")
def check_deleted() -> Files:
    """The check comes back and is asked: the answer is there."""
    notebook = right()
    take(notebook, "correlate2d-check")
    return handed_in(notebook)


@careless("graded", FULL, "were missing", "counts all the same")
def every_check_deleted() -> Files:
    """All of them come back."""
    notebook = right()
    notebook["cells"] = [c for c in notebook["cells"] if not grade_id(c).endswith("-check")]
    return handed_in(notebook)


@careless("graded", FULL, "correlate2d-check was there twice")
def check_copied() -> Files:
    """A second copy says nothing about the answer: it goes."""
    notebook = right()
    notebook["cells"].insert(place(notebook, "correlate2d-check"), twin(cell(notebook, "correlate2d-check")))
    return handed_in(notebook)


@careless("graded", FULL, "correlate1d-answer was there twice")
def answer_copied_and_the_copy_finished() -> Files:
    """Both copies run; the later definition counts, as it does in the student's own kernel."""
    notebook = right(correlate1d=STUB)
    finished = twin(cell(notebook, "correlate1d-answer")) | {"source": ANSWER}
    notebook["cells"].insert(place(notebook, "correlate1d-check"), finished)
    return handed_in(notebook)


@careless("graded", WITHOUT_ONE, "correlate1d-answer was missing", "There is no function of this name")
def answer_deleted() -> Files:
    """There is nothing to give points for; the other tasks keep theirs."""
    notebook = right()
    take(notebook, "correlate1d-answer")
    return handed_in(notebook)


@careless("graded", FULL)
def answers_moved_to_the_end() -> Files:
    """An answer counts wherever it stands, below its check too."""
    notebook = right()
    answers = [c for c in notebook["cells"] if grade_id(c).endswith("-answer")]
    notebook["cells"] = [c for c in notebook["cells"] if c not in answers] + answers
    return handed_in(notebook)


@careless("graded", FULL)
def checks_moved_to_the_top() -> Files:
    """A check that comes too early is asked again after the last cell."""
    notebook = right()
    checks = [c for c in notebook["cells"] if grade_id(c).endswith("-check")]
    notebook["cells"] = checks + [c for c in notebook["cells"] if c not in checks]
    return handed_in(notebook)


@careless("graded", FULL, "correlate1d-answer was missing, or had lost its mark")
def answer_marked_otherwise() -> Files:
    """Its text runs as a plain cell, and defines the function all the same."""
    notebook = right()
    cell(notebook, "correlate1d-answer")["metadata"]["nbgrader"]["grade_id"] = "my-answer"
    return handed_in(notebook)


@careless("graded", FULL)
def marks_of_two_answers_swapped() -> Files:
    """Points come from functions, not from where they stand."""
    notebook = right()
    one, two = cell(notebook, "correlate1d-answer"), cell(notebook, "correlate2d-answer")
    one["source"], two["source"] = two["source"], one["source"]
    return handed_in(notebook)


@careless(
    "graded", FULL, "correlate1d-check was changed: you wrote into it", "correlate1d-check was there twice"
)
def answer_marked_as_a_check() -> Files:
    """The mark would give it the check's text; what it defines is run before that."""
    notebook = right()
    cell(notebook, "correlate1d-answer")["metadata"]["nbgrader"]["grade_id"] = "correlate1d-check"
    return handed_in(notebook)


@careless("graded", FULL)
def points_raised_and_cells_unlocked() -> Files:
    """Marks are the assignment's: a changed one neither helps nor harms."""
    notebook = right()
    for each in notebook["cells"]:
        if grade_id(each):
            each["metadata"]["nbgrader"] |= {"points": 100, "locked": False, "grade": True, "solution": True}
    return handed_in(notebook)


@careless("graded", FULL, "correlate1d-answer", "had lost their marks")
def every_mark_lost() -> Files:
    """After a conversion no cell has metadata: code is code, and checks are told by their text."""
    notebook = right()
    for each in notebook["cells"]:
        each["metadata"] = {}
    return handed_in(notebook)


@careless("graded", FULL, "correlate1d-check was missing")
def answer_merged_with_its_check() -> Files:
    """Merged cells keep the first one's mark; the function is in there."""
    notebook = right()
    take(notebook, "correlate1d-check")
    cell(notebook, "correlate1d-answer")["source"] += "\n\ncheck(correlate1d)"
    return handed_in(notebook)


@careless("graded", FULL, "were missing")
def all_code_merged_into_one_cell() -> Files:
    """One long cell defines everything that is asked for."""
    notebook = right()
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    code[0]["source"] = "\n\n".join(c["source"] for c in code)
    notebook["cells"] = [c for c in notebook["cells"] if c["cell_type"] != "code" or c is code[0]]
    return handed_in(notebook)


@careless("graded", FULL, "correlate1d-answer was there twice")
def helper_split_off() -> Files:
    """JupyterLab gives both halves the same mark; both run."""
    notebook = right(correlate1d="def product_sum(a, b):\n    return sum(x * y for x, y in zip(a, b))")
    rest = (
        "def correlate1d(signal, kernel):\n    K = len(kernel)\n"
        "    return [product_sum(signal[i:i + K], kernel) for i in range(len(signal) - K + 1)]"
    )
    half = twin(cell(notebook, "correlate1d-answer")) | {"source": rest}
    notebook["cells"].insert(place(notebook, "correlate1d-check"), half)
    return handed_in(notebook)


@careless("graded", WITHOUT_ONE, "stopped with")
def function_split_in_two() -> Files:
    """Neither half is Python, in the student's kernel neither: it says so and costs this task."""
    lines = ANSWER.splitlines()
    notebook = right(correlate1d="\n".join(lines[:4]))
    add(notebook, "correlate1d-answer", "\n".join(lines[4:]))
    return handed_in(notebook)


@careless("graded", FULL, "correlate1d-answer had another cell type")
def answer_turned_into_markdown() -> Files:
    """One wrong key (M) does that. The mark says that it is the answer, so it is code."""
    notebook = right()
    cell(notebook, "correlate1d-answer")["cell_type"] = "markdown"
    return handed_in(notebook)


@careless("graded", FULL, "correlate1d-answer had another cell type")
def answer_turned_into_raw_text() -> Files:
    """The same with the key R."""
    notebook = right()
    cell(notebook, "correlate1d-answer")["cell_type"] = "raw"
    return handed_in(notebook)


@careless("graded", WITHOUT_ONE, "change its type to Code")
def answer_in_a_text_cell_of_its_own() -> Files:
    """Text of one's own is not run, here or in JupyterLab; but the student is told where the function is."""
    notebook = right(correlate1d="# see below")
    add(notebook, "correlate1d-answer", ANSWER, "markdown")
    return handed_in(notebook)


@careless("graded", FULL, "next time write it into the answer cell")
def answer_written_into_the_check_cell() -> Files:
    """Stock nbgrader would overwrite it. It is run, and then the check as it was given."""
    notebook = right(correlate1d=STUB)
    cell(notebook, "correlate1d-check")["source"] = ANSWER + "\ncheck(correlate1d)"
    return handed_in(notebook)


@careless("graded", FULL)
def answer_in_a_new_cell() -> Files:
    """The stub above it does not count once it is replaced."""
    notebook = right(correlate1d=STUB)
    add(notebook, "correlate1d-answer", ANSWER)
    return handed_in(notebook)


@careless("graded", FULL)
def answer_in_a_new_cell_at_the_end() -> Files:
    """It is asked for again after the last cell."""
    notebook = right(correlate1d=STUB)
    add(notebook, "", ANSWER)
    return handed_in(notebook)


@careless("graded", FULL, "Leave it alone")
def check_edited_for_a_hint() -> Files:
    """Asking for a hint costs nothing."""
    notebook = right()
    cell(notebook, "correlate1d-check")["source"] = "check(correlate1d, hint=2)"
    return handed_in(notebook)


@careless("graded", FULL, "its imports, was missing or changed")
def first_cell_deleted() -> Files:
    """The imports are the assignment's, not the student's work: they run first whatever happens."""
    notebook = right()
    take(notebook, "imports")
    return handed_in(notebook)


@careless("graded", FULL, "`google.colab` is there in Colab alone")
def first_cell_begins_with_colab() -> Files:
    """A line for another machine must not take NumPy away from all that follows."""
    notebook = right()
    first = cell(notebook, "imports")
    first["source"] = "from google.colab import drive\ndrive.mount('/content/drive')\n" + first["source"]
    return handed_in(notebook)


@careless("graded", FULL)
def hundreds_of_empty_cells() -> Files:
    """They cost nothing."""
    notebook = right()
    for _ in range(300):
        add(notebook, "", "")
    return handed_in(notebook)


@careless("graded", FULL)
def cell_ids_twice() -> Files:
    """Ids are made afresh: two of one name stop nothing."""
    notebook = right()
    for each in notebook["cells"]:
        each["id"] = "same"
    return handed_in(notebook)


@careless("graded", FULL)
def stubs_last_line_left_at_the_end() -> Files:
    """It is never reached."""
    return with_answer(ANSWER.rstrip("\n") + "\n    raise NotImplementedError()")


@careless("graded", FULL)
def stubs_last_line_left_outside() -> Files:
    """The function is defined before the line raises."""
    return with_answer(ANSWER + "raise NotImplementedError()")


@careless("graded", WITHOUT_ONE, "still raises NotImplementedError")
def answer_below_the_stubs_last_line() -> Files:
    """The function never gets there, and its own check said so; no grader decides which line was meant."""
    first, *rest = ANSWER.splitlines()
    return with_answer("\n".join([first, "    raise NotImplementedError()", *rest]))
