# No NumPy in the answers: nested lists, zip, generators, the statistics module.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# %% correlate1d
def windows(sequence, size):
    for start in range(len(sequence) - size + 1):
        yield sequence[start:start + size]

def correlate1d(signal, kernel):
    return [sum(x * w for x, w in zip(window, kernel)) for window in windows(list(signal), len(kernel))]
# %% correlate2d
def correlate2d(image, kernel):
    image, kernel = image.tolist(), kernel.tolist()
    return [
        [sum(row) for row in zip(*(correlate1d(line, taps) for line, taps in zip(lines, kernel)))]
        for lines in windows(image, len(kernel))
    ]
# %% edge_kernel
def edge_kernel():
    return [[1, -1], [1, -1]]
# %% match_template
import math, statistics

def match_template(image, template):
    flat = [float(x) for row in template for x in row]
    centre = statistics.fmean(flat)
    t = [x - centre for x in flat]
    best = None
    for i, lines in enumerate(windows(image.tolist(), len(template))):
        for j in range(len(lines[0]) - len(template[0]) + 1):
            w = [x for line in lines for x in line[j:j + len(template[0])]]
            m = statistics.fmean(w)
            w = [x - m for x in w]
            length = math.hypot(*w) * math.hypot(*t)
            score = math.fsum(a * b for a, b in zip(w, t)) / length if length > 1e-9 else 0
            if best is None or score > best[0]:
                best = score, i, j
    return list(best[1:])
# %% test_correlate2d
def test_correlate2d(correlate2d):
    image = [[1.5, -2, 3, 5.5], [-4, 8.5, 6, -1], [7, 3.5, -9, 2]]
    known = [
        (image, [[2, -5], [0.5, 1.5]], [[23.75, -5.75, -20], [-41.75, -24.75, 15.5]]),
        (image, [[2.5, -1, 4]], [[17.75, 14], [5.5, 11.25], [-22, 25.75]]),
        ([[1, 2], [3, 5]], [[0.5]], [[0.5, 1], [1.5, 2.5]]),
    ]
    for a, b, expected in known:
        assert np.allclose(correlate2d(np.array(a), np.array(b)), expected)
