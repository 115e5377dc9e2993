"""The real images and signals of the lectures and exercises, all available without a network.

Every function returns a new array each time: channels first, rows before columns, grey values as float64
from 0 (black) to 1 (white) unless it says otherwise. No file is stored here: the files lie inside
scikit-image, scikit-learn and matplotlib, so each docstring says who made them and under which licence.
What is synthesised says its recipe.
"""

from __future__ import annotations

from coursekit.data.labelled import digits, faces
from coursekit.data.pictures import cat, coins, gallery, mri, page, photograph, scan_line, textures
from coursekit.data.signals import SAMPLE_RATE, eeg, melody, pluck, room, spectrogram
from coursekit.data.volumes import video, volume

__all__ = [
    "SAMPLE_RATE",
    "cat",
    "coins",
    "digits",
    "eeg",
    "faces",
    "gallery",
    "melody",
    "mri",
    "page",
    "photograph",
    "pluck",
    "room",
    "scan_line",
    "spectrogram",
    "textures",
    "video",
    "volume",
]
