"""Days and clocks as people write them apart: a heading or a title with the day, and lines with the time of day alone.

Past midnight the clock begins again: a time of day more than hours before the one above it is of the next day.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import PurePath
from zoneinfo import ZoneInfo, available_timezones

from lastgood.algorithms.time_words import month_of, zone_of
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Input, Settings
from lastgood.decoding.tables.entries import moment_of
from lastgood.decoding.text.whose import reference_for
from lastgood.model.attributes import CHANGE_ZONE, NOT_STATED
from lastgood.model.clock import to_nanoseconds
from lastgood.model.judgement import Time

_ORDINAL = r"(?:st|nd|rd|th|er|º|ª)?"
_OF = r"(?:\.| de| of|,)? ?"
_DAY = re.compile(
    r"(?<![\d.:])(?:(?P<y>\d{4})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)|(?P<y2>\d{4})年(?P<m2>\d\d?)月(?P<d2>\d\d?)日"
    r"|(?P<a>\d\d?)(?P<stroke>[./-])(?P<b>\d\d?)(?:[./-](?P<y3>\d{4}|\d\d)|\.|(?=$|\s|,|\)))"
    rf"|(?P<d4>\d\d?){_ORDINAL}{_OF}[ -]?(?P<word4>[^\W\d_]{{3,12}})\.?(?:(?:,| de| of)?[ -](?P<y4>\d{{4}}))?"
    rf"|(?<![^\W\d_])(?P<word5>[^\W\d_]{{3,12}})\.? (?P<d5>\d\d?){_ORDINAL}(?:,? (?P<y5>\d{{4}}))?)(?![\d:])"
)
_NIGHT = re.compile(
    r"(?P<first>\d\d?)\.?[/\u2013-]\d\d?\.? (?P<word>[^\W\d_]{3,12})\b"
)  # from one day to the next
_CLOCK = re.compile(
    r"(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?|[hH時](?P<after>\d\d)?分?|(?P<four>\d\d)(?=  |\t))"
    r"(?: ?(?P<noon>[AaPp])\.?[Mm]\b\.?)?(?: ?(?:Uhr|uhr|hrs|uur|h|Z|UTC)\b)?(?![\w:/])"
)
_TOLD_ZONE = re.compile(r"\b(?:times?|clock|zeit(?:en)?|uhrzeit(?:en)?|heures?|horas?|tijden|zone)\b[^\n.|]{0,24}?\b(?P<zone>[A-Z]{3,4}|[A-Z][a-z]+/[A-Z]\w+|[A-Z][a-z]{3,})\b")  # fmt: skip
_BACK = timedelta(hours=6)  # by which a clock that falls back is past midnight, rather than written late
_AHEAD = timedelta(days=1)
# fmt: off
LIST_AHEAD = Time(10, "min after now, from which an entry of a list is not of UTC", "judgement: clocks are off by less")
FARTHEST_ZONE = Time(14 * 60, "min ahead of UTC, that a zone is at most", "as the tz database: Pacific/Kiritimati")
# fmt: on
_ZONED = re.compile(r"(?:Z|\b[A-Z]{2,5}|[+-]\d\d:?\d\d)$")
_YEARS = range(1970, 2200)  # whose moments can be stored
MARKS = " \t*_#=-\u2013—•■●▪>|[("


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day and where the text goes on behind it."""

    since: timedelta  # midnight
    end: int


def day_in(text: str, reference: Reference) -> date | None:
    """The day that a text names; without a year the last such day."""
    text = _NIGHT.sub(
        lambda two: two[0] if not month_of(two["word"]) else f"{two['first']} {two['word']}", text
    )
    found = _DAY.search(text)
    while found:
        if day := _day(found, reference):
            return day
        found = _DAY.search(text, found.start() + 1)
    return None


def led_by_day(text: str, reference: Reference) -> tuple[date, int] | None:
    """The day that a text begins with, with or without a weekday before it, and where it ends."""
    begun = re.match(r"(?:[^\W\d_]{2,12}\.?,? )?", text)
    found = next((one for at in (0, begun.end() if begun else 0) if (one := _DAY.match(text, at))), None)
    day = _day(found, reference) if found else None
    return (day, found.end()) if found and day else None


def clock_in(text: str, at: int = 0) -> Clock | None:
    """The time of day that stands there."""
    found = _CLOCK.match(text, at)
    if found is None:
        return None
    hour = int(found["hour"])
    if found["noon"]:
        hour = hour % 12 + 12 * (found["noon"] in "Pp")
    minute = int(found["minute"] or found["after"] or found["four"] or 0)
    second = int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return Clock(timedelta(hours=hour, minutes=minute, seconds=second), found.end())


def zone_told(text: str, reference: Reference) -> Reference:
    """The reference in the zone that a text names for its times: `all times UTC`, `times here are CEST`, `times: Lisbon`."""
    for found in _TOLD_ZONE.finditer(text):
        named = found["zone"]
        zone = zone_of(named, reference.zone) if named.isupper() else _of_place(named)
        if isinstance(zone, int):
            zone = _fixed(zone)
        if zone is not None:
            return replace(reference, zone=zone)
    return reference


def names_zone(time: str) -> bool:
    """Whether a time ends with its zone."""
    return _ZONED.search(time) is not None


def not_after_now(
    reference: Reference, texts: Iterable[str], now: datetime
) -> tuple[Reference, Mapping[str, str]]:
    """The reference for times of what was done, with the fewest whole hours ahead of UTC by which none is after now.

    As it is, without attributes, where a zone is given or none is after now. `texts` are the times; those with a zone of their
    own tell nothing. The attributes of a change say that its zone is still not known: it may be farther ahead.
    """
    latest = max((moment_of(text, reference) for text in texts if not names_zone(text)), default=0)
    return latest_not_after_now(reference, latest, now)


def latest_not_after_now(
    reference: Reference, latest: int, now: datetime
) -> tuple[Reference, Mapping[str, str]]:
    """The same, by the latest time without a zone, in nanoseconds, as the reference has it."""
    if str(reference.zone) != str(UTC):
        return reference, {}
    ahead = timedelta(microseconds=(latest - to_nanoseconds(now)) // 1000)
    hours = -(-ahead // timedelta(hours=1))
    if not LIST_AHEAD < ahead <= FARTHEST_ZONE:
        return reference, {}
    zone = timezone(timedelta(hours=hours))
    return replace(reference, zone=zone), {
        CHANGE_ZONE: f"not stated, read as {zone}: as UTC it would be after now"
    }


def days_of(given: Input, text: str, settings: Settings) -> "Days":
    """The day on which a text begins, and the zone of its clocks: those that its name or its words say, else of the telemetry beside it."""
    plain = reference_for(given, settings)
    reference = zone_told(text, plain)
    day = day_in(PurePath(given.name).stem, reference)
    if day is None and settings.telemetry:
        day = settings.telemetry.start.astimezone(reference.zone).date()
    return Days(reference, day, told=reference is not plain or str(settings.zone) != "UTC")


@dataclass(slots=True)
class Days:
    """The day that clocks are of: as a heading said it, and on past midnight."""

    reference: Reference
    day: date | None = None
    told: bool = False  # whether it is stated of which zone the clocks are
    last: timedelta = timedelta()

    @property
    def about(self) -> dict[str, str]:
        """What is to be known of a time without a stated zone."""
        return {} if self.told else {CHANGE_ZONE: NOT_STATED}

    def begin(self, day: date) -> None:
        """What follows is of that day."""
        self.day, self.last = day, timedelta()

    def at(self, clock: Clock) -> int:
        """Nanoseconds of a time of day; 0 where no day is known."""
        if self.day is None:
            return 0
        if self.last - clock.since > _BACK:
            self.day += timedelta(days=1)
        if self.day.year not in _YEARS:
            return 0
        self.last = clock.since
        return self.of(self.day, clock)

    def of(self, day: date, clock: Clock) -> int:
        """Nanoseconds of a time of a day, in the zone of the reference."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.reference.zone)
        return to_nanoseconds((midnight + clock.since).astimezone(UTC))


def _day(found: re.Match[str], reference: Reference) -> date | None:
    latest = datetime.fromtimestamp(reference.latest / 1e9, reference.zone).date() + _AHEAD
    days = list(_candidates(found, latest, reference.order))
    if found["y3"] or found["y"] or found["y2"] or found["y4"] or found["y5"]:
        near = [day for day in days if day <= latest]
        return max(near, default=None) if found["stroke"] == "/" else next(iter(days), None)
    return max((day for day in days if day <= latest), default=None)


def _candidates(found: re.Match[str], latest: date, order: str) -> Iterator[date]:
    """Each day that a date may be: where it has no year, of these and the last years; with a stroke, in the order that is known."""
    part = found.groupdict()
    year = part["y"] or part["y2"] or part["y3"] or part["y4"] or part["y5"]
    years = [int(year) + 2000 * (len(year) == 2)] if year else [latest.year, latest.year - 1]
    if part["a"]:
        first, second = int(part["a"]), int(part["b"])
        either = part["stroke"] == "/"
        pairs = [] if either and order == "mdy" else [(second, first)]
        pairs += [(first, second)] if either and order != "dmy" else []
    else:
        month = part["m"] or part["m2"] or month_of(part["word4"] or part["word5"] or "")
        pairs = [(int(month), int(part["d"] or part["d2"] or part["d4"] or part["d5"] or 0))]
    for one in years:
        if one not in _YEARS:
            continue
        for month, day in pairs:
            try:
                yield date(one, month, day)
            except ValueError:
                continue


def _fixed(minutes: int) -> tzinfo:
    return timezone(timedelta(minutes=minutes))


def _of_place(name: str) -> tzinfo | None:
    """The zone of a place of the tz database, by its full name or its city."""
    key = _cities().get(name.rpartition("/")[2].lower())
    return ZoneInfo(name if name in available_timezones() else key) if key else None


@cache
def _cities() -> dict[str, str]:
    return {zone.rpartition("/")[2].lower(): zone for zone in sorted(available_timezones()) if "/" in zone and not zone.startswith(("Etc", "US/"))}  # fmt: skip
