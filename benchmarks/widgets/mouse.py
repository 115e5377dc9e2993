"""A mouse that moves 125 times a second, as a real one does: without waiting for the page to answer.

Playwright's own mouse waits for the page at every move, so that it measures its own round trips: about 40
frames a second on a bare page and 25 in JupyterLab, whatever is drawn. Here moves are sent through a
connection of their own to the browser's debugging port, and nobody waits for the answers.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import websocket
from playwright.sync_api import Page

MOVES_A_SECOND = 125.0


def zigzag(left: float, top: float, width: float, height: float) -> Iterator[tuple[float, float]]:
    """Yield points (x, y) of a box for ever: each lies in another fifth across and another seventh down.

    So each move changes what is shown, also in demos of a few cells, and also where a frame sees only every
    second, third or fourth of them.
    """
    number = 0
    while True:
        across, down = (2 * number % 5 + 0.5) / 5, (3 * number % 7 + 0.5) / 7
        yield left + across * width, top + down * height
        number += 1


def move_pressed(page: Page, port: int, points: Iterator[tuple[float, float]], seconds: float) -> None:
    """Move the pressed mouse over the page through `points` for a while.

    Parameters
    ----------
    port : the browser's debugging port
    points : (x, y) in CSS pixels of the page's window
    """
    session = page.context.new_cdp_session(page)
    target = session.send("Target.getTargetInfo")["targetInfo"]["targetId"]
    session.detach()
    address = f"ws://127.0.0.1:{port}/devtools/page/{target}"
    connection = websocket.create_connection(address, suppress_origin=True)
    started = time.monotonic()
    for number, (x, y) in enumerate(points, start=1):
        move = {"type": "mouseMoved", "x": x, "y": y, "button": "left", "buttons": 1}
        connection.send(json.dumps({"id": number, "method": "Input.dispatchMouseEvent", "params": move}))
        if time.monotonic() - started > seconds:
            break
        time.sleep(max(0.0, started + number / MOVES_A_SECOND - time.monotonic()))
    connection.close()
