"""The tasks of exercise 04_channels, in the order of its notebook."""

from coursekit.checks.tasks.channels.conv1x1 import CONV1X1
from coursekit.checks.tasks.channels.correlate_channels import CORRELATE_CHANNELS
from coursekit.checks.tasks.channels.depthwise import DEPTHWISE
from coursekit.checks.tasks.channels.one_number import ONE_NUMBER
from coursekit.checks.tasks.channels.to_channels_first import TO_CHANNELS_FIRST

TASKS = (ONE_NUMBER, CORRELATE_CHANNELS, CONV1X1, DEPTHWISE, TO_CHANNELS_FIRST)
