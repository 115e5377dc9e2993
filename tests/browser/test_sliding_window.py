"""The sliding window in JupyterLab 4 and Notebook 7, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser

CELLS = [
    """import numpy as np
from coursekit.widgets import SlidingWindow
widget = SlidingWindow(np.arange(9).reshape(3, 3), [[0, 1], [2, 3]])
widget""",
    "widget",  # a second view of the same model
    """rng = np.random.default_rng(0)
picture = SlidingWindow(rng.random((120, 128)), [[1, 0, -1], [2, 0, -2], [1, 0, -1]])
picture""",
    "'a cell that a test deletes'",
]
RESET = """widget.predict = False
widget.conventions.operation, widget.conventions.rounding = "correlation", "floor"
widget.image = np.arange(9).reshape(3, 3)
widget.stride, widget.padding, widget.dilation = 1, 0, 1
widget.kernel = [[0, 1], [2, 3]]
widget.speed, widget.position, widget.filled = 2, (0, 0), -1
0"""


@pytest.fixture(scope="module", params=["lab", "notebook"])
def shown(request: pytest.FixtureRequest, open_notebook: Callable[..., Any]) -> Any:
    """A notebook with the widgets on the page."""
    notebook = open_notebook(CELLS, request.param)
    expect(notebook.page.locator(".ck-sliding-window")).to_have_count(3)
    return notebook


@pytest.fixture
def demo(shown: Any) -> Any:
    """The same notebook with the first widget as it was made. The page must not complain of anything."""
    shown.page.mouse.move(0, 0)
    shown.python("widget.playing = False\n0")
    expect(view(shown).get_by_role("button", name="Pause")).to_have_count(0)  # the clock sends nothing more
    shown.python(RESET)
    expect(sum_of(shown)).to_have_text("0×0 + 1×1 + 3×2 + 4×3 = 19")
    yield shown
    assert shown.errors == []


def view(notebook: Any, index: int = 0) -> Locator:
    """One of the views on the page."""
    return notebook.page.locator(".ck-sliding-window").nth(index)


def sum_of(notebook: Any, index: int = 0) -> Locator:
    """The sum written under a view."""
    return view(notebook, index).locator(".ck-sum")


def canvas(notebook: Any, name: str, index: int = 0) -> Locator:
    """The canvas of a panel: input, kernel or output."""
    return view(notebook, index).locator(f'canvas[aria-label^="{name}"]')


def centre_of(
    locator: Locator, shape: tuple[int, int], cell: tuple[int, int], size: float
) -> dict[str, float]:
    """Where a cell of a grid of `shape` has its centre: the grid stands in the middle of its canvas."""
    box = locator.bounding_box()
    assert box is not None
    x = box["width"] / 2 + (cell[1] + 0.5 - shape[1] / 2) * size
    y = box["height"] / 2 + (cell[0] + 0.5 - shape[0] / 2) * size
    return {"x": x, "y": y}


def cell_size(notebook: Any) -> float:
    """Side of a cell of the first view: its kernel is two cells and a margin of 5 on each side."""
    return (canvas(notebook, "Kernel").bounding_box()["width"] - 10) / 2


def colour_at(locator: Locator, point: dict[str, float]) -> list[int]:
    """Red, green, blue and alpha of a canvas at a point in CSS pixels."""
    script = """(canvas, { x, y }) => {
        const ratio = canvas.width / canvas.clientWidth;
        return [...canvas.getContext("2d").getImageData(x * ratio, y * ratio, 1, 1).data];
    }"""
    return locator.evaluate(script, point)


def test_the_first_view_shows_the_worked_example_and_names_the_convention(demo):
    assert "the kernel is not flipped" in view(demo).inner_text()
    expect(view(demo).locator(".ck-status")).to_have_text(
        "Output[0, 0] is 19. The window covers input rows 0 to 1, columns 0 to 1."
    )
    expect(view(demo)).to_contain_text("Output rows and columns ⌊(3 + 2·0 − 2) / 1⌋ + 1 = 2")


def test_keys_move_the_window_and_python_follows(demo):
    view(demo).locator(".ck-panels").focus()
    for key, total, position in [
        ("ArrowRight", 25, [0, 1]),
        ("ArrowDown", 43, [1, 1]),
        ("ArrowDown", 43, [1, 1]),  # the border stops it
        ("ArrowLeft", 37, [1, 0]),
        ("Home", 19, [0, 0]),
        ("End", 43, [1, 1]),
        ("ArrowUp", 25, [0, 1]),
    ]:
        demo.page.keyboard.press(key)
        expect(sum_of(demo)).to_contain_text(f"= {total}")
        demo.wait_for_python("widget.position", position)


@pytest.mark.parametrize("part", [".ck-panels", ".sw-play", "fieldset button", "input[type=range]", "click"])
def test_the_letters_of_jupyters_shortcuts_do_nothing_to_the_cells(demo, part):
    cells = demo.cell_ids
    if part == "click":
        canvas(demo, "Input").click()
    else:
        view(demo).locator(part).locator("visible=true").first.focus()
    for key in ["d", "d", "x", "a", "b", "m", "Enter", "d", "d"]:
        demo.page.keyboard.press(key)
    assert demo.cell_ids == cells
    assert demo.page.locator(".jp-MarkdownCell").count() == 0
    expect(view(demo)).to_be_visible()


def test_outside_the_widget_the_same_letters_delete_a_cell(shown):
    cells = shown.cell_ids
    shown.page.evaluate("""() => {
        const cells = window.jupyterapp.shell.currentWidget.content;
        Object.assign(cells, { activeCellIndex: cells.widgets.length - 1, mode: "command" });
        cells.activate();
    }""")
    shown.page.keyboard.press("d")
    shown.page.keyboard.press("d")
    shown.page.wait_for_function(
        "(count) => window.jupyterapp.shell.currentWidget.content.model.cells.length === count",
        arg=len(cells) - 1,
    )
    assert shown.cell_ids == cells[:-1]


def test_hovering_the_output_moves_the_window_there(demo):
    output = canvas(demo, "Output")
    output.hover(position=centre_of(output, (2, 2), (1, 0), cell_size(demo)))
    expect(sum_of(demo)).to_have_text("3×0 + 4×1 + 6×2 + 7×3 = 37")
    demo.wait_for_python("widget.position", [1, 0])


def test_hovering_the_input_moves_the_window_over_the_pointer_and_pauses_play(demo):
    demo.python("widget.speed = 0.5\nwidget.playing = True\n0")
    expect(view(demo).get_by_role("button", name="Pause")).to_be_visible()
    grid = canvas(demo, "Input")
    grid.hover(position=centre_of(grid, (3, 3), (2, 2), cell_size(demo)))
    expect(sum_of(demo)).to_have_text("4×0 + 5×1 + 7×2 + 8×3 = 43")
    demo.wait_for_python("(widget.playing, widget.position)", [False, [1, 1]])


def test_hovering_a_kernel_cell_marks_its_product_and_says_it(demo):
    kernel = canvas(demo, "Kernel")
    kernel.hover(position=centre_of(kernel, (2, 2), (1, 0), cell_size(demo)))
    expect(view(demo).locator(".ck-sum .ck-marked")).to_have_text("3×2")
    expect(view(demo).locator(".ck-status")).to_have_text("input[1, 0] × kernel[1, 0]: 3 × 2 gives 6.")


def test_a_marked_tap_may_vanish_with_its_kernel(demo):
    kernel = canvas(demo, "Kernel")
    kernel.hover(position=centre_of(kernel, (2, 2), (1, 1), cell_size(demo)))
    expect(view(demo).locator(".ck-sum .ck-marked")).to_have_text("4×3")
    demo.python("widget.kernel = [[5]]\n0")
    expect(sum_of(demo)).to_have_text("0×5 = 0")


def test_play_fills_an_empty_output_and_stops_at_the_end(demo):
    output, size = canvas(demo, "Output"), cell_size(demo)
    corners = [centre_of(output, (2, 2), cell, size) for cell in [(0, 0), (1, 1)]]
    corners = [{"x": point["x"] - size * 0.35, "y": point["y"] + size * 0.35} for point in corners]
    assert all(colour_at(output, corner)[3] == 255 for corner in corners)
    view(demo).get_by_role("button", name="First position").click()
    expect(sum_of(demo)).to_contain_text("= 19")
    demo.wait_for_python("widget.filled", 1)
    demo.page.wait_for_timeout(50)
    assert [colour_at(output, corner)[3] for corner in corners] == [255, 0]  # the last one is empty
    demo.python("widget.speed = 8.0\n0")
    view(demo).get_by_role("button", name="Play", exact=True).click()
    expect(view(demo).get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(sum_of(demo)).to_contain_text("= 43")
    demo.wait_for_python("(widget.position, widget.playing, widget.filled)", [[1, 1], False, -1])
    assert all(colour_at(output, corner)[3] == 255 for corner in corners)


def test_a_lecturer_can_ask_before_the_answer_is_shown(demo):
    demo.python("widget.filled = 0\n0")
    expect(sum_of(demo)).to_have_text("0×0 + 1×1 + 3×2 + 4×3 = ?")
    expect(view(demo).locator(".ck-status")).to_contain_text("Output[0, 0] is not computed yet.")
    view(demo).locator(".ck-panels").press("ArrowRight")
    expect(sum_of(demo)).to_contain_text("= 25")
    demo.wait_for_python("widget.filled", 2)


def test_space_plays_and_pauses(demo):
    demo.python("widget.speed = 0.5\n0")
    view(demo).locator(".ck-panels").focus()
    demo.page.keyboard.press(" ")
    demo.wait_for_python("widget.playing", True)
    demo.page.keyboard.press(" ")
    demo.wait_for_python("widget.playing", False)


def test_the_step_buttons_and_the_speed_work_by_mouse_and_keys(demo):
    for name, total in [("Step forward", 25), ("Step forward", 37), ("Step back", 25), ("Last position", 43)]:
        view(demo).get_by_role("button", name=name).click()
        expect(sum_of(demo)).to_contain_text(f"= {total}")
    view(demo).get_by_role("slider", name="Speed").press("ArrowRight")
    demo.wait_for_python("(widget.speed, widget.position)", [4, [1, 1]])


def test_parameters_go_to_python_and_come_from_it(demo):
    view(demo).get_by_role("button", name="padding 1").click()
    demo.wait_for_python("(widget.padding, widget.output.shape)", [1, [4, 4]])
    expect(sum_of(demo)).to_have_text("0×0 + 0×1 + 0×2 + 0×3 = 0")
    demo.python("widget.stride = (2, 3)\n0")
    expect(view(demo).get_by_role("button", name="stride 2, 3")).to_have_attribute("aria-pressed", "true")
    expect(view(demo)).to_contain_text("Output 2 × 2")
    demo.python("widget.stride, widget.padding = 1, 0\nwidget.kernel = [[1, -1]]\n0")
    expect(sum_of(demo)).to_have_text("0×1 + 1×(−1) = −1")


def test_an_impossible_value_stays_in_its_place_and_says_why(demo):
    impossible = view(demo).get_by_role("button", name="dilation 3")
    expect(impossible).to_have_attribute("aria-disabled", "true")
    impossible.click(force=True)
    reason = "dilation 3 is impossible: the window spans 4 rows, but the input has only 3 rows."
    expect(view(demo)).to_contain_text(reason)
    assert demo.python("widget.dilation") == 1
    view(demo).get_by_role("button", name="padding 1").click()
    expect(impossible).not_to_have_attribute("aria-disabled", "true")


def test_a_combination_without_room_for_the_window_is_shown_with_the_reason(demo):
    demo.python("widget.kernel = np.ones((4, 2))\n0")
    expect(view(demo)).to_contain_text("No output: the window spans 4 rows, but the input has only 3 rows.")
    expect(sum_of(demo)).to_have_text("")
    demo.python("widget.padding = 1\n0")
    expect(sum_of(demo)).to_contain_text("= 9")  # 0 + 3 + 6 of the first column


def test_a_number_that_is_changed_in_the_browser_reaches_python_as_an_integer(demo):
    kernel = canvas(demo, "Kernel")
    kernel.dblclick(position=centre_of(kernel, (2, 2), (1, 1), cell_size(demo)))
    demo.page.keyboard.type("−5")
    demo.page.keyboard.press("Enter")
    expect(sum_of(demo)).to_have_text("0×0 + 1×1 + 3×2 + 4×(−5) = −13")
    demo.wait_for_python("(widget.kernel.tolist(), widget.kernel.dtype.kind)", [[[0, 1], [2, -5]], "i"])
    assert demo.python("widget.output.tolist()") == [[-13, -15], [-19, -21]]
    canvas(demo, "Input").evaluate("(canvas) => canvas.focus({ focusVisible: true })")
    for key in ["ArrowRight", "ArrowDown", "2", ".", "5", "Enter"]:
        demo.page.keyboard.press(key)
    demo.wait_for_python("(widget.image[1, 1].item(), widget.image.dtype.kind)", [2.5, "f"])
    demo.wait_for_python("widget.position", [0, 0])  # the keys moved the cursor, not the window


def test_the_switch_of_the_conventions_turns_the_kernel_in_python_too(demo):
    view(demo).get_by_role("button", name="convolution: the kernel is flipped").click()
    expect(sum_of(demo)).to_have_text("0×3 + 1×2 + 3×1 + 4×0 = 5")
    demo.wait_for_python("(widget.conventions.operation, widget.output[0, 0].item())", ["convolution", 5])
    expect(view(demo, 2)).to_contain_text("Convolution: the kernel is turned")  # every demo follows
    demo.python('widget.conventions.operation = "correlation"\n0')
    expect(sum_of(demo)).to_contain_text("= 19")


def test_predicted_numbers_are_counted_in_python(demo):
    demo.python("widget.predict = True\n0")
    field = view(demo).get_by_role("textbox", name="Your number for output[0, 0]:")
    field.fill("5")
    field.press("Enter")
    expect(view(demo)).to_contain_text("Not 5. That is the convolution: you turned the kernel.")
    demo.wait_for_python("(widget.predicted, widget.missed)", [[], [0]])
    field.fill("19")
    field.press("Enter")
    expect(sum_of(demo)).to_contain_text("= 19")
    demo.wait_for_python("(widget.predicted, widget.missed, widget.right_at_first_try)", [[0], [0], 0])


def test_nothing_on_the_page_moves_while_parameters_change(demo):
    def boxes() -> list[dict[str, float] | None]:
        parts = view(demo).locator("canvas, .ck-controls, .ck-sum, .ck-note")
        return [parts.nth(index).bounding_box() for index in range(parts.count())]

    view(demo).scroll_into_view_if_needed()
    before = boxes()
    for name in ["padding 1", "stride 2", "dilation 2", "stride 4"]:
        view(demo).get_by_role("button", name=name, exact=True).click()
        expect(view(demo).get_by_role("button", name=name, exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        assert boxes() == before, name


def test_two_views_of_one_model_move_together_under_one_clock(demo):
    view(demo, 1).locator(".ck-panels").focus()
    demo.page.keyboard.press("ArrowRight")
    for index in [0, 1]:
        expect(sum_of(demo, index)).to_contain_text("= 25")
    demo.python("widget.position, widget.speed = (0, 0), 4\nwidget.seen = []\n"
                "widget.observe(lambda change: widget.seen.append(change.new), 'position')\n0")  # fmt: skip
    view(demo, 1).get_by_role("button", name="Play", exact=True).click()
    demo.wait_for_python("(widget.playing, widget.position)", [False, [1, 1]])
    assert demo.python("widget.seen") == [[0, 1], [1, 0], [1, 1]]  # a second clock would skip some


def test_a_large_array_is_drawn_as_pixels_with_its_window_magnified(demo):
    picture = view(demo, 2)
    expect(picture.locator("canvas:visible")).to_have_count(4)
    expect(picture).to_contain_text("Window")
    expect(picture).to_contain_text("black 0.00 · white 1.00")
    output = canvas(demo, "Output", 2)
    box = output.bounding_box()
    output.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    row, column = demo.python("picture.position")
    assert abs(row - 59) <= 2 and abs(column - 63) <= 2
    value = demo.python("float(picture.output[picture.position])")
    expect(sum_of(demo, 2)).to_contain_text(f"{value:.2f}".replace("-", "−"))


def test_every_control_is_named_large_enough_and_keeps_its_keys(demo):
    problems = view(demo).evaluate("""(root) =>
        [...root.querySelectorAll("button, input, [tabindex], canvas")]
        .filter((part) => part.checkVisibility())
        .map((part) => {
            const box = part.getBoundingClientRect();
            const isNamed = part.ariaLabel || part.labels?.length || part.textContent;
            if (!isNamed) return `no name: ${part.outerHTML}`;
            if (part.tagName === "CANVAS") return part.getAttribute("role") === "img" ? "" : "no role";
            if (Math.min(box.width, box.height) < 24) return `too small: ${part.outerHTML}`;
            return part.dataset.lmSuppressShortcuts === "true" ? "" : `takes no keys: ${part.outerHTML}`;
        }).filter(Boolean)""")
    assert problems == []


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_both_themes_reach_the_canvases(demo, artefacts, theme):
    demo.use_theme(theme)
    grid = canvas(demo, "Input")
    size = cell_size(demo)
    zero = centre_of(grid, (3, 3), (0, 0), size)
    corner = {"x": zero["x"] - size * 0.3, "y": zero["y"] - size * 0.3}
    demo.page.wait_for_function(
        """([dark]) => {
            const paper = getComputedStyle(document.querySelector(".ck-sliding-window")).backgroundColor;
            return (paper.match(/\\d+/g)[0] < 128) === dark;
        }""",
        arg=[theme.endswith("Dark")],
    )
    demo.page.wait_for_timeout(200)
    assert (max(colour_at(grid, corner)[:3]) < 64) == theme.endswith("Dark")  # a zero has the page's colour
    for index, name in [(0, "numbers"), (2, "pixels")]:
        view(demo, index).screenshot(path=artefacts / f"{demo.app}-{theme[11:].lower()}-{name}.png")


def test_a_view_that_is_removed_while_playing_leaves_nothing_behind(demo):
    demo.python("widget.speed = 16.0\nwidget.playing = True\n0")
    demo.page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
    demo.wait_for_python("widget.playing", False)


def test_reduced_motion_and_touch(open_notebook):
    notebook = open_notebook(CELLS[:1], reduced_motion="reduce", has_touch=True)
    expect(sum_of(notebook)).to_contain_text("= 19")
    play = view(notebook).locator(".sw-play")
    expect(play).to_have_attribute("aria-disabled", "true")
    play.click(force=True)
    notebook.python("widget.playing = True\n0")
    notebook.wait_for_python("widget.playing", False)
    notebook.wait_for_python("widget.position", [0, 0])
    output, size = canvas(notebook, "Output"), cell_size(notebook)
    box = output.bounding_box()
    drag(notebook, [move(box, centre_of(output, (2, 2), cell, size)) for cell in [(0, 0), (0, 1), (1, 1)]])
    notebook.wait_for_python("widget.position", [1, 1])
    assert notebook.errors == []


def move(box: dict[str, float], point: dict[str, float]) -> dict[str, float]:
    """A point of an element as a point of the page."""
    return {"x": box["x"] + point["x"], "y": box["y"] + point["y"]}


def drag(notebook: Any, points: list[dict[str, float]]) -> None:
    """Drag one finger over points of the page."""
    touch = notebook.page.context.new_cdp_session(notebook.page)
    for index, point in enumerate(points):
        kind = "touchMove" if index else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_an_untrusted_notebook_shows_the_picture_instead(open_notebook, tmp_path: Path):
    from coursekit.widgets import SlidingWindow

    data, _ = SlidingWindow(np.arange(9).reshape(3, 3), [[0, 1], [2, 3]])._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell("widget", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    path = tmp_path / "saved.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    notebook = open_notebook(path, run=False)
    picture = notebook.output(0).locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.naturalWidth") == 800
