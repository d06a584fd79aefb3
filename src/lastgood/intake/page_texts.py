"""What a pager showed, kept as a note of a few lines: `FIRING (2026-11-22 14:41 CET) SlowSeats: p95 over 2 s`.

It is an alert, at the only time that the note states; of a list, each line that begins with its time is one. A time of day alone needs its zone, and is the last such time that the telemetry
beside it covers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, alert
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.dated import Days
from lastgood.decoding.tables.entries import moment_of
from lastgood.decoding.tables.noted import decoded_notes
from lastgood.intake._registry import Source
from lastgood.model.clock import to_nanoseconds
from lastgood.model.figures import shortened
from lastgood.model.signal import Signal
from lastgood.model.window import Window

LARGEST, _MOST_LINES, _LONGEST_NAME = 2_000, 12, 80  # bytes, lines, characters
_CALLED = re.compile(
    r"(?<![^\W_])(?:alerts?|alarms?|pages?|pager|paged|notification)(?![^\W_])", re.IGNORECASE
)
_DATE, _CLOCK, _ZONE = (
    r"\d{4}[-/]\d\d[-/]\d\d",
    r"\d\d?:\d\d(?::\d\d)?",
    r" ?(?:Z\b|[A-Z]{3,5}\b|[+-]\d\d:?\d\d)",
)
_WHEN = re.compile(
    rf"(?<![\d:/-])(?:(?P<date>{_DATE})[T ](?P<clock>{_CLOCK})(?P<zone>{_ZONE})?|(?P<clock2>{_CLOCK})(?P<zone2>{_ZONE})?(?: on)? (?P<date2>{_DATE})"
    rf"|(?P<clock3>{_CLOCK})(?P<zone3>{_ZONE}))"
)
_OVER = re.compile(r"\b(?:RESOLVED|RECOVER(?:Y|ED)|CLEARED)\b")
_STATE = re.compile(r"\b(?:FIRING|PROBLEM|PAGED?|ALERT|RESOLVED|RECOVER(?:Y|ED)|CLEARED|since|on|at)\b[: ]*")
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")  # brackets around what was taken out
_SEVERITY = re.compile(r"\b(?:CRITICAL|WARNING|HIGH|DISASTER|P[1-5]|SEV-?[1-5])\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"\u201c]([^\"\u201d]{4,})[\"\u201d]")
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


@dataclass(frozen=True, slots=True)
class _Page:
    """What was shown; `time` is 0 where no day is known."""

    place: int
    time: int
    text: str


def recognise(given: Input) -> Claim | None:
    """A few lines that are called a page or an alert, with one time."""
    head = given.head
    if len(head) > LARGEST or b"\0" in head or head.lstrip()[:1] in (b"{", b"<", b""):
        return None
    text = head.decode("utf-8-sig", "replace")
    if not _CALLED.search(PurePath(given.name).stem) or len(text.splitlines()) > _MOST_LINES:
        return None
    times = [found for found in _WHEN.finditer(text) if _moment(found, _ANY_TIME, _ANY_DAY)]
    if len(times) != 1 and not _listed(text):
        return None
    return Claim("page", 0.8, f"a few lines that are called a page or alert, with {len(times)} times")


def _listed(text: str) -> bool:
    """Whether every line is a page of its own: it begins with its time and states how severe it is."""
    lines = [line for line in text.splitlines() if line.strip()]
    return all(_WHEN.match(line) and _SEVERITY.search(line) for line in lines)


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """One alert; the other lines continue it."""
    del claim
    return decoded_notes(given, settings, partial(_pages, telemetry=settings.telemetry), _rows)


_ANY_DAY = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))


def _pages(text: str, days: Days, telemetry: Window | None) -> Iterator[_Page]:
    listed = _listed(text)
    for number, line in enumerate(text.splitlines(), 1):
        if found := _WHEN.search(line):
            yield _Page(number, _moment(found, days.reference, telemetry), line if listed else text.strip())
            if not listed:
                return


def _moment(found: re.Match[str], reference: Reference, telemetry: Window | None) -> int:
    """Nanoseconds of a time; of a time of day alone, the last before the end of the telemetry. 0 where there is none."""
    day, clock, zone = (found[f"{name}"] or found[f"{name}2"] for name in ("date", "clock", "zone"))
    if day:
        return moment_of(f"{day} {clock}{zone or ''}", reference)
    if telemetry is None:
        return 0
    end = telemetry.end + timedelta(hours=1)  # a page is kept while telemetry is gathered
    days = (end.date() + timedelta(days=back) for back in (1, 0, -1))
    times = (moment_of(f"{one} {found['clock3']}{found['zone3']}", reference) for one in days)
    return next((time for time in times if 0 < time <= to_nanoseconds(end)), 0)


def _rows(page: _Page, services: Sequence[str], about: Mapping[str, str]) -> Iterator[Row]:
    del services, about
    first = page.text.splitlines()[0]
    quoted, severity = _QUOTED.search(first), _SEVERITY.search(page.text)
    bare = _EMPTY.sub("", _STATE.sub("", _WHEN.sub("", first))).strip(' :,-"')
    yield alert(
        shortened(quoted[1] if quoted else bare, _LONGEST_NAME) or "page", page.time, summary=" ".join(page.text.split()),
        state="resolved" if _OVER.search(first) else "firing", severity=severity[0].lower() if severity else "",
    )  # fmt: skip


SOURCE = Source("page_texts", frozenset({Signal.ALERTS}), recognise, decode, late=True, surest=0.8)
