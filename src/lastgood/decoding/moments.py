"""Moments in what programs print: dates in any usual layout, and ages that count back from when it was printed."""

import re

import pyarrow as pa

from lastgood.algorithms.timestamps import NAT, UNDECIDED, Reference, parse_times

ORDER_UNKNOWN = "the date does not show which number is day, month or year; a mapping can name its format"

_SLASHED = re.compile(r"\s*\d\d?[/.-]\d\d?\b")
_AGE = re.compile(r"(?:(?P<y>\d+)y)?(?:(?P<d>\d+)d)?(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?")
_SECONDS = {"y": 31_536_000, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


def moment(text: str, reference: Reference) -> int:
    """Nanoseconds of a date and time.

    Raises:
        ValueError: it is none.
    """
    bare = re.sub(r"(?<=\d) UTC$", "Z", text.strip())
    bare = re.sub(r" [+]0000Z$", "Z", bare)
    found = int(parse_times(pa.array([bare], pa.string()), reference)[0])
    if found == NAT:
        raise ValueError(not_a_time(text, reference))
    return found


def not_a_time(text: str, reference: Reference) -> str:
    """Why a text is not read as a time: it is none, or its date can be read in two ways."""
    if reference.order == UNDECIDED and _SLASHED.match(text):
        return ORDER_UNKNOWN
    return f"{text[:40]!r} is not a time"


def age(text: str) -> int:
    """Nanoseconds of an age such as `12m`, `2d3h` or `45s`.

    Raises:
        ValueError: it is none.
    """
    found = _AGE.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise ValueError(f"{text[:20]!r} is not an age")
    return (
        sum(int(count) * _SECONDS[unit] for unit, count in found.groupdict().items() if count) * 1_000_000_000
    )
