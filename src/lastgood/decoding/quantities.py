"""Quantities as programs print them for people: a number and perhaps a unit behind it, as `410m`, `1.2GiB` or `12%`."""

import re
from functools import lru_cache

BYTES, SECONDS, PERCENT = "By", "s", "%"
_QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?)\s?(?P<unit>[%°A-Za-zµμ][A-Za-zµμ]{0,7}(?:/(?:s|sec|min))?)?"
)
_BINARY = {"k": 2.0**10, "m": 2.0**20, "g": 2.0**30, "t": 2.0**40, "p": 2.0**50}
_DECIMAL = {"k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15}
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0,
            "seconds": 1.0, "msec": 1e-3, "min": 60.0, "mins": 60.0, "hour": 3600.0, "hours": 3600.0, "h": 3600.0,
            "day": 86_400.0, "days": 86_400.0}  # fmt: skip
_BYTES = re.compile(r"(?P<prefix>[kKmMgGtTpP]?)(?P<binary>i?)(?P<bytes>[bB]|bytes|Bytes)?")
_PLAIN = {"%": PERCENT, "°C": "Cel", "C": "Cel", "W": "W", "MHz": "MHz", "Hz": "Hz", "rpm": "rpm"}
_COUNTED = frozenset(
    ["req", "reqs", "ops", "op", "reads", "writes", "pps", "packets", "msg", "msgs", "tx", "io"]
)


@lru_cache(65_536)
def quantity(text: str, of: str = "") -> tuple[float, str] | None:
    """The value and its unit: bytes (`By`), seconds (`s`), percent (`%`) or what is written; None where it is no quantity.

    `of` is the unit of what is measured, where it is known: it says whether a bare `K`, `M` or `G` counts bytes in powers of 1024, and
    `m` thousandths (of processors) or minutes.
    """
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        return None
    value = _number(found["number"])
    unit = found["unit"] or ""
    bare, slash, per = unit.partition("/")
    scaled = (value, bare) if bare in _COUNTED and slash else _scaled(value, bare, of.partition("/")[0])
    if scaled is None:
        return None
    return float(f"{scaled[0]:.15g}"), scaled[1] + (slash + per[:1] if slash else "")


def _number(text: str) -> float:
    whole = (
        re.sub(r",(?=\d{3}(?:\D|$))", "", text)
        if re.match(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.|$)", text)
        else text
    )
    return float(whole.replace(",", "."))


def _scaled(value: float, unit: str, of: str) -> tuple[float, str] | None:
    if not unit:
        return value, of
    if unit in _PLAIN:
        return value, _PLAIN[unit]
    if unit == "m" and of != BYTES:
        return (value * 60, SECONDS) if of == SECONDS else (value / 1000, of or "{cpu}")
    if unit in _SECONDS and of != BYTES:
        return value * _SECONDS[unit], SECONDS
    return _sized(value, unit, of)


def _sized(value: float, unit: str, of: str) -> tuple[float, str] | None:
    size = _BYTES.fullmatch(unit)
    if size is None:
        return None
    binary = size["binary"] or (not size["bytes"] and of == BYTES)
    scaled = value * (_BINARY if binary else _DECIMAL).get(size["prefix"].lower(), 1.0)
    return scaled, BYTES if size["binary"] or size["bytes"] else of
