"""Hands in Markdown with HTML, scripts, links that run, formulas that grow, and what takes long to read."""

import json

TEXTS = (
    "<script>document.title='PWNED-HTML'</script> <img src=x onerror=alert(1)> <svg/onload=alert(1)>",
    "[a](javascript:alert(1)) ![b](data:text/html,PWNED) <javascript:alert(1)> [c]: javascript:alert(1)\n[c][c]",
    r"$\href{javascript:alert('PWNED-TEX')}{x}$ $$\def\x{\x\x}\x$$ $\style{position:fixed}{x}$ $\class{PWNED}{x}$",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;alert(1) \\<script>alert(1)</script>",
    "[" * 9_000, "> " * 4_000, "*a " * 3_000, "| a " * 2_000 + "\n" + "|-" * 2_000, "$" * 9_000, "`" * 9_000, "x" * 10**6,
)


def hand_in(path, notebook):
    content = json.loads(notebook)
    for text in TEXTS:
        content["cells"].append({"cell_type": "markdown", "source": text, "metadata": {}})
    path.write_text(json.dumps(content))
