"""Answers with a list that contains itself, with one that is far too long, and with one number too many digits."""


def correlate1d(signal, kernel):
    endless = []
    endless.append(endless)
    return endless


def correlate2d(image, kernel):
    return [[0.0] * 300 for _ in range(300)]


def match_template(image, template):
    return 10**5000, 0
