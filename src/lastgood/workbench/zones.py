"""Zones: what offset from UTC an input's times have that do not say theirs, where it or its neighbours show it.

A syslog header with an offset tells of the other times of its lines. A log that ends later than now is written in local
time: the offset is then one that another input states. Those that ended before are read alike, unless a log that ends
about now shows that some are not. Nothing is guessed, and nothing is done where a person gave a zone.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pyarrow as pa

from lastgood.algorithms.time_words import ZONE_NAMES, zone_of
from lastgood.algorithms.timestamps import NAT, Reference, parse_times
from lastgood.decoding.input import UNREADABLE, Input
from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.loading import Loaded

# fmt: off
ZONE_LINES = Count(40, "first lines of an input, whose offsets are looked at", "judgement: enough to distinguish a rule from an exception")
ZONE_SHARE = Amount(0.5, "of those begin with one offset, for it to be that of the input", "judgement: most")
ZONE_AHEAD = Time(10, "min after now, from which a time is not of now's zone", "judgement: clocks are off by less")
ZONE_LIVE = Time(2, "min before now or after it, in which an ongoing log ends", "judgement: what serves writes oftener")
ZONE_SPAN = Time(20, "min that inputs last, for their ends to show which offset they have", "judgement: of shorter ones both ends are about now")
# fmt: on
_TAIL = 65_536  # bytes at the end, to find the last time
_AT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)? ?"
# By these letters servers everywhere keep their time: they say nothing of where others are.
_STAMPED = re.compile(rf"{_AT}(?P<offset>[+-]\d\d:?\d\d|(?!UTC|UCT|GMT)(?:{ZONE_NAMES}))\b")
_ZONED = re.compile(
    rf"{_AT}(?:Z|[+-]\d\d:?\d\d|{ZONE_NAMES})\b|\d\d/[A-Z][a-z]{{2}}/\d{{4}}:\d\d:\d\d:\d\d [+-]\d{{4}}"
)
_BRACKETED = re.compile(r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d (?P<offset>[+-]\d{4})\]")
_BARE = re.compile(
    r"^(?:<\d{1,3}>)?(?:[A-Z], )?\W{0,2}(?P<at>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?"
    rf"(?![\d.,:]*\s?(?:Z|[+-]\d\d:?\d\d|(?:{ZONE_NAMES})\b))"
    r"|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?(?: \d{4}(?=\]))?(?! [+-]\d{4}| [A-Z]{3,4} \d{4})"
    r"|\d\d\.\d\d\.\d{4},? \d\d:\d\d(?::\d\d)?)|^[^\[]{0,60}\[(?P<day>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)(?:\.\d+)?\]"
    r"|^(?P<clock>\d\d:\d\d:\d\d) +[A-Za-z]"  # as sar prints its rows
)
WRITTEN = frozenset({"chat", "notes"})  # services of what people wrote with a clock alone
_FRONT = 80  # letters of a line in which its own time stands


@dataclass
class Zones:
    """The offsets that inputs state."""

    zone: tzinfo
    now: datetime
    stated: set[timedelta] = field(default_factory=set)
    begins: set[datetime] = field(default_factory=set)  # of inputs that state their zone
    local: timedelta | None = None  # of all inputs that can be known

    @classmethod
    def of(cls, inputs: Iterable[Input], zone: tzinfo, now: datetime) -> "Zones":
        """What all inputs state."""
        found, listed = cls(zone, now), list(inputs)
        for given in listed:
            found.stated |= set(filter(None, _offsets(_head(given))))
        if not _by_default(zone):
            return found
        found.begins = {begin for given in listed if (begin := _begin(given)) is not None}
        found.stated |= set(filter(None, map(found.aligned, listed)))
        if not found.stated:
            return found
        ends = [last for given in listed if _own(given) is None and (last := _last(given, now))]
        reported = {offset for last in ends if (offset := found._reported(last)) is not None}
        universal = any(abs(last - now) <= ZONE_LIVE for last in ends)
        if not universal:
            found.local = next(iter(reported or found._agreed(listed)), None) if len(reported) <= 1 else None
        return found

    def zone_of(self, given: Input, noted: tzinfo | None = None) -> tzinfo:
        """The zone of an input's times that do not say theirs; `noted` is what a note says, which no time after now bears out."""
        if (own := _own(given)) is not None:
            return timezone(own)
        if not _by_default(self.zone) or not (self.stated or noted):
            return self.zone
        last = _last(given, self.now)
        if noted and not (last and last.replace(tzinfo=noted) > self.now + ZONE_AHEAD):
            return noted
        reported = self._reported(last) if last else None
        offset = self.local if reported is None else reported
        return self.zone if offset is None else timezone(offset)

    def ahead(self, loaded: Loaded) -> bool:
        """Whether people wrote some of an input's times after now: they are those of another zone, which nothing states."""
        written = WRITTEN.intersection(loaded.services) and _by_default(self.zone)
        return bool(written and loaded.window and loaded.window.end > self.now + ZONE_AHEAD)

    def aligned(self, given: Input) -> timedelta | None:
        """The whole hours by which an input lies beside the others at both its ends, where it would end about now; else None.

        Two logs of one capture begin and end together; that another ends so by chance, at both ends to minutes, is not met.
        """
        if (
            _own(given) is not None
            or (last := _last(given, self.now)) is None
            or (first := _first(given, self.now)) is None
        ):
            return None
        offset = timedelta(hours=round((last - self.now) / timedelta(hours=1)))
        ends = abs(last - offset - self.now) <= ZONE_LIVE
        begins = any(abs(first - offset - begin) <= ZONE_LIVE for begin in self.begins)
        return offset if offset and ends and begins and first - offset < self.now - ZONE_SPAN else None

    def _agreed(self, inputs: list[Input]) -> set[timedelta]:
        """The offset that all inputs state which state one, where no log that does not lies with them as UTC."""
        lengths = {offset for given in inputs for offset in _offsets(_head(given)) if offset is not None}
        if len(lengths) != 1 or not all(lengths):
            return set()
        firsts = [first for given in inputs if _own(given) is None and (first := _first(given, self.now))]
        universal = any(abs(first - begin) <= ZONE_LIVE for first in firsts for begin in self.begins)
        return set() if universal else lengths

    def _reported(self, last: datetime) -> timedelta | None:
        """Of a time after now, the least offset with which it is not; of another, the offset with which it is now's."""
        if last > self.now + ZONE_AHEAD:
            return min((one for one in self.stated if last - one <= self.now + ZONE_AHEAD), default=None)
        return next((one for one in sorted(self.stated) if abs(last - one - self.now) <= ZONE_LIVE), None)


def _head(given: Input) -> list[str]:
    return given.head[:_TAIL].decode("utf-8", "replace").splitlines()


def _by_default(zone: tzinfo) -> bool:
    """Whether no zone is given."""
    return str(zone) == str(UTC)


def _own(given: Input) -> timedelta | None:
    """The offset with which most lines of an input begin."""
    lines = _head(given)[:ZONE_LINES]
    own = [offset for offset in _offsets(lines) if offset is not None]
    return own[0] if own and len(set(own)) == 1 and len(own) >= ZONE_SHARE * len(lines) else None


def _offsets(lines: Iterable[str]) -> Iterable[timedelta | None]:
    """The offset at the front of each line; None where there is none."""
    for line in lines:
        found = _STAMPED.search(line[:_FRONT]) or _BRACKETED.search(line)
        yield _length(found["offset"]) if found else None


def _length(offset: str) -> timedelta:
    if offset.isalpha():
        return timedelta(minutes=minutes) if isinstance(minutes := zone_of(offset, UTC), int) else timedelta()
    digits = offset.replace(":", "")
    length = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return -length if digits[0] == "-" else length


def _last(given: Input, now: datetime) -> datetime | None:
    """The latest time without a zone that the first or the last line of a file begins with, read as UTC; None where there is none."""
    place, first = given.spool or given.path, _first_time(_head(given), now)
    if place is None or not place.is_file() or first is None:
        return None
    try:
        with place.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _TAIL))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except UNREADABLE:
        return None
    newest = _first_time(reversed(lines), now) or first
    ends = [first, newest]  # some tables begin with the newest
    times = parse_times(pa.array(ends), Reference(UTC, to_nanoseconds(now)))
    return max((from_nanoseconds(int(time)) for time in times if time != NAT), default=None)


def _first_time(lines: Iterable[str], now: datetime) -> str | None:
    """The first time without a zone that a line begins with, with seconds; of a clock alone, that of now's day."""
    found = next((m for m in map(_BARE.match, lines) if m), None)
    if found is None:
        return None
    said = found["at"] or found["day"] or f"{now:%Y-%m-%d} {found['clock']}"
    return f"{said}:00" if said.count(":") == 1 else said


def _begin(given: Input) -> datetime | None:
    """The first time of an input's head that says its zone."""
    found = next((m for line in _head(given)[:ZONE_LINES] if (m := _ZONED.search(line[:_FRONT]))), None)
    return _instant(found[0], from_nanoseconds(2**62)) if found else None


def _first(given: Input, now: datetime) -> datetime | None:
    """The first time without a zone that a line of a file begins with, read as UTC."""
    found = _first_time(_head(given)[:ZONE_LINES], now)
    return _instant(found, now) if found else None


def _instant(text: str, now: datetime) -> datetime | None:
    time = int(parse_times(pa.array([text]), Reference(UTC, to_nanoseconds(now)))[0])
    return None if time == NAT else from_nanoseconds(time)
