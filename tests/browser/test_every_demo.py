"""What holds for every demo, on a page of its own: themes, accessibility, keys, cleanup, memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.demos import DEMOS, made, stem_of
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.node]
AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
ShowBare = Callable[..., Page]

# What the reader does in a demo: keys on whatever takes them, the pointer over every canvas.
PLAY = """async (rounds) => {
    const frame = () => new Promise(requestAnimationFrame);
    const seen = (chosen) => [...root.querySelectorAll(chosen)].filter((one) => one.checkVisibility());
    const targets = seen("[tabindex='0'], canvas").concat(seen("button[aria-pressed]").slice(0, 2));
    const keys = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"];
    const point = (target, kind, share) => {
        const box = target.getBoundingClientRect();
        const at = { clientX: box.left + share * box.width, clientY: box.top + share * box.height };
        const pointer = { ...at, bubbles: true, pointerId: 1, pointerType: "mouse" };
        target.dispatchEvent(new PointerEvent(kind, pointer));
    };
    for (let round = 0; round < rounds; round++) {
        const target = targets[round % targets.length];
        if (!target.isConnected) continue;
        target.focus?.({ preventScroll: true });
        const key = keys[Math.floor(round / targets.length) % keys.length];
        target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        point(target, "pointermove", (round % 97) / 97);
        if (round % 4 === 0) await frame();
    }
    for (const target of targets) point(target, "pointerleave", 0);
    await frame();
    await frame();
}"""


@pytest.fixture(params=DEMOS)
def name(request: pytest.FixtureRequest) -> str:
    """The name of each demo."""
    return str(request.param)


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 480)])
def test_no_rule_of_accessibility_is_broken(bare: ShowBare, name: str, theme: str, width: int):
    page = bare(made(name), theme=theme, width=width)
    for part in page.locator("details > summary").all():
        if part.is_visible():
            part.click()
    page.add_script_tag(path=AXE)
    found = page.evaluate("""async () => {
        const ofWholePages = { region: { enabled: false }, "page-has-heading-one": { enabled: false } };
        const { violations } = await axe.run("#host", { rules: ofWholePages });
        return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
    }""")
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_looks_as_it_should_on_a_projector(bare: ShowBare, artefacts: Any, name: str, theme: str):
    page = bare(made(name), theme=theme, width=1280, height=720)
    page.locator("#host").screenshot(path=artefacts / f"demo-{stem_of(name)}-{theme}.png")
    paper = page.evaluate("() => getComputedStyle(root).backgroundColor.match(/\\d+/g).map(Number)")
    assert (max(paper[:3]) < 64) == (theme == "dark")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (
        "it is wider than its page"
    )
    if name != "Conventions":
        assert page.evaluate("() => root.getBoundingClientRect().height") <= 720
    blank = page.evaluate("""() => [...root.querySelectorAll("canvas")]
        .filter((canvas) => canvas.checkVisibility())
        .filter((canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const pixels = new Uint32Array(data.buffer);
            return pixels.every((pixel) => pixel === pixels[0]);
        }).map((canvas) => canvas.ariaLabel)""")
    assert blank == []


def test_it_fits_a_narrow_page(bare: ShowBare, artefacts: Any, name: str):
    page = bare(made(name), width=480)
    page.locator("#host").screenshot(path=artefacts / f"demo-{stem_of(name)}-narrow.png")
    wide = page.evaluate("""() => [...root.querySelectorAll("*")].filter((part) => part.checkVisibility())
        .filter((part) => !part.closest(".ck-visually-hidden, pre, [data-scrolls]"))
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
        .map((part) => part.outerHTML.slice(0, 150))""")
    assert wide == []


def test_every_control_has_a_name_a_size_for_fingers_and_keeps_its_keys(bare: ShowBare, name: str):
    page = bare(made(name))
    controls = "button, input, select, summary, canvas, [tabindex]"
    problems = page.evaluate(
        """(controls) => [...root.querySelectorAll(controls)]
        .filter((part) => part.checkVisibility())
        .map((part) => {
            const box = part.getBoundingClientRect();
            const named = part.ariaLabel || part.labels?.length || part.textContent.trim();
            if (!named) return `no name: ${part.outerHTML}`;
            const takesFocus = part.tabIndex >= 0;
            if (part.tagName === "CANVAS" && !part.getAttribute("role")) return `no role: ${part.outerHTML}`;
            if (!takesFocus) return "";
            if (Math.min(box.width, box.height) < 24) return `too small: ${part.outerHTML}`;
            return part.dataset.lmSuppressShortcuts === "true" ? "" : `takes no keys: ${part.outerHTML}`;
        }).filter(Boolean)""",
        controls,
    )
    assert problems == []


def test_its_sentence_says_what_it_shows(bare: ShowBare, name: str):
    page = bare(made(name))
    sentence = page.locator(".ck-shows").inner_text()
    assert 20 < len(sentence) < 140 and sentence.endswith(".")


def test_keys_do_not_reach_the_notebook_but_its_shortcuts_do(bare: ShowBare, name: str):
    page = bare(made(name))
    page.evaluate(
        "() => { window.heard = []; addEventListener('keydown', (event) => heard.push(event.key)); }"
    )
    page.locator("#host [tabindex='0'], #host button:enabled").locator("visible=true").first.focus()
    for key in ("d", "d", "ArrowDown", "Escape", "Control+s"):
        page.keyboard.press(key)
    assert [key for key in page.evaluate("() => heard") if key != "Control"] == ["Escape", "s"]


def test_a_view_that_is_closed_leaves_nothing_behind(bare: ShowBare, name: str):
    page = bare(made(name))
    count = "() => [model, conventions].map((one) => [...one.listeners.values()].flat().length)"
    before = page.evaluate(count)
    page.evaluate("async () => { window.second = await again(); }")
    assert page.locator(".ck-demo").count() == 2
    assert page.evaluate(count) > before
    page.evaluate("() => second()")
    assert page.evaluate(count) == before
    assert page.locator(".ck-demo").count() == 1


def measured(session: CDPSession) -> dict[str, float]:
    """Bytes of JavaScript objects, nodes and listeners, after collecting what is no longer used."""
    session.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return {key: metrics[key] for key in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}


def test_a_thousand_interactions_leave_its_memory_as_it_was(bare: ShowBare, name: str):
    page = bare(made(name))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(PLAY, 300)  # what is made once and kept
    page.evaluate("() => { saved.length = 0; }")
    before = measured(session)
    page.evaluate(PLAY, 1000)
    page.evaluate("() => { saved.length = 0; }")
    after = measured(session)
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 1_500_000, (before, after)
    assert after["Nodes"] - before["Nodes"] < 200, (before, after)
    assert after["JSEventListeners"] - before["JSEventListeners"] < 50, (before, after)


def test_nothing_moves_by_itself_where_reduced_motion_is_asked_for(bare: ShowBare, name: str):
    page = bare(made(name), reduced_motion="reduce")
    for play in page.get_by_role("button", name="Play").all():
        play.click(force=True)
    page.wait_for_timeout(300)
    page.locator("#host").screenshot()  # the first one hides the fields' carets, and redraws edges a trifle
    before = page.locator("#host").screenshot()
    page.wait_for_timeout(700)
    assert page.locator("#host").screenshot() == before
