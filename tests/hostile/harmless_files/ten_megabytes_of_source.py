"""Hands in a cell of ten megabytes that does nothing."""

import json

STATUS = "crashed"  # that cell is not run; the answers keep their points


def hand_in(path, notebook):
    content = json.loads(notebook)
    source = "x = 1; y = (2, 3)\n" * 550_000
    content["cells"].append({"cell_type": "code", "source": "if False:\n  '''\n" + source + "'''", "metadata": {}, "outputs": []})
    path.write_text(json.dumps(content))
