"""Raises exceptions whose text, name, class and traceback are made to break who shows them."""


class Name(type):
    __name__ = property(lambda cls: 1 / 0)


class Worst(Exception):
    def __str__(self):
        return "x" * 10**6

    __repr__ = __str__
    __class__ = property(lambda self: MemoryError)


def correlate1d(signal, kernel):
    error = Worst()
    error.__cause__ = error.__context__ = Worst()
    raise error


def correlate2d(image, kernel):
    class Silent(Exception):
        __str__ = lambda self: 1 / 0  # noqa: E731

    raise Silent


def match_template(image, template):
    raise ExceptionGroup("many", [Worst() for _ in range(20)])


def edge_kernel():
    raise type("x" * 10**6, (Exception,), {})("<script>document.title='PWNED-ERROR'</script>")


raise Worst()
