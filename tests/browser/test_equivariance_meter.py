"""The equivariance meter in a real Chromium: on a page of its own, in JupyterLab 4 and in Notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from coursekit.widgets import Conventions
from coursekit.widgets.equivariance_meter.equivariance_meter import EquivarianceMeter

pytestmark = pytest.mark.browser

MARGIN = 5  # of a canvas, in CSS pixels: grid.js


def meter(**state: Any) -> EquivarianceMeter:
    """A meter of the default letter with conventions of its own."""
    return EquivarianceMeter(**{"conventions": Conventions(), **state})


def canvas(page: Page | Locator, name: str) -> Locator:
    """The canvas of a map: "x", "shift x", "shift f(x)", "f(shift x)", "difference"."""
    return page.locator(f'canvas[aria-label^="{name}:"]')


def main(page: Page | Locator) -> Locator:
    """The result in large letters."""
    return page.locator(".em-main")


def detail(page: Page | Locator) -> Locator:
    """Where the differing outputs lie, and why none can match."""
    return page.locator(".em-detail")


def state(page: Page, name: str) -> Any:
    """A trait as the browser holds it."""
    return page.evaluate(f"() => model.get('{name}')")


def drag(page: Page, panel: Locator, cells: tuple[int, int], columns: int = 8) -> None:
    """Drag a map by some cells, [down, right], with the mouse."""
    box = panel.bounding_box()
    assert box is not None
    cell = (box["width"] - 2 * MARGIN) / columns
    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + cells[1] * cell, at[1] + cells[0] * cell, steps=4)
    page.mouse.up()


def colour_at(panel: Locator, cell: tuple[int, int], part: tuple[float, float] = (0.5, 0.25)) -> list[int]:
    """Red, green and blue in a cell of an 8 x 8 map: `part` of its width and of its height in."""
    read = """(canvas, { cell, part, margin }) => {
        const ratio = canvas.width / canvas.clientWidth;
        const side = (canvas.clientWidth - 2 * margin) / 8;
        const [x, y] = [cell[1] + part[0], cell[0] + part[1]].map((at) => (margin + at * side) * ratio);
        return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data].slice(0, 3);
    }"""
    return panel.evaluate(read, {"cell": cell, "part": part, "margin": MARGIN})


def test_the_default_shows_the_border_break_equivariance(bare):
    page = bare(meter())
    expect(main(page)).to_have_text("18 of 64 differ, the largest by 3")
    expect(detail(page)).to_have_text("Of these, 18 lie near the border (dashed) and 0 inside (solid).")
    expect(page.locator(".em-expected")).to_contain_text(
        "the border breaks it: zero padding does not move along"
    )
    difference = canvas(page, "difference")
    assert colour_at(difference, (2, 4)) == [255, 255, 255]
    red, _, blue = colour_at(difference, (1, 1))
    assert blue > red  # −3
    red, _, blue = colour_at(difference, (7, 0))
    assert red > blue  # 3


def test_dragging_x_shifts_it_and_the_meter_follows(bare):
    page = bare(meter(padding="wrap", stride=2))
    drag(page, canvas(page, "x"), (0, 1))
    assert state(page, "shift") == [0, 2]
    expect(main(page)).to_have_text("0 of 16 differ: equivariant here")
    drag(page, canvas(page, "shift f(x)"), (-3, 0))
    assert state(page, "shift") == [-3, 2]
    expect(detail(page)).to_contain_text("A shift by 3 is 1½ output steps with stride 2")
    drag(page, canvas(page, "x"), (0, 30))
    assert state(page, "shift") == [-3, 8]


def test_arrow_keys_shift_and_home_puts_it_back(bare):
    page = bare(meter(padding="wrap"))
    page.locator(".em-maps").focus()
    for key, shift in [
        ("ArrowRight", [0, 2]),
        ("ArrowUp", [-1, 2]),
        ("ArrowLeft", [-1, 1]),
        ("ArrowDown", [0, 1]),
    ]:
        page.keyboard.press(key)
        assert state(page, "shift") == shift
        expect(main(page)).to_have_text("0 of 64 differ: equivariant here")
    page.keyboard.press("Home")
    expect(main(page)).to_have_text("Nothing is shifted: drag x, or press an arrow key")
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    assert state(page, "shift") == [0, -8]


def test_each_story_is_one_press_and_tells_what_to_expect(bare):
    page = bare(meter())
    for name, result, expected in [
        ("circular borders", "0 of 64 differ: equivariant here", "equivariant for every shift."),
        ("no padding", "0 of 30 differ: equivariant here", "wherever both are defined"),
        ("stride 2", "16 of 16 differ, the largest by 7", "equivariant for even shifts only."),
        ("max pool 2", "7 of 16 differ, the largest by 3", "even shifts only, roughly for the others"),
        ("global average", "The mean stays ≈ 0.77: invariant here", "invariant for every shift"),
        ("zero padding", "18 of 64 differ, the largest by 3", "the border breaks it"),
    ]:
        button = page.get_by_role("button", name=f"f with {name}")
        button.click()
        expect(main(page)).to_have_text(result)
        expect(page.locator(".em-expected")).to_contain_text(expected)
        expect(button).to_have_attribute("aria-pressed", "true")


def test_the_chart_names_the_shifts_without_difference_and_takes_a_press(bare):
    page = bare(meter(padding="wrap", stride=2))
    chart = page.locator(".em-curve canvas")
    expect(chart).to_have_attribute(
        "aria-label", "Largest difference for each shift right: zero at shifts −8, −6, −4, −2, 0, 2, 4, 6, 8"
    )
    box = chart.bounding_box()
    chart.click(position={"x": 4 + (box["width"] - 8) * 14.5 / 17, "y": 60})
    assert state(page, "shift") == [0, 6]
    page.get_by_role("spinbutton", name="down").fill("1")
    page.keyboard.press("Enter")
    expect(chart).to_have_attribute(
        "aria-label", "Largest difference for each shift right (1 down): zero at shifts none"
    )
    page.get_by_role("spinbutton", name="right").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator(".em-curve .ck-size")).to_have_text("for each shift down")


def test_a_prediction_hides_the_answer_everywhere_until_it_is_given(bare):
    page = bare(meter(padding="wrap"))
    page.get_by_role("button", name="predict first").click()
    expect(main(page)).to_be_hidden()
    expect(page.locator(".em-expected")).to_be_hidden()
    expect(page.locator(".em-curve")).to_have_css("visibility", "hidden")
    for name in ("difference", "f(shift x)"):
        assert "to be predicted" in canvas(page, name).get_attribute("aria-label")
        assert colour_at(canvas(page, name), (2, 2)) == [0, 0, 0]  # nothing is drawn there
    assert page.get_by_role("status").last.inner_text().endswith("Will the difference be zero everywhere?")
    page.get_by_role("button", name="No: some differ").click()
    expect(main(page)).to_have_text("Not so. 0 of 64 differ: equivariant here")
    assert state(page, "answer") == "no"
    page.locator(".em-maps").focus()
    page.keyboard.press("ArrowDown")
    expect(main(page)).to_be_hidden()
    page.get_by_role("button", name="Yes: zero everywhere").click()
    expect(main(page)).to_have_text("Right. 0 of 64 differ: equivariant here")


def test_a_new_convention_asks_again(bare):
    page = bare(meter(predict=True, kernel="relief"))
    page.get_by_role("button", name="No: some differ").click()
    expect(main(page)).to_contain_text("Right.")
    page.get_by_role("button", name="convolution: the kernel is flipped").click()
    expect(main(page)).to_be_hidden()
    assert state(page, "answer") == ""


def test_the_kernel_is_edited_by_keys_and_everything_follows(bare):
    page = bare(meter(kernel="copy", padding="wrap", stride=2, image=np.arange(64).reshape(8, 8)))
    expect(main(page)).to_have_text("16 of 16 differ, the largest by 7")
    page.locator(".em-kernel canvas").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(main(page)).to_have_text("16 of 16 differ, the largest by 14")
    expect(page.get_by_label("kernel", exact=True)).to_have_value("")
    page.get_by_label("kernel", exact=True).select_option("blur")
    expect(page.locator(".em-kernel canvas")).to_have_attribute(
        "aria-label",
        "kernel 3 × 3: 0.063, 0.125, 0.063, 0.125, 0.25, 0.125, 0.063, 0.125, 0.063. Press Enter to edit",
    )


def test_zeros_that_come_in_are_seen_in_the_shifted_image(bare):
    page = bare(meter(shift=(0, 2)))
    moved = canvas(page, "shift x")
    assert colour_at(moved, (0, 1), (0.3, 0.2)) != [255, 255, 255]  # the 2 of the last column came round
    page.get_by_role("button", name="zeros come in").click()
    assert colour_at(moved, (0, 1), (0.3, 0.2)) == [255, 255, 255]


def test_a_window_that_does_not_fit_is_marked_with_its_reason(bare):
    page = bare(meter(image=[[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]]))
    page.get_by_role("button", name="border none").hover()
    expect(page.locator(".ck-note")).to_have_text("Impossible: the kernel has more rows than the image: 2.")
    page.get_by_role("button", name="border none").click(force=True)
    assert state(page, "padding") == "zeros"
    page.get_by_role("button", name="f with no padding").click()
    page.locator(".ck-shows").click()
    expect(page.locator(".ck-note")).to_have_text("No output: the kernel has more rows than the image: 2.")
    expect(main(page)).to_have_text("No output")
    expect(canvas(page, "difference")).not_to_be_visible()
    page.get_by_role("button", name="f with circular borders").click()
    expect(main(page)).to_have_text("0 of 10 differ: equivariant here")
    expect(page.locator(".ck-note")).to_contain_text("Equivariant: shift in, shift out.")


def test_a_photograph_is_shown_as_a_picture_and_dragged_by_pixels(bare):
    page = bare(meter())
    page.get_by_label("image", exact=True).select_option("coin")
    page.get_by_role("button", name="f with max pool 2").click()
    expect(canvas(page, "x")).to_have_attribute("aria-label", "x: the input, 64 × 64")
    expect(main(page)).to_contain_text("of 1024 differ, the largest by about")
    drag(page, canvas(page, "x"), (0, 5), columns=64)
    assert state(page, "shift") == [0, 6]
    expect(main(page)).to_have_text("0 of 1024 differ: equivariant here")


def test_the_chart_of_a_large_picture_follows_when_the_shift_rests(bare):
    image = np.random.default_rng(0).random((128, 128))
    page = bare(meter(image=image, kernel=np.ones((5, 5)), padding="wrap", stride=2))
    curve = page.locator(".em-curve")
    expect(curve).to_have_css("visibility", "visible")
    page.locator(".em-maps").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".em-curve .ck-size")).to_have_text("for each shift right (2 down)")
    expect(curve).to_have_css("visibility", "visible")
    expect(curve.locator("canvas")).to_have_attribute(
        "aria-label",
        "Largest difference for each shift right (2 down): zero at shifts −8, −6, −4, −2, 0, 2, 4, 6, 8",
    )


def test_zeros_that_come_into_a_photograph_are_black(bare):
    page = bare(
        meter(image=0.5 + np.random.default_rng(1).random((16, 16)) / 2, entering="zeros", shift=(8, 0))
    )
    moved = canvas(page, "shift x")
    assert colour_at(moved, (1, 1)) == [0, 0, 0]
    assert min(colour_at(moved, (6, 1))) > 100


def test_a_finger_drags_the_image(bare):
    page = bare(meter(padding="wrap"), has_touch=True)
    box = canvas(page, "x").bounding_box()
    session = page.context.new_cdp_session(page)
    cell = (box["width"] - 2 * MARGIN) / 8
    at = {"x": box["x"] + 3.5 * cell, "y": box["y"] + 3.5 * cell}
    touch = "Input.dispatchTouchEvent"
    session.send(touch, {"type": "touchStart", "touchPoints": [at]})
    for step in range(1, 5):
        point = {"x": at["x"] + step * cell / 2, "y": at["y"] + step * cell / 4}
        session.send(touch, {"type": "touchMove", "touchPoints": [point]})
    session.send(touch, {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("() => model.get('shift').join() === '1,3'", timeout=5000)


CELLS = [
    """from coursekit.widgets.equivariance_meter.equivariance_meter import EquivarianceMeter
demo = EquivarianceMeter(padding="wrap", stride=2)
demo""",
]


@pytest.fixture(scope="module", params=["lab", "notebook"])
def shown(request: pytest.FixtureRequest, open_notebook: Callable[..., Any]) -> Any:
    """A notebook with the demo, on a device with a touch screen."""
    notebook = open_notebook(CELLS, request.param, has_touch=True)
    expect(notebook.page.locator(".ck-equivariance-meter")).to_have_count(1)
    return notebook


def test_mouse_keys_and_buttons_reach_python(shown):
    page = shown.page
    canvas(page, "x").scroll_into_view_if_needed()
    drag(page, canvas(page, "x"), (1, 2))
    shown.wait_for_python("demo.shift", [1, 3])
    page.locator(".em-maps").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    shown.wait_for_python("demo.shift", [0, 4])
    expect(main(page)).to_have_text("0 of 16 differ: equivariant here")
    shown.wait_for_python("demo.largest_difference", 0)
    page.get_by_role("button", name="f with zero padding").tap()
    shown.wait_for_python("[demo.padding, demo.stride, list(demo.differing)]", ["zeros", 1, [18, 64]])
    expect(main(page)).to_have_text("18 of 64 differ, the largest by 3")
    assert shown.errors == [] and shown.failures == []


def test_an_edited_kernel_gives_in_python_what_the_browser_writes(shown):
    page = shown.page
    page.get_by_role("button", name="f with zero padding").click()
    kernel = page.locator(".em-kernel canvas")
    kernel.dblclick(position={"x": MARGIN + 5, "y": MARGIN + 5})
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    shown.wait_for_python("demo.kernel[0, 0].item()", 4)
    shown.wait_for_python("[demo.differing[0], demo.largest_difference]", [18, 7])
    expect(main(page)).to_have_text("18 of 64 differ, the largest by 7")
    assert shown.errors == [] and shown.failures == []


def test_the_letters_of_jupyters_shortcuts_do_nothing_to_the_cells(shown):
    cells = shown.cell_ids
    for part in (".em-maps", ".em-kernel canvas", "button >> nth=0"):
        shown.page.locator(f".ck-equivariance-meter {part}").focus()
        for key in "ddabx":
            shown.page.keyboard.press(key)
        shown.page.keyboard.press("Escape")
    assert shown.cell_ids == cells
