"""Retention: how long and how much telemetry of a signal is kept, and what goes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.errors import UsageError
from lastgood.model.moments import parse_duration
from lastgood.model.signal import Signal

_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(kB|MB|GB|TB)")
_HINT = 'Write days, bytes or both: "14d", "50GB", "14d 50GB".'


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept of a signal; None: no limit of this kind."""

    age: timedelta | None = None
    most: int | None = None  # bytes


@dataclass(frozen=True, slots=True)
class Division:
    """A partition of a table: the rows of a day, or of a month in a store that no server made."""

    signal: Signal
    table: str
    identity: str
    first: datetime
    last: datetime
    rows: int
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Dropped:
    """A partition that went, or would go, and why."""

    division: Division
    why: str


def size_of(text: str) -> int:
    """The bytes of `2GB`; 0 where the text is empty.

    Raises:
        UsageError: something else stands in it.
    """
    found = _SIZE.fullmatch(text)
    if text and not found:
        raise UsageError(
            f"{text!r} cannot be read as a size.", hint="Write a number with kB, MB, GB or TB: 2GB."
        )
    return round(float(found[1]) * _UNITS[found[2]]) if found else 0


def keep_of(text: str) -> Keep:
    """What `14d`, `50GB` or `14d 50GB` keeps; everything where the text is empty.

    Raises:
        UsageError: something else stands in it, or a limit that keeps nothing.
    """
    words = text.split()
    sizes = [word for word in words if _SIZE.fullmatch(word)]
    ages = [word for word in words if word not in sizes]
    if len(sizes) > 1 or len(ages) > 1:
        raise UsageError(f"{text!r} has two limits of one kind.", hint=_HINT)
    try:
        age, most = (parse_duration(ages[0]) if ages else None), (size_of(sizes[0]) if sizes else None)
    except UsageError as problem:
        raise UsageError(f"{text!r} cannot be read as a limit: {problem.message}", hint=_HINT) from problem
    if (age is not None and age < timedelta(days=1)) or most == 0:
        raise UsageError(f"{text!r} keeps less than a day, or nothing.", hint=_HINT)
    return Keep(age, most)
