"""Leaves threads, open files and a changed random state behind, and a strange but right answer."""

import random
import threading

import numpy as np

random.seed(0)
np.random.seed(0)
held = open("notes.txt", "w")
threading.Thread(target=threading.Event().wait, daemon=True).start()


class Answers:
    def one(self, signal, kernel):
        return np.lib.stride_tricks.sliding_window_view(signal, len(kernel)) @ kernel

    def two(self, image, kernel):
        return np.stack(
            [
                sum(self.one(image[i + a], kernel[a]) for a in range(len(kernel)))
                for i in range(len(image) - len(kernel) + 1)
            ]
        )

    def match(self, image, template):
        best = {}
        for place in np.ndindex(*(np.subtract(image.shape, template.shape) + 1)):
            window = image[place[0] : place[0] + len(template), place[1] : place[1] + template.shape[1]]
            with np.errstate(all="ignore"):
                best[place] = np.nan_to_num(np.corrcoef(window.ravel(), template.ravel())[0, 1], nan=0.0)
        return max(best, key=best.get)


correlate1d, correlate2d, match_template = Answers().one, Answers().two, Answers().match


class Judge:
    """Keeps what it is given, and calls it from another thread: that is allowed while its test runs."""

    def __init__(self):
        self.seen = []

    def __call__(self, correlate2d):
        self.seen.append(correlate2d)
        answers = []
        image, kernel = np.array([[1, -2, 4, 3], [5, 7, -6, 9], [2, 8, 1, -3]]), np.array([[0.5, -1.5]])
        pairs = ((image, kernel), (image, kernel.T), (image.T, np.array([[1.25, 2], [3, -4]])))
        work = threading.Thread(target=lambda: answers.extend(correlate2d(*pair) for pair in pairs))
        work.start()
        work.join()
        return len(answers) == 3 and all(
            np.shape(came) == right.shape and np.allclose(came, right)
            for came, right in zip(answers, [Answers().two(*pair) for pair in pairs])
        )


test_correlate2d = Judge()
edge_kernel = np.array([[2, 0, -2]], dtype=np.float16).copy
