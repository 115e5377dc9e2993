"""What the tests of the course know of a lecture: the thirteen stems, its cells, its pictures and demos."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat

REPOSITORY = Path(__file__).resolve().parents[2]
LECTURES = REPOSITORY / "lectures"
STEMS = (
    "01_from_dense_layers",
    "02_convolution",
    "03_cross_correlation",
    "04_channels",
    "05_padding",
    "06_stride",
    "07_pooling",
    "08_parameter_counting",
    "09_equivariance",
    "10_convolution_as_a_matrix",
    "11_gradients",
    "12_fast_convolution",
    "13_learning_kernels",
)
WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Picture:
    """An image in a cell's output, as a page shows it: its words, and its size in CSS pixels."""

    alt: str
    width: float
    height: float


@dataclass
class Page(HTMLParser):
    """The pictures of a piece of HTML, and for each <details> whether it is open."""

    images: list[dict[str, str]] = field(default_factory=list)
    details_open: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append({name: value or "" for name, value in attrs})
        if tag == "details":
            self.details_open.append("open" in dict(attrs))


def read_html(text: str) -> Page:
    """Return what `text` shows."""
    page = Page()
    page.feed(text)
    return page


def source(stem: str) -> Any:
    """Return a lecture's notebook as it is in the repository, without outputs."""
    return nbformat.read(LECTURES / f"{stem}.ipynb", as_version=4)


def shown(cell: Any) -> Iterator[Any]:
    """Yield the MIME bundles of a cell's output."""
    for output in cell.get("outputs", []):
        yield output.get("data", {})


def html_of(bundle: Any) -> str:
    return "".join(bundle.get("text/html", ""))


def has_widget(cell: Any) -> bool:
    """Whether the cell's output is a live demo."""
    return any(WIDGET in bundle for bundle in shown(cell))


def pictures(cell: Any) -> list[Picture]:
    """Return the pictures of a cell's output; one that is shown without HTML has no words, so alt is ""."""
    found = []
    for bundle in shown(cell):
        if WIDGET in bundle:
            continue
        images = read_html(html_of(bundle)).images
        if not images and any(kind.startswith("image/") for kind in bundle):
            found.append(Picture("", 0, 0))
        found += [picture_of(image) for image in images]
    return found


def picture_of(image: dict[str, str]) -> Picture:
    width, height = pixels(image.get("src", ""))
    stated = float(image.get("width") or width)
    return Picture(image.get("alt", ""), stated, height * stated / width if width else 0)


def pixels(address: str) -> tuple[int, int]:
    """Return width and height of the PNG in a data: address; (0, 0) if it is none."""
    prefix, _, content = address.partition(",")
    start = base64.b64decode(content[:32]) if prefix == "data:image/png;base64" else b""
    return struct.unpack(">II", start[16:24]) if len(start) == 24 else (0, 0)
