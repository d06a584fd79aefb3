"""Times as people write them in lists: a weekday, a day and month without a year, a clock without seconds.

A weekday alone is of the week that a heading numbers, else the last such day; a day without a year is the last such day. Of a
day and a month with a stroke between them the order that comes later is meant: a list beside an incident is of these days.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lastgood.algorithms.time_words import month_of
from lastgood.algorithms.timestamps import Reference

# A row for each language and length, Monday first.
_WEEKDAYS = """
mon tue wed thu fri sat sun
monday tuesday wednesday thursday friday saturday sunday
mo di mi do fr sa so
montag dienstag mittwoch donnerstag freitag samstag sonntag
lun mar mer jeu ven sam dim
lundi mardi mercredi jeudi vendredi samedi dimanche
lun mar mié jue vie sáb dom
lunes martes miércoles jueves viernes sábado domingo
lun mar mer gio ven sab dom
lunedì martedì mercoledì giovedì venerdì sabato domenica
ma di wo do vr za zo
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
pon wt śr czw pt sob nie
"""
_WEEK = re.compile(r"\b(?:week|wk|woche|kw|semaine|semana|settimana|tydzień|uke|vecka)\.? ?(?P<number>\d\d?)\b", re.IGNORECASE)  # fmt: skip
_CLOCK = (
    r"(?P<hour>\d\d?)[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?(?: ?(?P<noon>[AaPp])\.?[Mm]\.?)?(?: Uhr| h)?"
)
_WRITTEN = re.compile(
    r"(?:(?P<weekday>[^\W\d_]{2,10})\.?,?[ \t]+)?"
    r"(?:(?P<date>(?P<day>\d\d?)(?:[./][ ]?(?P<number>\d\d?)[./]?(?:[ ]?(?P<year>\d{4}|\d\d)(?![\d:.]))?|\.?[ -](?P<month>[^\W\d_]{3,12})\.?(?:[ -](?P<long>\d{4}))?))"
    rf",?[ \t]+)?{_CLOCK}(?![\d:])"
)
_LOCAL_DAYS = timedelta(days=1)  # by which a list may be ahead of its reader's clock
_ZONE_WORD = re.compile(r"\b(?:utc|gmt|zulu)\b", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\b[A-Z][a-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?\b")
_SPLIT = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Written:
    """A time at the beginning of a text: nanoseconds since 1970, and what is left of the text."""

    time: int
    rest: str


def written(text: str, reference: Reference, heading: str = "") -> Written | None:
    """The time that a text begins with, if people write times so; `heading` may number the week."""
    found = _WRITTEN.match(text.lstrip())
    if found is None or (not found["day"] and not found["weekday"]):
        return None
    clock = int(found["hour"]) % 12 + 12 * (found["noon"] in "Pp") if found["noon"] else int(found["hour"])
    latest = datetime.fromtimestamp(reference.latest / 1e9, reference.zone)
    day = _day(found, latest.date() + _LOCAL_DAYS, heading)
    try:
        time = datetime(day.year, day.month, day.day, clock, int(found["minute"]), int(found["second"] or 0), tzinfo=reference.zone) if day else None  # fmt: skip
    except ValueError:
        return None
    return Written(int(time.timestamp()) * 1_000_000_000, text.lstrip()[found.end() :]) if time else None


@lru_cache(maxsize=64)  # each cell of a list asks for that of the same heading, which may be long
def zone_in(heading: str) -> tzinfo | None:
    """The zone that a heading names: `when_utc`, `changed (Europe/Berlin)`; None where it names none."""
    if found := _ZONE_NAME.search(heading):
        try:
            return ZoneInfo(found[0])
        except (ZoneInfoNotFoundError, ValueError):
            return None
    return UTC if _ZONE_WORD.search(" ".join(words(heading))) else None


def words(heading: str) -> list[str]:
    """The words of a heading, in lower case: of `userOrReason`, `started_at` and `Change Start` alike."""
    return [word.lower() for word in _SPLIT.split(heading) if word]


def _day(found: re.Match[str], last: date, heading: str) -> date | None:
    if not found["day"]:
        return _of_week(_by_weekday().get(found["weekday"].lower()), last, heading)
    first, second = int(found["day"]), int(found["number"]) if found["number"] else month_of(found["month"])
    year = found["year"] or found["long"]
    years = [int(year) + 2000 * (len(year) == 2)] if year else range(last.year, last.year - 9, -1)
    orders = [(first, second), (second, first)] if "/" in found["date"] else [(first, second)]
    days = [day for one in years for order in orders if (day := _dated(one, *order[::-1]))]
    return days[0] if year and days else max((day for day in days if day <= last), default=None)


def _dated(year: int, month: int, day: int) -> date | None:
    """None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_week(weekday: int | None, last: date, heading: str) -> date | None:
    if weekday is None:
        return None
    if week := _week_in(heading):
        year, current, _ = last.isocalendar()
        return date.fromisocalendar(year - (week > current), week, weekday + 1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


@lru_cache(maxsize=64)
def _week_in(heading: str) -> int | None:
    """The week that a heading numbers."""
    found = _WEEK.search(heading)
    return int(found["number"]) if found else None


@cache
def _by_weekday() -> dict[str, int]:
    found: dict[str, int] = {}
    for row in _WEEKDAYS.strip().splitlines():
        for number, name in enumerate(row.split()):
            found.setdefault(name, number)
    return found
