"""TRUSTED: a student's feedback page of a graded notebook: nbconvert's exporter with a template of ours."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from html import escape, unescape
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from traitlets.config import Config

from autograder.report.mathml import UnknownFormula, mathml

TEMPLATES = Path(__file__).parent / "report"
MOST_REMEMBERED = 256  # texts of cells with their HTML


class FeedbackRenderer(IPythonRenderer):  # type: ignore[misc]
    """Markdown as HTML, with formulas that need no script, and no address that is a script."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return _formula(body, f"${body}$", block=False)

    def block_math(self, body: str) -> str:
        """A formula of its own."""
        return _formula(body, f"$${body}$$", block=True)


def _formula(body: str, written: str, *, block: bool) -> str:
    try:
        return mathml(unescape(body), block=block)
    except UnknownFormula:
        return f"<code>{escape(unescape(written))}</code>"


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """Makes the page `report/student_feedback/`: it runs no script and asks no other address for anything."""

    @property
    def default_config(self) -> Config:
        """The settings of this class stand over those of `HTMLExporter`, which nbgrader makes its own."""
        settings = Config(
            FeedbackExporter={
                "template_name": "student_feedback",
                "extra_template_basedirs": [str(TEMPLATES)],
            },
            NbConvertBase={"display_data_priority": ["text/html", "image/png", "text/plain"]},
        )
        merged = super().default_config.copy()
        merged.merge(settings)
        return merged

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page, as `HTMLExporter` makes it but for its last step.

        That parses the whole page to name pictures without a description, and to let the keyboard reach parts
        of JupyterLab's template. Our template describes each picture itself, and has no such parts.
        """
        resources = self._init_resources(resources)
        self._nb_metadata.clear()  # that of the pages before
        told = {"notebook_metadata": self._nb_metadata, "parent": self, "resources": resources}
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        self.register_filter("highlight_code", partial(_highlighted, self._highlighter(lexer)))
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(**told))
        page: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(self, nb, resources, **options)
        return page

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._highlighters: dict[str | None, Callable[[str], str]] = {}

    def _highlighter(self, lexer: str | None) -> Callable[[str], str]:
        """Colours code of this language; what it did last is remembered: most cells are the assignment's."""
        if lexer not in self._highlighters:
            colours = Highlight2HTML(pygments_lexer=lexer, parent=self)
            self._highlighters[lexer] = lru_cache(maxsize=MOST_REMEMBERED)(colours)
        return self._highlighters[lexer]

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """The filter of the template."""
        return _markdown(source)


@lru_cache(maxsize=MOST_REMEMBERED)
def _markdown(source: str) -> str:
    return str(MarkdownWithMath(renderer=FeedbackRenderer()).render(source))


def _highlighted(highlight: Callable[[str], str], source: str, metadata: Any = None) -> str:
    """The filter of the template. Cells of the course are of one language, whatever a student's file says."""
    return highlight(source)


@lru_cache(maxsize=1)
def style_of_code() -> str:
    """The style sheet of highlighted code."""
    return str(HtmlFormatter(style="default").get_style_defs(".highlight"))
