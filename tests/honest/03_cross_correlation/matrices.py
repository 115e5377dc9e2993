# Correlation as a matrix product; long doubles; own tests under every answer.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# %% correlate1d
def correlate1d(signal, kernel):
    places = len(signal) - len(kernel) + 1
    band = np.zeros((places, len(signal)), dtype=np.longdouble)
    for i in range(places):
        band[i, i:i + len(kernel)] = kernel
    return band @ signal.astype(np.longdouble)

assert list(correlate1d(np.array([3, 1, 2, 5]), np.array([1, 1]))) == [4, 3, 7]
# %% correlate2d
def as_columns(image, shape):
    rows, columns = image.shape[0] - shape[0] + 1, image.shape[1] - shape[1] + 1
    patches = [image[i:i + shape[0], j:j + shape[1]].flatten() for i in range(rows) for j in range(columns)]
    return np.array(patches, dtype=np.longdouble), (rows, columns)

def correlate2d(image, kernel):
    columns, shape = as_columns(image, kernel.shape)
    return (columns @ kernel.flatten()).reshape(shape)

assert correlate2d(np.eye(3), np.ones((2, 2))).tolist() == [[2, 1], [1, 2]]
# %% edge_kernel
def edge_kernel():
    smooth, change = np.array([1, 2, 1]), np.array([1, 0, -1])
    return np.outer(smooth, change)
# %% match_template
def match_template(image, template):
    columns, (rows, width) = as_columns(image, template.shape)
    columns = columns - columns.mean(axis=1, keepdims=True)
    t = template.flatten() - template.mean()
    norms = np.linalg.norm(columns.astype(float), axis=1) * np.linalg.norm(t)
    scores = np.zeros(len(columns))
    np.divide((columns @ t).astype(float), norms, out=scores, where=norms > 1e-9)
    return divmod(int(np.argmax(scores)), width)
# %% test_correlate2d
def test_correlate2d(correlate2d):
    def right(image, kernel):
        columns, shape = as_columns(image, kernel.shape)
        return (columns @ kernel.flatten()).reshape(shape).astype(float)

    image = np.array([[2.5, -1, 3, 4], [0.5, 7, -6, 2], [-3, 1, 8, -5.5]])
    for kernel in ([[1.5]], [[-2.0, 0.5]], [[1.5], [-2]], [[0.5, 1], [-2, 3.5]], [[1, 2, -3.5], [4, 5, 6]]):
        kernel = np.array(kernel)
        answer = correlate2d(image, kernel)
        if np.shape(answer) != right(image, kernel).shape or not np.allclose(answer, right(image, kernel)):
            raise AssertionError(kernel)
    whole = np.arange(20).reshape(4, 5)
    assert np.allclose(correlate2d(whole, np.array([[0.25, 0.5]])), right(whole, np.array([[0.25, 0.5]])))
