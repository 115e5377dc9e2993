"""The libraries that a static page needs, copied beside it: nothing is fetched when it is opened."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import anywidget

STATIC = Path(__file__).parent / "static"
MODULES = STATIC / "node_modules"

FOR_ALL = {
    "require.js": MODULES / "requirejs" / "require.js",
    "embed-amd.js": MODULES / "@jupyter-widgets" / "html-manager" / "dist" / "embed-amd.js",
    "anywidget.js": Path(anywidget.__file__).parent / "nbextension" / "index.js",
    "mathjax.js": MODULES / "mathjax" / "es5" / "tex-svg-full.js",
}
FOR_SLIDES = {
    "reveal.js": MODULES / "reveal.js" / "dist" / "reveal.js",
    "dist/reveal.css": MODULES / "reveal.js" / "dist" / "reveal.css",
    "dist/theme/course.css": STATIC / "course.css",
}


class AssetsMissing(RuntimeError):
    """The libraries are not there and cannot be installed."""


def copy_assets(folder: Path, *, slides: bool) -> None:
    """Copy the libraries into `folder`. Raises AssetsMissing."""
    wanted = FOR_ALL | (FOR_SLIDES if slides else {})
    if not all(path.exists() for path in wanted.values()):
        install()
    missing = [str(path) for path in wanted.values() if not path.exists()]
    if missing:
        raise AssetsMissing(f"the installed libraries must hold {missing[0]}; it is not there")
    for name, path in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


def install() -> None:
    """Install what static/package-lock.json names, with npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise AssetsMissing(
            "static pages need npm once, to fetch their libraries: install Node.js 20 or newer"
        )
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    ran = subprocess.run(command, cwd=STATIC, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise AssetsMissing(f"npm could not install the libraries of static pages:\n{ran.stderr[-2000:]}")
