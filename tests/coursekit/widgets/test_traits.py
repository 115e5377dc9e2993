"""What every demo's state refuses: each error is the course's own, and names argument, rule and value."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit.errors import CourseError, ParameterError
from coursekit.widgets import (
    Conventions,
    EquivarianceMeter,
    KernelPlayground,
    ParameterCounter,
    PoolingExplorer,
    ReceptiveField,
    ShapeExplorer,
    SignalConvolver,
    SlidingWindow,
)
from coursekit.widgets.shared.traits import Choice, Flag, Number, Whole, Wholes

IMAGE = [[0.0, 0.25, 0.5], [0.75, 1.0, 0.5]]

MAKERS = {
    "SignalConvolver": lambda **state: SignalConvolver(**state),
    "KernelPlayground": lambda **state: KernelPlayground(IMAGE, [[1]], **state),
    "ShapeExplorer": lambda **state: ShapeExplorer(**state),
    "PoolingExplorer": lambda **state: PoolingExplorer(**state),
    "SlidingWindow": lambda **state: SlidingWindow(IMAGE, [[1]], **state),
    "ReceptiveField": lambda **state: ReceptiveField(**state),
    "ParameterCounter": lambda **state: ParameterCounter(**state),
    "EquivarianceMeter": lambda **state: EquivarianceMeter(IMAGE, [[1]], **state),
}

NOT_THE_READERS = {"layout", "tabbable", "tooltip", "recorded"}
"""What every widget of Jupyter has, and what `engine` did: the demo itself writes that."""

REFUSED = [
    ("SignalConvolver", "continuous", 1, "continuous must be True or False; got 1"),
    ("SignalConvolver", "growing", "no", "growing must be True or False; got 'no'"),
    ("SignalConvolver", "playing", np.ones(2), "playing must be True or False; got array"),
    ("SignalConvolver", "speed", 0, "speed must be a finite number from 0.1 to 10000; got 0"),
    ("SignalConvolver", "speed", "fast", "speed must be a finite number from 0.1 to 10000; got 'fast'"),
    ("SignalConvolver", "dt", float("nan"), "dt must be a finite number > 0; got nan"),
    ("SignalConvolver", "dt", 10**400, "dt must be a finite number > 0; got 1000"),
    (
        "SignalConvolver",
        "position",
        10**400,
        r"position must be an integer >= 0; got a number beyond 2\*\*53",
    ),
    ("KernelPlayground", "peaks", True, "peaks must be an integer from 0 to 9; got True"),
    ("KernelPlayground", "picture", "moon", "picture must be one of 'your image', .*; got 'moon'"),
    ("KernelPlayground", "picture", None, "picture must be .*; got None"),
    ("KernelPlayground", "cut_from", [3], r"cut_from must have 0 or 2 entries; got \[3\]"),
    ("KernelPlayground", "cut_from", [0, -1], r"cut_from\[1\] must be an integer >= 0; got -1"),
    ("KernelPlayground", "difference", None, "difference must be True or False; got None"),
    ("KernelPlayground", "position", np.array(3.0), r"position must be \(row, column\); got array\(3"),
    ("ShapeExplorer", "axes", np.array([1, 2]), "axes must be an integer from 1 to 2; got array"),
    ("ShapeExplorer", "transposed", 0, "transposed must be True or False; got 0"),
    ("ShapeExplorer", "wanted", 1.5, "wanted must be an integer >= 1 or None; got 1.5"),
    ("ShapeExplorer", "guess", "three", "guess must be an integer .* or None; got 'three'"),
    ("ShapeExplorer", "size", 10**400, r"size must be at most 2\*\*53; got 1000"),
    ("PoolingExplorer", "mode", None, "mode must be 'max' or .*; got None"),
    ("PoolingExplorer", "channel", True, "channel must be an integer >= 0; got True"),
    ("PoolingExplorer", "groups", 0, "groups must be an integer >= 1; got 0"),
    ("PoolingExplorer", "answered", [-1], r"answered\[0\] must be an integer >= 0; got -1"),
    ("PoolingExplorer", "answered", 3, "answered must be a list of integers; got 3"),
    ("PoolingExplorer", "image", [[1e51]], r"at most 1e50 in size; got image\[0, 0\] = 1e\+51"),
    ("SlidingWindow", "channel", 0.5, "channel must be an integer >= 0; got 0.5"),
    ("SlidingWindow", "playing", 1, "playing must be True or False; got 1"),
    ("SlidingWindow", "speed", 20_000, "speed must be a finite number from 0.1 to 10000; got 20000"),
    ("SlidingWindow", "filled", -2, "filled must be an integer >= -1; got -2"),
    ("SlidingWindow", "predict", "yes", "predict must be True or False; got 'yes'"),
    ("SlidingWindow", "predicted", [0, "1"], r"predicted\[1\] must be an integer >= 0; got '1'"),
    ("SlidingWindow", "missed", 2, "missed must be a list of integers; got 2"),
    ("SlidingWindow", "tracing", None, "tracing must be True or False; got None"),
    ("SlidingWindow", "step", -1, "step must be an integer >= 0; got -1"),
    ("ReceptiveField", "size", 129, "size must be an integer from 1 to 128; got 129"),
    ("ReceptiveField", "axes", True, "axes must be an integer from 1 to 2; got True"),
    ("ReceptiveField", "layer", 9, "layer must be an integer from 0 to 8; got 9"),
    ("ReceptiveField", "influence", 0, "influence must be True or False; got 0"),
    ("ReceptiveField", "effective", "on", "effective must be True or False; got 'on'"),
    ("ReceptiveField", "weights", "normal", "weights must be 'gaussian' or .*; got 'normal'"),
    ("ReceptiveField", "rectified", [], r"rectified must be True or False; got \[\]"),
    ("ReceptiveField", "draws", 501, "draws must be an integer from 1 to 500; got 501"),
    ("ReceptiveField", "seed", 1.0, "seed must be an integer from 0 to 2147483647; got 1.0"),
    ("ReceptiveField", "predict", 1, "predict must be True or False; got 1"),
    ("ReceptiveField", "answers", [3, 2.5], r"answers\[1\] must be an integer >= .*; got 2.5"),
    ("ParameterCounter", "measure", "flops", "measure must be 'parameters' or .*; got 'flops'"),
    ("ParameterCounter", "scale", 2, "scale must be 'logarithmic' or 'linear'; got 2"),
    ("ParameterCounter", "compare", "no", "compare must be True or False; got 'no'"),
    ("ParameterCounter", "hide_empty", 1, "hide_empty must be True or False; got 1"),
    ("ParameterCounter", "selected", -2, "selected must be an integer >= -1; got -2"),
    ("ParameterCounter", "predict", None, "predict must be True or False; got None"),
    ("ParameterCounter", "revealed", [-1], r"revealed\[0\] must be an integer >= 0; got -1"),
    ("EquivarianceMeter", "shift", (0, True), r"shift\[1\] must be an integer from -8 to 8; got True"),
    ("EquivarianceMeter", "padding", "edge", "padding must be 'zeros' or .*; got 'edge'"),
    ("EquivarianceMeter", "stride", 5, "stride must be an integer from 1 to 4; got 5"),
    ("EquivarianceMeter", "pool_size", None, "pool_size must be an integer from 1 to 4; got None"),
    ("EquivarianceMeter", "pool_stride", 0, "pool_stride must be an integer from 1 to 4 or None; got 0"),
    ("EquivarianceMeter", "global_average", 1, "global_average must be True or False; got 1"),
    ("EquivarianceMeter", "entering", "ones", "entering must be 'wrap' or 'zeros'; got 'ones'"),
    ("EquivarianceMeter", "predict", "off", "predict must be True or False; got 'off'"),
    ("EquivarianceMeter", "answer", "maybe", "answer must be '' or 'yes' or 'no'; got 'maybe'"),
    *[(name, "conventions", "x", "conventions must be a Conventions; got 'x'") for name in MAKERS],
]


@pytest.mark.parametrize(("demo", "name", "value", "message"), REFUSED)
def test_a_wrong_value_is_refused_when_a_demo_is_made_and_later(demo, name, value, message):
    with pytest.raises(ParameterError, match=message):
        MAKERS[demo](**{name: value})
    made = MAKERS[demo]()
    before = getattr(made, name)
    with pytest.raises(ParameterError, match=message):
        setattr(made, name, value)
    assert getattr(made, name) is before


def test_the_switch_of_the_conventions_refuses_as_the_demos_do():
    switch = Conventions()
    with pytest.raises(ParameterError, match="ties must be 'first' or 'all'; got 'last'"):
        switch.ties = "last"
    assert switch.ties == "first"


@pytest.mark.parametrize("demo", MAKERS)
def test_every_trait_of_a_demo_that_a_reader_may_set_refuses_nonsense(demo):
    made, own = MAKERS[demo](), set()
    for name in made.trait_names(sync=True):
        if not name.startswith("_") and name not in NOT_THE_READERS:
            with pytest.raises(CourseError, match=rf"{name}\b.* must .*; got "):
                setattr(made, name, object())
            own.add(name)
    assert {name for which, name, *_ in REFUSED if which == demo} <= own


@pytest.mark.parametrize("example", [np.array([1, 2]), "", 0, ["numbers"]])
def test_an_example_that_is_no_name_is_refused(example):
    with pytest.raises(ParameterError, match="example must be one of 'numbers', "):
        SignalConvolver(example=example)


def test_numbers_of_numpy_become_plain_ones():
    explorer = ShapeExplorer(axes=np.int64(2), transposed=np.bool_(True), wanted=np.int8(3))
    assert (explorer.axes, explorer.transposed, explorer.wanted) == (2, True, 3)
    assert type(explorer.axes) is int and type(explorer.transposed) is bool


@pytest.mark.parametrize("typed", [1e17, -1e40])
def test_a_whole_number_that_the_reader_types_is_kept_however_large(typed):
    demo = PoolingExplorer([[1, 2], [3, 4]])
    data = memoryview(np.array([[typed, 2], [3, 4]], "<f8").tobytes())
    demo.set_state({"image": {"shape": [2, 2], "whole": True, "data": data}})
    assert demo.image.dtype == np.float64 and demo.image[0, 0] == typed


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble])
def test_floats_of_every_size_are_taken_up_to_the_largest_number(kind):
    assert PoolingExplorer(np.array([[1, 65504]], kind), 1).image[0, 1] == 65504


def test_a_long_double_that_no_browser_holds_is_refused():
    with pytest.raises(ParameterError, match="at most 1e50 in size"):
        PoolingExplorer(np.array([[np.longdouble(10) ** 400]]), 1)


def test_a_place_where_no_kernel_was_cut_from_is_forgotten():
    demo = KernelPlayground(IMAGE)
    demo.cut(0, 1, 1, 2)
    demo.cut_from = [99, 99]
    assert demo.cut_from == []


def test_a_trait_holds_its_own_copy_of_a_list():
    given = [1, 2]
    demo = PoolingExplorer(predict="output")
    demo.answered = given
    given.append(9)
    assert demo.answered == [1, 2]


@pytest.mark.parametrize("trait", [Whole(0, least=0), Wholes(), Number(1.0), Flag(True), Choice("a")])
def test_every_trait_is_sent_to_the_browser(trait):
    assert trait.metadata["sync"] is True
