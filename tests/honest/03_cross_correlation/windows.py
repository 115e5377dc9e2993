# Sliding windows and matrix products, with imports inside the functions.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# %% correlate1d
def correlate1d(signal, kernel):
    from numpy.lib.stride_tricks import sliding_window_view
    return sliding_window_view(signal, kernel.size) @ kernel
# %% correlate2d
def correlate2d(image, kernel):
    from numpy.lib.stride_tricks import sliding_window_view as windows
    return np.einsum("ijuv,uv->ij", windows(image, kernel.shape), kernel)
# %% edge_kernel
def edge_kernel():
    return np.array([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
# %% match_template
def match_template(image, template):
    from numpy.lib.stride_tricks import sliding_window_view
    w = sliding_window_view(image, template.shape).astype(float)
    w = w - w.mean((2, 3), keepdims=True)
    t = template - template.mean()
    length = np.sqrt((w * w).sum((2, 3)) * (t * t).sum())
    score = np.where(length > 1e-9, (w * t).sum((2, 3)) / np.maximum(length, 1e-9), 0)
    return np.unravel_index(np.argmax(score), score.shape)
# %% test_correlate2d
def test_correlate2d(correlate2d):
    rng = np.random.default_rng(7)
    for shape, taps in [((5, 7), (2, 3)), ((6, 4), (3, 2)), ((4, 4), (2, 2)), ((5, 5), (1, 1))]:
        image, kernel = rng.normal(size=shape), rng.normal(size=taps)
        expected = np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(image, taps), kernel)
        got = np.asarray(correlate2d(image, kernel))
        assert got.shape == expected.shape, f"{shape} with {taps}"
        assert np.allclose(got, expected)
    assert np.allclose(correlate2d(np.array([[1, 2], [3, 5]]), np.array([[0.5]])), [[0.5, 1], [1.5, 2.5]])
