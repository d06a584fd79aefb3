"""Guesses: failed log-ins not long ago, by name and by address, so that no one tries passwords one after the other."""

import asyncio
from collections import deque
from time import monotonic

FAILURES, WITHIN = 5, 300.0  # of one name or one address, in seconds
AT_ONCE = 2  # each takes 64 MiB
MOST_KNOWN = 10_000


class Guesses:
    """Failed log-ins not long ago, by name and by address."""

    def __init__(self) -> None:
        self._failed: dict[str, deque[float]] = {}
        self.turn = asyncio.Semaphore(AT_ONCE)

    def too_many(self, *keys: str) -> bool:
        """Whether one of these has failed too often."""
        since = monotonic() - WITHIN
        return any(sum(time > since for time in self._failed.get(key, ())) >= FAILURES for key in keys)

    def failed(self, *keys: str) -> None:
        """Count a failure."""
        if len(self._failed) > MOST_KNOWN:
            self._failed.clear()
        for key in keys:
            self._failed.setdefault(key, deque(maxlen=FAILURES)).append(monotonic())

    def succeeded(self, *keys: str) -> None:
        """Forget the failures."""
        for key in keys:
            self._failed.pop(key, None)
