"""Files of another format, another encoding, another kind, or damaged."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import nbformat

from tests.careless.making import (
    ANSWER,
    FULL,
    NAME,
    STUB,
    Files,
    add,
    careless,
    cell,
    handed_in,
    place,
    right,
    written,
)

AGAIN = "Save the notebook in JupyterLab and hand in the .ipynb file"


def of_format(minor: int) -> Files:
    notebook = right() | {"nbformat_minor": minor}
    for each in notebook["cells"]:
        del each["id"]  # ids came with 4.5
    return handed_in(notebook)


@careless("graded", FULL)
def format_4_0() -> Files:
    """Old JupyterLab: read as it is."""
    return of_format(0)


@careless("graded", FULL)
def format_4_4() -> Files:
    """The last format without ids."""
    return of_format(4)


@careless("graded", FULL)
def format_3() -> Files:
    """IPython's notebooks of 2013, as some converters still write them."""
    old = nbformat.convert(nbformat.reads(written(right()), 4), 3)
    return {NAME: nbformat.v3.writes_json(old)}


@careless("graded", FULL)
def format_from_the_future() -> Files:
    """Cells are cells; nothing else of the file is used."""
    return handed_in(right() | {"nbformat": 5, "nbformat_minor": 2})


@careless("graded", FULL)
def no_metadata_at_all() -> Files:
    """What a notebook runs on is the assignment's to say."""
    notebook = right()
    del notebook["metadata"]
    return handed_in(notebook)


@careless("graded", FULL)
def metadata_of_a_wrong_type() -> Files:
    """It is not read."""
    return handed_in(right() | {"metadata": ["python3"]})


def on_kernel(name: str, language: str) -> Files:
    settings: dict[str, Any] = {"name": name, "display_name": name, "language": language}
    return handed_in(right() | {"metadata": {"kernelspec": settings}})


@careless("graded", FULL)
def kernel_of_ones_own() -> Files:
    """Every virtual environment has its own name."""
    return on_kernel("my-env-3.12", "python")


@careless("graded", FULL, "set to the language R", "run as Python")
def kernel_of_r() -> Files:
    """A wrong choice in the launcher; the cells are Python."""
    return on_kernel("ir", "R")


@careless("graded", FULL, "set to the language julia")
def kernel_of_julia() -> Files:
    """The same."""
    return on_kernel("julia-1.10", "julia")


@careless("graded", FULL)
def byte_order_mark_and_windows_line_ends() -> Files:
    """A Windows editor wrote it; any program reads it."""
    return {NAME: b"\xef\xbb\xbf" + written(right()).replace("\n", "\r\n").encode()}


@careless("graded", FULL)
def windows_line_ends_inside_cells() -> Files:
    """So do some clients of JupyterLab."""
    notebook = right()
    for each in notebook["cells"]:
        each["source"] = each["source"].replace("\n", "\r\n")
    return handed_in(notebook)


@careless("graded", FULL, "written in UTF-16", "not in a text editor")
def utf_16() -> Files:
    """Windows calls it Unicode."""
    return {NAME: written(right()).encode("utf-16")}


@careless("graded", FULL, "written in UTF-16")
def utf_16_without_a_mark() -> Files:
    """Every other byte is 0: there is no doubt."""
    return {NAME: written(right()).encode("utf-16-le")}


@careless("graded", FULL, "written in Latin-1")
def latin_1() -> Files:
    """Only comments and words hold such letters."""
    notebook = right(correlate1d="# fenêtre glissante, Größe\n" + ANSWER)
    return {NAME: written(notebook).encode("latin-1", "replace")}


@careless("graded", FULL, "commas between its parts")
def trailing_commas() -> Files:
    """A merge by hand left them; Jupyter refuses the file, a person reads it."""
    return {NAME: written(right()).replace("\n  }\n ]", "\n  },\n ],").replace("]\n }", "],\n }")}


@careless("graded", FULL, "commas between its parts")
def missing_comma() -> Files:
    """The same the other way round."""
    return {NAME: written(right()).replace("\n  },\n  {", "\n  }\n  {", 3)}


def conflict(ours: str, theirs: str) -> str:
    return f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> origin/main\n"


@careless("graded", FULL, "conflicts that git could not decide")
def conflict_in_what_does_not_count() -> Files:
    """Both versions have the same cells."""
    text = written(right())
    line = next(line for line in text.splitlines() if '"nbformat_minor"' in line)
    return {NAME: text.replace(line + "\n", conflict(line, line.replace("5", "4")))}


@careless("graded", FULL, "The first version of each was graded", "Decide the conflicts")
def conflict_in_an_answer() -> Files:
    """HEAD is the student's own side; which one was meant they can still say."""
    text = written(right())
    line = next(line for line in text.splitlines() if "def correlate1d" in line)
    return {NAME: text.replace(line + "\n", conflict(line, f'   "source": {json.dumps(STUB)},'))}


@careless("graded", 6.0, "cut off or damaged after its cell", "see that it is whole")
def cut_off() -> Files:
    """The upload broke off after the second task: what arrived is graded."""
    text = written(right())
    return {NAME: text[: text.index("edge-kernel-by-hand")]}


@careless("graded", FULL)
def line_ends_inside_of_text() -> Files:
    """Strict JSON forbids them; there is one way to read them."""
    notebook = right()
    return {NAME: written(notebook).replace("kernel):\\n", "kernel):\n", 1)}


@careless("graded", FULL)
def as_jupyters_own_interface_sends_it() -> Files:
    """Downloaded by a link to the server: the notebook is inside."""
    return {NAME: json.dumps({"name": NAME, "type": "notebook", "content": right()})}


@careless("invalid", 0, "empty (0 bytes)", AGAIN)
def empty_file() -> Files:
    """Nothing arrived: zero until something does."""
    return {NAME: b""}


@careless("invalid", 0, "only zeros", "cloud drive")
def placeholder_of_a_cloud_drive() -> Files:
    """Nothing arrived either."""
    return {NAME: bytes(4096)}


@careless("invalid", 0, "it is not JSON", AGAIN)
def a_letter() -> Files:
    """Words about answers are no answers."""
    return {NAME: "My answers are in the attached document.\n"}


@careless("invalid", 0, "web page (HTML)", AGAIN)
def a_web_page() -> Files:
    """Exported and renamed; its code is spread over thousands of tags, and Jupyter does not open it."""
    return {NAME: "<!DOCTYPE html>\n<html><body><pre>def correlate1d(signal, kernel):</pre></body></html>"}


@careless("invalid", 0, "it is a PDF", AGAIN)
def a_pdf() -> Files:
    """A picture of code cannot be run."""
    return {NAME: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"}


@careless("invalid", 0, "zip archive", AGAIN)
def a_zip() -> Files:
    """Archives are unpacked by `nbgrader zip_collect`, with its checks, and not here."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(NAME, written(right()))
    return {NAME: packed.getvalue()}


@careless("invalid", 0, "a picture")
def a_screenshot() -> Files:
    """Nor can this."""
    return {NAME: b"\x89PNG\r\n\x1a\n" + bytes(100)}


@careless("graded", FULL, "Python script and not a notebook")
def a_script() -> Files:
    """Exported as .py and renamed: the code is whole, and says what it is."""
    cells = [each for each in right()["cells"] if each["cell_type"] == "code"]
    return {NAME: "#!/usr/bin/env python\n\n" + "\n\n".join("# In[ ]:\n\n" + c["source"] for c in cells)}


@careless("invalid", 0, "holds no object")
def a_list() -> Files:
    """JSON of something else."""
    return {NAME: "[1, 2, 3]"}


@careless("invalid", 0, "has no cells")
def settings_instead_of_a_notebook() -> Files:
    """The wrong file was chosen."""
    return {NAME: '{"theme": "dark"}'}


@careless("graded", FULL)
def fifty_megabytes_of_outputs() -> Files:
    """Outputs are not read; they slow nothing down and do not come back."""
    notebook = right()
    lines = ["x" * 999 + "\n"] * 50_000
    cell(notebook, "imports")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": lines}]
    return {NAME: json.dumps(notebook)}


@careless("invalid", 0, "at most", "Clear the outputs")
def seventy_megabytes_of_outputs() -> Files:
    """Over the limit, which is far above any real notebook; the sentence says how to get below it."""
    notebook = right()
    cell(notebook, "imports")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "x" * 70_000_000}
    ]
    return {NAME: json.dumps(notebook)}


@careless("graded", FULL)
def never_run() -> Files:
    """The grader runs it."""
    return handed_in(right())


@careless("graded", FULL)
def counts_out_of_order() -> Files:
    """Only top to bottom counts; these cells do not depend on the order."""
    notebook = right()
    code = [each for each in notebook["cells"] if each["cell_type"] == "code"]
    for count, each in enumerate(reversed(code)):
        each["execution_count"] = 7 * count
    return handed_in(notebook)


@careless("graded", FULL, "defined further down", "Restart the kernel and run all cells")
def works_only_in_the_order_it_was_run() -> Files:
    """The answer needs what a later cell defines: it is run again at the end, and the student told so."""
    needs = ANSWER.replace("kernel):", "kernel, start=START):", 1)
    notebook = right(correlate1d=needs.replace("range(positions)", "range(start, positions)"))
    add(notebook, "", "START = 0")
    return handed_in(notebook)


@careless("graded", FULL)
def helper_below_its_use() -> Files:
    """By the time the last cell has run, it is there."""
    notebook = right(correlate1d="def correlate1d(signal, kernel):\n    return slide(signal, kernel)")
    add(notebook, "", ANSWER.replace("correlate1d", "slide"))
    notebook["cells"].insert(place(notebook, "title") + 1, notebook["cells"].pop(place(notebook, "imports")))
    return handed_in(notebook)
