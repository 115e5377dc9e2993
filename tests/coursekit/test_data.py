"""The images are real, in the promised form, and need no network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit import data
from coursekit.data.files import levels, sklearn_photograph
from coursekit.errors import ParameterError, ShapeError

# name: shape of what it returns, from 0 to 1
PICTURES: dict[str, tuple[int, ...]] = {
    "cat": (3, 300, 451),
    "coins": (303, 384),
    "mri": (256, 256),
    "page": (191, 384),
    "photograph": (512, 512),
    "scan_line": (384,),
    "video": (3, 24, 25, 14),
}
SIGNALS = {"eeg": (4, 800), "melody": (16000,), "pluck": (8000,), "room": (4800,)}
SHAPES = {**PICTURES, **SIGNALS, "volume": (48, 64, 64)}
GROUPS = {"gallery": 9, "textures": 5}
LABELLED = {"digits": (1797, 1, 8, 8), "faces": (200, 1, 25, 25)}
MADE_HERE = ("melody", "pluck", "room", "volume", "spectrogram")
EVERY_FUNCTION = [name for name in data.__all__ if name != "SAMPLE_RATE"]


def test_every_public_function_of_data_is_tested_here() -> None:
    assert sorted([*SHAPES, *GROUPS, *LABELLED, "spectrogram"]) == sorted(EVERY_FUNCTION)


@pytest.mark.parametrize("name", PICTURES)
def test_grey_values_go_from_black_to_white_in_the_promised_shape(name: str) -> None:
    function: Callable[[], Any] = getattr(data, name)
    grey = function()
    assert grey.shape == PICTURES[name]
    assert grey.dtype == np.float64
    assert grey.min() >= 0
    assert grey.max() <= 1
    assert len(np.unique(grey)) > 50, "a real image has many grey values"


@pytest.mark.parametrize("name", SHAPES)
def test_writing_into_an_image_does_not_change_the_next_one(name: str) -> None:
    function: Callable[[], Any] = getattr(data, name)
    first = function()
    kept = first.copy()
    first[...] = 0
    np.testing.assert_array_equal(function(), kept)


@pytest.mark.parametrize("name", [*SIGNALS, "volume"])
def test_signals_have_the_promised_shape(name: str) -> None:
    samples = getattr(data, name)()
    assert (samples.shape, samples.dtype) == (SHAPES[name], np.float64)
    assert np.isfinite(samples).all()
    assert np.ptp(samples) > 0.9


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_holds_as_many_pictures_as_it_says(name: str) -> None:
    pictures = getattr(data, name)()
    assert len(pictures) == GROUPS[name]
    for picture in pictures.values():
        assert picture.dtype == np.float64
        assert 0 <= picture.min() < picture.max() <= 1
        assert picture.shape[0] == 3 if name == "gallery" else picture.ndim == 2


@pytest.mark.parametrize("name", LABELLED)
def test_labelled_images_come_with_one_label_each(name: str) -> None:
    images, labels = getattr(data, name)()
    assert images.shape == LABELLED[name]
    assert labels.shape == (len(images),)
    assert labels.dtype == np.int64
    assert (images.min(), images.max()) == (0, 1)
    counts = np.bincount(labels)
    assert counts.min() > 0.05 * len(labels)


def test_a_plucked_string_repeats_itself_and_dies_away() -> None:
    """220 periods a second are 36.4 samples; the recipe rounds to 36."""
    sound = data.pluck()
    first, later = sound[:2000], sound[36:2036]
    assert np.corrcoef(first, later)[0, 1] > 0.9
    assert np.abs(sound[-500:]).max() < 0.5 * np.abs(sound[:500]).max()
    assert data.pluck(440, 0.25).size == 2000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"frequency": 10}, "frequency must be from 20 to 4000; got 10"),
        ({"frequency": float("nan")}, "got nan"),
        ({"seconds": 0}, "seconds must be > 0 and at most 60; got 0"),
    ],
)
def test_a_string_that_cannot_be_plucked_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        data.pluck(**arguments)


def test_the_room_answers_with_the_clap_first_and_dies_away() -> None:
    room = data.room()
    assert room[0] == room.max() == 1
    assert np.abs(room[-400:]).max() < 0.01


def test_a_spectrogram_is_loudest_at_the_pitch_that_was_played() -> None:
    time = np.arange(4000) / data.SAMPLE_RATE
    picture = data.spectrogram(np.sin(2 * np.pi * 1000 * time), window=256, step=64)
    assert picture.shape == (129, (4000 - 256) // 64 + 1)
    assert (picture.min(), picture.max()) == (0, 1)
    rows = picture.argmax(axis=0)
    assert set(128 - rows) == {round(1000 / (data.SAMPLE_RATE / 256))}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": np.ones((2, 300))}, r"samples must have shape \(N,\), N >= 256; got \(2, 300\)"),
        ({"samples": np.ones(100)}, r"got \(100,\)"),
        ({"samples": np.ones(300), "window": 255}, "window must be even and >= 2, step >= 1; got 255 and 64"),
        ({"samples": np.ones(300), "step": 0}, "got 256 and 0"),
    ],
)
def test_a_spectrogram_of_nonsense_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises((ParameterError, ShapeError), match=message):
        data.spectrogram(**arguments)


def test_the_volume_is_a_head_inside_a_skull() -> None:
    head = data.volume()
    assert head[24, 32, 32] == pytest.approx(0.2)  # inside
    assert head[24, 3, 32] == 1  # the skull at the forehead
    assert head[0, 0, 0] == 0  # air


@pytest.mark.parametrize("name", EVERY_FUNCTION)
def test_every_docstring_names_the_source_and_the_licence(name: str) -> None:
    text = getattr(data, name).__doc__
    assert "Source" in text
    assert "Licence: " in text
    assert ("made here" in text) == (name in MADE_HERE)


def test_a_scan_line_is_a_row_of_the_page() -> None:
    np.testing.assert_array_equal(data.scan_line(100), data.page()[100])


@pytest.mark.parametrize("row", [-1, 191, 1.5, True, "3"])
def test_a_row_outside_the_page_is_refused(row: Any) -> None:
    with pytest.raises(ParameterError, match="row must be an integer from 0 to 190; got"):
        data.scan_line(row)


def test_no_function_opens_a_socket() -> None:
    calls = "; ".join(f"data.{name}()" for name in [*SHAPES, *GROUPS, *LABELLED])
    program = f"""
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise OSError(f"network use: {{event}}")
sys.addaudithook(refuse)
from coursekit import data
{calls}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("hidden", "name", "install"),
    [
        ("skimage.data", "page", r"scikit-image>=0\.25"),
        ("skimage.data", "video", r"scikit-image>=0\.25"),
        ("sklearn.datasets", "digits", r"scikit-learn>=1\.6"),
        ("sklearn.datasets", "textures", r"scikit-learn>=1\.6"),
        ("matplotlib.cbook", "eeg", r"matplotlib>=3\.10"),
    ],
)
def test_where_a_package_is_missing_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, hidden: str, name: str, install: str
) -> None:
    monkeypatch.setitem(sys.modules, hidden.partition(".")[0], None)
    monkeypatch.setitem(sys.modules, hidden, None)  # matplotlib itself may be there
    levels.cache_clear()  # of what an earlier test has read
    with pytest.raises(ImportError, match=f'python -m pip install "{install}"'):
        getattr(data, name)()


@pytest.mark.parametrize("file", ["china.jpg", "flower.jpg"])
def test_a_photograph_of_scikit_learn_is_read_as_scikit_learn_reads_it(file: str) -> None:
    theirs = pytest.importorskip("sklearn.datasets").load_sample_image(file)
    assert np.array_equal(sklearn_photograph(file), np.moveaxis(theirs, -1, 0) / 255)


@pytest.mark.parametrize(
    ("file", "name"),
    [(f"{name}.png", name) for name in ("camera", "coins", "page", "chelsea", "coffee", "astronaut")]
    + [(f"{name}.png", name) for name in ("grass", "gravel", "brick")]
    + [(f"{name}.jpg", name) for name in ("rocket", "hubble_deep_field", "retina")]
    + [("ihc.png", "immunohistochemistry")],
)
def test_a_picture_of_scikit_image_is_read_as_scikit_image_reads_it(file: str, name: str) -> None:
    theirs = getattr(pytest.importorskip("skimage.data"), name)()
    ours = levels(file)
    assert ours.dtype == theirs.dtype == np.uint8
    assert np.array_equal(ours, theirs)
    assert not ours.flags.writeable


def test_the_faces_are_those_of_scikit_image() -> None:
    theirs = pytest.importorskip("skimage.data").lfw_subset()
    assert np.array_equal(data.faces()[0][:, 0], theirs)


def test_a_file_that_the_installed_package_does_not_have_is_named() -> None:
    said = (
        r"^this data is the file data/new\.png of scikit-image, which the installed version does not have; "
    )
    with pytest.raises(ImportError, match=said):
        levels("new.png")


def test_the_digits_are_those_of_scikit_learn() -> None:
    theirs = pytest.importorskip("sklearn.datasets").load_digits()
    images, labels = data.digits()
    assert np.array_equal(images[:, 0] * 16, theirs.images)
    assert np.array_equal(labels, theirs.target)
