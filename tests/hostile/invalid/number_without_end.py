"""Hands in a number with more digits than any parser reads, and one that is no number."""


def hand_in(path, notebook):
    path.write_text('{"cells": [], "nbformat": ' + "9" * 1_000_000 + "}")
