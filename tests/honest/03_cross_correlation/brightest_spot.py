# Takes the plain correlation for a match, and only tries the test on one friendly example.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 0, test_correlate2d 1
# others: matrices
# %% match_template
def match_template(image, template):
    scores = np.asarray(correlate2d(image, template), float)
    return np.unravel_index(scores.argmax(), scores.shape)
# %% test_correlate2d
def test_correlate2d(correlate2d):
    image = np.array([[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]])
    kernel = np.array([[2, 0, 1], [0, 1, 2], [1, 0, 2]])
    assert np.array_equal(correlate2d(image, kernel), [[15, 16], [6, 15]])
