"""The sliding window on a page of its own: conventions, channels, editing, numbers to predict, gestures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from coursekit.widgets import Conventions, SlidingWindow

pytestmark = pytest.mark.browser

IMAGE = np.arange(9).reshape(3, 3)
KERNEL = np.array([[0, 1], [2, 3]])
MARGIN = 5  # of a canvas, in CSS pixels: grid.js


def window(image: Any = IMAGE, kernel: Any = KERNEL, **state: Any) -> SlidingWindow:
    """A sliding window with conventions of its own."""
    chosen = {name: state.pop(name) for name in ("operation", "rounding", "channels") if name in state}
    return SlidingWindow(image, kernel, conventions=Conventions(**chosen), **state)


def canvas(page: Page, name: str) -> Locator:
    """The canvas of a panel: Input, Kernel, Turned kernel, Output."""
    return page.locator(f'canvas[aria-label^="{name}"]')


def cell(panel: Locator, place: tuple[int, int], columns: int = 2) -> dict[str, float]:
    """The centre of a cell of a kernel's canvas, which is `columns` cells wide and no more."""
    box = panel.bounding_box()
    assert box is not None
    side = (box["width"] - 2 * MARGIN) / columns
    return {"x": MARGIN + (place[1] + 0.5) * side, "y": MARGIN + (place[0] + 0.5) * side}


def total(page: Page) -> Locator:
    """The sums below the panels."""
    return page.locator(".ck-sum")


def read(page: Page, name: str) -> Any:
    """A trait as the browser holds it; of an array its values and whether all are whole."""
    script = """(name) => {
        const value = model.get(name);
        if (!value?.data) return value;
        const bytes = value.data.buffer.slice(value.data.byteOffset);
        return [[...new Float64Array(bytes)], value.whole];
    }"""
    return page.evaluate(script, name)


def press(page: Page, *keys: str) -> None:
    """Press keys, one after another."""
    for key in keys:
        page.keyboard.press(key)


def test_a_convolution_shows_both_kernels_and_multiplies_by_the_turned_one(bare):
    page = bare(window())
    expect(canvas(page, "Turned kernel")).to_be_hidden()
    page.get_by_role("button", name="convolution: the kernel is flipped").click()
    expect(total(page)).to_have_text("0×3 + 1×2 + 3×1 + 4×0 = 5")
    expect(canvas(page, "Kernel")).to_have_attribute("aria-label", "Kernel, 2 by 2: 0, 1, 2, 3")
    expect(canvas(page, "Turned kernel")).to_have_attribute("aria-label", "Turned kernel, 2 by 2: 3, 2, 1, 0")
    turned = canvas(page, "Turned kernel")
    assert turned.evaluate("(canvas) => canvas.getAnimations().length") == 1
    kernel = canvas(page, "Kernel")
    kernel.hover(position=cell(kernel, (0, 1)))  # weight 1 slides at the turned place [1, 0]
    expect(page.locator(".ck-marked")).to_have_text("3×1")
    said = "input[1, 0] × kernel[0, 1], turned to [1, 0]: 3 × 1 gives 3."
    expect(page.locator(".ck-status")).to_have_text(said)


def test_where_motion_is_not_wanted_the_kernel_is_turned_at_once(bare):
    page = bare(window(), reduced_motion="reduce")
    page.get_by_role("button", name="convolution: the kernel is flipped").click()
    expect(total(page)).to_contain_text("= 5")
    assert canvas(page, "Turned kernel").evaluate("(canvas) => canvas.getAnimations().length") == 0


def test_rounded_up_the_last_window_hangs_over_the_edge_and_reads_zeros(bare):
    page = bare(window(stride=2))
    expect(page.locator(".ck-demo")).to_contain_text("No window reads 1 row and 1 column.")
    page.get_by_role("button", name="sizes rounded up").click()
    expect(page.locator(".ck-demo")).to_contain_text(
        "hangs 1 row and 1 column over the edge: there it reads zeros"
    )
    page.locator(".ck-panels").press("End")
    expect(total(page)).to_have_text("8×0 + 0×1 + 0×2 + 0×3 = 0")
    assert read(page, "position") == [1, 1]
    page.get_by_role("button", name="sizes rounded down").click()
    expect(total(page)).to_contain_text("= 19")
    assert read(page, "position") == [0, 0]


CHANNELS = {
    "image": np.arange(18).reshape(2, 3, 3),
    "kernel": np.array([[[0, 1], [2, 3]], [[1, 0], [0, -1]]]),
}


def test_the_channels_add_up_and_the_one_in_front_is_chosen_by_key_button_or_sum(bare):
    page = bare(window(**CHANNELS))
    sums = "sum over 2 channels: 19 + (−4) = 15"
    expect(total(page)).to_have_text(f"channel 0: 0×0 + 1×1 + 3×2 + 4×3 = 19{sums}")
    page.locator(".ck-panels").press("PageDown")
    second = f"channel 1: 9×1 + 10×0 + 12×0 + 13×(−1) = −4{sums}"
    expect(total(page)).to_have_text(second)
    page.get_by_role("button", name="show channel 0").click()
    expect(total(page)).to_contain_text("channel 0:")
    page.locator(".ck-term[data-channel='1']").click()
    expect(total(page)).to_have_text(second)
    assert read(page, "channel") == 1


def test_shapes_are_written_in_the_order_of_the_conventions(bare):
    page = bare(window(**CHANNELS))
    expect(page.locator(".ck-panels figcaption").first).to_have_text("Input 2 × 3 × 3")
    page.get_by_role("button", name="channels last, as in TensorFlow: (H, W, C)").click()
    expect(page.locator(".ck-panels figcaption").first).to_have_text("Input 3 × 3 × 2")
    kernel = canvas(page, "Kernel")
    kernel.evaluate("(canvas) => canvas.focus({ focusVisible: true })")
    expect(page.locator(".ck-editable .ck-visually-hidden").first).to_be_attached()
    assert "kernel[0, 0, 0]: 0" in page.locator(".ck-editable .ck-visually-hidden").all_text_contents()


def test_an_edit_changes_the_channel_in_front(bare):
    page = bare(window(**CHANNELS, channel=1))
    canvas(page, "Kernel").evaluate("(canvas) => canvas.focus({ focusVisible: true })")
    press(page, "ArrowDown", "7", "Enter")
    assert read(page, "kernel") == [[0, 1, 2, 3, 1, 0, 7, -1], True]
    expect(total(page)).to_contain_text("sum over 2 channels: 19 + 80 = 99")


def test_without_channels_nothing_speaks_of_them(bare):
    page = bare(window())
    expect(page.get_by_text("channel", exact=False).locator("visible=true")).to_have_count(0)


def test_a_kernel_that_lost_its_channels_is_shown_with_the_reason(bare):
    page = bare(window(**CHANNELS))
    page.evaluate("""() => model.set("kernel", { shape: [2, 2], whole: true, data:
        new DataView(Float64Array.of(1, 2, 3, 4).buffer) })""")
    expect(page.locator(".ck-note")).to_contain_text(
        "the input has 2 channels, but the kernel has no channels."
    )
    expect(total(page)).to_have_text("")


def test_any_cell_is_edited_by_double_click_and_by_keys(bare):
    page = bare(window())
    kernel = canvas(page, "Kernel")
    kernel.dblclick(position=cell(kernel, (1, 1)))
    page.keyboard.type("−5")
    press(page, "Enter")
    assert read(page, "kernel") == [[0, 1, 2, -5], True]
    press(page, "ArrowRight", "0", ".", "5", "Enter")  # the cursor went on to the first cell
    assert read(page, "kernel") == [[0, 0.5, 2, -5], False]
    expect(total(page)).to_have_text("0×0.0 + 1×0.5 + 3×2.0 + 4×(−5.0) = −13.5")
    kernel.dblclick(position=cell(kernel, (0, 0)))
    page.keyboard.type("99")
    press(page, "Escape")
    assert read(page, "kernel")[0][0] == 0


def test_a_press_on_the_input_is_for_the_window_and_two_are_for_the_cell(bare):
    page = bare(window(np.ones((4, 4), int), [[1]]))
    grid = canvas(page, "Input")
    box = grid.bounding_box()
    middle = {"x": box["width"] / 2 + 8, "y": box["height"] / 2 + 8}
    grid.click(position=middle)
    assert read(page, "position") == [2, 2]
    press(page, "ArrowLeft")
    assert read(page, "position") == [2, 1]
    grid.dblclick(position=middle)
    press(page, "6", "Enter")
    values, whole = read(page, "image")
    assert whole and values[2 * 4 + 2] == 6


def test_a_picture_cannot_be_edited_and_takes_no_focus_for_it(bare):
    page = bare(window(np.ones((60, 60)), KERNEL))
    grid = canvas(page, "Input")
    assert grid.evaluate("(canvas) => canvas.tabIndex") == -1
    grid.dblclick()
    expect(page.locator(".ck-cell-field:visible")).to_have_count(0)
    assert canvas(page, "Kernel").evaluate("(canvas) => canvas.tabIndex") == 0


def field(page: Page) -> Locator:
    """Where the predicted number is typed."""
    return page.locator(".sw-question input")


def test_the_whole_output_is_predicted_with_the_keyboard_alone(bare):
    page = bare(window(predict=True))
    expect(total(page)).to_have_text("0×0 + 1×1 + 3×2 + 4×3 = ?")
    expect(page.locator(".sw-tally")).to_have_text("0 of 4 found.")
    field(page).focus()
    for typed in ["19", "", "24", "25", "", "37", "", "43"]:
        page.keyboard.type(typed)  # Enter in an empty field goes to the next window
        press(page, "Enter")
    expect(page.locator(".sw-tally")).to_have_text("All 4 numbers found, 3 at the first try.")
    assert (read(page, "predicted"), read(page, "missed")) == ([0, 1, 2, 3], [1])
    expect(total(page)).to_have_text("4×0 + 5×1 + 7×2 + 8×3 = 43")


def test_a_wrong_number_is_answered_with_its_likely_mistake(bare):
    page = bare(window(predict=True, padding=1, position=(0, 1)))
    for typed, verdict in [
        ("0", "Not 0. That is the convolution: you turned the kernel. Here it is not flipped."),
        ("25", "Not 25. That is the window without padding: with it, the first window starts 1 row above"),
        ("5", "Not 5: that is 2 too large."),
        ("x", "Type a number, then press Enter."),
        ("3", "Right: 3."),
    ]:
        field(page).fill(typed)
        field(page).press("Enter")
        expect(page.locator(".sw-verdict")).to_contain_text(verdict)
    assert (read(page, "predicted"), read(page, "missed")) == ([1], [1])


def test_while_predicting_the_window_stays_under_a_resting_pointer_and_nothing_plays(bare):
    page = bare(window(predict=True))
    grid = canvas(page, "Input")
    box = grid.bounding_box()
    corner = {"x": box["width"] / 2 + 50, "y": box["height"] / 2 + 50}
    grid.hover(position=corner)
    assert read(page, "position") == [0, 0]
    grid.click(position=corner)
    assert read(page, "position") == [1, 1]
    play = page.locator(".sw-play")
    expect(play).to_have_attribute("aria-disabled", "true")
    play.click(force=True)
    page.evaluate("() => { model.set('playing', true); }")
    page.wait_for_function("() => !model.get('playing')")


def test_switching_predict_on_asks_anew_and_a_new_kernel_does_too(bare):
    page = bare(window(predict=True, predicted=[0], missed=[0]))
    for _ in range(2):
        page.get_by_role("button", name="Predict", exact=True).click()
    assert (read(page, "predicted"), read(page, "missed")) == ([], [])
    field(page).fill("19")
    field(page).press("Enter")
    expect(page.locator(".sw-tally")).to_have_text("1 of 4 found, 1 at the first try.")
    page.evaluate("""() => model.set("kernel", { shape: [2, 2], whole: true, data:
        new DataView(Float64Array.of(1, 1, 1, 1).buffer) })""")
    expect(page.locator(".sw-tally")).to_have_text("0 of 4 found.")


def test_no_partial_sum_gives_a_predicted_number_away(bare):
    page = bare(window(**CHANNELS, predict=True))
    expect(total(page)).to_have_text("channel 0: 0×0 + 1×1 + 3×2 + 4×3 = ?sum over 2 channels: ? + ? = ?")
    expect(page.locator(".ck-status")).to_contain_text("Output[0, 0] is yours to find.")


def test_hundreds_of_products_are_pointed_at_and_kept_up_to_date(bare):
    rng = np.random.default_rng(0)
    page = bare(window(rng.integers(0, 9, (64, 64)), rng.integers(1, 5, (20, 20))))
    page.get_by_text("All 400 products").click()
    table = page.locator(".sw-all pre")
    expect(table).not_to_be_empty()  # it is written in the next frame
    before = table.text_content()
    assert before is not None and len(before.split()) == 400
    table.hover(position={"x": 6, "y": 30})
    expect(page.locator(".sw-product")).to_be_visible()
    expect(page.locator(".ck-status")).to_contain_text("input[1, 0] × kernel[1, 0]:")
    page.locator(".ck-panels").press("ArrowRight")
    expect(table).not_to_have_text(before)


def test_on_a_slide_that_is_shown_smaller_a_product_is_marked_under_the_pointer(bare):
    page = bare(window(np.ones((64, 64), int), np.ones((20, 20), int)))
    page.get_by_text("All 400 products").click()
    page.evaluate("() => { root.style.cssText = 'transform: scale(0.6); transform-origin: 0 0'; }")
    table = page.locator(".sw-all pre").bounding_box()
    x, y = table["x"] + table["width"] * 0.42, table["y"] + 60
    page.mouse.move(x, y)
    mark = page.locator(".sw-product")
    expect(mark).to_be_visible()
    box = mark.bounding_box()
    assert box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]


def test_a_finger_drags_the_window_and_two_taps_edit_the_kernel(bare):
    page = bare(window(), has_touch=True)
    grid = canvas(page, "Output").bounding_box()
    middle = (grid["x"] + grid["width"] / 2, grid["y"] + grid["height"] / 2)
    touch = page.context.new_cdp_session(page)
    for kind, away in [("touchStart", -20), ("touchMove", 5), ("touchMove", 20)]:
        point = {"x": middle[0] + away, "y": middle[1] + away}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("() => String(model.get('position')) === '1,1'")
    kernel = canvas(page, "Kernel")
    box, at = kernel.bounding_box(), cell(kernel, (0, 0))
    for _ in range(2):
        page.touchscreen.tap(box["x"] + at["x"], box["y"] + at["y"])
    page.locator(".ck-cell-field:visible").fill("9")
    press(page, "Enter")
    assert read(page, "kernel") == [[9, 1, 2, 3], True]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 480])
def test_every_mode_fits_its_page(bare, artefacts, theme, width):
    modes = {
        "convolution": window(np.arange(25).reshape(5, 5), np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
                              operation="convolution"),
        "channels": window(**CHANNELS, rounding="ceil", stride=2),
        "predict": window(predict=True, predicted=[1]),
    }  # fmt: skip
    for name, widget in modes.items():
        page = bare(widget, theme=theme, width=width)
        demo = page.locator(".ck-demo")
        demo.screenshot(path=artefacts / f"sliding-window-{name}-{theme}-{width}.png")
        assert demo.evaluate("(root) => root.scrollWidth <= root.clientWidth")
        if width == 1280:
            assert demo.bounding_box()["height"] <= 700, name
