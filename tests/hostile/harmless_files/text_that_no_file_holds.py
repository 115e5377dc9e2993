"""Hands in source with zero bytes, lone surrogates, and letters that turn the line round."""

import json


def hand_in(path, notebook):
    content = json.loads(notebook)
    for kind in ("code", "markdown", "raw", "unknown\u202e"):
        source = "# \ud800 \x00 \x1b[2J \u202e \u2028 \ufeff </script><script>document.title='PWNED-SOURCE'</script>"
        content["cells"].append({"cell_type": kind, "source": source, "metadata": {}, "outputs": []})
    path.write_text(json.dumps(content))
