"""What the notebooks of the course import.

>>> from coursekit import check, correlate, output_size

The public names are flat, and each loads its module when it is first used: `import coursekit`
itself loads neither NumPy, matplotlib, anywidget, IPython nor CuPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from coursekit.errors import BackendError, CourseError, ParameterError, ShapeError

if TYPE_CHECKING:
    import coursekit.data as data
    import coursekit.emulator as emulator
    import coursekit.figures as figures
    import coursekit.reference.network as network
    import coursekit.shapes as shapes
    from coursekit.checks import check
    from coursekit.gabor_fit import fit_gabor
    from coursekit.personal import my_network
    from coursekit.reference import (
        algorithm_for,
        average_pool,
        average_pool_gradient,
        circulant,
        col2im,
        conv1x1,
        conv_transpose,
        convolve,
        convolve_circular,
        correlate,
        correlate_bias_gradient,
        correlate_gradients,
        correlate_input_gradient,
        correlate_kernel_gradient,
        depthwise,
        doubly_block_circulant,
        doubly_block_toeplitz,
        gabor,
        global_average_pool,
        global_average_pool_gradient,
        global_max_pool,
        global_max_pool_gradient,
        grating,
        im2col,
        max_pool,
        max_pool_gradient,
        max_pool_with_positions,
        maxout,
        maxout_gradient,
        relu,
        relu_gradient,
        tiled,
        toeplitz,
        unshared,
    )
    from coursekit.shapes import (
        count_connections,
        count_macs,
        count_parameters,
        dense_parameters,
        find_windows,
        output_shape,
        output_size,
        receptive_field,
        same_padding,
        summarise,
        transposed_shape,
        transposed_size,
    )
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
        conventions,
    )

__all__ = [
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

# public modules, and where they are
_MODULES = {
    "data": "coursekit.data",
    "emulator": "coursekit.emulator",
    "figures": "coursekit.figures",
    "network": "coursekit.reference.network",
    "shapes": "coursekit.shapes",
}
# other public names, and the module that holds them
_HOME = {
    "Conventions": "coursekit.widgets",
    "EquivarianceMeter": "coursekit.widgets",
    "KernelPlayground": "coursekit.widgets",
    "ParameterCounter": "coursekit.widgets",
    "PoolingExplorer": "coursekit.widgets",
    "ReceptiveField": "coursekit.widgets",
    "ShapeExplorer": "coursekit.widgets",
    "SignalConvolver": "coursekit.widgets",
    "SlidingWindow": "coursekit.widgets",
    "algorithm_for": "coursekit.reference",
    "average_pool": "coursekit.reference",
    "average_pool_gradient": "coursekit.reference",
    "check": "coursekit.checks",
    "circulant": "coursekit.reference",
    "col2im": "coursekit.reference",
    "conv1x1": "coursekit.reference",
    "conv_transpose": "coursekit.reference",
    "conventions": "coursekit.widgets",
    "convolve": "coursekit.reference",
    "convolve_circular": "coursekit.reference",
    "correlate": "coursekit.reference",
    "correlate_bias_gradient": "coursekit.reference",
    "correlate_gradients": "coursekit.reference",
    "correlate_input_gradient": "coursekit.reference",
    "correlate_kernel_gradient": "coursekit.reference",
    "count_connections": "coursekit.shapes",
    "count_macs": "coursekit.shapes",
    "count_parameters": "coursekit.shapes",
    "dense_parameters": "coursekit.shapes",
    "depthwise": "coursekit.reference",
    "doubly_block_circulant": "coursekit.reference",
    "doubly_block_toeplitz": "coursekit.reference",
    "find_windows": "coursekit.shapes",
    "fit_gabor": "coursekit.gabor_fit",
    "gabor": "coursekit.reference",
    "global_average_pool": "coursekit.reference",
    "global_average_pool_gradient": "coursekit.reference",
    "global_max_pool": "coursekit.reference",
    "global_max_pool_gradient": "coursekit.reference",
    "grating": "coursekit.reference",
    "im2col": "coursekit.reference",
    "max_pool": "coursekit.reference",
    "max_pool_gradient": "coursekit.reference",
    "max_pool_with_positions": "coursekit.reference",
    "maxout": "coursekit.reference",
    "maxout_gradient": "coursekit.reference",
    "my_network": "coursekit.personal",
    "output_shape": "coursekit.shapes",
    "output_size": "coursekit.shapes",
    "receptive_field": "coursekit.shapes",
    "relu": "coursekit.reference",
    "relu_gradient": "coursekit.reference",
    "same_padding": "coursekit.shapes",
    "summarise": "coursekit.shapes",
    "tiled": "coursekit.reference",
    "toeplitz": "coursekit.reference",
    "transposed_shape": "coursekit.shapes",
    "transposed_size": "coursekit.shapes",
    "unshared": "coursekit.reference",
}


def __getattr__(name: str) -> object:
    """Load the module that holds `name` at its first use."""
    home = _MODULES.get(name) or _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'coursekit' has no attribute {name!r}")
    try:
        module = importlib.import_module(home)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{home}.".startswith(f"{error.name}."):
            raise
        # ImportError, not AttributeError: `from coursekit import correlate` shows this sentence as it is.
        raise ImportError(
            f"coursekit.{name} is not available here: {home} is absent. "
            "It is left out while your work is graded; use your own function instead.",
            name=home,
        ) from None
    value: object = module if name in _MODULES else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not, beside what the module holds already."""
    return sorted({*globals(), *__all__})
