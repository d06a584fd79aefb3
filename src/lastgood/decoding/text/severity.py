"""Severity: every way to write a level, as OpenTelemetry's number."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

TRACE, DEBUG, INFO, NOTICE, WARN, ERROR, CRITICAL, EMERGENCY = 1, 5, 9, 10, 13, 17, 21, 24

NAMES: Mapping[str, int] = {
    "trace": TRACE, "trc": TRACE, "verbose": TRACE, "vrb": TRACE, "finest": TRACE, "finer": TRACE, "all": TRACE,
    "silly": TRACE,
    "trce": TRACE, "debug": DEBUG, "dbg": DEBUG, "dbug": DEBUG, "debu": DEBUG, "fine": DEBUG, "config": DEBUG, "debug1": DEBUG, "debug2": DEBUG,
    "debug3": DEBUG, "debug4": DEBUG, "debug5": DEBUG, "d1": DEBUG, "d2": DEBUG, "d3": DEBUG, "d4": DEBUG, "d5": DEBUG,
    "info": INFO, "inf": INFO, "information": INFO, "informational": INFO, "log": INFO, "system": INFO,
    "statement": INFO, "http": INFO, "default": INFO, "stdout": INFO, "hint": INFO, "detail": INFO, "ok": INFO,
    "success": INFO,
    "notice": NOTICE, "note": NOTICE,
    "warn": WARN, "warning": WARN, "wrn": WARN, "warni": WARN,
    "error": ERROR, "err": ERROR, "severe": ERROR, "failure": ERROR, "fail": ERROR, "erro": ERROR,
    "crit": CRITICAL, "criti": CRITICAL, "critical": CRITICAL, "fatal": CRITICAL, "ftl": CRITICAL, "dpanic": CRITICAL,
    "panic": EMERGENCY, "alert": CRITICAL, "wtf": CRITICAL, "assert": CRITICAL,
    "emerg": EMERGENCY, "emergency": EMERGENCY,
    "t": TRACE, "v": TRACE, "d": DEBUG, "i": INFO, "n": NOTICE, "w": WARN, "e": ERROR, "f": CRITICAL, "c": CRITICAL,
    "a": CRITICAL,
}  # fmt: skip

# What is written where an event has no level: Google's DEFAULT, Grafana's unknown, Python's NOTSET.
_NOTHING_SAID = (
    "unknown",
    "default",
    "none",
    "null",
    "unspecified",
    "severity_number_unspecified",
    "notset",
    "-",
)

# RFC 5424: 0 emergency … 7 debug.
SYSLOG = (EMERGENCY, CRITICAL, CRITICAL, ERROR, WARN, NOTICE, INFO, DEBUG)


def number_of(text: str, own: Mapping[str, int] | None = None) -> int:
    """The severity number of a level as written, 0 when it is none."""
    word = text.strip(" []<>():").lower()
    if own and word in own:
        return own[word]
    return NAMES.get(word, 0) or (_of_number(int(word)) if word.isdecimal() and len(word) < 5 else 0)


def _of_number(value: int) -> int:
    """Bunyan and pino count 10 trace … 60 fatal, GCP 100 debug … 800 emergency, OpenTelemetry 1 … 24."""
    if value >= 100:
        return {1: DEBUG, 2: INFO, 3: NOTICE, 4: WARN, 5: ERROR, 6: CRITICAL, 7: CRITICAL, 8: EMERGENCY}.get(
            value // 100, 0
        )
    if value in {10, 20, 30, 40, 50, 60}:
        return (TRACE, DEBUG, INFO, WARN, ERROR, CRITICAL)[value // 10 - 1]
    return value if value <= 24 else 0


def numbers_of(texts: pa.Array, own: Mapping[str, int] | None = None) -> npt.NDArray[np.uint8]:
    """The severity number of every level; each distinct one is looked at once."""
    if not len(texts):
        return np.zeros(0, np.uint8)
    coded = pc.dictionary_encode(pc.fill_null(texts, ""))
    numbers = np.array([number_of(text, own) for text in coded.dictionary.to_pylist()], np.uint8)
    return numbers[coded.indices.to_numpy()]  # type: ignore[no-any-return]


def left_open(table: pa.Table) -> pa.Array:
    """Which events have no level, by their columns SeverityNumber and SeverityText."""
    text = table["SeverityText"].combine_chunks()
    bare = pc.and_(pc.equal(table["SeverityNumber"].combine_chunks(), 0), pc.equal(text, ""))
    return pc.or_(bare, pc.is_in(pc.utf8_lower(text), pa.array(_NOTHING_SAID)))


def of_syslog(priorities: pa.Array) -> npt.NDArray[np.uint8]:
    """The severity number of every syslog priority (facility times 8 + severity), 0 where there is none."""
    coded = pc.dictionary_encode(pc.fill_null(priorities, ""))
    numbers = [
        SYSLOG[int(text) % 8] if text.isdecimal() and len(text) < 5 else 0
        for text in coded.dictionary.to_pylist()
    ]
    return np.array(numbers, np.uint8)[coded.indices.to_numpy()]  # type: ignore[no-any-return]
