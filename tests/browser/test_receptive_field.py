"""The receptive field's demo: on a bare page in Chromium, and in JupyterLab 4 and Notebook 7."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from coursekit.shapes import Pooling, receptive_field
from coursekit.widgets import Conventions
from coursekit.widgets.receptive_field.receptive_field import ReceptiveField
from coursekit.widgets.receptive_field.stack import presets
from tools.bare_page import page_html

pytestmark = pytest.mark.browser

HEADING = 30  # of the table, in CSS pixels: the rows of the picture stand beside its rows

Show = Callable[..., Page]


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    """Show a demo on a page without Jupyter. The page must not complain of anything."""
    contexts, errors = [], []

    def shower(demo: ReceptiveField, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.set_content(page_html(demo))
        page.wait_for_function("() => document.body.dataset.ready")
        expect(said(page)).not_to_be_empty()
        return page

    yield shower
    for context in contexts:
        context.close()
    assert errors == []


def said(page: Page) -> Locator:
    """The sentence under the picture."""
    return page.locator(".ck-receptive-field .ck-status").first


def canvas(page: Page) -> Locator:
    """The picture."""
    return page.locator(".ck-receptive-field canvas").first


def press(page: Page, name: str) -> None:
    """Press the button whose name has these words."""
    page.get_by_role("button", name=name).first.click()


def point_in_row(page: Page, layer: int, share: float) -> tuple[float, float]:
    """A point of the page in the row of a layer, at a share of the picture's width."""
    box = canvas(page).bounding_box()
    assert box is not None
    layers = page.locator(".rf-table tbody tr").count() - 1
    style = "() => Number.parseFloat(document.querySelector('.ck-demo').style.getPropertyValue('--rf-row'))"
    row = page.evaluate(style)
    return box["x"] + share * box["width"], box["y"] + HEADING + (layers - layer + 0.5) * row


def typeset(line: str) -> str:
    """A step of the library as the table prints it."""
    return line.replace("*", "×").replace("-", "−")


def table_of(page: Page) -> list[list[str]]:
    """The texts of the table's numbers, the input's row first, once what was changed is drawn."""
    texts: list[list[str]] = page.evaluate(
        """async () => {
            for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
            const rows = [...document.querySelectorAll(".rf-table tbody tr")].reverse();
            const text = (cell) => cell.textContent.replaceAll(/\\s+/g, " ").trim();
            return rows.map((row) => [...row.querySelectorAll("td")].map(text));
        }"""
    )
    return texts


@pytest.mark.parametrize("name", [name for name, _, _ in presets()])
def test_the_table_prints_the_librarys_steps_for_every_example(show: Show, name: str):
    page = show(ReceptiveField([(2,)]))
    page.get_by_label("example").select_option(name)
    layers = {title: layers for title, layers, _ in presets()}[name]
    expect(page.locator(".rf-table tbody tr")).to_have_count(len(layers) + 1)
    lines = [typeset(step.line) for step in receptive_field(layers).size.derivation]
    expected = [["1", "1", "0"], *(lines[3 * layer : 3 * layer + 3] for layer in range(len(layers)))]
    assert table_of(page) == expected


def test_the_mouse_chooses_any_neuron_of_any_layer(show: Show):
    page = show(ReceptiveField([(3,), (3, 2)], size=12))
    for layer, last in [(0, 11), (1, 9), (2, 3)]:
        found = []
        for share in np.linspace(0.02, 0.98, 40):
            page.mouse.move(*point_in_row(page, layer, float(share)))
            found.append(page.evaluate("() => [model.get('layer'), model.get('neuron')]"))
        assert {row for row, _ in found} == {layer}
        neurons = [neuron for _, neuron in found]
        assert sorted(set(neurons)) == list(range(last + 1))
        assert neurons == sorted(neurons)


def test_arrow_keys_go_from_neuron_to_neuron_and_from_layer_to_layer(show: Show):
    page = show(ReceptiveField(neuron=4))
    expect(said(page)).to_have_text("Layer 3, neuron 4 sees input 4 to 10: 7 pixels.")
    canvas(page).focus()
    for key, words in [
        ("ArrowLeft", "Layer 3, neuron 3 sees input 3 to 9: 7 pixels."),
        ("ArrowDown", "Layer 2, neuron 4 sees input 4 to 8: 5 pixels."),
        ("Home", "Layer 2, neuron 0 sees input 0 to 4: 5 pixels."),
        ("End", "Layer 2, neuron 11 sees input 11 to 15: 5 pixels."),
        ("ArrowUp", "Layer 3, neuron 9 sees input 9 to 15: 7 pixels."),
        ("ArrowUp", "Layer 3, neuron 9 sees input 9 to 15: 7 pixels."),
    ]:
        page.keyboard.press(key)
        expect(said(page)).to_have_text(words)
    expect(canvas(page)).to_have_attribute("aria-label", re.compile("Layer 3, neuron 9 sees input 9 to 15"))


def test_a_finger_chooses_a_neuron_and_drags_on_to_others(show: Show):
    page = show(ReceptiveField([(3,), (3,)], size=12), has_touch=True)
    page.touchscreen.tap(*point_in_row(page, 1, 0.05))
    expect(said(page)).to_have_text("Layer 1, neuron 0 sees input 0 to 2: 3 pixels.")
    session = page.context.new_cdp_session(page)
    for kind, layer, share in [("Start", 1, 0.3), ("Move", 2, 0.6), ("Move", 2, 0.97)]:
        x, y = point_in_row(page, layer, share)
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(said(page)).to_have_text("Layer 2, neuron 7 sees input 7 to 11: 5 pixels.")


def test_a_field_that_hangs_over_the_edge_and_one_with_holes_are_said(show: Show):
    page = show(ReceptiveField([(3, 1, 2, 2), (3, 1, 2, 2)], size=12, neuron=0))
    expect(said(page)).to_have_text(
        "Layer 2, neuron 0 sees input −4 to 4: 9 pixels. "
        "4 of 9 pixels lie outside, in the padding: −4 to −1. "
        "Between the taps it misses 2 pixels."
    )


def test_layers_are_added_changed_moved_and_removed(show: Show):
    page = show(ReceptiveField([(3,)], size=32))
    press(page, "pool: add max pooling of 2 with stride 2")
    press(page, "dilated: add a convolution with kernel 3 and dilation 2")
    expect(said(page)).to_contain_text("Layer 3")
    page.get_by_role("spinbutton", name="kernel").fill("4")
    page.keyboard.press("Tab")
    press(page, "padding: one more")
    press(page, "stride: one more")
    lines = [["1 + 2 × 1 = 3", "1 × 1 = 1", "0 − 0 × 1 = 0"], ["3 + 1 × 1 = 4", "1 × 2 = 2", "0 − 0 × 1 = 0"]]
    assert table_of(page)[1:] == [*lines, ["4 + 2 × 3 × 2 = 16", "2 × 2 = 4", "0 − 1 × 2 = −2"]]
    press(page, "move the layer down")
    assert [row[0] for row in table_of(page)] == ["1", "1 + 2 × 1 = 3", "3 + 2 × 3 × 1 = 9", "9 + 1 × 2 = 11"]
    expect(page.get_by_role("button", name=re.compile("^2 +conv 4"))).to_have_attribute(
        "aria-pressed", "true"
    )
    press(page, "remove the layer")
    assert [row[0] for row in table_of(page)] == ["1", "1 + 2 × 1 = 3", "3 + 1 × 1 = 4"]


def test_at_most_eight_layers_are_added_and_the_last_one_stays(show: Show):
    page = show(ReceptiveField([(2,)], size=20))
    adder = page.get_by_role("button", name="conv: add a convolution with kernel 3")
    for layers in range(2, 9):
        adder.click()
        expect(page.locator(".rf-table tbody tr")).to_have_count(layers + 1)
    expect(adder).to_be_disabled()
    for layers in range(7, 0, -1):
        press(page, "remove the layer")
        expect(page.locator(".rf-table tbody tr")).to_have_count(layers + 1)
    expect(page.get_by_role("button", name="remove the layer")).to_be_disabled()


def test_a_layer_that_does_not_fit_is_said_and_can_be_removed(show: Show):
    page = show(ReceptiveField([(3,), (9,)], size=16))
    page.get_by_role("spinbutton", name="pixels").fill("8")
    page.keyboard.press("Tab")
    expect(page.locator(".ck-note")).to_have_text(
        "Layer 2 does not fit: its window is larger than what lies below it."
    )
    page.locator(".rf-table tbody tr").first.locator("button").click()
    press(page, "remove the layer")
    expect(page.locator(".rf-table tbody tr")).to_have_count(2)
    expect(page.locator(".ck-note.ck-warning")).to_have_count(0)


def test_a_predicted_size_is_hidden_and_a_mistake_is_recognised(show: Show):
    page = show(ReceptiveField([(3, 2), (3, 2), (3,)], size=32, predict=True))
    assert [row[0] for row in table_of(page)] == ["1", "?", "?", "?"]
    expect(said(page)).to_have_text(
        "Layer 3: how many pixels of the input does one neuron see along the row?"
    )
    assert "15" not in canvas(page).get_attribute("aria-label")
    field = page.get_by_role("spinbutton", name="Size of the field")
    for guess, words in [
        ("9", "Not 9. You added the kernels."),
        ("7", "Not 7. You left out the jump"),
        ("22", "Not 22. Each layer adds (kernel − 1) steps, not kernel"),
        ("14", "Not 14. Too small."),
        ("15", "Right: 7 + 2 × 4 = 15."),
    ]:
        field.fill(guess)
        field.press("Enter")
        expect(page.locator(".rf-verdict")).to_contain_text(words)
    assert [row[0] for row in table_of(page)] == ["1", "?", "?", "7 + 2 × 4 = 15"]
    expect(said(page)).to_contain_text("15 pixels.")
    assert page.evaluate("() => model.get('answers')") == [0, 0, 15]


def test_the_effective_field_of_equal_weights_is_the_bell_of_three_boxes(show: Show):
    page = show(ReceptiveField(effective=True, weights="equal"))
    share = page.locator(".rf-share")
    expect(share).to_contain_text("70 % of the gradient lies in the middle half of the field")
    expect(share).to_contain_text("evenly spread it would be 43 %. Mean of 100 draws.")


def test_new_weights_change_the_gradients_and_coming_back_does_not(show: Show):
    page = show(ReceptiveField(effective=True, draws=3, rectified=True))

    def drawn() -> str:
        page.wait_for_timeout(150)
        return page.evaluate("() => document.querySelector('.rf-main canvas').toDataURL()")

    expect(page.locator(".rf-share")).to_contain_text("Mean of 3 draws")
    before = drawn()
    press(page, "new weights, drawn at random")
    after = drawn()
    assert before != after
    page.evaluate("() => model.set('seed', 1)")
    assert drawn() == before


def test_in_two_axes_the_image_and_the_map_choose_neurons(show: Show):
    page = show(ReceptiveField([(3,), Pooling(2)], image=np.arange(400).reshape(20, 20), neuron=(4, 2)))
    expect(said(page)).to_have_text(
        "Layer 2, neuron (4, 2) sees rows 8 to 11 and columns 4 to 7: 4 × 4 pixels."
    )
    canvas(page).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("neuron (5, 3)")
    page.keyboard.press("PageDown")
    expect(said(page)).to_contain_text("Layer 1, neuron (11, 7) sees rows 11 to 13 and columns 7 to 9")
    box = canvas(page).bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.6 * box["height"])
    on_image = said(page).inner_text()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.3 * box["height"])
    page.wait_for_timeout(100)
    assert "(11, 7)" not in on_image
    assert said(page).inner_text() != on_image


def test_what_a_neuron_changes_is_counted(show: Show):
    page = show(ReceptiveField([(3,), (3,)], size=12, layer=0, neuron=5))
    press(page, "what it changes")
    expect(said(page)).to_contain_text("It changes 5 neurons of layer 2.")


def test_pooling_follows_the_convention_of_rounding(show: Show):
    page = show(ReceptiveField([Pooling(2)], size=7, neuron=2, conventions=Conventions()))
    canvas(page).focus()
    page.keyboard.press("End")
    expect(said(page)).to_contain_text("neuron 2 sees input 4 to 5")
    page.locator("summary", has_text="Conventions").click()
    press(page, "sizes rounded up: the last window may hang over")
    canvas(page).focus()
    page.keyboard.press("End")
    expect(said(page)).to_have_text(
        "Layer 1, neuron 3 sees input 6 to 7: 2 pixels. 1 of 2 pixels lies outside, in the padding: 7."
    )


@pytest.mark.parametrize("width", [480, 1280])
@pytest.mark.parametrize("axes", [1, 2])
def test_nothing_is_wider_than_the_page(show: Show, width: int, axes: int):
    demo = ReceptiveField(presets()[-1][1], size=48, axes=axes, effective=True, influence=True)
    page = show(demo, width=width)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate("() => root.querySelector('.rf-beside').scrollWidth <= root.clientWidth")


CELLS = [
    """from coursekit.widgets.receptive_field.receptive_field import ReceptiveField
demo = ReceptiveField([(3,), (3,)], size=12)
demo""",
    "'a cell that a test deletes'",
]


@pytest.fixture(scope="module", params=["lab", "notebook"])
def shown(request: pytest.FixtureRequest, open_notebook: Callable[..., Any]) -> Any:
    """A notebook with the demo on the page."""
    notebook = open_notebook(CELLS, request.param, has_touch=True)
    expect(notebook.page.locator(".ck-receptive-field")).to_have_count(1)
    expect(said(notebook.page)).not_to_be_empty()
    return notebook


def test_mouse_finger_and_keys_reach_python(shown: Any):
    page = shown.page
    page.mouse.move(*point_in_row(page, 1, 0.98))
    shown.wait_for_python("[demo.layer, demo.neuron, *demo.seen]", [1, 9, 9, 11])
    page.touchscreen.tap(*point_in_row(page, 2, 0.02))
    shown.wait_for_python("[demo.layer, demo.neuron, *demo.seen]", [2, 0, 0, 4])
    canvas(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    shown.wait_for_python("[demo.layer, demo.neuron]", [1, 3])
    cells = len(shown.cell_ids)
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert len(shown.cell_ids) == cells, "JupyterLab took the keys"
    assert shown.errors == []


def test_a_stack_built_in_the_browser_is_the_librarys_in_python_and_back(shown: Any):
    page = shown.page
    press(page, "pool: add max pooling of 2 with stride 2")
    press(page, "padding: one more")
    numbers = "[int(number) for number in __import__('coursekit').receptive_field(demo.layers)]"
    shown.wait_for_python("len(demo.layers)", 3)
    shown.wait_for_python("demo.layers[demo.layer - 1].padding", 1)
    field = shown.python(numbers)
    assert table_of(page)[-1][0].endswith(f"= {field[0]}")
    shown.python("demo.layers = [(5, 2)]\n0")
    expect(page.locator(".rf-table tbody tr")).to_have_count(2)
    assert table_of(page)[-1] == ["1 + 4 × 1 = 5", "1 × 2 = 2", "0 − 0 × 1 = 0"]
    assert shown.failures == []
    assert shown.errors == []
