"""Debug logging for one user, or for a share of all, that ends by itself: after a time, and after a number of lines.

Until it begins nothing is spent: the root logger's level stays as it is. Beginning and end are on the change feed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from zlib import crc32

from lastgood_kit import context
from lastgood_kit.changes import Change, who
from lastgood_kit.clock import Clock, now
from lastgood_kit.logs import extra_of, fields_without_secrets, without_secrets

BUCKETS = 10_000
MOST_KEYS = 1_000
LONGEST, MOST_LINES = timedelta(days=1), 1_000_000  # whatever a flag says: what is forgotten ends


@dataclass(frozen=True, slots=True)
class Whom:
    """A request is meant if its field `by` is one of the keys, or falls into the share (0 to 1) of its values."""

    keys: frozenset[str] = frozenset()
    share: float = 0.0
    by: str = "user.id"
    flag: str = ""  # whose rules name the keys

    def is_meant(self) -> bool:
        """Whether the request at hand is."""
        request = context.current()
        key = str(request.fields.get(self.by, "")) if request else ""
        return bool(key) and (
            key in self.keys or crc32(key.encode("utf-8", "surrogatepass")) % BUCKETS < self.share * BUCKETS
        )

    def __str__(self) -> str:
        """Named without naming anyone: the digest of a key can be compared, not read."""
        keys = [sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8] for key in sorted(self.keys)]
        share = [f"{self.share:.2%} of {self.by}"] if self.share else []
        named = [f"the keys of flag {self.flag}"] if self.flag else [f"{self.by} #{key}" for key in keys]
        return ", ".join([*named, *share]) or "no request"


class Verbose(logging.Filter):
    """A filter on the handler that writes; `begin` lets debug lines of some requests through it.

    Other handlers keep what they had. Secrets in the text of these lines are not written.
    """

    def __init__(
        self, handler: logging.Handler, report: Callable[[Change], object], *, clock: Clock = now
    ) -> None:
        super().__init__()
        self._root, self._report, self._clock = logging.getLogger(), report, clock
        self._lock = Lock()
        self._whom: Whom | None = None
        self._until, self._left, self._usual = clock(), 0, self._root.level
        self._handler, self._others = handler, _Usual()
        handler.addFilter(self)

    @property
    def whom(self) -> Whom | None:
        """Whose debug lines are written now; None before it begins, and once it has ended."""
        return self._whom

    def begin(self, whom: Whom, *, lasting: timedelta = timedelta(minutes=10), lines: int = 10_000) -> None:
        """Write the debug lines of these requests for so long, a day at most, and so many, a million at most."""
        self.end("replaced")
        lines = min(lines, MOST_LINES)
        with self._lock:
            self._usual, self._until = self._root.level, self._clock() + min(lasting, LONGEST)
            self._left = lines
            self._others.hold(self._usual, but=self._handler)
            self._whom = whom
            self._root.setLevel(logging.DEBUG)
        self._say(f"debug logging on for {whom}, until {self._until:%H:%M:%S} UTC or {lines} lines", "on")

    def also(self, key: str) -> None:
        """Add a key to those that are meant, while it lasts."""
        with self._lock:
            if self._whom is not None and len(self._whom.keys) < MOST_KEYS:
                self._whom = replace(self._whom, keys=self._whom.keys | {key})

    def end(self, why: str = "ended by hand") -> None:
        """Back to the usual level."""
        with self._lock:
            whom, self._whom = self._whom, None
            if whom is None:
                return
            self._root.setLevel(self._usual)
            self._others.free()
        self._say(f"debug logging off for {whom}: {why}", "off")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        whom = self._whom  # it may end meanwhile
        if whom is None or record.levelno >= self._usual or _has_own_level(record.name):
            return True
        if not self._admits(whom):
            return False
        try:
            text = without_secrets(record.getMessage())
        except Exception:  # noqa: BLE001 - a line that was never written may be wrong: logging says so, nothing else stops
            return True
        record.msg, record.args = text, None
        vars(record).update(fields_without_secrets(extra_of(record)))
        return True

    def lets(self, level: int) -> bool | None:
        """Whether a line of a level is written that is not of logging's: True as one of those meant, None as usual."""
        whom = self._whom
        if level >= (self._usual if whom else self._root.level):
            return None
        return whom is not None and self._admits(whom)

    def _admits(self, whom: Whom) -> bool:
        """Whether a debug line of the request at hand is written, and counted."""
        if self._clock() >= self._until:
            self.end("its time is over")
            return False
        if not whom.is_meant():
            return False
        with self._lock:
            self._left -= 1
            left = self._left
        if left < 0:
            self.end("its number of lines is reached")
        return left >= 0

    def _say(self, title: str, state: str) -> None:
        self._report(Change("config", self._clock(), title, actor=who(), state=state))


class _Usual(logging.Filter):
    """Holds other handlers at the level that was usual: the root logger's is lowered for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._level, self._held = logging.NOTSET, list[logging.Handler]()

    def hold(self, level: int, *, but: logging.Handler) -> None:
        """From now on they write what they wrote before."""
        loggers = [logging.getLogger(), *logging.root.manager.loggerDict.values()]
        handlers = {
            one for logger in loggers if isinstance(logger, logging.Logger) for one in logger.handlers
        }
        self._level, self._held = level, [one for one in handlers if one is not but]
        for one in self._held:
            one.addFilter(self)

    def free(self) -> None:
        """They are as they were."""
        for one in self._held:
            one.removeFilter(self)
        self._held = []

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record was written before."""
        return record.levelno >= self._level or _has_own_level(record.name)


def _has_own_level(name: str) -> bool:
    """Whether a logger writes such lines always: it, or one above it, was given a level."""
    root = logging.getLogger()
    logger: logging.Logger | None = logging.getLogger(name)
    while logger and logger is not root and not logger.level:
        logger = logger.parent
    return logger is not root
