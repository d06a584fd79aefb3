"""Shift books, hand-over notes, diaries of operations and timelines: a time of day and what was, under a heading with the day.

Every entry is a log line, as a note, with the lines below it, such as a pasted session. One that states that something was done is a change as well (`decoding.tables.spoken`); what was
seen, planned or handed over is none. The day is that of the heading above, of the title or of the file's name, else of the telemetry
beside it; past midnight it is the next.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.dated import MARKS, Days, clock_in, day_in, led_by_day
from lastgood.decoding.tables.entries import rare
from lastgood.decoding.tables.noted import decoded_notes
from lastgood.decoding.tables.spoken import told
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

LARGEST = 200_000  # bytes
# English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Japanese: what such a book is called.
_CALLED = re.compile(
    r"shift|hand-?\s?over|on-?call|diary|log-?book|journal de|journal d.expl|ops.?(?:log|notes)|night.?(?:log|book)|timeline|incident|outage|what happened|chronolog|runsheet"
    r"|schicht|übergabe|uebergabe|dienst|betriebsbuch|tagebuch|verlauf|protokoll|störung|chronik|main.courante|relève|astreinte|bit[áa]cora|turno|guardia|registro"
    r"|di[áa]rio|plant[ãa]o|giornale|logboek|overdracht|wachtdienst|dy[żz]ur|dziennik|zmiana|skift|日誌|作業|当番|引き?継ぎ|記録|運用",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRIT(?:ICAL)?)\b")
_PROGRAM = re.compile(r"\w\[\d+\]:|\b\w+=\S|\d:\d\d:\d\d[.,]\d")  # what people do not write
_PASTED = re.compile(r"(?: {4}|\t)\s*+(?!\d\d?[:.hH]\d\d)")  # what stands indented, unless it is an entry
_FIRST_WHO = re.compile(r"\s*[(\[](?P<who>[^\W\d][\w.@-]{1,30})[)\]]:?\s+")
_LAST_WHO = re.compile(r"[(\uff08](?P<who>[^\W\d][\w.@ -]{1,30})[)\uff09]\W*$")
_FEWEST = 2  # entries
_LISTED = (
    0.4  # of the lines are entries, at least: headings, blank lines and what continues them stand between
)
_APART = 60 * 1_000_000_000  # nanoseconds on average between entries: a log has more
_LONGEST_HEADING, _SHORT_HEADING = 80, 40  # characters
_MARKS = re.compile(rf"[{re.escape(MARKS)}]*")
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


@dataclass(frozen=True, slots=True)
class _Entry:
    """When, by whom, and what was; `time` is 0 where no day is known."""

    place: int
    time: int
    who: str
    text: str
    more: tuple[str, ...] = ()  # the lines below it, as they are


def recognise(given: Input) -> Claim | None:
    """What is called such a book, with rare entries that begin with a time and have no level."""
    if len(given.head) > LARGEST or b"\0" in given.head or given.head.lstrip()[:1] in (b"{", b"[", b"<"):
        return None
    text = given.head.decode("utf-8-sig", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    stem = PurePath(given.name).stem
    if not _CALLED.search(stem) and not any(map(_CALLED.search, lines[:3])):
        return None
    entries = list(_entries(text, Days(_ANY_TIME, datetime(2026, 1, 1, tzinfo=UTC).date())))
    written = [line for line in lines if not _PASTED.match(line)]
    listed = len(entries) >= max(_FEWEST, _LISTED * len(written))
    if (
        not listed
        or any(_LEVEL.search(line) or _PROGRAM.search(line) for line in written)
        or not rare([one.time for one in entries], _APART)
    ):
        return None
    return Claim("shift book", 0.87, f"{len(entries)} rare entries of when and what was")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each entry, and a change where it tells that one was made; headings and what follows an entry continue it."""
    del claim
    return decoded_notes(given, settings, _entries, _rows)


def _rows(entry: _Entry, services: Sequence[str], about: Mapping[str, str]) -> Iterator[Row]:
    named = _LAST_WHO.search(entry.text)
    who = entry.who or (named["who"] if named else "")
    text = "\n".join((entry.text, *entry.more))
    yield logged(text, entry.time, service="notes", source="shift book", attributes={"user.name": who})
    if work := told(entry.text, services):
        yield change(
            work.kind, entry.time, id=f"notes/{entry.time}/{entry.place}", title=entry.text, actor=who, service=work.service, version=work.version,
            source="shift book", attributes=about,
        )  # fmt: skip


def _entries(text: str, days: Days) -> Iterator[_Entry]:
    """The lines that begin with a time, on the days that the headings say, each with the lines below it."""
    last: _Entry | None = None
    for number, line in enumerate(text.splitlines(), 1):
        begun = _begun(line, number, days)
        if begun:
            if last:
                yield last
            last = begun
        elif day := _heading(line, days.reference):
            days.begin(day)
        elif last and line.strip() and not line.lstrip().startswith("|"):
            last = replace(last, more=(*last.more, line.rstrip()))
    if last:
        yield last


def _begun(line: str, number: int, days: Days) -> _Entry | None:
    """The entry that a line begins; None where it has no time in front."""
    begin = _MARKS.match(line)
    bare, table = line[begin.end() if begin else 0 :], line.lstrip().startswith("|")
    led = led_by_day(bare, days.reference)
    if led and table:
        return None  # a table of days and times is a list of what was done
    start = led[1] + len(bare[led[1] :]) - len(bare[led[1] :].lstrip(" ,T:|\t")) if led else 0
    clock = clock_in(bare, start)
    who, what = _told_by(bare[clock.end :], table=table) if clock else ("", "")
    if clock is None or not what:
        return None
    return _Entry(number, days.of(led[0], clock) if led else days.at(clock), who, what)


def _heading(line: str, reference: Reference) -> date | None:
    """The day of a line that is short, or is marked or called as a heading is."""
    if len(line) > _LONGEST_HEADING:
        return None
    marked = line[:1] in MARKS or len(line) <= _SHORT_HEADING or _CALLED.search(line)
    return day_in(line, reference) if marked else None


def _told_by(rest: str, *, table: bool) -> tuple[str, str]:
    """Who wrote an entry and what it says: of a table with three columns the second is who."""
    if named := _FIRST_WHO.match(rest):
        return named["who"], rest[named.end() :].strip()
    if not table:
        return "", rest.strip(MARKS + ":|]").strip()
    cells = [cell.strip() for cell in rest.strip(" |").split("|")]
    who = cells[0] if len(cells) > 1 and len(cells[0].split()) <= 3 else ""
    return who, " ".join(cells[1:] if who else cells)


SOURCE = Source("shift_books", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode, late=True)
