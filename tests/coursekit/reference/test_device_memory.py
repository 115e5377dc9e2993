"""Full memory of a GPU, and arrays of two libraries: what is said."""

from __future__ import annotations

import inspect
from typing import Any

import array_api_strict
import numpy as np
import pytest

from coursekit import reference
from coursekit.device_memory import amount, device_memory, explained, is_full
from coursekit.errors import BackendError, ParameterError
from coursekit.reference import correlate
from coursekit.reference.arrays import real_array
from coursekit.reference.network import Dense, Network


def out_of_memory(size: int) -> MemoryError:
    """Return CuPy's own error."""
    memory: Any = pytest.importorskip("cupy.cuda.memory")
    error: MemoryError = memory.OutOfMemoryError(size, 5, 0)
    return error


@device_memory()
def allocates(error: BaseException | None = None) -> str:
    """Stand for an operation: raise what an allocation raised."""
    if error is not None:
        raise error
    return "done"


def test_the_message_says_how_much_was_asked_for_how_much_is_free_and_what_to_do() -> None:
    told = explained(12 * 2**30, (3 * 2**29, 24 * 2**30))
    assert (
        "too small for this operation: 12.0 GiB were asked for; 1.5 GiB of 24.0 GiB are free. Give it" in told
    )
    for remedy in ("fewer images at a time", "algorithm='implicit_gemm'", "free_all_blocks()"):
        assert remedy in told
    assert "too small for this operation. Give it" in explained(None, None)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (3 * 2**29, "1.5 GiB"), (2**52, "4096.0 TiB")],
)
def test_amounts_have_the_unit_that_suits_them(size: int, words: str) -> None:
    assert amount(size) == words


def test_an_operation_whose_memory_suffices_is_left_alone() -> None:
    assert allocates() == "done"
    assert allocates.__doc__ is not None
    assert allocates.__name__ == "allocates"


class Full:
    """Stands for an array on a card whose memory is full: asked for its library, it raises CuPy's error."""

    def __array_namespace__(self) -> Any:
        error = type("OutOfMemoryError", (MemoryError,), {"__module__": "cupy.cuda.memory", "_size": 2048})
        raise error


COMPUTE_NO_ARRAYS = ("algorithm_for", "gabor", "grating")


@pytest.mark.parametrize("name", [name for name in reference.__all__ if name not in COMPUTE_NO_ARRAYS])
def test_every_operation_says_what_to_do_when_memory_is_full(name: str) -> None:
    operation = getattr(reference, name)
    parameters = inspect.signature(operation).parameters.values()
    needed = [Full() for one in parameters if one.default is one.empty]
    with pytest.raises(BackendError, match=r"2\.0 KiB were asked for.*fewer images at a time"):
        operation(*needed)


def test_cupys_error_becomes_ours_with_the_size() -> None:
    cause = out_of_memory(3 * 2**29)
    with pytest.raises(BackendError, match=r"1\.5 GiB were asked for") as caught:
        allocates(cause)
    assert caught.value.__cause__ is cause


@pytest.mark.parametrize("status", [2, 46])
def test_the_runtimes_error_is_ours_if_it_is_about_memory(status: int) -> None:
    cupy: Any = pytest.importorskip("cupy")
    with pytest.raises(cupy.cuda.runtime.CUDARuntimeError) as caught:
        cupy.cuda.runtime.check_status(status)
    with pytest.raises(BackendError if status == 2 else type(caught.value)):
        allocates(caught.value)


@pytest.mark.parametrize(
    "error", [MemoryError(), ValueError("cudaErrorMemoryAllocation"), KeyboardInterrupt()]
)
def test_errors_of_others_pass_as_they_are(error: BaseException) -> None:
    assert not is_full(error)
    with pytest.raises(type(error)) as caught:
        allocates(error)
    assert caught.value is error


@pytest.mark.gpu
def test_a_real_allocation_that_is_too_large_says_what_is_free() -> None:
    cupy: Any = pytest.importorskip("cupy")
    with pytest.raises(BackendError, match=r"TiB were asked for; .* are free"), device_memory():
        cupy.empty(2**44, dtype=cupy.uint8)


def test_an_array_of_another_library_within_a_list_is_named() -> None:
    class Elsewhere:
        """An array that, as CuPy's, refuses to be made one of NumPy in silence."""

        def __array_namespace__(self) -> Any:
            return array_api_strict

        def __array__(self, *_: object, **__: object) -> Any:
            raise TypeError("Implicit conversion to a NumPy array is not allowed")

    with pytest.raises(
        ParameterError,
        match="kernel must be one array; got a list that holds array_api_strict arrays; "
        r"join them with array_api_strict\.stack",
    ):
        correlate(np.ones(4), [Elsewhere(), Elsewhere()])
    with pytest.raises(ParameterError, match="got a tuple that holds array_api_strict"):
        real_array("image", (1, [2, Elsewhere()]), np)


@pytest.mark.gpu
def test_arrays_on_cpu_and_gpu_are_refused_in_both_orders() -> None:
    cupy: Any = pytest.importorskip("cupy")
    here, there = np.ones(4), cupy.ones(4)
    for name, arrays in {"kernel": (there, here), "image": (here, there)}.items():
        with pytest.raises(ParameterError, match=f"{name} must be a cupy array like the other") as caught:
            correlate(*arrays)
        assert f"move it with cupy.asarray({name})" in str(caught.value)
        assert "or all to the CPU with cupy.asnumpy" in str(caught.value)
    with pytest.raises(ParameterError, match="kernel must be one array; got a list that holds cupy arrays"):
        correlate(here, [there, there])
    assert correlate(there, [1, 1]).get().tolist() == [2, 2, 2]  # numbers belong to any library


def test_a_network_moves_only_to_a_library_and_as_a_whole() -> None:
    network = Network([Dense(3, 2, rng=np.random.default_rng(0))])
    before = [parameter.value for parameter in network.parameters]
    for wrong in ("cupy", None, np.ones(3)):
        with pytest.raises(
            ParameterError, match="xp must be an array library, the module cupy or numpy; got"
        ):
            network.move_to(wrong)
    assert all(parameter.value is value for parameter, value in zip(network.parameters, before, strict=True))


def test_without_a_gpu_a_network_stays_where_it_is() -> None:
    cupy: Any = pytest.importorskip("cupy")
    from coursekit.gpu import why_no_gpu

    if not why_no_gpu():
        pytest.skip("there is a GPU")
    network = Network([Dense(3, 2, rng=np.random.default_rng(0))])
    with pytest.raises(BackendError, match="the parameters cannot be moved to the GPU: cudaError"):
        network.move_to(cupy)
    assert all(isinstance(parameter.value, np.ndarray) for parameter in network.parameters)


@pytest.mark.gpu
def test_a_network_goes_to_the_gpu_and_comes_back() -> None:
    cupy: Any = pytest.importorskip("cupy")
    network = Network([Dense(3, 2, rng=np.random.default_rng(0))])
    before = [parameter.value.copy() for parameter in network.parameters]
    network.move_to(cupy)
    network.move_to(np)
    for parameter, value in zip(network.parameters, before, strict=True):
        np.testing.assert_array_equal(parameter.value, value)
