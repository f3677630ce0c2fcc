"""Who is connected: so many at most, and who asks for nothing makes room for others.

Browsers keep connections open for later, each origin of a page its own. Without this, those that
rest would keep out those that ask.
"""

import socket
import threading
import time
from contextlib import suppress
from typing import Final

CONNECTIONS_MOST: Final = 64
RESTED: Final = 0.5
"""Seconds after which a connection counts as idle: before, its request may be on the way."""

_LOOK_AGAIN: Final = 0.05
_LEAVE_WITHIN: Final = 2.0


class Connections:
    """Counts them. A connection rests until a request is whole, and works until it is answered."""

    def __init__(self, most: int = CONNECTIONS_MOST) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._open = 0
        self._resting: dict[socket.socket, float] = {}
        self._closed = False

    @property
    def is_closed(self) -> bool:
        """Whether nobody is answered any more."""
        return self._closed

    def enter(self) -> None:
        """Wait for room for one more, and make it where one rests."""
        with self._changed:
            while self._open >= self._most:
                self._send_away(time.monotonic() - RESTED)
                self._changed.wait(_LOOK_AGAIN)
            self._open += 1

    def rests(self, connection: socket.socket) -> None:
        """Say that a connection waits for its next request."""
        with self._changed:
            self._resting.pop(connection, None)
            self._resting[connection] = time.monotonic()
            self._changed.notify_all()

    def works(self, connection: socket.socket) -> bool:
        """Say that a request has come; whether it is to be answered."""
        with self._changed:
            self._resting.pop(connection, None)
            return not self._closed

    def leaves(self, connection: socket.socket) -> None:
        """Say that a connection is over."""
        with self._changed:
            self._resting.pop(connection, None)
            self._open -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Answer nobody any more, and wait a little for those who are being answered."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: self._open <= len(self._resting), _LEAVE_WITHIN)
            while self._resting:
                self._send_away(time.monotonic())

    def _send_away(self, before: float) -> None:
        """End the connection that has rested longest; a request that has come is still read."""
        connection, since = next(iter(self._resting.items()), (None, 0.0))
        if connection is not None and since <= before:
            del self._resting[connection]
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
