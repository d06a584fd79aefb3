"""Amounts as people write them in code and configuration: times in seconds, sizes in bytes, shares, plain numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

TIMES_LESS = {
    "ns": 1e-9, "nanos": 1e-9, "nanosecond": 1e-9, "us": 1e-6, "µs": 1e-6, "micros": 1e-6, "microsecond": 1e-6,
    "ms": 1e-3, "milli": 1e-3, "millis": 1e-3, "millisecond": 1e-3, "msec": 1e-3, "s": 1.0, "sec": 1.0, "second": 1.0,
    "m": 60.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hr": 3600.0, "hour": 3600.0, "d": 86_400.0, "day": 86_400.0,
    "w": 604_800.0, "week": 604_800.0,
}  # fmt: skip
SIZES = {
    "b": 1.0, "byte": 1.0, "k": 1e3, "kb": 1e3, "ki": 2.0**10, "kib": 2.0**10, "mb": 1e6, "mi": 2.0**20,
    "mib": 2.0**20, "g": 1e9, "gb": 1e9, "gi": 2.0**30, "gib": 2.0**30, "t": 1e12, "tb": 1e12, "ti": 2.0**40,
}  # fmt: skip
LONGEST_AMOUNT = 80  # characters of an amount
_NUMBER = r"(?P<number>-?\d[\d_]*(?:\.\d+)?)"
_PLAIN = re.compile(_NUMBER + r"\s*(?P<unit>[A-Za-zµ%]*)")
_TIMES = re.compile(r"\d[\d_]*(?:\.\d+)?(?:\s*\*\s*\d[\d_]*(?:\.\d+)?)+")
# 30 * time.Second · Duration.ofMinutes(5) · timedelta(hours=1) · Duration::from_millis(20) · 5.minutes · PT30S
_SPELT = re.compile(
    r"(?P<first>\d[\d_]*)\s*\*\s*time\.(?P<go>\w+)|of(?P<java>[A-Z]\w+)\(\s*(?P<second>\d[\d_]*)"
    r"|timedelta\(\s*(?P<python>\w+)\s*=\s*(?P<third>\d[\d_]*)|from_(?P<rust>\w+)\(\s*(?P<fourth>\d[\d_]*)"
    r"|From(?P<sharp>[A-Z]\w+)\(\s*(?P<fifth>\d[\d_]*)|(?P<sixth>\d[\d_]*)\.(?P<ruby>[a-z]+)\b"
    r"|\bPT?(?P<seventh>\d+)(?P<iso>[SMHD])\b"
)
_UNIT_AFTER = re.compile(r"(?P<number>\d[\d_]*),\s*(?:\w+\.)*(?:TimeUnit|ChronoUnit)\.(?P<unit>\w+)")
_NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_UNITS = ("go", "java", "python", "rust", "sharp", "ruby", "iso")


@dataclass(frozen=True, slots=True)
class Amount:
    """A value: seconds, bytes, a share (0..1) or a plain number, as `unit` says."""

    value: float
    unit: str  # s, By, share or empty

    def __str__(self) -> str:
        """The value with its unit."""
        return f"{self.value:g} {self.unit}".strip()


def amount(text: str, name_words: Iterable[str] = ()) -> Amount | None:
    """The amount that a text begins with; a bare number has the unit that the last words of its name say."""
    text = text.strip().strip("\"'`")
    if len(text) > LONGEST_AMOUNT:
        return None
    if reported := _UNIT_AFTER.match(text):
        unit = _time(reported["unit"])
        return _finite(_float(reported["number"]) * unit, "s") if unit is not None else None
    if spelt := _SPELT.match(text) or _SPELT.search(text[:60]):
        number = next(spelt[name] for name in _NUMBERS if spelt[name])
        unit = _time(next(spelt[name] for name in _UNITS if spelt[name]))
        if unit is not None:
            return _finite(_float(number) * unit, "s")
    if product := _TIMES.match(text):
        value = 1.0
        for factor in product[0].split("*"):
            value *= _float(factor.strip())
        return _named(value, name_words)
    plain = _PLAIN.match(text)
    if plain is None:
        return None
    return _plain(_float(plain["number"]), plain["unit"], name_words)


def _plain(value: float, written: str, name_words: Iterable[str]) -> Amount | None:
    if written == "%":
        return _finite(value / 100, "share")
    if not written:
        return _named(value, name_words)
    unit = written.lower()
    reported = set(name_words)
    sized = reported & {"memory", "heap", "mem", "size", "buffer", "xmx", "xms", "disk", "storage", "bytes"}
    if unit in SIZES and (unit not in TIMES_LESS or sized):
        return _finite(value * SIZES[unit], "By")
    if unit == "m" and sized:
        return _finite(value * 1e6, "By")
    if unit == "m" and "cpu" in reported:
        return _finite(value / 1000, "")
    time = _time(written)
    return _finite(value * time, "s") if time is not None else _finite(value, "")


def _named(value: float, name_words: Iterable[str]) -> Amount | None:
    last = list(name_words)[-1:]
    time = _time(last[0]) if last and len(last[0]) > 1 else None
    if time is not None:
        return _finite(value * time, "s")
    size = SIZES.get(last[0].rstrip("s")) if last and len(last[0]) > 1 else None
    return _finite(value * size, "By") if size is not None else _finite(value, "")


def _time(word: str) -> float | None:
    word = word.lower()
    return TIMES_LESS.get(word, TIMES_LESS.get(word.rstrip("s")) if len(word) > 1 else None)


def _float(text: str) -> float:
    return float(text.replace("_", ""))


def _finite(value: float, unit: str) -> Amount | None:
    return Amount(value, unit) if isfinite(value) else None
