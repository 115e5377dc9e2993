"""The pooling explorer in a real Chromium: on a page of its own, in JupyterLab 4 and in Notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from coursekit.widgets import Conventions
from coursekit.widgets.pooling_explorer.pooling_explorer import PoolingExplorer

pytestmark = pytest.mark.browser

MARGIN = 5  # of a canvas, in CSS pixels: grid.js
IMAGE = [[1, 3, 0, 2], [2, 3, 1, 4], [0, 1, 9, 5], [4, 0, 6, 9]]


def explorer(**state: Any) -> PoolingExplorer:
    """An explorer of a 4 x 4 image with conventions of its own."""
    return PoolingExplorer(**{"image": IMAGE, "conventions": Conventions(), **state})


def canvas(page: Page | Locator, name: str) -> Locator:
    """The canvas of a panel: "Input", "Output", "Gradient at the output", "Gradient at the input"."""
    return page.locator(f'canvas[aria-label^="{name},"]')


def centre_of(panel: Locator, cell: tuple[int, int], columns: int = 4, padding: int = 0) -> dict[str, float]:
    """Where a cell of a grid has its centre, on the canvas of that panel."""
    box = panel.bounding_box()
    assert box is not None
    side = (box["width"] - 2 * MARGIN) / (columns + 2 * padding)
    return {
        "x": MARGIN + (cell[1] + padding + 0.5) * side,
        "y": MARGIN + (cell[0] + padding + 0.5) * side,
    }


def words(page: Page | Locator, part: str) -> Locator:
    """A line of text: "forward", "backward"."""
    return page.locator(f".pe-{part}")


def state(page: Page, name: str) -> Any:
    """A trait as the browser holds it."""
    return page.evaluate(f"() => model.get('{name}')")


def numbers(page: Page, name: str) -> list[float]:
    """The values of an array trait."""
    read = """(name) => {
        const { data } = model.get(name);
        return [...new Float64Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))];
    }"""
    return page.evaluate(read, name)


def colour_at(panel: Locator, point: dict[str, float]) -> list[int]:
    """Red, green and blue of a canvas at a point in CSS pixels."""
    read = """(canvas, { x, y }) => {
        const ratio = canvas.width / canvas.clientWidth;
        return [...canvas.getContext("2d").getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3);
    }"""
    return panel.evaluate(read, point)


def is_ringed(panel: Locator, cell: tuple[int, int]) -> bool:
    """Whether a ring runs around the cell: dark at its right, at 0.41 of the side from the centre."""
    box = panel.bounding_box()
    assert box is not None
    side = (box["width"] - 2 * MARGIN) / 4
    centre = centre_of(panel, cell)
    return max(colour_at(panel, {"x": centre["x"] + 0.41 * side, "y": centre["y"] + 1})) < 90


def test_the_window_its_winner_and_its_gradient_are_written(bare):
    page = bare(explorer(position=(1, 1)))
    expect(words(page, "forward")).to_have_text("Output[1, 1] = max(9, 5, 6, 9) = 9")
    expect(words(page, "backward")).to_have_text(
        "Back: gradient 1 → row 2, column 2. "
        "2 maxima, at (2, 2), (3, 3): the first gets it, the others nothing."
    )
    expect(page.get_by_role("status").last).to_contain_text("The window reads rows 2 to 3, columns 2 to 3")
    assert is_ringed(canvas(page, "Input"), (2, 2))
    assert not is_ringed(canvas(page, "Input"), (2, 3))


def test_the_conventions_switch_gives_the_gradient_of_a_tie_to_all(bare):
    page = bare(explorer(position=(1, 1)))
    page.get_by_role("button", name="of equal maxima each gets the gradient").click()
    expect(words(page, "backward")).to_contain_text("all get it, so 2 × 1 = 2 flows back")
    assert page.evaluate("() => conventions.get('ties')") == "all"


def test_hovering_the_input_or_the_output_moves_the_window(bare):
    page = bare(explorer())
    canvas(page, "Input").hover(position=centre_of(canvas(page, "Input"), (3, 3)))
    expect(words(page, "forward")).to_contain_text("Output[1, 1]")
    canvas(page, "Output").hover(position=centre_of(canvas(page, "Output"), (0, 1), columns=2))
    expect(words(page, "forward")).to_have_text("Output[0, 1] = max(0, 2, 1, 4) = 4")
    assert state(page, "position") == [0, 1]


def test_arrow_keys_move_the_window_and_stop_at_the_border(bare):
    page = bare(explorer())
    page.locator(".pe-panels").focus()
    for key, position in [("ArrowRight", [0, 1]), ("ArrowDown", [1, 1]), ("ArrowDown", [1, 1])]:
        page.keyboard.press(key)
        assert state(page, "position") == position
    page.keyboard.press("ArrowLeft")
    expect(words(page, "forward")).to_have_text("Output[1, 0] = max(0, 1, 4, 0) = 4")


def test_pointing_at_the_gradient_of_a_pixel_tells_where_it_comes_from_until_the_mouse_leaves(bare):
    page = bare(explorer(stride=1, gradient=np.arange(9).reshape(3, 3) / 4))
    back = canvas(page, "Gradient at the input")
    back.hover(position=centre_of(back, (2, 2)))
    expect(words(page, "forward")).to_have_text(
        "Row 2, column 2 holds 9. 4 windows read it: output at (1, 1), (1, 2), (2, 1), (2, 2)."
    )
    expect(words(page, "backward")).to_have_text(
        "It wins in 4 windows: the gradients add up, 1 + 1.25 + 1.75 + 2 = 6"
    )
    page.mouse.move(5, 5)
    expect(words(page, "forward")).to_contain_text("Output[0, 0]")
    assert state(page, "pixel") is None


def test_a_click_keeps_the_pixel_and_keys_move_it(bare):
    page = bare(explorer(stride=1))
    back = canvas(page, "Gradient at the input")
    back.click(position=centre_of(back, (2, 2)))
    page.mouse.move(5, 5)
    expect(words(page, "forward")).to_contain_text("Row 2, column 2 holds 9.")
    page.keyboard.press("ArrowUp")
    expect(words(page, "forward")).to_contain_text("Row 1, column 2 holds 1.")
    expect(words(page, "backward")).to_have_text("It is the maximum of none: its gradient is 0.")
    page.get_by_role("button", name="explain a window").click()
    assert state(page, "pixel") is None


def test_a_double_click_edits_a_pixel_and_everything_follows(bare):
    page = bare(explorer())
    panel = canvas(page, "Input")
    panel.dblclick(position=centre_of(panel, (0, 0)))
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(words(page, "forward")).to_have_text("Output[0, 0] = max(7, 3, 2, 3) = 7")
    assert numbers(page, "image")[0] == 7
    assert page.evaluate("() => model.get('image').whole") is True


def test_keys_alone_edit_the_gradient_that_arrives(bare):
    page = bare(explorer())
    canvas(page, "Gradient at the output").focus()
    page.keyboard.press("ArrowRight")
    assert state(page, "position") == [0, 1]
    page.keyboard.type("0,5")
    page.keyboard.press("Enter")
    page.locator(".pe-panels").focus()
    expect(words(page, "backward")).to_have_text("Back: gradient 0.5 → row 1, column 3.")
    assert numbers(page, "gradient") == [1, 0.5, 1, 1]


def test_a_tap_chooses_a_window_or_a_pixel(bare):
    page = bare(explorer(), has_touch=True)
    output, back = canvas(page, "Output"), canvas(page, "Gradient at the input")
    output.tap(position=centre_of(output, (1, 0), columns=2))
    expect(words(page, "forward")).to_contain_text("Output[1, 0]")
    back.tap(position=centre_of(back, (3, 0)))
    expect(words(page, "forward")).to_contain_text("Row 3, column 0 holds 4. 1 window reads it")
    expect(words(page, "backward")).to_have_text("It wins in 1 window: gradient 1")


def test_a_prediction_is_hidden_until_it_is_typed_and_its_mistake_is_named(bare):
    page = bare(explorer(predict="output", position=(0, 1)))
    expect(words(page, "forward")).to_have_text("Output[0, 1] = max(0, 2, 1, 4) = ?")
    assert not is_ringed(canvas(page, "Input"), (1, 3))
    field = page.get_by_label("Your prediction")
    for answer, said in [
        ("1,75", "1,75: This is the mean."),
        ("7", "7: This is the sum."),
        ("four", "Type a number"),
        ("4", "Right. It is 4."),
    ]:
        field.fill(answer)
        page.get_by_role("button", name="Check").click()
        expect(words(page, "backward")).to_contain_text(said)
    expect(words(page, "forward")).to_have_text("Output[0, 1] = max(0, 2, 1, 4) = 4")
    expect(field).to_be_hidden()
    assert state(page, "answered") == [1]
    assert is_ringed(canvas(page, "Input"), (1, 3))


def test_on_the_way_to_the_field_the_question_stays_the_same(bare):
    page = bare(explorer(stride=1))
    page.get_by_role("button", name="predict the gradient").click()
    panel = canvas(page, "Input")
    panel.click(position=centre_of(panel, (2, 2)))
    panel.hover(position=centre_of(panel, (0, 0)))
    expect(page.locator(".pe-question")).to_have_text("Which gradient does the input's row 2, column 2 get?")
    page.get_by_label("Your prediction").fill("1")
    page.keyboard.press("Enter")
    expect(words(page, "backward")).to_contain_text("the last one overwrote the others")
    page.get_by_role("button", name="Show this number").click()
    expect(words(page, "backward")).to_have_text("It is 4.")
    assert state(page, "answered") == [10]


def test_a_question_that_python_asks_starts_at_the_first_pixel(bare):
    page = bare(explorer(predict="gradient"))
    expect(page.locator(".pe-question")).to_have_text("Which gradient does the input's row 0, column 0 get?")
    page.get_by_label("Your prediction").fill("0")
    page.keyboard.press("Enter")
    expect(words(page, "backward")).to_have_text("Right. It is 0.")


def test_a_change_of_the_window_asks_anew_in_one_message(bare):
    page = bare(explorer(predict="output"))
    page.get_by_label("Your prediction").fill("3")
    page.keyboard.press("Enter")
    page.evaluate("() => saved.splice(0)")
    page.get_by_role("button", name="window 3", exact=True).click()
    assert page.evaluate("() => saved") == [{"size": 3, "answered": []}]
    expect(words(page, "forward")).to_contain_text("= ?")


def test_a_shift_by_one_pixel_tells_what_it_changed_and_can_be_undone(bare):
    page = bare(explorer())
    page.get_by_role("button", name="Shift the image right by one pixel").click()
    expect(page.locator(".ck-foot")).to_contain_text("16 of 16 pixels and 3 of 4 outputs changed")
    expect(page.locator(".ck-foot")).to_contain_text("not invariant to shifts: see EquivarianceMeter")
    page.get_by_role("button", name="Shift the image left by one pixel").click()
    assert numbers(page, "image") == [float(pixel) for row in IMAGE for pixel in row]
    expect(words(page, "forward")).to_have_text("Output[0, 0] = max(1, 3, 2, 3) = 3")


def test_what_is_impossible_says_why_and_changes_nothing(bare):
    page = bare(explorer())
    page.get_by_role("button", name="mode maxout").hover()
    expect(page.locator(".ck-note")).to_contain_text("maxout takes the largest of several channels")
    page.get_by_role("button", name="mode maxout").click(force=True)
    assert state(page, "mode") == "max"
    page.locator(".ck-shows").click()  # elsewhere: the reason belongs to the button
    page.evaluate("() => { model.set('size', 5); model.save_changes(); }")
    expect(page.locator(".ck-note")).to_have_text(
        "No output: the window spans 5 rows, but the input has only 4 rows."
    )
    expect(canvas(page, "Output")).to_be_hidden()
    page.get_by_role("button", name="window 2", exact=True).click()
    expect(words(page, "forward")).to_contain_text("Output[0, 0]")


def test_rounding_up_makes_a_window_hang_over_and_hatched_pixels_are_named(bare):
    page = bare(explorer(size=3))
    expect(page.locator(".ck-note")).to_contain_text("Row 3 and column 3 are read by no window (hatched)")
    page.get_by_role("button", name="sizes rounded up").click()
    expect(page.locator(".ck-note")).to_contain_text("hangs over the far end and sees only what is there")
    page.locator(".pe-panels").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(words(page, "forward")).to_have_text("Output[1, 1] = max(9) = 9")


def test_padding_never_wins_a_maximum_and_may_count_in_an_average(bare):
    page = bare(explorer(image=-np.array(IMAGE) - 1, padding=1))
    expect(words(page, "forward")).to_have_text("Output[0, 0] = max(−2) = −2")
    page.get_by_role("button", name="mode average", exact=True).click()
    expect(words(page, "forward")).to_have_text("Output[0, 0] = (−2 + 3 × 0) / 4 = −0.5")
    page.get_by_role("button", name="count padding").click()
    expect(words(page, "forward")).to_have_text("Output[0, 0] = (−2) / 1 = −2")


def test_maxout_lets_channels_compete_and_names_the_winner(bare):
    page = bare(PoolingExplorer(mode="maxout", position=(2, 3), conventions=Conventions()))
    expect(words(page, "forward")).to_have_text("Output[0, 2, 3] = max(5, 9) = 9")
    expect(words(page, "backward")).to_have_text("Back: gradient 1 → channel 1.")
    page.get_by_role("button", name="groups 2").click()
    expect(words(page, "forward")).to_have_text("Output[0, 2, 3] = max(5) = 5")


def test_a_photograph_is_drawn_as_a_picture_and_can_be_explored(bare):
    picture = np.random.default_rng(0).random((64, 48))
    page = bare(explorer(image=picture, size=4))
    panel = canvas(page, "Input")
    box = panel.bounding_box()
    panel.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    row, column = state(page, "position")
    assert (row, column) in [(7, 5), (8, 5), (7, 6), (8, 6)]
    largest = picture[4 * row : 4 * row + 4, 4 * column : 4 * column + 4].max()
    expect(words(page, "forward")).to_contain_text(f"{largest:.2f}")


@pytest.mark.parametrize(("width", "height"), [(1280, 640), (480, 1300)])
def test_it_fits_a_projector_and_a_narrow_page(bare, width, height):
    page = bare(PoolingExplorer(stride=1, conventions=Conventions()), width=width)
    overflow = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    assert page.evaluate("() => root.getBoundingClientRect().height") <= height
    outside = page.evaluate(
        """() => [...root.querySelectorAll("canvas, button")].filter((part) => {
            const { left, right } = part.getBoundingClientRect();
            return right > innerWidth || left < 0;
        }).length"""
    )
    assert outside == 0


CELLS = [
    """import numpy as np
from coursekit.widgets.pooling_explorer.pooling_explorer import PoolingExplorer
demo = PoolingExplorer([[1, 3, 0, 2], [2, 3, 1, 4], [0, 1, 9, 5], [4, 0, 6, 9]], stride=1)
demo""",
]


@pytest.fixture(scope="module", params=["lab", "notebook"])
def shown(request: pytest.FixtureRequest, open_notebook: Callable[..., Any]) -> Any:
    """A notebook with the demo, on a device with a touch screen."""
    notebook = open_notebook(CELLS, request.param, has_touch=True)
    expect(notebook.page.locator(".ck-pooling-explorer")).to_have_count(1)
    return notebook


def test_mouse_keys_and_touch_reach_python(shown):
    page = shown.page
    panel = canvas(page, "Input")
    panel.scroll_into_view_if_needed()
    expect(words(page, "forward")).to_have_text("Output[0, 0] = max(1, 3, 2, 3) = 3")
    panel.hover(position=centre_of(panel, (3, 3)))
    shown.wait_for_python("demo.position", [2, 2])
    page.locator(".pe-panels").focus()
    page.keyboard.press("ArrowUp")
    shown.wait_for_python("demo.position", [1, 2])
    output = canvas(page, "Output")
    output.tap(position=centre_of(output, (0, 1), columns=3))
    shown.wait_for_python("demo.position", [0, 1])
    assert shown.errors == [] and shown.failures == []


def test_an_edited_pixel_and_gradient_give_in_python_what_the_browser_writes(shown):
    page = shown.page
    panel = canvas(page, "Input")
    panel.dblclick(position=centre_of(panel, (1, 1)))
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    shown.wait_for_python("demo.output.tolist()", [[8, 8, 4], [8, 9, 9], [4, 9, 9]])
    sent = canvas(page, "Gradient at the output")
    sent.dblclick(position=centre_of(sent, (0, 0), columns=3))
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    shown.wait_for_python("demo.input_gradient[1, 1].item()", 2.5)
    back = canvas(page, "Gradient at the input")
    back.click(position=centre_of(back, (1, 1)))
    expect(words(page, "backward")).to_have_text(
        "It wins in 3 windows: the gradients add up, 0.5 + 1 + 1 = 2.5"
    )
    shown.wait_for_python("demo.pixel", [1, 1])
    assert shown.errors == [] and shown.failures == []


def test_the_letters_of_jupyters_shortcuts_do_nothing_to_the_cells(shown):
    cells = shown.cell_ids
    canvas(shown.page, "Gradient at the input").focus()
    for part in (".pe-panels", "canvas >> nth=0", ".pe-shift >> nth=0"):
        shown.page.locator(f".ck-pooling-explorer {part}").focus()
        for key in "ddabx":
            shown.page.keyboard.press(key)
        shown.page.keyboard.press("Escape")
    assert shown.cell_ids == cells
