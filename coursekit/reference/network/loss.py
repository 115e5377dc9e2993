"""The loss of a classifier: how surprised it is by the true labels."""

from __future__ import annotations

from typing import Any

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, is_integer, not_empty, real_array


def softmax(scores: Any) -> Any:
    """Return probabilities: exp(scores) of each row, divided by their sum.

    p[n, k] = exp(s[n, k]) / sum over j of  exp(s[n, j])

    Parameters
    ----------
    scores : array of shape (N, K), real: one score per image and class

    Returns
    -------
    array of shape (N, K); each row sums to 1

    Raises
    ------
    ShapeError, ParameterError

    Notes
    -----
    The largest score of a row is subtracted first. It cancels in the quotient, and no exp overflows.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.
    """
    xp = array_module(scores)
    return xp.exp(_log_softmax(xp, _float_scores(scores, xp)))


def softmax_cross_entropy(scores: Any, labels: Any) -> tuple[float, Any]:
    """Return the mean loss -log p[n, labels[n]] over the batch, with p = softmax(scores), and its gradient.

    dL/ds = (p - y) / N, where y is 1 at the true class of each row and 0 elsewhere: every score is
    pulled by the error of its own probability.

    Parameters
    ----------
    scores : array of shape (N, K), float: one score per image and class
    labels : array of shape (N,), integers from 0 to K - 1

    Returns
    -------
    loss : float; log K where all classes are as likely
    gradient : array of shape (N, K), in the library and dtype of `scores`

    Raises
    ------
    ShapeError
        Other shapes, or an empty batch, which has no mean.
    ParameterError
        Scores that are not floats, or labels that are not such integers.

    Notes
    -----
    The logarithm is computed from the scores, not from p: log p[n, k] = s[n, k] - log sum exp(s[n, j]) stays
    finite where p itself rounds to 0.
    """
    xp = array_module(scores, labels)
    numbers = _float_scores(scores, xp)
    truth = _one_hot(xp, labels, numbers.shape)
    log_probability = _log_softmax(xp, numbers)
    zero = xp.zeros((), dtype=numbers.dtype)
    loss = -xp.sum(xp.where(truth, log_probability, zero)) / numbers.shape[0]
    probability = xp.exp(log_probability)
    return float(loss), xp.where(truth, probability - 1, probability) / numbers.shape[0]


def _log_softmax(xp: Any, scores: Any) -> Any:
    shifted = scores - xp.max(scores, axis=1, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))


def _float_scores(scores: Any, xp: Any) -> Any:
    numbers = real_array("scores", scores, xp)
    if numbers.ndim != 2:
        raise ShapeError(f"scores must be (N, K), one row per image; got shape {tuple(numbers.shape)}")
    not_empty("scores", numbers)
    if is_integer(xp, numbers.dtype):
        raise ParameterError(f"scores must be floats; got dtype {numbers.dtype}")
    return numbers


def _one_hot(xp: Any, labels: Any, shape: tuple[int, int]) -> Any:
    """Return a boolean array (N, K), true at the label of each row."""
    numbers = real_array("labels", labels, xp)
    if tuple(numbers.shape) != shape[:1]:
        raise ShapeError(f"labels must have shape ({shape[0]},) like scores; got {tuple(numbers.shape)}")
    if not is_integer(xp, numbers.dtype):
        raise ParameterError(f"labels must be integers; got dtype {numbers.dtype}")
    least, most = int(xp.min(numbers)), int(xp.max(numbers))
    if least < 0 or most >= shape[1]:
        raise ParameterError(
            f"labels must be from 0 to {shape[1] - 1}, one per class; got {least if least < 0 else most}"
        )
    return numbers[:, None] == xp.arange(shape[1], dtype=numbers.dtype)[None, :]
