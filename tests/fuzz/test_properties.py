"""What the fuzzer's targets promise, for values that hypothesis draws: whole notebooks, whole replies."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import wire
from autograder.sandbox.trusted import session
from autograder.submission import StudentCell, repair
from tests.fuzz import answer, notebook
from tests.fuzz.wire import build, must_travel

texts = st.text(max_size=30)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
dtypes = st.sampled_from([np.dtype(code) for code in sorted(wire.ARRAY_DTYPES)])
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
values = st.recursive(
    scalars | st.complex_numbers() | arrays,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=12,
)


@given(values)
def test_what_was_sent_once_can_be_sent_on_unchanged(value: object) -> None:
    tree, blob = wire.encode(value)
    must_travel(wire.decode(json.loads(json.dumps(tree)), blob))
    build(tree, blob, None)


@given(st.lists(st.integers(0, 1 << 40), max_size=10), st.integers(0, 1 << 12), st.integers(1, 200))
def test_a_value_takes_memory_in_proportion_to_its_message(shape: list[int], size: int, copies: int) -> None:
    tree = {"t": "list", "v": [{"t": "array", "dtype": "<c16", "shape": shape}] * copies}
    message = len(json.dumps(tree)) + size
    tracemalloc.start()
    try:
        build(tree, bytes(size), None)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < 20 * message + 20_000


output_keys = st.sampled_from(answer.OUTPUT_KEYS)
outputs = st.builds(
    lambda output, kind: output | {"output_type": kind},
    st.dictionaries(output_keys, json_values | st.dictionaries(output_keys, json_values), max_size=6),
    st.sampled_from([*answer.KEYS, "unknown"]),
)


@given(outputs)
def test_a_cleaned_output_holds_known_keys_only_and_stays_as_it_is(output: dict[str, Any]) -> None:
    answer.clean({"outputs": [output]})
    answer.clean(output)


@given(st.dictionaries(texts | st.sampled_from(["text/plain", "image/png", "text/html"]), json_values))
def test_of_what_is_shown_only_text_and_pictures_are_kept(data: dict[str, Any]) -> None:
    kept = session.clean_data(data)
    assert set(kept) <= {"text/plain", "image/png"}
    assert session.clean_data(kept) == kept


@given(
    st.dictionaries(st.sampled_from(["undefined", "raised", "message", "returned", "routine"]), json_values)
)
def test_any_reply_can_be_judged_or_is_refused(reply: dict[str, Any]) -> None:
    answer.judge(reply, b"")


models = list(notebook.assignment().release.cells)
ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in models]
student_cells = st.builds(
    StudentCell, st.sampled_from(["code", "markdown"]), texts, st.sampled_from(ids) | texts
)
as_released = st.sampled_from(
    [StudentCell(model.cell_type, model.source, tag) for model, tag in zip(models, ids, strict=True)]
)
ANSWER = StudentCell("code", "def convolve_at(signal, kernel, t): return 0  # mine", "convolve_at-answer")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(student_cells | as_released, max_size=15), st.lists(student_cells | as_released, max_size=5))
def test_whatever_became_of_the_cells_each_is_there_once_with_the_assignments_text(
    before: list[StudentCell], after: list[StudentCell]
) -> None:
    repaired = repair([*before, ANSWER, *after], notebook.assignment()).notebook
    notebook.must_be_whole(repaired)
    assert any(cell.source == ANSWER.source for cell in repaired.cells), "an answer is never lost"


SECRET = "print('full points')"


@given(st.permutations(range(len(models))))
def test_no_text_of_a_students_is_in_a_locked_cell_in_whatever_order_they_come(order: list[int]) -> None:
    cells = [StudentCell("code", SECRET, ids[index]) for index in order]
    for cell in repair(cells, notebook.assignment()).notebook.cells:
        settings_of = cell.metadata.get("nbgrader", {})
        if settings_of and not settings_of.get("solution"):
            assert SECRET not in cell.source
