"""Debug logging for one user, or for a share of all, that ends by itself: after a time, and after a number of lines.

Until it begins nothing is spent: the root logger's level stays as it is. Beginning and end are on the change feed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from zlib import crc32

from lastgood_kit import context
from lastgood_kit.changes import Change, who
from lastgood_kit.clock import Clock, now

BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Whom:
    """A request is meant if its field `by` is one of the keys, or falls into the share (0 to 1) of its values."""

    keys: frozenset[str] = frozenset()
    share: float = 0.0
    by: str = "user.id"

    def is_meant(self) -> bool:
        """Whether the request at hand is."""
        request = context.current()
        key = str(request.fields.get(self.by, "")) if request else ""
        return bool(key) and (key in self.keys or crc32(key.encode()) % BUCKETS < self.share * BUCKETS)

    def __str__(self) -> str:
        """Named without naming anybody: the digest of a key can be compared, not read."""
        keys = [sha256(key.encode()).hexdigest()[:8] for key in sorted(self.keys)]
        share = [f"{self.share:.2%} of {self.by}"] if self.share else []
        return ", ".join([*(f"{self.by} #{key}" for key in keys), *share]) or "no request"


class Verbose(logging.Filter):
    """A filter on the handler that writes; `begin` lets debug lines of some requests through it."""

    def __init__(
        self, handler: logging.Handler, report: Callable[[Change], object], *, clock: Clock = now
    ) -> None:
        super().__init__()
        self._root, self._report, self._clock = logging.getLogger(), report, clock
        self._lock = Lock()
        self._whom: Whom | None = None
        self._until, self._left, self._usual = clock(), 0, self._root.level
        handler.addFilter(self)

    def begin(self, whom: Whom, *, lasting: timedelta = timedelta(minutes=10), lines: int = 10_000) -> None:
        """Write the debug lines of these requests for so long, and at most so many."""
        self.end("replaced")
        with self._lock:
            self._usual, self._until, self._left = self._root.level, self._clock() + lasting, lines
            self._whom = whom
            self._root.setLevel(logging.DEBUG)
        self._say(f"debug logging on for {whom}, until {self._until:%H:%M:%S} UTC or {lines} lines", "on")

    def end(self, why: str = "ended by hand") -> None:
        """Back to the usual level."""
        with self._lock:
            whom, self._whom = self._whom, None
            if whom is None:
                return
            self._root.setLevel(self._usual)
        self._say(f"debug logging off for {whom}: {why}", "off")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if self._whom is None or record.levelno >= self._usual or self._has_own_level(record.name):
            return True
        if self._clock() >= self._until:
            self.end("its time is over")
            return False
        if not self._whom.is_meant():
            return False
        with self._lock:
            self._left -= 1
            left = self._left
        if left < 0:
            self.end("its number of lines is reached")
        return left >= 0

    def _has_own_level(self, name: str) -> bool:
        """Whether a logger writes such lines always: it, or one above it, was given a level."""
        logger: logging.Logger | None = logging.getLogger(name)
        while logger and logger is not self._root and not logger.level:
            logger = logger.parent
        return logger is not self._root

    def _say(self, title: str, state: str) -> None:
        self._report(Change("config", self._clock(), title, actor=who(), state=state))
