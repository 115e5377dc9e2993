"""The tasks of exercise 05_padding, in the order of its notebook."""

from coursekit.checks.tasks.padding.correlate2d_padded import CORRELATE2D_PADDED
from coursekit.checks.tasks.padding.never_centred import NEVER_CENTRED
from coursekit.checks.tasks.padding.pad2d import PAD2D
from coursekit.checks.tasks.padding.same_padding import SAME_PADDING

TASKS = (PAD2D, SAME_PADDING, CORRELATE2D_PADDED, NEVER_CENTRED)
