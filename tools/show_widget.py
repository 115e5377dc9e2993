"""Take a screenshot of a demo without Jupyter: a fast look while it is being made.

    python -m tools.show_widget 'SlidingWindow([[0, 1], [2, 3]], [[1]])' out.png --dark --width 480

The first argument is Python; every public name of coursekit, coursekit.widgets and numpy (as np) is there.
`--script` runs JavaScript in the page first; `root` is the demo, `model` its model.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tools.bare_page import page_html


def main() -> None:
    """Show one demo."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("code")
    parser.add_argument("png", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument(
        "--height", type=int, default=720, help="of the window; the picture has the demo's own"
    )
    parser.add_argument("--script", default="", help="JavaScript to run in the page first")
    options = parser.parse_args()
    widget = eval(options.code, names(options.code))
    html = page_html(widget, dark=options.dark)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": options.width, "height": options.height})
        page.on("pageerror", lambda error: print(f"page error: {error}\n{error.stack or ''}"))
        page.on("console", lambda line: print(f"console {line.type}: {line.text}"))
        page.set_content(html)
        page.wait_for_function("() => document.body.dataset.ready", timeout=10_000)
        page.wait_for_timeout(200)
        if options.script:
            print("script:", page.evaluate(f"async () => {{ {options.script} }}"))
            page.wait_for_timeout(300)
        height = page.evaluate("() => root.getBoundingClientRect().height")
        page.locator("#host").screenshot(path=options.png)
        print(f"wrote {options.png}; the demo is {height:.0f} px high at {options.width} px")
        browser.close()


def names(code: str) -> dict[str, object]:
    """Return what the code names of coursekit and its demos: one that is half made harms no other."""
    import coursekit
    import coursekit.widgets as demos

    found: dict[str, object] = {"np": np}
    for name in re.findall(r"[A-Za-z_]\w*", code):
        if name in demos.STEMS:
            found[name] = getattr(demos, name)
        elif name in coursekit.__all__:
            found[name] = getattr(coursekit, name)
    return found


if __name__ == "__main__":
    main()
