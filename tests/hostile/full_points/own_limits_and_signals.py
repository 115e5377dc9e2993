"""Lowers its own limits, handles signals, starts and reaps children, and forks once: all of it is allowed."""

import os
import resource
import signal

import numpy as np

signal.signal(signal.SIGUSR1, lambda *event: None)
os.kill(os.getpid(), signal.SIGUSR1)
resource.setrlimit(resource.RLIMIT_NOFILE, (40, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
for _ in range(30):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def correlate1d(signal, kernel):
    return np.lib.stride_tricks.sliding_window_view(signal, len(kernel)) @ kernel


def correlate2d(image, kernel):
    return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel)


def match_template(image, template):
    seen = np.lib.stride_tricks.sliding_window_view(image, template.shape)
    seen, centred = seen - seen.mean((2, 3), keepdims=True), template - template.mean()
    norms = np.sqrt((seen**2).sum((2, 3)) * (centred**2).sum())
    scores = np.where(norms > 1e-9, np.einsum("ijuv,uv->ij", seen, centred) / np.maximum(norms, 1e-9), 0)
    return np.unravel_index(scores.argmax(), scores.shape)


def edge_kernel():
    return np.array([[1.0, 0.0, -1.0]])[:, ::-1]


def test_correlate2d(subject):
    image = np.array([[2.5, -1, 3, 4], [0.5, 7, -6, 2], [-3, 1, 8, -5.5]])
    for kernel in (np.array([[0.5, -2], [3, 1.25]]), np.array([[1.5, 2, -4]]), np.array([[2], [-0.5]])):
        assert np.allclose(subject(image, kernel), correlate2d(image, kernel))
    assert np.allclose(subject(np.array([[1, 2], [4, 8]]), np.array([[0.75]])), [[0.75, 1.5], [3, 6]])
