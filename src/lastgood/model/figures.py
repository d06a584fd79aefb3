"""Figures: how numbers, shares, durations and times are written in a sentence, by questions and surfaces alike.

A no-break space joins a number to its unit and parts thousands, so that no line breaks inside a figure.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from math import floor, isinf, log10
from string import Formatter
from typing import Any

NBSP = "\u00a0"
_UNITS = (
    (86_400.0, "d"),
    (3600.0, "h"),
    (60.0, "min"),
    (1.0, "s"),
    (1e-3, "ms"),
    (1e-6, "µs"),
    (9.99e-10, "ns"),
)
_BLANKS = re.compile(rf"[^\S{NBSP}]+")
_LARGE = 10_000  # from here on a number is written whole, its thousands apart


def count(value: float) -> str:
    """`17 280` of a number of things: thousands apart, no decimals; a ratio to nothing is `∞`."""
    if isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{round(value):,}".replace(",", NBSP)


def spaced(text: str) -> str:
    """A sentence with ordinary spaces, for programs and for comparing."""
    return text.replace(NBSP, " ")


def shortened(text: str, most: int) -> str:
    """A text in one line of at most `most` characters, ended at a word where it is longer: `the order of …`.

    A single word that is too long is cut.
    """
    flat = " ".join(_BLANKS.split(text)).strip(" ")
    if len(flat) <= most:
        return flat
    kept = flat[: most - 1]
    start, _, _ = kept.rpartition(" ")
    return f"{start} …" if len(start) > most // 2 else f"{kept}…"


def counted(value: float, one: str, many: str = "") -> str:
    """`1 trace`, `2 traces`."""
    return f"{count(value)} {one if round(value) == 1 else many or one + 's'}"


def expected(value: float) -> str:
    """`0.4`, `12`, `1 204` of a count that was expected: one decimal below ten."""
    return number(value, 1) if value < 10 else count(value)


def number(value: float, decimals: int) -> str:
    """A number with so many decimals at most, thousands apart."""
    text = f"{value:,.{decimals}f}".replace(",", NBSP)
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: float, unit: str = "", digits: int = 3) -> str:
    """`0.0123`, `4.5 GB`, `12 345`: so many significant digits, whole from ten thousand on."""
    if abs(value) >= _LARGE:
        text = count(value)
    else:
        places = digits - 1 - floor(log10(abs(value))) if value else 0
        text = number(value, max(0, places))
    return f"{text}{NBSP}{unit}" if unit else text


def size(value: float) -> str:
    """Bytes: `812 B`, `4.5 MB`, `1.2 TB`."""
    for unit, one in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if value >= one:
            return amount(value / one, unit)
    return f"{count(value)}{NBSP}B"


def difference(value: float, unit: str = "", digits: int = 3) -> str:
    """`+0.12`, `-3 ms`: an amount with its sign."""
    return f"{'+' if value > 0 else ''}{amount(value, unit, digits)}"


def milliseconds(seconds: float) -> str:
    """`1 234.567 ms`, in columns that are compared: always the same unit and decimals."""
    return f"{seconds * 1e3:,.3f}".replace(",", NBSP) + f"{NBSP}ms"


def multiple(ratio: float) -> str:
    """`2.5 times`: two significant digits, whole from ten on."""
    return f"{amount(ratio, digits=2) if ratio < 10 else count(ratio)} times"


def percent(share: float) -> str:
    """`4.9 %` of a share 0..1; what is not all is never rounded to 100, nor what is not nothing to 0."""
    value = 100 * share
    if value in {0.0, 100.0}:
        return f"{value:.0f}{NBSP}%"
    near = min(abs(value), abs(100 - value))
    if near < 0.01:
        return f"{'under' if value < 50 else 'over'} {'0.01' if value < 50 else '99.99'}{NBSP}%"
    digits = f"{value:.{1 if near >= 0.95 else 2}f}"
    return f"{digits.rstrip('0').rstrip('.')}{NBSP}%"


def confidence(share: float) -> str:
    """`97 % confidence`: how sure an answer is, which is a share of nothing else."""
    return f"{percent(round(share, 2) if share < 0.99 else share)} confidence"


def chance(share: float) -> str:
    """`98.6 %` of how sure something is, 0..1; `> 99.9 %` and `< 0.1 %` at the ends: nothing is certain by counts alone."""
    if share > 0.999:
        return f"> 99.9{NBSP}%"
    return percent(share) if share >= 0.001 else f"< 0.1{NBSP}%"


def points(change: float) -> str:
    """`+5 points` of a difference of shares, -1..1."""
    return f"{'+' if change > 0 else ''}{number(100 * change, 1)} points"


def quantile_name(share: float) -> str:
    """`p95` of 0.95, `p99.9` of 0.999."""
    return f"p{number(100 * share, 1)}"


def duration(seconds: float) -> str:
    """`31 min`, `3 h 43 min`, `1.5 s`, `250 ms`: a second unit only where it matters."""
    left = abs(seconds)
    place = next((n for n, (size, _) in enumerate(_UNITS) if left >= size), None)
    if place is None:
        return f"0{NBSP}s"
    size, unit = _UNITS[place]
    if size < 60:
        digits = f"{left / size:.1f}" if left / size < 10 else f"{left / size:.0f}"
        return f"{digits.removesuffix('.0')}{NBSP}{unit}"
    smaller, name = _UNITS[place + 1]
    whole, rest = divmod(left, size)
    second = f"{NBSP}{int(rest / smaller)}{NBSP}{name}" if rest >= smaller and whole < 10 else ""
    return f"{int(whole)}{NBSP}{unit}{second}"


def duration_between(low: float, high: float) -> str:
    """`8.6 to 10 s`, `950 ms to 1.1 s`: of a duration of which only its ends are known; one number where they read alike."""
    first, last = duration(low), duration(high)
    if first == last:
        return last
    number, unit = first.rsplit(NBSP, 1)
    alike = NBSP not in number and last == f"{last.split(NBSP)[0]}{NBSP}{unit}"
    return f"{number if alike else first} to {last}"


def nanoseconds(value: float) -> str:
    """A duration that was measured in nanoseconds."""
    return duration(value / 1e9)


def lead(before: timedelta) -> str:
    """`4 min before the onset`, `at the onset`, `50 s after the onset`: of something that long before it; negative is after."""
    seconds = before.total_seconds()
    if abs(seconds) < 1:
        return "at the onset"
    return f"{duration(seconds)} {'before' if seconds > 0 else 'after'} the onset"


def clock(time: datetime, near: datetime) -> str:
    """`14:45:20`, with the date in front when it is another day than `near`."""
    time = time.astimezone(UTC)
    return f"{time:%H:%M:%S}" if time.date() == near.astimezone(UTC).date() else f"{time:%Y-%m-%d %H:%M:%S}"


def minute(time: datetime, near: datetime) -> str:
    """`14:45 UTC`, with the date in front when it is another day than `near`."""
    time = time.astimezone(UTC)
    return f"{time:%H:%M} UTC" if time.date() == near.astimezone(UTC).date() else f"{time:%Y-%m-%d %H:%M} UTC"


def stamp(time: datetime) -> str:
    """RFC 3339 in UTC, for machines."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def times(number_of: int) -> str:
    """`once`, `4 times`."""
    return "once" if number_of == 1 else f"{count(number_of)} times"


def length(time: timedelta) -> str:
    """A duration that is a difference of times."""
    return duration(time.total_seconds())


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "count": count, "duration": duration, "lead": lead, "length": length, "multiple": multiple, "percent": percent, "size": size,
    "times": times,
}  # fmt: skip


class _Sentences(Formatter):
    """Holes whose format is the name of a function above."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value as that function writes it; any other format, of a time for one, is Python's own."""
        written = _WRITTEN.get(format_spec)
        return written(value) if written else format(value, format_spec)


def worded(sentence: str, values: Mapping[str, Any]) -> str:
    """A sentence with its holes filled: `{share:percent} fail` of 0.4 is `40 % fail`; a hole without a format is a name."""
    return _Sentences().vformat(sentence, (), values)
