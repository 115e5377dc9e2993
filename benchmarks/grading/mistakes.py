"""Wrong answers: lines of the solutions with a misconception put in.

Each row changes one line of a solution's answer, as a student might have written it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """In the answer to `task`, `right` became `wrong`: the misconception `name` of that task."""

    task: str
    name: str
    right: str
    wrong: str


# For each exercise the mistakes of two students.
SLIPS: dict[str, tuple[tuple[Slip, ...], ...]] = {
    "02_convolution": (
        (
            Slip("convolve2d", "kernel_not_flipped", "kernel[::-1, ::-1]", "kernel"),
            Slip("flip_difference", "only_rows_flipped", "kernel[::-1, ::-1]", "kernel[::-1]"),
        ),
        (Slip("convolve2d", "mean_instead_of_sum", "np.sum(", "np.mean("),),
    ),
    "03_cross_correlation": (
        (
            Slip(
                "correlate1d", "kernel_flipped", "signal[i + k] * kernel[k]", "signal[i + k] * kernel[-1 - k]"
            ),
            Slip("correlate2d", "mean_instead_of_sum", "np.sum(", "np.mean("),
        ),
        (
            Slip("match_template", "column_before_row", "score, (row, column)", "score, (column, row)"),
            Slip(
                "edge_kernel",
                "horizontal_edges_without_weights",
                "[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]",
                "[1] * 3, [0] * 3, [-1] * 3",
            ),
        ),
    ),
    "04_channels": (
        (
            Slip("correlate_channels", "bias_left_out", " + bias[f]", ""),
            Slip(
                "to_channels_first",
                "reshaped",
                "np.moveaxis(batch, 3, 1)",
                "batch.reshape(len(batch), batch.shape[3], *batch.shape[1:3])",
            ),
        ),
        (Slip("depthwise", "first_kernel_for_all", "kernels[c]", "kernels[0]"),),
    ),
    "05_padding": (
        (
            Slip("same_padding", "dilation_ignored", "dilation * (kernel_size - 1)", "kernel_size - 1"),
            Slip("never_centred", "only_one_layer", "(layers * (size // 2)", "(size // 2"),
        ),
        (Slip("pad2d", "truncated_to_integers", "dtype=float", "dtype=int"),),
    ),
    "06_stride": (
        (
            Slip(
                "output_size",
                "ceil_even_where_nothing_fits",
                "(size + 2 * padding - span) // stride",
                "-(-(size + 2 * padding - span) // stride)",
            ),
            Slip(
                "receptive_field", "dilation_ignored", "dilation * (kernel - 1) * jump", "(kernel - 1) * jump"
            ),
        ),
        (Slip("conv_transpose2d", "overwritten_on_overlap", "+= image[i, j]", "= image[i, j]"),),
    ),
    "07_pooling": (
        (
            Slip("pool2d", "padding_not_counted", "window.sum() / (size[0] * size[1])", "window.mean()"),
            Slip("global_pool", "always_max", "one.mean()", "one.max()"),
        ),
        (Slip("maxout", "mean_instead_of_maximum", "group.max(axis=0)", "group.mean(axis=0)"),),
    ),
    "08_parameter_counting": (
        (Slip("count_parameters", "bias_of_dense_layers_forgotten", "(inputs + bias)", "inputs"),),
        (
            Slip(
                "find_layer",
                "columns_not_looked_at",
                "(found_rows, found_columns) == (rows, columns)",
                "found_rows == rows",
            ),
        ),
    ),
    "12_fast_convolution": (
        (
            Slip(
                "im2col2d",
                "window_moved_down_first",
                "output[:, i * columns + j]",
                "output[:, j * rows + i]",
            ),
        ),
        (Slip("separate", "crossing_counted_twice", " / kernel[i, j]", ""),),
    ),
}


def with_slip(answer: str, slip: Slip) -> str:
    """Return the answer's text with the mistake in; ValueError if the solution has not this line any more."""
    if slip.right not in answer:
        raise ValueError(f"the solution of {slip.task} must hold {slip.right!r} for {slip.name} to go in")
    return answer.replace(slip.right, slip.wrong)
