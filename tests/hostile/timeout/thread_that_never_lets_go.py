"""Answers while threads that ignore everything keep the interpreter busy, and joins them."""

import threading


def spin():
    while True:
        pass


threads = [threading.Thread(target=spin) for _ in range(3)]
for thread in threads:
    thread.start()


def correlate1d(signal, kernel):
    threads[0].join()
