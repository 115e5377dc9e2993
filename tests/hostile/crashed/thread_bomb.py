"""Starts as many threads as it can."""
# or: graded
# over: COUNT = 500
# under: COUNT = 6

import threading
import time

for _ in range(COUNT):
    try:
        threading.Thread(target=time.sleep, args=(3 if COUNT > 100 else 0.1,), daemon=True).start()
    except RuntimeError:
        time.sleep(0.5)
        break
