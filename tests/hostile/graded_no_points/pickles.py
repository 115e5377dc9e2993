"""Answers with pickles, and with objects that run code when they are pickled or copied."""

import pickle

ran = []


class Runs:
    def __reduce__(self):
        ran.append("reduce")
        return exec, ("import os; os.system('touch /tmp/ran')",)

    __copy__ = __deepcopy__ = lambda self, *memory: ran.append("copy")


def correlate1d(signal, kernel):
    return pickle.dumps(__import__("numpy").zeros(3))


def correlate2d(image, kernel):
    return Runs()


def match_template(image, template):
    if ran:
        raise SystemError("ESCAPED: an answer was pickled")
    return pickle.loads(b"\x80\x04K\x00K\x00\x86.")


def edge_kernel():
    return b"cos\nsystem\n(S'touch /tmp/ran'\ntR."
