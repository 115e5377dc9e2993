"""Hands in a cell of spaces and line ends: colouring it takes a page for ever."""

import json


def hand_in(path, notebook):
    content = json.loads(notebook)
    for source in (" \n" * 10_000, "x" + " \n" * 10_000 + "= 1", "e1." * 7_000, "a." * 10_000, "# \t" * 7_000):
        cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
        content["cells"].append(cell)
    path.write_text(json.dumps(content))
