"""The parameter counter in a real Chromium: on a bare page, and in JupyterLab 4 and Notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from coursekit.shapes import Convolution, Dense, Flatten, Pooling, ReLU, alexnet, lenet5, summarise, vgg16
from coursekit.widgets.parameter_counter.parameter_counter import ParameterCounter

pytestmark = pytest.mark.browser

Bare = Callable[..., Page]

SMALL = [Convolution(6, 5), ReLU(), Convolution(16, 5)]
SHAPE = (3, 32, 32)


def row(page: Page | Locator, index: int) -> Locator:
    """The row of a layer."""
    return page.locator(f'.pc-row[data-index="{index}"]')


def count(page: Page | Locator, index: int) -> Locator:
    """The count in the row of a layer."""
    return row(page, index).locator(".pc-count")


def field(page: Page | Locator, name: str) -> Locator:
    """The number field of a parameter."""
    return page.get_by_role("spinbutton", name=name, exact=True)


def button(page: Page | Locator, name: str) -> Locator:
    """A button by its name."""
    return page.get_by_role("button", name=name, exact=True)


def state(page: Page, name: str) -> Any:
    """A trait as the page has it."""
    return page.evaluate("(name) => model.get(name)", name)


def expect_names(page: Page | Locator, expected: list[str]) -> None:
    """Wait until the layers have these names: a change is drawn in the next frame."""
    expect(page.locator(".pc-row .pc-name")).to_have_text(expected)


@pytest.mark.parametrize("network", [lenet5(), alexnet(), vgg16()], ids=["LeNet-5", "AlexNet", "VGG-16"])
def test_the_rows_are_those_of_the_summary(bare: Bare, network: Any):
    page = bare(ParameterCounter(*network))
    rows = summarise(*network).rows
    expect(page.locator(".pc-row")).to_have_count(len(rows))
    for measure, part in [
        ("parameters", "parameters"),
        ("connections", "connections"),
        ("MACs", "macs"),
    ]:
        button(page, f"bars show {measure}").click()
        expect(page.locator(".pc-head .pc-count")).to_have_text(measure)
        expect(page.locator(".pc-row .pc-count")).to_have_text([f"{getattr(one, part):,}" for one in rows])
    expect_names(page, [one.description for one in rows])
    shapes = ["×".join(map(str, one.output_shape)) for one in rows]
    expect(page.locator(".pc-row .pc-shape")).to_have_text(shapes)


def test_the_chosen_convolution_is_derived_and_compared_with_a_dense_layer(bare: Bare):
    page = bare(ParameterCounter(SMALL, SHAPE))
    expect(page.locator(".pc-formula")).to_have_text("parameters = F × (C × KH × KW + 1)")
    expect(page.locator(".pc-result")).to_have_text("= 6 × (3 × 5 × 5 + 1) = 456")
    expect(page.locator(".pc-compared")).to_contain_text(
        "4,704 × (3,072 + 1) = 14,455,392; 31,700 times fewer"
    )
    expect(row(page, 0).locator(".pc-ratio")).to_have_text("31,700 times fewer")
    canvas = page.locator(".pc-side canvas")
    expect(canvas).to_have_attribute(
        "aria-label", "6 kernels of 3 × 5 × 5 = 75 weights, and one bias for each."
    )
    row(page, 1).click()
    expect(page.locator(".pc-where")).to_have_text(
        "ReLU works on each number by itself. Nothing is learned here."
    )
    expect(canvas).to_be_hidden()
    assert state(page, "selected") == 1


def test_bars_grow_with_the_counts_and_the_dense_bar_stands_behind(bare: Bare):
    page = bare(ParameterCounter(SMALL, SHAPE, scale="linear"))

    def width(index: int, part: str) -> float:
        box = row(page, index).locator(part).bounding_box()
        return box["width"] if box else 0.0

    whole = width(2, ".pc-bar")
    assert width(2, ".pc-fill") == pytest.approx(whole, abs=1)
    assert width(0, ".pc-fill") == pytest.approx(whole * 456 / 2416, abs=1)
    assert width(0, ".pc-dense") == pytest.approx(whole, abs=1)  # cut: it is 31,700 times as long
    button(page, "logarithmic scale: each mark is ten times or a thousand times the one before").click()
    expect(page.locator(".pc-beyond")).to_have_count(0)
    assert width(0, ".pc-fill") < width(2, ".pc-fill") < width(2, ".pc-dense") <= whole
    button(page, "dense layer").click()
    expect(row(page, 0).locator(".pc-dense")).to_be_hidden()
    assert state(page, "compare") is False


def test_a_larger_image_has_the_same_parameters_and_more_of_all_else(bare: Bare):
    page = bare(ParameterCounter(SMALL, SHAPE))
    button(page, "× 2: twice the size").click()
    said = "Input 3×32×32 became 3×64×64: parameters unchanged, connections × 5.27, MACs × 5.27."
    expect(page.get_by_role("status").last).to_have_text(said)
    expect(page.locator(".pc-total")).to_contain_text("Total: 2,872 parameters")
    button(page, "rows: one less").click()
    assert state(page, "input_shape") == [3, 63, 64]
    field(page, "columns").fill("20")
    field(page, "columns").press("Tab")
    assert state(page, "input_shape") == [3, 63, 20]
    button(page, "÷ 2: half the size").click()
    assert state(page, "input_shape") == [3, 32, 10]


def test_an_impossible_layer_is_marked_with_the_reason_and_what_follows_is_grey(bare: Bare):
    page = bare(ParameterCounter([*SMALL, Pooling(2), Flatten(), Dense(10)], SHAPE))
    field(page, "rows").fill("8")
    field(page, "rows").press("Tab")
    reason = "the window spans 5 rows, but the input has only 4"
    expect(row(page, 2).locator(".pc-reason")).to_have_text(f"impossible: {reason}")
    expect(page.locator(".ck-note")).to_have_text(f"Layer 2 is impossible: {reason}.")
    expect(page.locator(".pc-behind")).to_have_count(3)
    expect(page.locator(".pc-row")).to_have_count(6)
    expect(page.locator(".pc-total")).to_contain_text("Total above layer 2: 456 parameters")
    row(page, 2).click()
    field(page, "kernel size").fill("3")
    field(page, "kernel size").press("Tab")
    expect(page.locator(".pc-behind")).to_have_count(0)
    expect(page.locator(".ck-note")).to_have_text("")
    expect(count(page, 2)).to_have_text("880")


def test_layers_are_edited(bare: Bare):
    page = bare(ParameterCounter([Convolution(8, 3), Pooling(2), Flatten(), Dense(10)], (4, 9, 9)))
    button(page, "kernels: one more").click()
    button(page, "bias").click()
    expect(count(page, 0)).to_have_text(f"{9 * 4 * 9}")
    field(page, "kernels").fill("8")
    field(page, "kernels").press("Tab")
    page.get_by_label("groups").select_option("4")
    expect(count(page, 0)).to_have_text(f"{8 * 9}")
    expect(row(page, 0).locator(".pc-name")).to_have_text("Convolution 8 @ 3×3, groups 4, no bias")
    field(page, "kernels").fill("6")
    field(page, "kernels").press("Tab")  # 4 does not divide 6
    assert state(page, "layers")[0]["groups"] == 2
    row(page, 1).click()
    button(page, "kind average").click()
    page.get_by_role("button", name="rounded up").click()
    expect(row(page, 1).locator(".pc-name")).to_have_text("Average pooling 2×2, stride 2, ceil")
    row(page, 3).click()
    field(page, "units").fill("1000")
    field(page, "units").press("Tab")
    expect(count(page, 3)).to_have_text(f"{1000 * (6 * 4 * 4 + 1):,}")


def test_numbers_that_differ_by_axis_are_shown_and_can_be_made_equal(bare: Bare):
    page = bare(ParameterCounter([Convolution(2, (3, 5), padding=((0, 1), 2))], (1, 9, 9)))
    button(page, "kernel size: make it the same on every axis").click()
    button(page, "padding: make it the same on every axis").click()
    expect_names(page, ["Convolution 2 @ 3×3"])


def test_layers_are_added_moved_and_removed_by_buttons(bare: Bare):
    page = bare(ParameterCounter([ReLU(), Flatten()], SHAPE))
    page.get_by_label("new layer", exact=True).select_option("Dense")
    button(page, "Add the new layer below this one").click()
    expect_names(page, ["ReLU", "Dense 10", "Flatten"])
    expect(row(page, 1)).to_have_class("pc-row pc-no-bar pc-impossible")
    button(page, "Move this layer down").click()
    expect_names(page, ["ReLU", "Flatten", "Dense 10"])
    expect(count(page, 2)).to_have_text("30,730")
    expect(button(page, "Move this layer down")).to_be_disabled()
    button(page, "Remove this layer").click()
    button(page, "Remove this layer").click()
    button(page, "Remove this layer").click()
    expect(page.locator(".pc-row")).to_have_count(0)
    expect(page.locator(".pc-title")).to_have_text("No layer yet: add one.")
    page.get_by_label("new layer", exact=True).select_option("Convolution")
    button(page, "Add the new layer below this one").click()
    expect_names(page, ["Convolution 8 @ 3×3, padding 1"])


def test_keys_choose_move_and_remove_layers(bare: Bare):
    page = bare(ParameterCounter(SMALL, SHAPE))
    keys = page.get_by_role("listbox").press
    keys("ArrowDown")
    keys("ArrowDown")
    keys("ArrowDown")  # the end stops it
    assert state(page, "selected") == 2
    keys("Shift+ArrowUp")
    expect_names(page, ["Convolution 6 @ 5×5", "Convolution 16 @ 5×5", "ReLU"])
    assert state(page, "selected") == 1
    keys("Home")
    keys("Delete")
    expect_names(page, ["Convolution 16 @ 5×5", "ReLU"])
    keys("End")
    assert state(page, "selected") == 1
    keys("m")
    keys("l")
    assert (state(page, "measure"), state(page, "scale")) == ("connections", "linear")


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_a_row_is_dragged_by_its_number(bare: Bare, touch: bool):
    page = bare(ParameterCounter([ReLU(), Flatten(), Dense(3)], SHAPE), has_touch=touch)
    boxes = [row(page, index).locator(".pc-index").bounding_box() for index in (0, 2)]
    (x0, y0), (x1, y1) = [(box["x"] + 8, box["y"] + 10) for box in boxes if box]
    if touch:
        session = page.context.new_cdp_session(page)
        for kind, points in [
            ("touchStart", [(x0, y0)]),
            ("touchMove", [(x0, (y0 + y1) / 2)]),
            ("touchMove", [(x1, y1)]),
            ("touchEnd", []),
        ]:
            touches = [{"x": x, "y": y} for x, y in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    else:
        page.mouse.move(x0, y0)
        page.mouse.down()
        page.mouse.move(x1, y1, steps=4)
        page.mouse.up()
    expect(row(page, 2).locator(".pc-name")).to_have_text("ReLU")
    expect_names(page, ["Flatten", "Dense 3", "ReLU"])
    assert state(page, "selected") == 2
    expect(page.locator(".pc-target")).to_have_count(0)


def test_famous_networks_are_chosen_with_what_was_published(bare: Bare):
    page = bare(ParameterCounter(SMALL, SHAPE))
    network = page.get_by_label("network", exact=True)
    assert network.locator("option").all_inner_texts()[0] == "the network given in Python"
    for name, total, published, facts in [
        ("LeNet-5", "61,706", "LeCun et al., 1998: 60,000", "Dense layers hold 96 %"),
        (
            "AlexNet (original)",
            "60,965,224",
            "2012: 60 million",
            "96 % of the parameters, convolutions do 92 %",
        ),
        ("VGG-16", "138,357,544", "2015: 138 million", "89 % of the parameters, convolutions do 99 %"),
    ]:
        network.select_option(label=name)
        expect(page.locator(".pc-total")).to_contain_text(f"Total: {total} parameters")
        expect(page.locator(".pc-published")).to_contain_text(published)
        expect(page.locator(".pc-facts")).to_contain_text(facts)
    button(page, "rows: one more").click()
    expect(network.locator("option:checked")).to_have_text("your own network")
    expect(page.locator(".pc-published")).to_have_text("")
    network.select_option(label="the network given in Python")
    expect_names(page, ["Convolution 6 @ 5×5", "ReLU", "Convolution 16 @ 5×5"])


def test_parameters_are_predicted_and_mistakes_named(bare: Bare):
    page = bare(ParameterCounter(SMALL, SHAPE, predict=True))
    expect(page.locator(".pc-row .pc-count")).to_have_text(["?", "?", "?"])
    assert "456" not in page.locator("#host").inner_text()
    guess = page.get_by_label("How many parameters does this layer have?")
    for typed, answer in [
        ("450", "That is all weights, but each kernel has a bias too"),
        ("156", "A kernel has weights for every channel that it reads"),
        ("352,800", "Those are connections"),
        ("12", "No. How many weights has one kernel"),
        ("many", "Type a whole number"),
    ]:
        guess.fill(typed)
        guess.press("Enter")
        expect(page.locator(".pc-feedback")).to_contain_text(answer)
        expect(count(page, 0)).to_have_text("?")
    guess.fill("456")
    button(page, "Check").click()
    expect(page.locator(".pc-feedback")).to_have_text("Right. 456 parameters.")
    expect(count(page, 0)).to_have_text("456")
    expect(page.locator(".pc-result")).to_have_text("= 6 × (3 × 5 × 5 + 1) = 456")
    row(page, 2).click()
    expect(page.locator(".pc-result")).to_be_hidden()
    button(page, "Show").click()
    expect(count(page, 2)).to_have_text("2,416")
    expect(page.locator(".pc-total")).to_contain_text("Total: ?")
    assert state(page, "revealed") == [0, 2]
    button(page, "× 2: twice the size").click()
    expect(page.locator(".pc-row .pc-count")).to_have_text(["?", "?", "?"])


def test_shapes_are_written_in_the_order_of_the_convention(bare: Bare):
    page = bare(ParameterCounter(SMALL, SHAPE))
    button(page, "channels last, as in TensorFlow: (H, W, C)").click()
    expect(row(page, 0).locator(".pc-shape")).to_have_text("28×28×6")
    expect(page.locator(".pc-head .pc-shape")).to_have_text("output (H, W, C)")
    expect(page.locator(".pc-input legend")).to_have_text(["rows", "columns", "channels"])
    assert state(page, "input_shape") == [3, 32, 32]


def test_zeros_can_be_hidden_and_memory_has_its_unit(bare: Bare):
    page = bare(ParameterCounter())
    button(page, "hide zeros").click()
    expect(page.locator(".pc-row:visible")).to_have_count(5)
    button(page, "bars show memory").click()
    expect(page.locator(".pc-row:visible")).to_have_count(7)
    expect(count(page, 0)).to_have_text("18.8 KB")
    expect(page.locator(".pc-total")).to_contain_text("1 KB = 1,000 bytes")


def test_the_network_is_printed_as_code(bare: Bare):
    page = bare(ParameterCounter([Convolution(6, 5, groups=3), Flatten()], SHAPE))
    page.get_by_text("Copy as Python").click()
    expect(page.get_by_label("Code for coursekit")).to_contain_text("Convolution(6, 5, groups=3),")
    expect(page.get_by_label("Code for PyTorch")).to_contain_text("nn.Conv2d(3, 6, 5, groups=3),")
    button(page, "kernels: one more").click()
    expect(page.get_by_label("Code for coursekit")).to_contain_text("Convolution(7, 5),")


def test_a_key_held_down_draws_each_step_and_keeps_the_chosen_row_in_sight(bare: Bare):
    page = bare(ParameterCounter.vgg16())
    page.get_by_role("listbox").focus()
    marked = page.evaluate("""async () => {
        const list = root.querySelector("[role=listbox]");
        const marked = [];
        for (let step = 0; step < 37; step++) {
            const how = { key: "ArrowDown", bubbles: true, cancelable: true };
            list.dispatchEvent(new KeyboardEvent("keydown", how));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            const row = list.querySelector("[aria-selected=true]");
            const [inner, outer] = [row, list].map((one) => one.getBoundingClientRect());
            const isSeen = inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
            const isNamed = list.getAttribute("aria-activedescendant") === row.id;
            marked.push([Number(row.dataset.index), isSeen, isNamed]);
        }
        return marked;
    }""")
    assert marked == [[step + 1, True, True] for step in range(37)]
    assert page.evaluate("scrollY") == 0


CELLS = [
    """from coursekit.shapes import Convolution, Dense, Flatten, ReLU
from coursekit.widgets.parameter_counter.parameter_counter import ParameterCounter
counter = ParameterCounter([Convolution(6, 5), ReLU(), Flatten(), Dense(10)], (3, 32, 32))
counter""",
    "'a cell that must stay'",
]


@pytest.fixture(scope="module", params=["lab", "notebook"])
def shown(request: pytest.FixtureRequest, open_notebook: Callable[..., Any]) -> Any:
    """A notebook with the counter on the page."""
    notebook = open_notebook(CELLS, request.param, has_touch=True)
    expect(notebook.page.locator(".ck-parameter-counter .pc-row")).to_have_count(4)
    yield notebook
    assert notebook.errors == []


def test_mouse_keys_and_finger_reach_python(shown: Any):
    demo = shown.page.locator(".ck-parameter-counter")
    cells = shown.cell_ids
    row(demo, 3).click()
    shown.wait_for_python("counter.selected", 3)
    demo.get_by_role("listbox").press("Home")
    shown.wait_for_python("counter.selected", 0)
    for key in ["d", "d", "x", "a", "b"]:
        shown.page.keyboard.press(key)
    assert shown.cell_ids == cells
    button(demo, "kernels: one more").tap()
    shown.wait_for_python("str(counter.layers[0])", "Convolution 7 @ 5")
    demo.get_by_role("listbox").press("Shift+ArrowDown")
    shown.wait_for_python("[str(layer) for layer in counter.layers[:2]]", ["ReLU", "Convolution 7 @ 5"])
    button(demo, "× 2: twice the size").tap()
    shown.wait_for_python("counter.input_shape", [3, 64, 64])
    total = shown.python("int(counter.summary.parameters)")
    expect(demo.locator(".pc-total")).to_contain_text(f"Total: {total:,} parameters")
    shown.python("counter.layers = [Dense(3)]\ncounter.input_shape = (7,)\n0")
    expect(count(demo, 0)).to_have_text("24")
    shown.wait_for_python("(counter.selected, counter.revealed)", [0, []])
