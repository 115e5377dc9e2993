"""Who gets the gradient of a maximum: the numbers that reach it, and the rule where several do."""

from __future__ import annotations

from typing import Any, Literal

from coursekit.errors import ParameterError
from coursekit.reference.arrays import is_integer

Ties = Literal["first", "all"]


def check_ties(ties: Ties) -> None:
    """Raise ParameterError if `ties` is not the name of a rule.

    first : the first maximum in row-major order gets the whole gradient, the others nothing
    all : every maximum gets the whole gradient
    """
    if ties not in ("first", "all"):
        raise ParameterError(f"ties must be 'first' or 'all'; got {ties!r}")


def has_nan(xp: Any, maxima: Any) -> bool:
    """Return whether any of `maxima` is NaN."""
    return not is_integer(xp, maxima.dtype) and bool(xp.any(xp.isnan(maxima)))


def reaches(values: Any, maximum: Any, *, with_nan: bool) -> Any:
    """Return where `values` are the maximum; `with_nan`, those that are NaN are one too."""
    reached = values == maximum
    return reached | (values != values) if with_nan else reached


def to_maxima(xp: Any, gradient: Any, values: Any, axis: int, ties: Ties) -> Any:
    """Return the gradient of `values` where their maximum along `axis` has `gradient`, one axis fewer."""
    check_ties(ties)
    maxima = xp.max(values, axis=axis, keepdims=True)
    reached = reaches(values, maxima, with_nan=has_nan(xp, maxima))
    if ties == "first":
        first = xp.argmax(xp.astype(reached, xp.uint8), axis=axis, keepdims=True)
        along = [1] * values.ndim
        along[axis] = values.shape[axis]
        reached = xp.reshape(xp.arange(values.shape[axis]), tuple(along)) == first
    return xp.where(reached, xp.expand_dims(gradient, axis=axis), xp.zeros((), dtype=gradient.dtype))
