"""Instants and lengths of time out of text: nanoseconds since the epoch, or of a duration; None for bad text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "min": 60_000_000_000,
    "h": 3_600_000_000_000,
}
EPOCH_UNITS = ("s", "ms", "us", "ns")

# A time before 1970 or after 2199 is a broken clock, not an event: no one could ask for it.
FIRST, LAST = 0, 7_258_118_400_000_000_000

# ISO 8601 as it is met: a blank for the T, a comma for the point, a blank before the offset, and the
# zone name and monotonic clock that Go prints behind it.
_ISO = re.compile(
    r"\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?"
    r"\s*(?:(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?: [A-Z]{2,5})?)?(?: m=\S+)?\s*"
)

Instant = Callable[[str], int | None]


def epoch(unit: str) -> Instant:
    """A reader of numbers counted in a unit since 1970."""
    factor = NANOSECONDS[unit]

    def read(text: str) -> int | None:
        value = scaled(text, factor)
        return value if value is not None and FIRST <= value < LAST else None

    return read


def guessed_epoch(text: str) -> int | None:
    """A number counted since 1970 in the only unit that puts it between 1990 and 2100."""
    for unit in EPOCH_UNITS:
        value = scaled(text, NANOSECONDS[unit])
        if value is not None and 631_152_000_000_000_000 <= value < 4_102_444_800_000_000_000:
            return value
    return None


def scaled(text: str, factor: int) -> int | None:
    """A decimal number times a factor, as a whole number of at most 64 bits; exact for any number of digits."""
    try:
        value = int(text) * factor
    except ValueError:
        try:
            exact = Decimal(text) * factor
        except ArithmeticError:
            return None
        # The exponent first: the digits of 1e999999999 do not fit into memory.
        if not exact.is_finite() or exact.adjusted() > 20:
            return None
        value = int(exact)
    return value if -(1 << 63) <= value < 1 << 63 else None


def iso(zone: tzinfo) -> Instant:
    """A reader of ISO 8601 and its common relatives; `zone` is that of texts which do not say theirs."""

    def read(text: str) -> int | None:
        found = _ISO.fullmatch(text)
        if found is None:
            return None
        day, minute, second, fraction, offset = found.groups()
        start = _minute(day, minute or "00:00", offset or "", zone)
        if start is None or int(second or 0) > 60:
            return None
        value = start + int(second or 0) * 1_000_000_000 + int((fraction or "0")[:9].ljust(9, "0"))
        return value if FIRST <= value < LAST else None

    return read


@lru_cache(4096)
def _minute(day: str, minute: str, offset: str, zone: tzinfo) -> int | None:
    try:
        start = datetime.fromisoformat(f"{day}T{minute}")
    except ValueError:
        return None
    if offset in {"Z", "z", "UTC", "GMT"}:
        return _whole(start.replace(tzinfo=UTC))
    if offset:
        sign = -1 if offset[0] == "-" else 1
        ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]) if len(offset) > 3 else 0)
        return _whole(start.replace(tzinfo=UTC)) - sign * int(ahead.total_seconds()) * 1_000_000_000
    return _whole(start.replace(tzinfo=zone))


def pattern(form: str, zone: tzinfo) -> Instant:
    """A reader of times in a `strptime` format; the year 1900 that it gives without %Y is refused."""

    def read(text: str) -> int | None:
        try:
            time = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set in the next line
        except ValueError:
            return None
        value = _whole(time if time.tzinfo else time.replace(tzinfo=zone)) + time.microsecond * 1000
        return value if FIRST <= value < LAST else None

    return read


def _whole(time: datetime) -> int:
    """Nanoseconds of the whole seconds."""
    return (
        int((time.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000_000
    )


def of_microseconds(value: object) -> int:
    """The time of microseconds since 1970, as a number or text.

    Raises:
        ValueError: it is no number, or no time after 1970.
    """
    time = scaled(str(value), NANOSECONDS["us"])
    if time is None or not FIRST < time < LAST:
        raise ValueError(f"{value!r} us is not a time after 1970")
    return time
