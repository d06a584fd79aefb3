"""Time as it is passed in: an aware UTC now, never read from inside a question."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads it


def from_nanoseconds(value: int) -> datetime:
    """The UTC time of nanoseconds since the epoch, cut to microseconds."""
    seconds, rest = divmod(value, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)


def to_nanoseconds(value: datetime) -> int:
    """Nanoseconds since the epoch of an aware time."""
    delta = value - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000_000 + delta.microseconds * 1000
