"""Ends its process in a cell: what that cell defines is lost, and nothing else."""
# points: 9

import os

os._exit(0)
