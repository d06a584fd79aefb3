"""Moments and durations as people write them: RFC 3339, `now-1h`, `15m`."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from lastgood.errors import QuerySyntaxError

_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0,
    "w": 604_800.0,
}  # fmt: skip
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ns|us|µs|ms|min|s|m|h|d|w)")
_MOMENT_HINT = "Write 2026-11-22T14:45:00Z, 2026-11-22 14:45, now, or now-1h30m."
_DURATION_HINT = "Write a number with its unit: 30s, 15m, 1h30m, 2d."


def parse_duration(text: str) -> timedelta:
    """The duration of `15m`, `1h30m`, `250ms`: one or more numbers with units.

    Raises:
        QuerySyntaxError: something else stands in it; carries the position.
    """
    position, total = 0, 0.0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None:
            raise QuerySyntaxError(text, position, "A duration was expected", hint=_DURATION_HINT)
        total += float(part[1]) * _SECONDS[part[2]]
        position = part.end()
    if not text:
        raise QuerySyntaxError(text, 0, "A duration was expected", hint=_DURATION_HINT)
    return timedelta(seconds=total)


def parse_moment(text: str, now: datetime, zone: tzinfo = UTC) -> datetime:
    """The UTC time of an RFC 3339 stamp, a date, `now`, or `now` plus or minus a duration.

    `zone` is that of a stamp which does not say its own.

    Raises:
        QuerySyntaxError: it is none of these; carries the position.
    """
    given = text.strip()
    start = text.find(given)
    if given.startswith("now"):
        return _relative(text, start, given, now)
    if not re.match(r"\d{4}-\d\d-\d\d", given):
        raise QuerySyntaxError(text, start, "A time was expected", hint=_MOMENT_HINT)
    try:
        stamp = datetime.fromisoformat(given)
        return (stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise QuerySyntaxError(text, start, f"This is not a time ({problem})", hint=_MOMENT_HINT) from problem


def _relative(text: str, start: int, given: str, now: datetime) -> datetime:
    rest = given.removeprefix("now")
    if not rest:
        return now
    if rest[0] not in "+-":
        raise QuerySyntaxError(text, start + 3, "After `now` comes + or -", hint=_MOMENT_HINT)
    try:
        delta = parse_duration(rest[1:])
        return now - delta if rest[0] == "-" else now + delta
    except QuerySyntaxError as problem:
        raise QuerySyntaxError(
            text, start + 4 + problem.position, problem.problem, hint=_DURATION_HINT
        ) from problem
    except OverflowError as problem:
        raise QuerySyntaxError(text, start + 4, "This is too far from now", hint=_DURATION_HINT) from problem
