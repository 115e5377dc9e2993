"""`import coursekit` is light, and its public names are fixed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import coursekit

HEAVY = ("cupy", "matplotlib", "anywidget", "IPython", "ipywidgets", "scipy", "skimage", "nbgrader", "numpy")


def in_a_fresh_process(program: str) -> str:
    """Run `program` in a new interpreter with warnings as errors, and return what it prints."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_coursekit_loads_no_heavy_library() -> None:
    program = f"import sys, coursekit; print([name for name in {HEAVY} if name in sys.modules])"
    assert in_a_fresh_process(program).strip() == "[]"


def test_using_the_reference_loads_numpy_alone() -> None:
    program = f"""
        import sys, coursekit
        coursekit.correlate([1, 2, 3], [1, 1])
        print([name for name in {HEAVY} if name in sys.modules])
    """
    assert in_a_fresh_process(program).strip() == "['numpy']"


def test_figures_load_without_the_reference_and_the_shapes() -> None:
    """Where work is graded these two are absent."""
    program = """
        import sys
        sys.modules["coursekit.reference"] = sys.modules["coursekit.shapes"] = None
        from coursekit import figures
        print(figures.picture([[0, 1], [1, 0]]).alt, figures.signals({"a": [1, 2]}, alt="two samples").alt)
    """
    assert in_a_fresh_process(program).strip() == "A grey image, 2×2 pixels. two samples"


def test_figures_and_data_leave_pyplot_alone() -> None:
    program = """
        import sys
        from coursekit import data, figures
        figures.picture(data.coins()).to_png()
        print("matplotlib.pyplot" in sys.modules)
    """
    assert in_a_fresh_process(program).strip() == "False"


def test_the_public_names_are_these() -> None:
    assert sorted(coursekit.__all__) == [
        "BackendError",
        "Conventions",
        "CourseError",
        "EquivarianceMeter",
        "KernelPlayground",
        "ParameterCounter",
        "ParameterError",
        "PoolingExplorer",
        "ReceptiveField",
        "ShapeError",
        "ShapeExplorer",
        "SignalConvolver",
        "SlidingWindow",
        "algorithm_for",
        "average_pool",
        "average_pool_gradient",
        "check",
        "circulant",
        "col2im",
        "conv1x1",
        "conv_transpose",
        "conventions",
        "convolve",
        "convolve_circular",
        "correlate",
        "correlate_bias_gradient",
        "correlate_gradients",
        "correlate_input_gradient",
        "correlate_kernel_gradient",
        "count_connections",
        "count_macs",
        "count_parameters",
        "data",
        "dense_parameters",
        "depthwise",
        "doubly_block_circulant",
        "doubly_block_toeplitz",
        "emulator",
        "figures",
        "find_windows",
        "fit_gabor",
        "gabor",
        "global_average_pool",
        "global_average_pool_gradient",
        "global_max_pool",
        "global_max_pool_gradient",
        "grating",
        "im2col",
        "max_pool",
        "max_pool_gradient",
        "max_pool_with_positions",
        "maxout",
        "maxout_gradient",
        "my_network",
        "network",
        "output_shape",
        "output_size",
        "receptive_field",
        "relu",
        "relu_gradient",
        "same_padding",
        "shapes",
        "summarise",
        "tiled",
        "toeplitz",
        "transposed_shape",
        "transposed_size",
        "unshared",
    ]


@pytest.mark.parametrize("name", coursekit.__all__)
def test_every_public_name_is_there_and_listed(name: str) -> None:
    assert getattr(coursekit, name) is not None
    assert name in dir(coursekit)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'corelate'"):
        coursekit.corelate  # noqa: B018 - the access is the test


def test_without_the_reference_the_rest_works_and_the_message_says_why(tmp_path: Path) -> None:
    """As in the sandbox: the same package with the folder `reference` absent."""
    package = tmp_path / "coursekit"
    package.mkdir()
    for entry in Path(coursekit.__file__).parent.iterdir():
        if entry.name not in ("reference", "__pycache__"):
            (package / entry.name).symlink_to(entry)
    program = f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        # An editable install would find the folder in the checkout.
        sys.meta_path[:] = [finder for finder in sys.meta_path if "Editable" not in str(finder)]
        import coursekit
        from coursekit import data, figures, output_size
        assert sys.modules["coursekit"].__file__.startswith({str(tmp_path)!r})
        figures.picture(data.coins()).to_png()
        assert output_size(5, 2) == 4
        for name in ("correlate", "network"):
            try:
                getattr(coursekit, name)
            except ImportError as error:
                print(error)
    """
    said = in_a_fresh_process(program)
    assert "coursekit.correlate is not available here" in said
    assert "coursekit.network is not available here" in said
