"""Recurses without end, in Python, in representations and in comparisons."""
# or: crashed memory graded


def correlate1d(signal, kernel):
    return correlate1d(signal, kernel)


class Endless:
    __repr__ = __str__ = lambda self: repr(self)  # noqa: E731
    __eq__ = lambda self, other: self == other  # noqa: E731


def correlate2d(image, kernel):
    raise ValueError(Endless())


deep = []
for _ in range(100_000):
    deep = [deep]


def match_template(image, template):
    return deep


Endless()
