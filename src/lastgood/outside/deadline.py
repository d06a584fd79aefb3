"""Deadline: the whole of one exchange over HTTP ends in time, however slowly the other side sends.

A server that drips a byte now and then keeps every time-out of a single read, of headers as well. So the socket is
closed at the deadline, which ends whatever read is waiting.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any


class Deadline:
    """Of the exchanges of one client, one at a time; pass `extensions` with each request."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self.passed = False

    @property
    def extensions(self) -> dict[str, Any]:
        """Of a request of httpx: they show which socket it goes through."""
        return {"trace": self._traced}

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """An exchange that is cut after so long; `passed` says whether it was."""
        self.passed = False
        ending = threading.Timer(max(0.0, seconds), self._cut)
        ending.start()
        try:
            yield
        finally:
            ending.cancel()

    def _traced(self, event: str, about: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = about["return_value"].get_extra_info("socket")
            if self.passed:
                self._cut()

    def _cut(self) -> None:
        self.passed = True
        with suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)
