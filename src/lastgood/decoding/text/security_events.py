"""Events of security devices in ArcSight's CEF and IBM's LEEF: a head between bars, then pairs.

A severity from 0 to 10, as both have it, is low to 3, medium to 6, high to 8, very high above. Sources: Micro Focus, ArcSight Common Event Format
(0 to 3, 4 to 6, 7 to 8, 9 to 10); IBM, Log Event Extended Format 2.0 (`sev`, delimiter in the head).
"""

import re
from typing import Any

from lastgood.decoding.text.structured import StructuredFormat

_BAR = re.compile(r"(?<!\\)\|")
_CEF_PAIR = re.compile(r"(?:^|(?<=\s))(?P<key>[\w.\[\]-]+)=(?P<value>.*?)(?=\s+[\w.\[\]-]+=|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\|=nr])")
_WORDS = {"low": "INFO", "medium": "WARN", "high": "ERROR", "very-high": "CRITICAL", "unknown": ""}
_CEF_PARTS, _LEEF_PARTS = 8, 6  # of the head and what follows it


def cef_fields(line: bytes) -> dict[str, Any] | None:
    """The fields of a text that is one event of CEF."""
    text = line.decode("utf-8", "replace").strip()
    parts = _BAR.split(text, maxsplit=_CEF_PARTS - 1)
    if not text.startswith("CEF:") or len(parts) != _CEF_PARTS:
        return None
    _, vendor, product, _, signature, name, severity, rest = parts
    pairs = {found["key"]: _plain(found["value"]) for found in _CEF_PAIR.finditer(rest)}
    return {
        "level": _level(severity),
        "logger": f"{vendor} {product}",
        "event.id": _plain(signature),
        "message": pairs.pop("msg", "") or _plain(name),
        "event.name": _plain(name),
        "time": pairs.pop("rt", ""),
        **pairs,
    }


def leef_fields(line: bytes) -> dict[str, Any] | None:
    """The fields of a text that is one event of LEEF 1.0 or 2.0."""
    text = line.decode("utf-8", "replace").strip()
    parts = text.split("|", _LEEF_PARTS - 1)
    if not text.startswith("LEEF:") or len(parts) != _LEEF_PARTS:
        return None
    _, vendor, product, _, event, rest = parts
    between, bar, after = rest.partition("|")
    delimiter = "\t"
    if text.startswith("LEEF:2") and bar and len(between) < len("0x0000"):
        delimiter, rest = _delimiter(between), after
    pairs = dict(pair.split("=", 1) for pair in rest.split(delimiter) if "=" in pair)
    said = " ".join(filter(None, (event, pairs.get("cat", ""))))
    return {
        "level": _level(pairs.get("sev", "")),
        "logger": f"{vendor} {product}",
        "event.id": event,
        "message": pairs.pop("msg", "") or said,
        "time": pairs.pop("devTime", ""),
        **pairs,
    }


def _level(severity: str) -> str:
    if not severity.isdecimal():
        return _WORDS.get(severity.strip().lower(), "")
    number = int(severity)
    return "INFO" if number <= 3 else "WARN" if number <= 6 else "ERROR" if number <= 8 else "CRITICAL"


def _delimiter(text: str) -> str:
    """One character, or its number in hexadecimal."""
    digits = text.lower().removeprefix("0x").removeprefix("x")
    if len(text) > 1 and re.fullmatch(r"[0-9a-f]{1,4}", digits):
        return chr(int(digits, 16))
    return text[:1] or "\t"


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), text.strip())


CEF = StructuredFormat("CEF", "events of security devices (ArcSight Common Event Format)", cef_fields)
LEEF = StructuredFormat("LEEF", "events of security devices (IBM Log Event Extended Format)", leef_fields)
