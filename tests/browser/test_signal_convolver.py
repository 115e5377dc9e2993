"""The signal convolver in a real Chromium: on a page of its own, in JupyterLab and in Notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from coursekit.widgets import Conventions
from coursekit.widgets.signal_convolver.signal_convolver import SignalConvolver

pytestmark = pytest.mark.browser

SIGNAL, KERNEL = [1, 4, 2, 3, 5, 0, 2, 1], [1, 0, -1]
NAMES = {
    "window": "Signal with the kernel",
    "strip": "Signal, ",
    "products": "Products",
    "output": "Output",
    "kernel": "Kernel as given",
    "taps": "Kernel, ",
    "matrix": "Toeplitz",
}
Show = Callable[..., Page]


def make(*arguments: Any, operation: str = "correlation", **parameters: Any) -> SignalConvolver:
    """A demo with conventions of its own."""
    return SignalConvolver(*arguments, conventions=Conventions(operation=operation), **parameters)


def canvas(page: Page, name: str) -> Locator:
    """One of the canvases of the first view."""
    return page.locator(f'.ck-signal-convolver canvas[aria-label^="{NAMES[name]}"]').first


def sum_of(page: Page) -> Locator:
    """The sum written under the matrix."""
    return page.locator(".ck-signal-convolver .ck-sum").first


def status(page: Page) -> Locator:
    """The status line."""
    return page.locator(".ck-signal-convolver .ck-status").first


def button(page: Page, name: str) -> Locator:
    """The button of this name."""
    return page.get_by_role("button", name=name, exact=True).first


def place(page: Page, sample: int, samples: int = 8, taps: int = 3) -> float:
    """Where the middle of a sample is in a plot, as scales.js lays them out."""
    width = canvas(page, "window").evaluate("(canvas) => canvas.offsetWidth")
    cells = samples + 2 * (taps - 1)
    cell = min(64, (width - 52) / cells)
    return 44 + (width - 52 - cells * cell) / 2 + (sample + taps - 1 + 0.5) * cell


def at(page: Page, name: str, x: float, y: float) -> tuple[float, float]:
    """A point of a canvas as a point of the page."""
    canvas(page, name).scroll_into_view_if_needed()
    box = canvas(page, name).bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], pointer: str = "mouse") -> None:
    """Drag with a mouse, a pen or a finger."""
    session = page.context.new_cdp_session(page)
    points = [
        (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    if pointer == "touch":
        send = lambda kind, spots: session.send(  # noqa: E731
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots}
        )
        send("touchStart", [{"x": points[0][0], "y": points[0][1]}])
        for x, y in points[1:]:
            send("touchMove", [{"x": x, "y": y}])
        send("touchEnd", [])
        return
    kinds = ["mousePressed", *["mouseMoved"] * 4, "mouseReleased"]
    for kind, (x, y) in zip(kinds, [*points, points[-1]], strict=True):
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {**event, "pointerType": pointer})


def colours(page: Page, name: str) -> np.ndarray:
    """The pixels of a canvas, of shape (H, W, 4)."""
    rows = canvas(page, name).evaluate(
        """(canvas) => {
            const { width, height } = canvas;
            return [height, width, ...canvas.getContext("2d").getImageData(0, 0, width, height).data];
        }"""
    )
    return np.array(rows[2:], np.uint8).reshape(rows[0], rows[1], 4)


def near(pixels: np.ndarray, colour: tuple[int, int, int], away: int = 40) -> np.ndarray:
    """Where pixels are opaque and nearly of this colour."""
    distance = np.abs(pixels[..., :3].astype(int) - colour).max(axis=-1)
    return (distance <= away) & (pixels[..., 3] > 150)


ORANGE, BLUE = (217, 95, 2), (33, 102, 172)


def test_it_opens_with_an_example_that_can_be_checked_by_hand(bare: Show):
    page = bare(make())
    expect(sum_of(page)).to_have_text("2×1 + 3×0 + 5×(−1) = −3")
    expect(page.locator(".ck-note")).to_contain_text("the kernel is not flipped; t is where its number 0")
    expect(status(page)).to_contain_text("Numbers to check by hand")
    expect(canvas(page, "matrix")).to_have_attribute("aria-label", "Toeplitz matrix, 10 by 8, row 4 lit")


@pytest.mark.parametrize("pointer", ["mouse", "pen", "touch"])
def test_the_kernel_is_dragged_over_the_signal(bare: Show, pointer: str):
    page = bare(make(), has_touch=pointer == "touch")
    start = at(page, "window", place(page, 3) + 12, 104)  # inside the band, away from every head
    end = at(page, "window", place(page, 5) + 12, 104)
    drag(page, start, end, pointer)
    expect(sum_of(page)).to_have_text("5×1 + 0×0 + 2×(−1) = 3")
    expect(status(page)).to_have_text("t = 4: the output is 3, output[6] of full.")
    assert page.evaluate("saved.map((message) => message.position).filter(Boolean).at(-1)") == 6


def test_pressing_beside_the_kernel_brings_its_middle_there(bare: Show):
    page = bare(make())
    page.mouse.click(*at(page, "window", place(page, 6), 100))
    expect(sum_of(page)).to_have_text("0×1 + 2×0 + 1×(−1) = −1")


def test_keys_move_the_kernel_to_both_ends_and_no_further(bare: Show):
    page = bare(make())
    page.locator(".ck-panels").focus()
    for key, t in [
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("End", 7),
        ("ArrowRight", 7),
        ("Home", -2),
        ("ArrowLeft", -2),
        ("Shift+ArrowRight", 7),
    ]:
        page.keyboard.press(key)
        expect(status(page)).to_contain_text(f"t = {t}:".replace("-", "−"))


def test_space_plays_a_sweep_that_grows_the_output_and_stops_at_the_end(bare: Show):
    page = bare(make(speed=32))
    page.locator(".ck-panels").focus()
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    expect(status(page)).to_contain_text("t = 7:", timeout=10_000)
    expect(button(page, "Play")).to_be_visible()
    positions = page.evaluate("saved.map((message) => message.position).filter(Number.isInteger)")
    assert positions[-9:] == list(range(1, 10))


def test_touching_the_kernel_pauses_the_sweep(bare: Show):
    page = bare(make(speed=1))
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    page.locator(".ck-panels").press("ArrowLeft")
    expect(button(page, "Play")).to_be_visible()
    assert page.evaluate("model.get('playing')") is False


def test_with_reduced_motion_nothing_plays_and_the_button_says_why(bare: Show):
    page = bare(make(), reduced_motion="reduce")
    play = page.get_by_role("button", name="Play")
    expect(play).to_have_attribute("aria-disabled", "true")
    expect(play).to_have_attribute("title", "Your system asks for reduced motion: move the kernel by steps.")
    play.click(force=True)
    page.wait_for_timeout(700)
    expect(sum_of(page)).to_have_text("2×1 + 3×0 + 5×(−1) = −3")


def test_the_flip_turns_the_kernel_where_it_stands(bare: Show):
    page = bare(make(SIGNAL, [1, 2, 4], position=4))
    before = colours(page, "window")
    page.locator(".ck-panels").press("f")
    expect(page.locator(".ck-note")).to_contain_text("the kernel is flipped")
    page.wait_for_timeout(600)
    expect(sum_of(page)).to_have_text("2×4 + 3×2 + 5×1 = 19")
    expect(button(page, "convolution: the kernel is flipped")).to_have_attribute("aria-pressed", "true")
    after = colours(page, "window")
    assert not np.array_equal(before, after)
    assert page.evaluate("conventions.get('operation')") == "convolution"


def test_the_turn_is_seen_on_its_way_unless_reduced_motion_is_asked_for(bare: Show):
    watch = """async () => {
        const canvas = root.querySelector("canvas");
        const seen = new Set();
        conventions.set("operation", "convolution");
        const end = performance.now() + 700;
        while (performance.now() < end) {
            await new Promise(requestAnimationFrame);
            seen.add(canvas.toDataURL());
        }
        return seen.size;
    }"""
    assert bare(make(SIGNAL, [1, 2, 4])).evaluate(watch) >= 4
    assert bare(make(SIGNAL, [1, 2, 4]), reduced_motion="reduce").evaluate(watch) <= 2


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_a_head_is_dragged_to_another_value(bare: Show, pointer: str):
    page = bare(make(), has_touch=pointer == "touch")
    unit = (112 - 2 * 9) / 6  # the plot shows −1 to 5
    x = place(page, 1)
    start, end = (at(page, "window", x, 9 + (5 - value) * unit) for value in (4, 2))
    drag(page, start, end, pointer)
    page.wait_for_timeout(100)
    assert values(page, "signal") == [1, 2, 2, 3, 5, 0, 2, 1]
    assert page.evaluate("saved.at(-1).signal.whole") is True
    assert page.evaluate("model.get('position')") == 4  # the kernel stayed
    expect(status(page)).to_contain_text("signal[1] is 2.")


def values(page: Page, name: str) -> list[float]:
    """The present values of a trait."""
    script = "(name) => [...new Float64Array(model.get(name).data.buffer)]"
    found: list[float] = page.evaluate(script, name)
    return found


def test_a_head_of_the_kernel_is_dragged_in_its_own_panel(bare: Show):
    page = bare(make())
    panel = canvas(page, "kernel")
    width = panel.evaluate("(canvas) => canvas.offsetWidth")
    x = 44 + (width - 52 - 144) / 2 + 1.5 * 48  # three cells of 48
    drag(page, at(page, "kernel", x, 28), at(page, "kernel", x, 10))
    page.wait_for_timeout(100)
    assert values(page, "kernel") == [1, 1, -1]
    expect(sum_of(page)).to_have_text("2×1 + 3×1 + 5×(−1) = 0")


def test_a_sample_is_selected_and_changed_by_keys_alone(bare: Show):
    page = bare(make())
    canvas(page, "strip").focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowDown"]:
        page.keyboard.press(key)
    expect(sum_of(page)).to_have_text("3×1 + 3×0 + 5×(−1) = −2")
    expect(status(page)).to_contain_text("signal[2] is 3.")
    page.keyboard.type("-7")
    page.keyboard.press("Enter")
    expect(sum_of(page)).to_have_text("(−7)×1 + 3×0 + 5×(−1) = −12")
    page.keyboard.type("99")  # the cursor has gone on to the next sample
    page.keyboard.press("Escape")
    assert values(page, "signal") == [1, 4, -7, 3, 5, 0, 2, 1]
    assert page.evaluate("model.get('position')") == 4


def test_a_tap_is_typed(bare: Show):
    page = bare(make())
    canvas(page, "taps").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0,5")
    page.keyboard.press("Enter")
    expect(sum_of(page)).to_have_text("2×1 + 3×0.5 + 5×(−1) = −1.5")
    expect(page.get_by_label("example", exact=True)).to_have_value("")  # changed: none of the examples


def test_each_mode_says_what_it_keeps_and_lights_its_row(bare: Show):
    page = bare(make(position=1))
    for mode, said, rows in [
        ("same", "output[0] of same", "8 by 8, row 0 lit"),
        ("valid", "dropped by valid", "6 by 8, no row lit"),
    ]:
        button(page, f"mode {mode}").click()
        expect(status(page)).to_contain_text(said)
        expect(canvas(page, "matrix")).to_have_attribute("aria-label", f"Toeplitz matrix, {rows}")
    assert page.evaluate("model.get('mode')") == "valid"


def test_valid_is_marked_impossible_with_its_reason_where_the_kernel_is_longer(bare: Show):
    page = bare(make([1, 2], [1, 2, 3]))
    valid = button(page, "mode valid")
    expect(valid).to_have_attribute("aria-disabled", "true")
    valid.hover()
    expect(page.locator(".ck-note")).to_contain_text("the kernel has 3 numbers, the signal only 2")
    valid.click(force=True)
    assert page.evaluate("model.get('mode')") == "full"


def test_a_mode_that_has_become_impossible_is_explained_and_nothing_breaks(bare: Show):
    page = bare(make(mode="valid"))
    page.evaluate("""() => {
        const data = new DataView(new Float64Array(12).fill(1).buffer);
        model.set("kernel", { shape: [12], whole: true, data });
    }""")
    expect(page.locator(".ck-note")).to_contain_text("Mode valid is impossible")
    page.locator(".ck-panels").press("ArrowRight")
    button(page, "mode full").click()
    expect(page.locator(".ck-note")).to_contain_text("not flipped")


def test_pointing_at_a_row_of_the_matrix_or_at_the_output_moves_the_kernel(bare: Show):
    page = bare(make())
    box = canvas(page, "matrix").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 6 + 24 * 6.5)  # ten rows of 24
    expect(status(page)).to_contain_text("output[6] of full")
    page.mouse.click(*at(page, "output", place(page, 1), 90))
    expect(status(page)).to_contain_text("t = 1:")


def test_products_are_orange_above_zero_and_blue_below_it(bare: Show):
    page = bare(make())
    pixels = colours(page, "products")[30:]  # below the strip of taps
    rows = []
    for sample, colour in ((2, ORANGE), (4, BLUE)):  # the products 2 and −5
        stem = pixels[:, int(place(page, sample)) - 8 : int(place(page, sample)) + 8]
        rows.append(np.flatnonzero(near(stem, colour).sum(axis=1) >= 3))
    assert rows[0].size and rows[1].size
    assert rows[0].min() < rows[0].max() <= rows[1].min() + 1  # on both sides of the zero line


def test_the_output_grows_with_the_kernel_until_the_whole_is_asked_for(bare: Show):
    page = bare(make())
    right = int(place(page, 3))
    assert not near(colours(page, "output")[22:100, right:], (17, 17, 17)).sum() > 150  # the frame alone
    button(page, "whole output").click()
    page.wait_for_timeout(100)
    assert near(colours(page, "output")[22:100, right:], (17, 17, 17)).sum() > 300
    assert page.evaluate("saved.at(-1).growing") is False


def test_curves_shade_an_area_with_its_sign_and_give_dt_times_the_sum(bare: Show):
    time = np.arange(120)
    page = bare(make(np.sin(time / 6), np.ones(40), continuous=True, dt=0.1, position=70))
    area = float(0.1 * np.sin(time[31:71] / 6).sum())
    expect(sum_of(page)).to_contain_text("dt × sum of the products = 0.1 ×")
    expect(sum_of(page).locator("b")).to_have_text(f"= {area:.5g}".replace("-", "−"))
    pixels = colours(page, "products")
    shaded = near(pixels, ORANGE, 70), near(pixels, BLUE, 70)
    assert shaded[0].sum() > 500 and shaded[1].sum() > 500
    expect(page.locator(".ck-plots figcaption").nth(1)).to_contain_text("Riemann sum, dt = 0.1")


def test_an_example_is_opened_from_the_list_and_ones_own_signal_again(bare: Show):
    page = bare(make([1, 2, 3], [1, 1]))
    examples = page.get_by_label("example", exact=True)
    expect(examples).to_have_value("own")
    examples.select_option("decay")
    expect(status(page)).to_contain_text("charges while the box lasts")
    expect(button(page, "curves: continuous signals, the output is an area")).to_have_attribute(
        "aria-pressed", "true"
    )
    examples.select_option("own")
    assert values(page, "signal") == [1, 2, 3]
    expect(examples).to_have_value("own")


def test_a_thousand_samples_are_curves_and_their_matrix_a_picture(bare: Show):
    page = bare(make(np.sin(np.arange(1000) / 20), np.cos(np.arange(60) / 8), "same"))
    page.locator(".ck-panels").focus()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("model.get('position')") == 529 + 50
    expect(canvas(page, "matrix")).to_have_attribute(
        "aria-label", f"Toeplitz matrix, 1000 by 1000, row {579 - 29} lit"
    )
    pixels = colours(page, "matrix")
    assert near(pixels, ORANGE, 90).any() and near(pixels, BLUE, 90).any()
    expect(page.locator(".ck-aside .ck-legend").first).to_have_text(
        "Each row: the kernel, one place further. Blue −1 to orange 1, blank 0."
    )


def test_sixty_by_sixty_entries_are_a_picture_with_the_row_framed(bare: Show):
    page = bare(make(np.arange(60) % 7, [1, 2, 1], "same", position=30))
    expect(page.locator(".ck-aside figcaption").nth(1)).to_contain_text("60 × 60")
    pixels = colours(page, "matrix")
    framed = near(pixels, (31, 120, 209)).sum(axis=1)
    assert (framed > 100).sum() >= 2  # two long lines: above and below the row


def test_the_same_call_is_shown_for_the_mode_and_the_flip(bare: Show):
    page = bare(make(mode="same", operation="convolution"))
    page.get_by_text("The same call in").click()
    expect(page.locator(".ck-calls")).to_contain_text('np.convolve(image, kernel, mode="same")')
    button(page, "curves: continuous signals, the output is an area").click()
    expect(page.locator("details .ck-legend")).to_have_text("The area is dt = 1 times this output.")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("example", ["numbers", "echo", "edge", "average", "boxes", "decay"])
def test_it_fits_a_projector_and_a_narrow_page(bare: Show, theme: str, example: str, artefacts: Any):
    for width in (1280, 480):
        page = bare(make(example=example), theme=theme, width=width)
        size = page.evaluate("[root.getBoundingClientRect().height, document.body.scrollWidth]")
        assert size[1] <= width
        assert width < 1280 or size[0] <= 645
        page.locator("#host").screenshot(path=artefacts / f"signal-convolver-{example}-{theme}-{width}.png")


CELL = """from coursekit.widgets import Conventions
from coursekit.widgets.signal_convolver.signal_convolver import SignalConvolver
demo = SignalConvolver(conventions=Conventions())
demo"""


@pytest.fixture(scope="module", params=["lab", "notebook"])
def notebook(request: pytest.FixtureRequest, open_notebook: Callable[..., Any]) -> Any:
    """A notebook with the demo on the page, in a browser that has a touch screen, too."""
    opened = open_notebook([CELL], request.param, has_touch=True)
    expect(sum_of(opened.page)).to_have_text("2×1 + 3×0 + 5×(−1) = −3", timeout=30_000)
    return opened


def test_keys_mouse_and_finger_reach_python(notebook: Any):
    page = notebook.page
    page.locator(".ck-signal-convolver .ck-panels").focus()
    page.keyboard.press("ArrowRight")
    notebook.wait_for_python("demo.position", 5)
    for pointer, shift, expected in [("mouse", 2, 7), ("touch", -3, 4)]:
        position = notebook.python("demo.position")
        middle = place(page, position - 1) + 14
        step = place(page, 1) - place(page, 0)
        drag(page, at(page, "window", middle, 106), at(page, "window", middle + shift * step, 106), pointer)
        notebook.wait_for_python("demo.position", expected)
    assert notebook.errors == []


def test_an_edit_by_keys_reaches_python_as_an_integer(notebook: Any):
    page = notebook.page
    canvas(page, "taps").focus()
    page.keyboard.press("Home")  # moves the kernel, not the cursor
    page.keyboard.press("ArrowUp")
    notebook.wait_for_python("(demo.kernel.tolist(), str(demo.kernel.dtype))", [[2, 0, -1], "int64"])
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    notebook.wait_for_python("demo.kernel.tolist()", [3, 0, -1])
    notebook.python("demo.kernel = [1, 0, -1]\ndemo.position = 4\n0")
    expect(sum_of(page)).to_have_text("2×1 + 3×0 + 5×(−1) = −3")
    assert len(notebook.cell_ids) == 1
    assert notebook.errors == []


def test_python_flips_and_cuts_and_the_page_follows(notebook: Any):
    page = notebook.page
    notebook.python("demo.conventions.operation = 'convolution'\ndemo.mode = 'valid'\n0")
    expect(sum_of(page)).to_have_text("2×(−1) + 3×0 + 5×1 = 3")
    expect(status(page)).to_contain_text("t = 4: the output is 3, output[2] of valid.")
    notebook.python("demo.conventions.operation = 'correlation'\ndemo.mode = 'full'\n0")
    expect(sum_of(page)).to_have_text("2×1 + 3×0 + 5×(−1) = −3")
    assert notebook.errors == []
