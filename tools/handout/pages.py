"""Execute a lecture and write it as a page or as slides, with the state of its demos inside."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbconvert import HTMLExporter, SlidesExporter

from tools.handout.assets import copy_assets

TEMPLATES = Path(__file__).parent / "templates"
EXPORT: dict[str, Any] = {
    "extra_template_basedirs": [str(TEMPLATES)],
    "require_js_url": "assets/require.js",
    "widget_renderer_url": "assets/embed-amd.js",
    "mathjax_url": "assets/mathjax.js",
    "exclude_input_prompt": True,
    "exclude_output_prompt": True,
}
"""How both pages and slides are written: with the assets beside them, without the prompts of cells."""

SECONDS_A_CELL = 120
LINK = re.compile(r"\]\((?P<path>[^)#:\s]+)(?P<anchor>#[^)\s]*)?\)")


class LectureFailed(RuntimeError):
    """A cell of a lecture raised or took too long: its page would not be whole."""


def write_lecture(notebook: Path, output: Path, *, slides: bool = False) -> Path:
    """Write the lecture to `output`/stem/index.html with all it needs beside it; return that path.

    Raises
    ------
    LectureFailed, AssetsMissing
    """
    folder = output / notebook.stem
    copy_assets(folder / "assets", slides=slides)
    return write_page(execute(notebook), notebook, folder, slides=slides)


def write_page(executed: Any, notebook: Path, folder: Path, *, slides: bool = False) -> Path:
    """Write an executed lecture, and the files that it links to, to `folder`; return the page's path.

    Parameters
    ----------
    executed : the notebook with its outputs and the state of its demos; it is changed
    notebook : where it stands in the repository: its links start there
    folder : for the page; the libraries are not copied
    """
    folder.mkdir(parents=True, exist_ok=True)
    for cell in executed.cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["transient"] = {"remove_source": True}  # its output tells what it answers
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda link: f"]({bring_along(link, notebook, folder)})", cell.source)
    exporter = slides_exporter() if slides else page_exporter()
    resources = {"metadata": {"name": title_of(executed) or notebook.stem}}
    text, _ = exporter.from_notebook_node(executed, resources=resources)
    page = folder / "index.html"
    page.write_text(text, encoding="utf-8")
    return page


def execute(notebook: Path) -> Any:
    """Return the lecture with its outputs and the state of its demos."""
    content = nbformat.read(notebook, as_version=4)
    place = {"metadata": {"path": str(notebook.parent)}}
    client = NotebookClient(content, timeout=SECONDS_A_CELL, kernel_name="python3", resources=place)
    try:
        return client.execute()
    except (CellExecutionError, CellTimeoutError) as error:
        raise LectureFailed(f"{notebook.name} does not run: {error}") from error


def bring_along(link: re.Match[str], notebook: Path, folder: Path) -> str:
    """Return where a link of the lecture leads from its page; what is no lecture is copied beside it."""
    source = notebook.parent / link["path"]
    if source.parent == notebook.parent and source.suffix == ".ipynb":
        return f"../{source.stem}/index.html"
    if source.is_file():
        shutil.copyfile(source, folder / source.name)
        return source.name + (link["anchor"] or "")
    return link[0][2:-1]


def title_of(notebook: Any) -> str:
    """Return the text of the first heading."""
    found = re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)
    return found[1] if found else ""


def page_exporter() -> HTMLExporter:
    """Return what writes a page to read."""
    return HTMLExporter(template_name="course_page", **EXPORT)


def slides_exporter() -> SlidesExporter:
    """Return what writes slides."""
    return SlidesExporter(
        template_name="course_slides",
        reveal_url_prefix="assets",
        reveal_theme="course",  # static/course.css
        **EXPORT,
    )


def write_contents(output: Path, pages: list[Path]) -> Path:
    """Write the page that lists the lectures; return its path."""
    names = sorted(
        {page.parent.name for page in pages} | {path.parent.name for path in output.glob("*/index.html")}
    )
    items = "\n".join(
        f'<li><a href="{name}/index.html">{html.escape(heading_of(output / name / "index.html"))}</a></li>'
        for name in names
    )
    contents = output / "index.html"
    contents.write_text(
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<title>Convolution in neural networks</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<style>body{font:20px/1.6 system-ui,sans-serif;margin:2em auto;max-width:40em;padding:0 1em;"
        "color-scheme:light dark}</style></head><body><h1>Convolution in neural networks</h1>"
        f"<ul>{items}</ul></body></html>\n",
        encoding="utf-8",
    )
    return contents


def heading_of(page: Path) -> str:
    """Return the title of a written page."""
    found = re.search(r"<title>(.*?)</title>", page.read_text(encoding="utf-8"), re.DOTALL)
    return html.unescape(found[1]).strip() if found else page.parent.name
