"""When a row of a terminal's output is from: its own time, or the date that was printed before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pyarrow as pa

from lastgood.algorithms.timestamps import NAT, Reference, parse_times
from lastgood.decoding.instants import iso

_DAY = 86_400_000_000_000
_HALF = _DAY // 2
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[ \u202f]?[AaPp]\.?[Mm]\b\.?)?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:])| [A-Z]{3,5}(?![\w:]))?"
_NAMED = (
    r"(?:[A-Z][a-zäöü]{1,8}\.?,? +)?(?:\d{1,2}\.? +[A-Z][a-zäéû]{2,8}\.?|[A-Z][a-zäéû]{2,8}\.? +\d{1,2}),?"
)
# The most telling first: a date and a time, with the year before or behind; counted seconds; a time of day alone.
_DATED = (
    rf"\d{{4}}[-/]\d\d[-/]\d\d[T ,_]+{_CLOCK}{_ZONE}",
    rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d\d)[ ,]+{_CLOCK}{_ZONE}",
    rf"{_NAMED} +\d{{4}},? +(?:at )?{_CLOCK}{_ZONE}",
    rf"{_NAMED} +{_CLOCK}{_ZONE} +\d{{4}}",
    rf"{_NAMED} +{_CLOCK}",
    r"\d{8} +\d\d:\d\d:\d\d",
    r"1\d{9}(?:\.\d+)?(?![\w.:])",
)
_ANY = re.compile(rf"(?<![\w.:/-])(?:{'|'.join(_DATED)})")
_OF_DAY = re.compile(r"(?<![\w.:/-])(?:\d\d:\d\d:\d\d(?:\.\d+)?(?: [AaPp][Mm]\b)?)(?![\w:])")
_FRONT = re.compile(
    rf"\s*[\[(]?(?P<time>{'|'.join(_DATED)}|\d\d:\d\d:\d\d(?:[.,]\d+)?(?: [AaPp][Mm]\b)?)[\])]?(?:[:|,]?(?=\s)|$)"
)
_BACK = re.compile(r"\s(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$")
# What may stand beside a time in a line that only says when: decoration, a word or two, what `watch` puts there.
_BESIDE = re.compile(
    r"[\W_]*(?:(?:current |local |server |system )?(?:date|time|timestamp|start(?:ed)?|when|at|now|sample|snapshot|round|iteration|tick|poll|run|utc|collected at|taken at)"
    r"\b[\s:=#]*\d{0,6}|\(every [\d.]+s\)|\(?[A-Z]{3,5}\)? \(every [\d.]+s\))?[\W_]*",
    re.IGNORECASE,
)
_WATCH = re.compile(r"Every \d+(?:\.\d+)?s: .*?(?P<host>[\w.-]+): ")
_SYSTEM = re.compile(
    r"(?:Linux|AIX|SunOS|FreeBSD|Darwin|HP-UX) \S+ \((?P<host>[^()\s]+)\)\s+(?P<date>\d[\d./-]{5,9})\b"
)
LONGEST = 400  # characters of a line that may hold a time of all rows below


@dataclass
class Clock:
    """The time that is on, as the lines go by."""

    reference: Reference
    now: int | None = None  # ns, of the date printed last
    host: str = ""
    zone: str = ""  # of times behind rows, as the header says
    read: dict[str, int | None] = field(default_factory=dict)

    def system(self, line: str) -> bool:
        """Whether a line is the heading of sysstat's programs, which names the host and the day."""
        found = _SYSTEM.match(line.strip())
        if found is None:
            return False
        date = re.sub(r"^(\d\d/\d\d/)(\d\d)$", r"\g<1>20\2", found["date"])
        day = Clock(replace(self.reference, zone=UTC)).time(f"{date} 00:00:00")  # a date has no zone
        self.host = found["host"]
        if day is not None:
            self.reference = replace(self.reference, day=day)
            self.read.clear()
        self.now = None
        return True

    def line(self, line: str) -> bool:
        """Whether a line says nothing but when; it counts for the rows below."""
        if len(line) > LONGEST:
            return False
        for form in (_ANY, _OF_DAY):
            if (found := form.search(line)) is None:
                continue
            before, after = line[: found.start()], line[found.end() :]
            watched = _WATCH.match(line)
            if not watched and not (_BESIDE.fullmatch(before) and _BESIDE.fullmatch(after)):
                return False
            time = self.time(found[0])
            if time is None:
                return False
            self.now, self.host = time, watched["host"] if watched and not self.host else self.host
            return True
        return False

    def parted(self, line: str) -> tuple[int | None, str]:
        """The time that stands before or behind what a line says, and the rest of it."""
        for form in (_FRONT, _BACK):
            if (found := form.match(line) if form is _FRONT else form.search(line)) is not None:
                zone = f" {self.zone}" if form is _BACK and self.zone else ""
                time = self.time(found["time"] + zone)
                if time is not None:
                    blank = " " * (found.end() - found.start())
                    return time, line[: found.start()] + blank + line[found.end() :]
        return None, line

    def time(self, text: str) -> int | None:
        """Nanoseconds of a time; one of day only is of the day that is on, and goes on past midnight."""
        known = self.read.get(text, 0)
        found = self._dated(text) if known == 0 else known
        if _OF_DAY.fullmatch(text) and found is not None:
            last = self.now if self.now is not None else found
            while found < last - _HALF:
                found += _DAY
            self.now = found
            return found
        if len(self.read) < 100_000:
            self.read[text] = found
        return found

    def _usual(self, text: str) -> int | None:
        """The time of the two forms that most rows have, read a minute at a time."""
        day = self.reference.day
        if (clock := _OF_DAY.fullmatch(text)) and day is not None:
            hour, rest = int(text[:2]), text[2:8]
            if text[-2:].upper() in {"AM", "PM"}:
                hour = hour % 12 + (12 if text[-2:].upper() == "PM" else 0)
            text = f"{datetime.fromtimestamp(day // 1_000_000_000, UTC):%Y-%m-%d} {hour:02}{rest}"
        elif clock or not text[:4].isdigit():
            return None
        return iso(self.reference.zone)(text)

    def _dated(self, text: str) -> int | None:
        if (found := self._usual(text)) is not None:
            return found
        bare = " ".join(re.sub(r"(?<=\d{4}),|\bat ", " ", text).split())
        bare = re.sub(
            r"(\d{1,2})\.? ([A-Z]\w+)\.? (?=\d{1,2}:)", r"\2 \1 ", bare
        )  # the year, if any, is behind
        for spelling in dict.fromkeys((bare, *_swapped(bare))):
            found = int(parse_times(pa.array([spelling.strip()], pa.string()), self.reference)[0])
            if found != NAT and (found <= self.reference.latest + 2 * _DAY or spelling != bare):
                return found
        found = int(parse_times(pa.array([bare.strip()], pa.string()), self.reference)[0])
        return None if found == NAT else found


def without_time(line: str) -> str:
    """A line without the time in front of it or behind it."""
    for form in (_FRONT, _BACK):
        if (found := form.match(line) if form is _FRONT else form.search(line)) is not None:
            return line[: found.start()] + " " * (found.end() - found.start()) + line[found.end() :]
    return line


_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(\2\d{2,4})(?= )")


def _swapped(text: str) -> Iterator[str]:
    """The same with day and month the other way round, for who writes them so."""
    found = _SLASHED.match(text.strip())
    if found and int(found[1]) <= 12 and int(found[3]) <= 12:
        yield f"{found[3]}{found[2]}{found[1]}{found[4]}{text.strip()[found.end() :]}"
