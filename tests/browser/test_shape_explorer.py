"""The shape explorer in a real Chromium: on a bare page, and in JupyterLab 4 and Notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from coursekit.shapes import find_windows, output_size
from coursekit.widgets import Conventions
from coursekit.widgets.shape_explorer.shape_explorer import ShapeExplorer

pytestmark = pytest.mark.browser

Bare = Callable[..., Page]

SOURCE = """from coursekit.widgets.shape_explorer.shape_explorer import ShapeExplorer
shown = ShapeExplorer()
shown"""


def field(page: Page, name: str) -> Locator:
    """The number field of a parameter."""
    return page.get_by_role("spinbutton", name=name, exact=True)


def type_in(page: Page, name: str, value: int) -> None:
    """Type a number and leave the field."""
    field(page, name).fill(str(value))
    field(page, name).press("Tab")


def steps(page: Page) -> list[str]:
    """The derivation of the last axis, a line a step, without the meanings."""
    rows = page.locator("table:visible").last.locator("tr")
    return rows.evaluate_all(
        "(rows) => rows.map((row) => row.cells[0].innerText + ': ' + row.cells[1].innerText)"
    )


def picture(page: Page) -> Locator:
    """The canvas with the cells."""
    return page.locator(".se-stage canvas")


def state(page: Page, name: str) -> Any:
    """A trait as the page has it."""
    return page.evaluate("(name) => model.get(name)", name)


def test_the_derivation_is_written_with_its_numbers(bare: Bare):
    page = bare(ShapeExplorer(7, 3, stride=2))
    expect(page.locator("tr.se-result")).to_contain_text("⌊(n′ − k′) / s⌋ + 1 = ⌊4 / 2⌋ + 1 = 3")
    lines = steps(page)
    assert [line.split(": ")[0] for line in lines] == [
        step.name for step in output_size(7, 3, stride=2).derivation
    ]
    assert lines[1] == "padded size: n′ = n + 2p = 7 + 2·0 = 7"


def test_a_step_of_a_stepper_marks_the_numbers_that_it_changed(bare: Bare):
    page = bare(ShapeExplorer())
    assert page.locator(".se-changed").count() == 0
    page.get_by_role("button", name="stride: one more").click()
    expect(page.locator(".se-result .se-changed")).to_have_text(["2", "3"])
    page.get_by_role("button", name="padding: one more").click()
    expect(page.locator("tr", has_text="padded size").locator(".se-changed")).to_have_text(["1", "9"])
    assert page.evaluate("saved") == [{"stride": 2}, {"padding": 1}]


def test_the_impossible_is_foretold_reached_and_explained(bare: Bare):
    page = bare(ShapeExplorer(7, 7))
    reason = "kernel 8: the window spans 8 cells, but the input has only 7."
    more = page.get_by_role("button", name="kernel: one more")
    more.hover()
    expect(page.locator(".ck-note")).to_have_text(reason)
    assert more.get_attribute("title") == reason
    more.click()
    page.mouse.move(2, 2)
    expect(page.locator(".ck-note")).to_have_text(reason)
    expect(page.locator(".se-impossible")).to_contain_text("the window spans 8 cells")
    expect(field(page, "kernel")).to_have_attribute("aria-invalid", "true")
    assert "output impossible" in (picture(page).get_attribute("aria-label") or "")
    type_in(page, "kernel", 3)
    expect(page.locator(".ck-note")).to_have_text("")
    expect(page.locator(".se-impossible")).to_have_count(0)


def test_arrow_keys_choose_an_output_cell_and_say_what_it_reads(bare: Bare):
    page = bare(ShapeExplorer(7, 3, stride=2))
    page.locator(".se-stage").focus()
    said = page.locator(".ck-status")
    for key, words in [
        ("ArrowRight", "Output 1 reads input 2, 3, 4."),
        ("End", "Output 2 reads input 4, 5, 6."),
        ("ArrowRight", "Output 2 reads input 4, 5, 6."),
        ("ArrowLeft", "Output 1 reads input 2, 3, 4."),
        ("Home", "Output 0 reads input 0, 1, 2."),
    ]:
        page.keyboard.press(key)
        expect(said).to_have_text(words)
    assert state(page, "position") == [0, 0]


def test_arrow_keys_in_a_number_field_stay_there(bare: Bare):
    page = bare(ShapeExplorer())
    field(page, "size").focus()
    page.keyboard.press("ArrowUp")
    assert state(page, "position") == [0, 0]
    assert field(page, "size").input_value() == "8"


def test_hovering_the_row_chooses_the_window_under_the_pointer(bare: Bare):
    page = bare(ShapeExplorer(8, 3, padding=1, stride=2))
    box = picture(page).bounding_box()
    assert box is not None
    places = set()
    for share in range(5, 100, 5):
        page.mouse.move(box["x"] + box["width"] * share / 100, box["y"] + 60)
        places.add(state(page, "position")[1])
    assert places == {0, 1, 2, 3}


def test_a_finger_chooses_a_window(bare: Bare):
    page = bare(ShapeExplorer(9, 3), has_touch=True)
    box = picture(page).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.65, box["y"] + 60)
    page.wait_for_function("() => model.get('position')[1] > 2")


def test_a_size_that_python_cannot_hold_is_not_sent(bare: Bare):
    page = bare(ShapeExplorer(7, 3))
    for text, wanted in [("4", 4), ("1e20", None), ("999999", 999999)]:
        field(page, "wanted output size").fill(text)
        assert state(page, "wanted") == wanted


def test_the_end_of_a_long_number_is_seen(bare: Bare):
    page = bare(ShapeExplorer(1234567, 3, wanted=7654321))
    for name in ("size", "wanted output size"):
        hidden = field(page, name).evaluate("(field) => field.scrollWidth - field.clientWidth")
        assert hidden <= 0


def test_a_reason_longer_than_the_table_stays_on_the_page(bare: Bare):
    page = bare(ShapeExplorer(7, 3, stride=2, transposed=True))
    page.evaluate("() => { model.set('padding', 900); model.set('size', 1); }")
    reason = page.locator("tr.se-impossible")
    expect(reason).to_be_visible()
    assert reason.bounding_box()["x"] >= 0


def test_found_windows_are_listed_as_python_finds_them_and_each_sets_itself(bare: Bare):
    page = bare(ShapeExplorer(28))
    page.get_by_role("spinbutton", name="wanted output size").fill("14")
    rows = page.locator(".se-found button")
    expected = find_windows(28, 14, dilations=(1, 2, 3))
    expect(rows).to_have_count(min(40, len(expected)))
    best = expected[1]
    words = f"kernel {best.kernel_size}, stride {best.stride}, padding {best.padding}"
    expect(rows.nth(1)).to_have_text(words)
    rows.nth(1).click()
    expect(rows.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("tr.se-result")).to_contain_text("= 14")
    chosen = [state(page, name) for name in ("kernel", "stride", "padding", "dilation")]
    assert chosen == [best.kernel_size, best.stride, best.padding, best.dilation]
    page.get_by_role("spinbutton", name="wanted output size").fill("500")
    expect(page.locator(".se-hint")).to_contain_text(
        "None: " + find_windows(28, 500, dilations=(1, 2, 3)).reason
    )


def test_a_transposed_window_says_what_it_undoes(bare: Bare):
    page = bare(ShapeExplorer(4, 3, 1, 2, transposed=True))
    expect(page.locator(".ck-note")).to_have_text(
        "The stride-2 window that this undoes takes both 7 and 8 to 4: "
        "output padding chooses, 0 for 7, 1 for 8."
    )
    page.get_by_role("button", name="output padding: one more").click()
    expect(page.locator("tr", has_text="with the output padding")).to_contain_text("m + a = 7 + 1 = 8")
    page.get_by_role("spinbutton", name="wanted output size").fill("7")
    page.locator(".se-found button", has_text="kernel 3, stride 2, padding 1").first.click()
    assert state(page, "output_padding") == 0


def test_padding_same_says_where_the_extra_zero_of_an_even_kernel_goes(bare: Bare):
    page = bare(ShapeExplorer(7, 4))
    page.get_by_role("button", name="padding same").click()
    expect(page.locator(".se-kept:visible")).to_have_text("padding 2 + 1", use_inner_text=True)
    expect(page.locator(".ck-note")).to_contain_text("the extra zero goes in front")
    assert state(page, "padding") == "same"
    type_in(page, "kernel", 5)
    expect(page.locator(".se-kept:visible")).to_have_text("padding 2 + 2", use_inner_text=True)
    page.get_by_role("button", name="padding same").click()
    assert state(page, "padding") == 2


def test_each_end_can_have_its_own_padding(bare: Bare):
    page = bare(ShapeExplorer())
    page.get_by_role("button", name="padding at each end").click()
    type_in(page, "padding in front", 2)
    assert state(page, "padding") == [[2, 0], [2, 0]]
    expect(page.locator("tr", has_text="padded size")).to_contain_text("n + p₀ + p₁ = 7 + 2 + 0 = 9")


def test_rows_and_columns_have_their_own_parameters(bare: Bare):
    page = bare(ShapeExplorer(7))
    page.get_by_role("button", name="2 axes").click()
    type_in(page, "rows: size", 9)
    page.get_by_role("button", name="columns: stride: one more").click()
    assert (state(page, "size"), state(page, "stride")) == ([9, 7], [1, 2])
    tables = page.locator(".se-steps table")
    expect(tables.nth(0).locator(".se-result")).to_contain_text("= 7")
    expect(tables.nth(1).locator(".se-result")).to_contain_text("= 3")
    page.locator(".se-stage").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".ck-status")).to_have_text(
        "Output row 1, column 2: the window covers rows 1 to 3, columns 4 to 6."
    )
    page.get_by_role("button", name="1 axis").click()
    expect(tables.nth(0)).to_be_hidden()


def test_hovering_the_grids_chooses_the_window(bare: Bare):
    page = bare(ShapeExplorer(6, 3, axes=2))
    box = picture(page).bounding_box()
    assert box is not None
    seen = set()
    for row in range(10, 100, 10):
        for column in range(20, 100, 4):
            page.mouse.move(box["x"] + box["width"] * column / 100, box["y"] + box["height"] * row / 100)
            seen.add(tuple(state(page, "position")))
    assert seen == {(row, column) for row in range(4) for column in range(4)}


def test_while_predicting_the_size_is_nowhere_and_a_wrong_answer_is_diagnosed(bare: Bare):
    page = bare(ShapeExplorer(8, 3, 1, 2, predicting=True))
    assert "4" not in page.locator(".se-steps").inner_text()
    expect(page.locator(".se-plot")).to_be_hidden()
    page.locator(".se-stage").focus()
    page.keyboard.press("End")
    assert state(page, "position") == [0, 0]
    for answer, words in [(3, "+ 1 is missing"), (5, "rounded up"), (40, "too many")]:
        field(page, "your answer").fill(str(answer))
        page.get_by_role("button", name="check").click()
        expect(page.locator(".se-words")).to_contain_text(words)
        assert "= 4" not in page.locator(".se-steps").inner_text()
    field(page, "your answer").fill("4")
    field(page, "your answer").press("Enter")
    expect(page.locator(".se-words")).to_have_text("Right: the output has 4.")
    expect(page.locator(".se-result")).to_contain_text("= 4")
    page.get_by_role("button", name="new question").click()
    expect(page.locator(".se-words")).to_have_text("")
    expect(page.locator(".se-result")).to_contain_text("?")
    page.get_by_role("button", name="show", exact=True).click()
    expect(page.locator(".se-question")).to_be_hidden()


def test_the_convention_of_rounding_is_obeyed(bare: Bare):
    page = bare(ShapeExplorer(8, 3, stride=2, conventions=Conventions()))
    expect(page.locator(".se-result")).to_contain_text("⌊5 / 2⌋ + 1 = 3")
    page.get_by_role("button", name="sizes rounded up").click()
    expect(page.locator(".se-result")).to_contain_text("⌈5 / 2⌉ + 1 = 4")
    assert page.evaluate("conventions.get('rounding')") == "ceil"


def test_dragging_on_the_plot_changes_the_input_size(bare: Bare):
    page = bare(ShapeExplorer(7, 3, stride=2))
    plot = page.locator(".se-plot canvas")
    box = plot.bounding_box()
    assert box is not None
    y, left, right = box["y"] + 60, box["x"] + 40, box["x"] + box["width"] - 14
    page.mouse.move(left, y)
    page.mouse.down()
    sizes = []
    for share in range(11):
        page.mouse.move(left + (right - left) * share / 10, y)
        sizes.append(state(page, "size"))
    page.mouse.up()
    assert sizes == sorted(sizes)
    assert sizes[0] == 1 and sizes[-1] == 12


def test_on_a_narrow_page_what_is_lost_stands_below_the_picture(bare: Bare):
    explorer = ShapeExplorer(7, 2, 1, 3)
    lost = bare(explorer, width=480).locator(".se-stage .ck-legend")
    expect(lost).to_have_text("1 zero of padding lost; 2 pixels in gaps, never read")
    expect(bare(explorer).locator(".se-stage .ck-legend")).to_have_text("")


def test_an_input_too_long_to_draw_still_has_its_derivation(bare: Bare):
    page = bare(ShapeExplorer(100_000, 3, stride=2))
    expect(page.locator(".ck-note")).to_contain_text("Too many cells to draw")
    expect(page.locator(".se-result")).to_contain_text("= 49999")
    type_in(page, "size", 9)
    expect(picture(page)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 480])
@pytest.mark.parametrize(
    "parameters",
    [
        {"size": 8, "stride": 2},
        {"size": 4, "padding": 1, "stride": 2, "transposed": True, "output_padding": 1},
        {"size": (8, 7), "kernel": (3, 4), "padding": (1, 0), "stride": (3, 1), "axes": 2},
    ],
)
def test_the_demo_fits_a_projector_and_nothing_is_wider_than_the_page(bare: Bare, parameters, width):
    page = bare(ShapeExplorer(**parameters), width=width)
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 1280:
        assert page.evaluate("root.getBoundingClientRect().height") <= 690


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_mouse_and_keys_reach_python_and_python_reaches_the_page(open_notebook: Callable[..., Any], app: str):
    notebook = open_notebook([SOURCE, "'a cell'"], app)
    page = notebook.page
    root = page.locator(".ck-shape-explorer")
    expect(root).to_have_count(1)
    root.get_by_role("button", name="stride: one more").click()
    notebook.wait_for_python("[int(size) for size in shown.output]", [3])
    root.locator(".se-stage").focus()
    page.keyboard.press("ArrowRight")
    notebook.wait_for_python("shown.position", [0, 1])
    cells = notebook.cell_ids
    for part in (".se-stage", ".se-found", "input[type=number]", ".se-settings button"):
        root.locator(f"{part}:visible").first.focus()
        for key in "ddxabm":
            page.keyboard.press(key)
    assert notebook.cell_ids == cells
    root.get_by_role("button", name="padding same").click()
    notebook.wait_for_python("shown.padding", "same")
    notebook.python("shown.transposed, shown.size = True, 4\n0")
    expect(root.locator("tr", has_text="without the padding")).to_be_visible()
    notebook.python("shown.transposed = False\nshown.conventions.rounding = 'ceil'\n0")
    expect(root.locator(".se-result").first).to_contain_text("⌈")
    notebook.python("shown.conventions.rounding = 'floor'\n0")
    assert notebook.errors == []
