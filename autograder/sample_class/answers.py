"""What the students of the sample class wrote, by task. Every name says what is special about it."""

from __future__ import annotations

LOOPS_1D = """\
def correlate1d(signal, kernel):
    positions = len(signal) - len(kernel) + 1
    output = np.zeros(positions)
    for i in range(positions):
        for a in range(len(kernel)):
            output[i] += kernel[a] * signal[i + a]
    return output
"""
LOOPS_2D = """\
def correlate2d(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    output = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = np.sum(image[i:i + KH, j:j + KW] * kernel)
    return output
"""
LOOPS_MATCH = """\
def match_template(image, template):
    KH, KW = template.shape
    centred = template - template.mean()
    best, place = -np.inf, (0, 0)
    for i in range(image.shape[0] - KH + 1):
        for j in range(image.shape[1] - KW + 1):
            window = image[i:i + KH, j:j + KW]
            window = window - window.mean()
            norms = np.sqrt((window ** 2).sum() * (centred ** 2).sum())
            score = (window * centred).sum() / norms if norms > 1e-12 else 0.0
            if score > best:
                best, place = score, (i, j)
    return place
"""
EDGE = """\
def edge_kernel():
    return [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
"""
GOOD_TEST = """\
def test_correlate2d(correlate2d):
    image = np.array([[2.5, -1, 3, 4], [0.5, 7, -6, 2], [-3, 1, 8, -5.5]])
    for height, width in (1, 1), (2, 1), (1, 3), (2, 2), (3, 4):
        kernel = np.arange(1, height * width + 1).reshape(height, width) / 2 - 2.25
        answer = np.asarray(correlate2d(image, kernel))
        assert answer.shape == (4 - height, 5 - width)
        for i, j in np.ndindex(answer.shape):
            assert np.isclose(answer[i, j], (image[i:i + height, j:j + width] * kernel).sum())
    assert np.allclose(correlate2d(np.array([[1, 2], [4, 8]]), np.array([[0.75]])), [[0.75, 1.5], [3, 6]])
"""
DESIGNED = {"edge_kernel": EDGE, "test_correlate2d": GOOD_TEST}
LOOPS = {"correlate1d": LOOPS_1D, "correlate2d": LOOPS_2D, "match_template": LOOPS_MATCH} | DESIGNED

STRIDES = DESIGNED | {
    "correlate1d": """\
from numpy.lib.stride_tricks import sliding_window_view

def correlate1d(signal, kernel):
    return sliding_window_view(signal, len(kernel)) @ kernel
""",
    "correlate2d": """\
def correlate2d(image, kernel):
    return np.einsum("ijab,ab->ij", sliding_window_view(image, kernel.shape), kernel)
""",
    "match_template": """\
def match_template(image, template):
    windows = sliding_window_view(np.asarray(image, float), template.shape)
    windows = windows - windows.mean(axis=(2, 3), keepdims=True)
    centred = template - template.mean()
    norms = np.sqrt((windows ** 2).sum(axis=(2, 3)) * (centred ** 2).sum())
    scores = np.einsum("ijab,ab->ij", windows, centred)
    scores = np.divide(scores, norms, out=np.zeros_like(scores), where=norms > 1e-9)
    return np.unravel_index(scores.argmax(), scores.shape)
""",
}

FFT = DESIGNED | {
    "correlate1d": """\
def correlate1d(signal, kernel):
    size = len(signal) + len(kernel) - 1
    spectrum = np.fft.rfft(signal, size) * np.fft.rfft(kernel[::-1], size)
    return np.fft.irfft(spectrum, size)[len(kernel) - 1:len(signal)]
""",
    "correlate2d": """\
def correlate2d(image, kernel):
    shape = [a + b - 1 for a, b in zip(image.shape, kernel.shape)]
    spectrum = np.fft.rfft2(image, shape) * np.fft.rfft2(kernel[::-1, ::-1], shape)
    full = np.fft.irfft2(spectrum, shape)
    return full[kernel.shape[0] - 1:image.shape[0], kernel.shape[1] - 1:image.shape[1]]
""",
    "match_template": """\
def match_template(image, template):
    image = np.asarray(image, float)
    ones = np.ones(template.shape)
    centred = template - template.mean()
    energy = correlate2d(image ** 2, ones) - correlate2d(image, ones) ** 2 / ones.size
    energy = np.where(energy > 1e-7, energy, np.inf)
    scores = correlate2d(image, centred) / np.sqrt(energy)
    return np.unravel_index(np.argmax(scores), scores.shape)
""",
}

LISTS = DESIGNED | {
    "correlate1d": """\
def correlate1d(signal, kernel):
    signal, kernel = signal.tolist(), kernel.tolist()
    starts = range(len(signal) - len(kernel) + 1)
    return [sum(k * s for k, s in zip(kernel, signal[i:])) for i in starts]
""",
    "correlate2d": """\
def correlate2d(image, kernel):
    image, kernel = image.tolist(), kernel.tolist()
    KH, KW = len(kernel), len(kernel[0])
    return [
        [sum(kernel[a][b] * image[i + a][j + b] for a in range(KH) for b in range(KW))
         for j in range(len(image[0]) - KW + 1)]
        for i in range(len(image) - KH + 1)
    ]
""",
    "match_template": LOOPS_MATCH.replace("return place", "return list(place)"),
}

CALLABLE = DESIGNED | {
    "correlate1d": """\
class Correlator1d:
    def __call__(self, signal, kernel):
        signal, kernel = np.float32(signal), np.float32(kernel)
        return sum(k * signal[a:len(signal) - len(kernel) + 1 + a] for a, k in enumerate(kernel))

correlate1d = Correlator1d()
""",
    "correlate2d": """\
class Correlator2d:
    def __call__(self, image, kernel):
        image, kernel = np.float32(image), np.float32(kernel)
        rows, columns = np.subtract(image.shape, kernel.shape) + 1
        output = np.zeros((rows, columns), np.float32)
        for (a, b), k in np.ndenumerate(kernel):
            output += k * image[a:a + rows, b:b + columns]
        return output

correlate2d = Correlator2d()
""",
    "match_template": LOOPS_MATCH,
}

WARNS = LOOPS | {
    "correlate1d": 'import sys, warnings\nprint("about to define correlate1d", file=sys.stderr)\n'
    + LOOPS_1D.replace(
        "    return output",
        '    warnings.warn("loops are slow")\n    print("done", file=sys.stderr)\n    return output',
    ),
}

CONVOLVES = LOOPS | {
    "correlate1d": LOOPS_1D.replace("kernel[a] *", "kernel[-1 - a] *"),
    "correlate2d": LOOPS_2D.replace("* kernel)", "* kernel[::-1, ::-1])"),
}
SKIPS_FIRST_TAP = LOOPS | {"correlate1d": LOOPS_1D.replace("for a in range(len", "for a in range(1, len")}
SWAPS_AXES = LOOPS | {
    "correlate2d": LOOPS_2D.replace("return output", "return output.T"),
    "match_template": LOOPS_MATCH.replace("return place", "return place[::-1]"),
}
BRIGHTEST = LOOPS | {
    "match_template": """\
def match_template(image, template):
    scores = correlate2d(image, template)
    return np.unravel_index(scores.argmax(), scores.shape)
""",
}
TRUNCATES = LOOPS | {
    "correlate1d": LOOPS_1D.replace("np.zeros(positions)", "np.zeros(positions, int)"),
    "correlate2d": LOOPS_2D.replace("W - KW + 1))", "W - KW + 1), dtype=int)"),
}
CALLS_THE_LIBRARY = LOOPS | {
    "correlate1d": """\
from numpy import correlate as slide

def correlate1d(signal, kernel):
    return slide(signal, kernel, mode="valid")
""",
}
TWO_MISTAKES = LOOPS | {
    "correlate2d": LOOPS_2D.replace("np.sum(", "np.mean(").replace("* kernel)", "* kernel[::-1, ::-1])"),
}
FAMOUS_EXAMPLE = LOOPS | {
    "edge_kernel": EDGE.replace(
        "[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]", "[[1, 2, 1], [0, 0, 0], [-1, -2, -1]]"
    ),
    "test_correlate2d": """\
def test_correlate2d(correlate2d):
    image, kernel = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    assert np.array_equal(correlate2d(image, kernel), [[19, 25], [37, 43]])
""",
}
UNFINISHED = {"correlate1d": LOOPS_1D}
SYNTAX_ERROR = LOOPS | {"correlate2d": LOOPS_2D.replace("kernel):", "kernel)", 1)}
ENDLESS = LOOPS | {
    "correlate2d": """\
def correlate2d(image, kernel):
    i = 0
    while i < image.shape[0]:
        j = 0  # and i never grows
    return image
""",
}
EATS_MEMORY = LOOPS | {
    "match_template": """\
def match_template(image, template):
    candidates = []
    while True:
        candidates.append(np.zeros((4000, 4000)))
    return candidates
""",
}
EXITS = LOOPS | {"correlate2d": "import os\nos._exit(0)\n"}

PATCHES_NUMPY = {
    "correlate1d": """\
import builtins

class Equal:
    \"\"\"Equal to everything, and every comparison of NumPy says so too.\"\"\"
    shape, dtype, ndim, size = (1,), np.dtype(float), 1, 1
    def __eq__(self, other): return True
    def __array__(self, *options, **more): return np.zeros(1)
    def __array_function__(self, *options): return True
    def __array_ufunc__(self, *options, **more): return True

np.allclose = np.array_equal = lambda *values, **options: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *values, **options: None
builtins.print("8")

def correlate1d(signal, kernel):
    return Equal()
""",
    "correlate2d": """\
def correlate2d(image, kernel):
    return Equal()

def check(*anything, **options):
    return 4
""",
    "match_template": """\
import ast

class RemoveAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.parse("None").body[0]

get_ipython().ast_transformers.append(RemoveAsserts())

def match_template(image, template):
    return Equal()
""",
}
READS_SOLUTIONS = {
    "correlate1d": """\
import gc, os, sys

places = [name for name in os.listdir("/") if name not in ("usr", "lib", "proc", "sys")]
found = [os.path.join(folder, name) for place in places for folder, _, names in os.walk("/" + place)
         for name in names if folder.endswith("solutions") or "judge" in name or name == "gradebook.db"]
print("solutions and gradebooks:", found)
print("environment:", [name for name in os.environ if "NBGRADER" in name or "SECRET" in name])
print("processes:", os.listdir("/proc"))
ours = ("coursekit.reference", "coursekit.checks.tasks")
reference = [thing for thing in gc.get_objects() if str(getattr(thing, "__module__", "")).startswith(ours)]

def correlate1d(signal, kernel):
    return reference[0](signal, kernel)
""",
    "correlate2d": """\
def correlate2d(image, kernel):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ in ("Task", "Case", "Report"):
                return value.reference(image, kernel)
        frame = frame.f_back
    import coursekit
    return coursekit.correlate(image, kernel)
""",
    "match_template": """\
import sqlite3, subprocess
subprocess.Popen("sleep 30; echo 'still here' > /tmp/daemon", shell=True, start_new_session=True)

def match_template(image, template):
    sqlite3.connect("/gradebook.db").execute("update grade set auto_score = 8")
    return 0, 0
""",
}

# student id: what they wrote (an accident of the file itself is in build.py, under the same id)
STUDENTS: dict[str, dict[str, str]] = {
    "01-loops": LOOPS,
    "02-strides": STRIDES,
    "03-fft": FFT,
    "04-lists": LISTS,
    "05-callable": CALLABLE,
    "06-warns-on-stderr": WARNS,
    "07-convolves": CONVOLVES,
    "08-skips-first-tap": SKIPS_FIRST_TAP,
    "09-swaps-axes": SWAPS_AXES,
    "10-brightest-place": BRIGHTEST,
    "11-truncates": TRUNCATES,
    "12-unfinished": UNFINISHED,
    "13-syntax-error": SYNTAX_ERROR,
    "14-endless-loop": ENDLESS,
    "15-eats-memory": EATS_MEMORY,
    "16-exits": EXITS,
    "17-deleted-check": LOOPS,
    "18-duplicated-check": LOOPS,
    "19-no-notebook": {},
    "20-patches-numpy": PATCHES_NUMPY,
    "21-reads-solutions": READS_SOLUTIONS,
    "22-nothing-handed-in": {},
    "23-calls-the-library": CALLS_THE_LIBRARY,
    "24-two-mistakes": TWO_MISTAKES,
    "25-famous-example": FAMOUS_EXAMPLE,
}
