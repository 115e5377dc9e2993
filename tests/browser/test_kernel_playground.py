"""The kernel playground in a real Chromium: alone, with a camera, in JupyterLab and Notebook 7."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from coursekit import data
from coursekit.widgets import Conventions
from coursekit.widgets.kernel_playground.kernel_playground import KernelPlayground
from tests.browser.conftest import CHROMIUM_ARGUMENTS
from tests.conftest import chromium
from tools.bare_page import page_html

pytestmark = pytest.mark.browser

EDGE = 6  # around a map on its canvas, in CSS pixels: maps.js
IMAGE = data.coins()[:40, :60]
CELL = """from coursekit import data
from coursekit.widgets.kernel_playground.kernel_playground import KernelPlayground
widget = KernelPlayground(data.coins()[:40, :60], [[1, 2], [3, 5]], padding="valid")
widget"""


def playground(**state: Any) -> KernelPlayground:
    """A playground of a piece of the coins, with conventions of its own."""
    return KernelPlayground(**{"image": IMAGE, "conventions": Conventions(), **state})


def maps(page: Page | Locator) -> Locator:
    """The canvases: image, kernel as it is, kernel flipped (or the difference)."""
    return page.locator(".kp-maps canvas")


def point_of(canvas: Locator, pixel: tuple[int, int], columns: int = 60) -> dict[str, float]:
    """Where a pixel has its centre on a canvas that shows so many columns."""
    box = canvas.bounding_box()
    assert box is not None
    scale = (box["width"] - 2 * EDGE) / columns
    return {"x": EDGE + (pixel[1] + 0.5) * scale, "y": EDGE + (pixel[0] + 0.5) * scale}


def drag(page: Page, canvas: Locator, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag the mouse over a canvas from one pixel to another."""
    box = canvas.bounding_box()
    assert box is not None
    points = [point_of(canvas, pixel) for pixel in (start, end)]
    page.mouse.move(box["x"] + points[0]["x"], box["y"] + points[0]["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + points[1]["x"], box["y"] + points[1]["y"], steps=4)
    page.mouse.up()


def field(page: Page | Locator, row: int, column: int) -> Locator:
    """One number of the kernel."""
    return page.get_by_label(f"Kernel row {row}, column {column}", exact=True)


def kernel(page: Page) -> list[list[float]]:
    """The kernel as the browser would send it."""
    rows: list[list[float]] = page.evaluate(
        """() => {
            const { shape, data } = model.get("kernel");
            const end = data.byteOffset + data.byteLength;
            const values = [...new Float64Array(data.buffer.slice(data.byteOffset, end))];
            return Array.from({ length: shape[0] }, (_, row) => values.splice(0, shape[1]));
        }"""
    )
    return rows


def state(page: Page, name: str) -> Any:
    """A trait as the browser holds it."""
    return page.evaluate(f"() => model.get('{name}')")


def reading(page: Page | Locator) -> Locator:
    """The line with the numbers at the window."""
    return page.locator(".kp-reading")


def note(page: Page | Locator) -> Locator:
    """The line that says why both responses are equal, or what is wrong."""
    return page.locator(".ck-note")


def status(page: Page | Locator) -> Locator:
    """The line with the peaks."""
    return page.locator(".ck-status")


def written(demo: KernelPlayground, place: tuple[int, int]) -> str:
    """Both responses at a place as the page writes them, computed by Python."""
    values = (f"{map_[place]:.2f}".replace("-", "−") for map_ in (demo.response, demo.flipped_response))
    return "cross-correlation {}, convolution {}".format(*values)


def peaks_of(demo: KernelPlayground) -> list[str]:
    """The peaks as the page writes them, computed by Python."""
    return [f"{rank} at row {row}, column {column}" for rank, (row, column) in enumerate(demo.found, 1)]


def colours(canvas: Locator) -> list[int]:
    """The bytes of every 997th colour of a canvas."""
    read = """(canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return [...data].filter((_, index) => index % 997 === 0);
    }"""
    sample: list[int] = canvas.evaluate(read)
    return sample


def test_both_operations_are_named_and_their_numbers_are_pythons(bare):
    demo = playground(position=(7, 9))
    page = bare(demo)
    expect(page.locator("figcaption")).to_have_text(
        ["Image 40 × 60", "Kernel as it is cross-correlation", "Kernel flipped convolution"]
    )
    expect(reading(page)).to_have_text(f"Row 7, column 9: pixel {IMAGE[7, 9]:.3f}, {written(demo, (7, 9))}")
    for text in peaks_of(demo):
        expect(status(page)).to_contain_text(text)


@pytest.mark.parametrize("padding", ["zeros", "valid", "reflect", "edge", "wrap"])
@pytest.mark.parametrize("normalise", ["none", "zero mean", "normalised"])
def test_every_padding_and_normalisation_answers_as_python_does(bare, padding, normalise):
    demo = playground(kernel=[[1, -2, 0.5, 4], [0, 3, -1, 2], [2, 2, 0, -3]], padding=padding)
    demo.normalise = normalise
    page = bare(demo)
    maps(page).nth(1).hover(position=point_of(maps(page).nth(1), (20, 30)))
    row, column = state(page, "position")
    assert (row, column) == ((19, 28) if padding == "valid" else (20, 30))
    expect(reading(page)).to_contain_text(written(demo, (row, column)))
    for text in peaks_of(demo):
        expect(status(page)).to_contain_text(text)


@pytest.mark.parametrize(
    ("preset", "sentence"),
    [
        ("Gaussian blur", "Both responses are equal: half a turn leaves this kernel as it is."),
        ("Sobel left-right", "One response is minus the other: half a turn only changes the sign"),
        ("emboss", "The responses differ: half a turn (a flip of rows and columns) changes this kernel."),
    ],
)
def test_it_says_when_flipping_changes_nothing(bare, preset, sentence):
    page = bare(playground(kernel="identity"))
    page.get_by_label("Kernel", exact=True).and_(page.locator("select")).select_option(preset)
    expect(note(page)).to_contain_text(sentence)
    assert state(page, "cut_from") == []


def test_a_number_is_typed_stepped_by_keys_and_dragged(bare):
    page = bare(playground(kernel=[[1, 2], [3, 4]]))
    field(page, 0, 1).fill("−2,5")
    assert kernel(page) == [[1, -2.5], [3, 4]]
    field(page, 0, 1).press("Enter")
    expect(field(page, 1, 0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    assert kernel(page) == [[1, -2.5], [3.9, 4]]
    box = field(page, 1, 1).bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 10 - 24, steps=3)
    page.mouse.up()
    assert kernel(page) == [[1, -2.5], [3.9, 7]]
    expect(field(page, 1, 1)).not_to_be_focused()
    field(page, 1, 1).click()
    expect(field(page, 1, 1)).to_be_focused()


def test_what_is_no_number_changes_nothing_and_is_marked(bare):
    page = bare(playground(kernel=[[1, 2], [3, 4]]))
    field(page, 0, 0).fill("one")
    assert field(page, 0, 0).get_attribute("aria-invalid") is not None
    field(page, 0, 0).blur()
    expect(field(page, 0, 0)).to_have_value("1")
    assert kernel(page) == [[1, 2], [3, 4]]


def test_the_kernel_gets_another_size_is_turned_and_divided_by_its_sum(bare):
    page = bare(playground(kernel=[[1, 2], [3, 4]]))
    page.get_by_role("button", name="columns: one more").click()
    assert kernel(page) == [[1, 2, 0], [3, 4, 0]]
    page.get_by_role("button", name="flip left and right").click()
    assert kernel(page) == [[0, 2, 1], [0, 4, 3]]
    page.get_by_role("button", name="flip top and bottom").click()
    assert kernel(page) == [[0, 4, 3], [0, 2, 1]]
    page.get_by_role("button", name="half a turn").click()
    assert kernel(page) == [[1, 2, 0], [3, 4, 0]]
    page.get_by_role("button", name="divide the kernel").click()
    assert np.allclose(kernel(page), [[0.1, 0.2, 0], [0.3, 0.4, 0]])
    page.get_by_label("rows", exact=True).fill("11")
    page.keyboard.press("Enter")
    expect(page.locator(".kp-grid input")).to_have_count(33)


def test_a_sum_of_zero_cannot_be_divided_by_and_says_so(bare):
    page = bare(playground(kernel="Laplacian"))
    scale = page.get_by_role("button", name="divide the kernel")
    assert scale.get_attribute("aria-disabled") == "true"
    scale.hover()
    expect(note(page)).to_have_text("The numbers of this kernel sum to 0: nothing to divide by.")
    scale.click(force=True)
    assert kernel(page) == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


def test_the_word_is_cut_out_by_dragging_and_found_by_the_normalised_score(bare):
    demo = KernelPlayground(picture="page", padding="valid", conventions=Conventions())
    page = bare(demo)
    page.locator(".kp-heading select").select_option("cut")
    expect(maps(page).first.locator("xpath=..")).to_contain_text("Drag a rectangle here")
    image = maps(page).first
    box = image.bounding_box()
    for pixel, act in (((68, 133), page.mouse.down), ((79, 187), page.mouse.up)):
        point = point_of(image, pixel, columns=384)
        page.mouse.move(box["x"] + point["x"], box["y"] + point["y"], steps=3)
        act()
    top, left = state(page, "cut_from")
    height, width = state(page, "kernel")["shape"]
    assert max(abs(top - 68), abs(left - 133), abs(height - 12), abs(width - 55)) <= 2
    expect(note(page)).to_contain_text("the sum of products looks for bright places: try “normalised”")
    page.get_by_role("button", name="normalise: divided by the contrast").click()
    demo.cut(top, left, height, width)
    demo.normalise = "normalised"
    assert demo.found[0] == (top, left)
    expect(status(page)).to_contain_text(f"1 at row {top}, column {left} (1.00)")
    for text in peaks_of(demo):
        expect(status(page)).to_contain_text(text)
    assert np.array_equal(kernel(page), demo.kernel)


def test_the_window_is_cut_out_by_keys_alone_and_grows_from_its_corner(bare):
    page = bare(playground(kernel=np.eye(3), position=(10, 10)))
    page.locator(".kp-maps").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    assert state(page, "position") == [9, 20]
    page.get_by_role("button", name="take the part of the image under the window").press("Enter")
    assert state(page, "cut_from") == [8, 19]
    assert np.array_equal(kernel(page), IMAGE[8:11, 19:22])
    page.get_by_role("button", name="rows: one more").click()
    assert state(page, "cut_from") == [8, 19]
    assert np.array_equal(kernel(page), IMAGE[8:12, 19:22])
    field(page, 0, 0).fill("0")
    assert state(page, "cut_from") == []


def test_the_conventions_switch_says_whose_peaks_are_marked(bare):
    demo = playground()
    page = bare(demo)
    page.get_by_role("button", name="convolution: the kernel is flipped").click()
    demo.conventions.operation = "convolution"
    expect(status(page)).to_contain_text("Highest peaks of the convolution")
    for text in peaks_of(demo):
        expect(status(page)).to_contain_text(text)


def test_the_number_of_peaks_is_chosen_and_their_rule_can_be_read(bare):
    page = bare(playground(peaks=1))
    expect(status(page)).to_contain_text("Highest peak of the cross-correlation: 1 at row")
    page.get_by_role("button", name="Peaks: one less").click()
    expect(status(page)).to_have_text("")
    page.get_by_text("Which places are peaks?").click()
    expect(page.locator(".ck-kernel-playground")).to_contain_text("least the kernel's height or width away")


def test_the_difference_and_the_response_as_an_image_can_be_shown(bare):
    page = bare(playground())
    before = colours(maps(page).nth(2))
    page.get_by_role("button", name="difference").click()
    expect(page.locator("figcaption").nth(2)).to_have_text("Difference left minus convolution")
    assert colours(maps(page).nth(2)) != before
    page.get_by_role("button", name="clip to 0…1").click()
    expect(page.locator(".ck-legend").nth(1)).to_contain_text("shown: black 0, white 1")
    sample = (
        maps(page)
        .nth(1)
        .evaluate("(canvas) => [...canvas.getContext('2d').getImageData(20, 200, 9, 1).data].slice(0, 3)")
    )
    assert len(set(sample)) == 1  # grey


def test_an_equal_kernel_has_no_difference(bare):
    page = bare(playground(kernel="Gaussian blur", difference=True))
    expect(page.locator(".ck-legend").nth(2)).to_contain_text("0.00 to 0.00")


def test_a_kernel_that_does_not_fit_says_why_and_a_padding_helps(bare):
    page = bare(KernelPlayground(np.eye(3), np.ones((5, 2)), padding="valid", conventions=Conventions()))
    expect(note(page)).to_have_text(
        "No window fits: the kernel has 5 rows, the image only 3. Choose a padding."
    )
    expect(reading(page)).to_have_text("")
    page.get_by_label("Padding").select_option("edge")
    expect(reading(page)).to_contain_text("cross-correlation")


def test_pictures_are_changed_without_a_kernel(bare):
    page = bare(KernelPlayground(images={"my cat": np.eye(9)}, conventions=Conventions()))
    expect(page.locator("figcaption").first).to_have_text("Image 9 × 9")
    page.get_by_label("Image", exact=True).select_option("photograph")
    expect(page.locator("figcaption").first).to_have_text("Image 256 × 256")
    expect(page.locator(".ck-legend").first).to_have_text("averaged from 512 × 512 down to 256 × 256 pixels")


def test_a_finger_moves_the_window_and_cuts_out_when_asked_to(bare):
    page = bare(playground(kernel=np.eye(3)), has_touch=True)
    image = maps(page).first
    image.tap(position=point_of(image, (12, 34)))
    assert state(page, "position") == [12, 34]
    page.locator(".kp-heading select").select_option("cut")
    image.tap(position=point_of(image, (20, 20)))
    assert state(page, "cut_from") == []  # a tap is no rectangle
    drag(page, image, (5, 6), (9, 12))
    assert state(page, "cut_from") == [5, 6]
    assert np.array_equal(kernel(page), IMAGE[5:10, 6:13])


def test_the_camera_is_asked_for_by_the_click_alone_and_its_absence_breaks_nothing(bare):
    page = bare(playground())  # about:blank may not ask for a camera
    expect(page.locator(".ck-kernel-playground")).to_contain_text("Its picture stays in your browser.")
    page.get_by_role("button", name="use the camera").click()
    expect(page.locator(".ck-legend").first).to_contain_text("browsers allow it on https and on localhost")
    field(page, 0, 0).fill("7")
    assert kernel(page)[0][0] == 7


@pytest.fixture
def with_camera(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Show the demo on a page that may ask for a made camera: `with_camera(is_given=False)` refuses it."""
    running, errors = [], []

    def show(*, is_given: bool) -> Page:
        answer = "--use-fake-ui-for-media-stream" if is_given else "--deny-permission-prompts"
        arguments = [*CHROMIUM_ARGUMENTS, "--use-fake-device-for-media-stream", answer]
        running.append(browser.browser_type.launch(executable_path=chromium(), headless=True, args=arguments))
        page = running[-1].new_page(viewport={"width": 1280, "height": 720})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(
            """window.asked = 0;
            const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = (wanted) => { window.asked += 1; return ask(wanted); };"""
        )
        html = page_html(playground(kernel="Sobel left-right"))
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("http://localhost/")
        page.wait_for_function("() => document.body.dataset.ready", timeout=20_000)
        return page

    yield show
    for one in running:
        one.close()
    assert errors == []


def use_camera(page: Page) -> None:
    """Ask for the camera and wait for its picture."""
    page.get_by_role("button", name="use the camera").click()
    expect(page.locator("figcaption").first).to_have_text("Image 256 × 256", timeout=20_000)


def test_a_camera_that_is_refused_is_explained_and_breaks_nothing(with_camera):
    page = with_camera(is_given=False)
    assert page.evaluate("() => window.asked") == 0
    page.get_by_role("button", name="use the camera").click()
    legend = page.locator(".ck-legend").first
    expect(legend).to_contain_text("The camera was refused")
    expect(legend).to_contain_text("Everything else works without it.")
    assert page.evaluate("() => [window.asked, saved.length]") == [1, 0]
    field(page, 0, 0).fill("7")
    assert kernel(page)[0][0] == 7


def test_the_camera_shows_its_picture_until_it_is_stopped_and_sends_none_of_it(with_camera):
    page = with_camera(is_given=True)
    assert page.evaluate("() => window.asked") == 0
    use_camera(page)
    expect(page.locator(".ck-legend").first).to_have_text("The camera's picture stays in your browser.")
    page.wait_for_timeout(500)
    first = colours(maps(page).first)
    for _ in range(50):
        if colours(maps(page).first) != first:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail("the picture does not move")
    page.get_by_role("button", name="stop the camera").click()
    expect(page.locator("figcaption").first).to_have_text("Image 40 × 60")
    assert page.evaluate("() => saved.length") == 0


def test_a_held_picture_stands_still_and_a_kernel_can_be_cut_out_of_it(with_camera):
    page = with_camera(is_given=True)
    use_camera(page)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="hold the picture").click()
    page.wait_for_timeout(300)
    held = colours(maps(page).first)
    page.wait_for_timeout(1000)
    assert colours(maps(page).first) == held
    page.get_by_role("button", name="take the part of the image under the window").click()
    page.get_by_role("button", name="normalise: divided by the contrast").click()
    assert state(page, "cut_from") == []  # Python has no picture to find it in
    assert np.shape(kernel(page)) == (3, 3)
    assert 0 <= np.min(kernel(page)) <= np.max(kernel(page)) <= 1
    sent = page.evaluate("() => saved.flatMap((changes) => Object.keys(changes))")
    assert set(sent) == {"kernel", "normalise"}


def test_closing_the_demo_stops_the_camera(with_camera):
    page = with_camera(is_given=True)
    use_camera(page)
    page.evaluate(
        """() => {
            const stop = MediaStreamTrack.prototype.stop;
            window.stopped = 0;
            MediaStreamTrack.prototype.stop = function () { window.stopped += 1; stop.call(this); };
            window.cleanup();
        }"""
    )
    assert page.evaluate("() => window.stopped") == 1
    expect(page.locator(".ck-kernel-playground")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 480])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_projector_and_a_narrow_page(bare, artefacts, theme, width):
    demo = KernelPlayground(kernel=np.ones((11, 11)) / 121, conventions=Conventions())
    page = bare(demo, theme=theme, width=width)
    page.locator(".ck-kernel-playground").screenshot(
        path=artefacts / f"kernel-playground-{theme}-{width}.png"
    )
    size = page.evaluate("() => ({ wide: document.documentElement.scrollWidth, high: root.offsetHeight })")
    assert size["wide"] <= width
    if width == 1280:
        assert size["high"] <= 660


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_in_a_notebook_mouse_keys_and_finger_reach_python(open_notebook, app):
    notebook = open_notebook([CELL, "'a cell that stays'"], app, has_touch=True)
    cells, page = notebook.cell_ids, notebook.page
    demo = page.locator(".ck-kernel-playground")
    expect(reading(demo)).to_contain_text("cross-correlation")
    image = maps(demo).first
    image.hover(position=point_of(image, (10, 20)))
    notebook.wait_for_python("list(widget.position)", [9, 19])
    page.keyboard.press("Escape")
    demo.locator(".kp-maps").focus()
    page.keyboard.press("ArrowRight")
    notebook.wait_for_python("list(widget.position)", [9, 20])
    image.tap(position=point_of(image, (30, 40)))
    notebook.wait_for_python("list(widget.position)", [29, 39])
    field(demo, 1, 1).fill("9")
    notebook.wait_for_python("widget.kernel.tolist()", [[1, 2], [3, 9]])
    demo.locator(".kp-maps").focus()
    for key in "ddab":
        page.keyboard.press(key)
    assert notebook.cell_ids == cells
    demo.get_by_role("button", name="take the part of the image under the window").click()
    notebook.wait_for_python("widget.cut_from", [29, 39])
    demo.get_by_role("button", name="normalise: divided by the contrast").click()
    notebook.wait_for_python("widget.normalise", "normalised")
    found = notebook.python("[list(place) for place in widget.found]")
    for rank, (row, column) in enumerate(found, 1):
        expect(status(demo)).to_contain_text(f"{rank} at row {row}, column {column}")
    notebook.python("widget.kernel = [[0, 1, 0]]\n0")
    expect(demo.locator(".kp-grid input")).to_have_count(3)
    expect(note(demo)).to_contain_text("Both responses are equal")
    assert notebook.errors == []
