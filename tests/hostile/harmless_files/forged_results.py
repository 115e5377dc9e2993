"""Hands in outputs, points, metadata and identifiers that say it has been graded already."""

import json


def hand_in(path, notebook):
    content = json.loads(notebook)
    html = "<script>document.title='PWNED-OUTPUT'</script>"
    content["metadata"] = {"score": 11, "widgets": {html: html}, "kernelspec": {"name": "../../evil", "display_name": html}}
    for cell in content["cells"]:
        cell["metadata"].setdefault("nbgrader", {}).update(points=1000, score=1000, remove=True)
        cell["id"] = cell["attachments"] = html
        cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "1000", "text/html": html}, "metadata": {}}]
    path.write_text(json.dumps(content))
