"""Shows HTML, scripts, SVG, links and widgets, and prints what would end the page's own scripts."""

from IPython.display import HTML, IFrame, Javascript, Latex, Markdown, SVG, display

SCRIPT = "<script>document.title='PWNED-SCRIPT'</script>"
display(HTML(SCRIPT + "<img src=x onerror=\"document.title='PWNED-HANDLER'\">"))
display(Javascript("document.title='PWNED-JAVASCRIPT'"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='document.title=\"PWNED-SVG\"'></svg>"))
display(IFrame("javascript:alert('PWNED-FRAME')", 10, 10))
display(Markdown("[click](javascript:alert('PWNED-LINK'))"), Latex(r"$\href{javascript:alert('PWNED-TEX')}{x}$"))
display({"application/vnd.jupyter.widget-view+json": {"model_id": "PWNED-WIDGET"}}, raw=True)
print("</script></pre></style>" + SCRIPT, "\x1b[31;1m</span>" + SCRIPT, "-->]]>")
raise ValueError(SCRIPT)
