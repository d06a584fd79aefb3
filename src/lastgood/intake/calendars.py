"""Calendars of changes and of maintenance (iCalendar, RFC 5545): from when to when, and what.

An event whose words are of work (maintenance, an upgrade, a ticket of a change, a release) and that has begun is a change. Every other
one is a log line, as a note: a campaign, a holiday and a meeting change nothing, but may say why there is traffic.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.tables.entries import kind_of_title
from lastgood.decoding.tables.spoken import named
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal

_LINE = re.compile(
    r"(?P<name>[A-Za-z-]+)(?P<parameters>(?:;[^:;\"]*(?:\"[^\"]*\")?)*):(?P<value>.*)", re.DOTALL
)
_TIME = re.compile(r"(?P<day>\d{8})(?:T(?P<clock>\d{6})(?P<utc>Z)?)?")
_ZONE = re.compile(r"TZID=\"?(?P<zone>[^;:\"]+)", re.IGNORECASE)
# English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Japanese.
_WORK = re.compile(
    r"mainten|mantenim|manuten|onderhoud|wartung|konserwac|underhåll|メンテナンス|\bchange\b|\b(?:CHG|CHNG|CRQ|RFC)[-_ ]?\d{3,}|deploy|releas|roll-?out|upgrad|update|patch|migrat|migrac"
    r"|reboot|restart|neustart|switch-?over|fail-?over|firmware|umzug|umstellung|cut-?over|mise (?:à jour|en prod)|actualizaci|atualiza|wdroż|uitrol|リリース|downtime|outage window",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_GONE = frozenset({"CANCELLED"})

# Zones as Windows and Outlook call them (Unicode CLDR, windowsZones, territory 001).
_WINDOWS = {
    "UTC": "Etc/UTC", "GMT Standard Time": "Europe/London", "W. Europe Standard Time": "Europe/Berlin", "Romance Standard Time": "Europe/Paris",
    "Central Europe Standard Time": "Europe/Budapest", "Central European Standard Time": "Europe/Warsaw", "FLE Standard Time": "Europe/Kiev",
    "GTB Standard Time": "Europe/Bucharest", "Turkey Standard Time": "Europe/Istanbul", "Russian Standard Time": "Europe/Moscow", "Israel Standard Time": "Asia/Jerusalem",
    "South Africa Standard Time": "Africa/Johannesburg", "India Standard Time": "Asia/Calcutta", "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore", "Tokyo Standard Time": "Asia/Tokyo", "Korea Standard Time": "Asia/Seoul", "AUS Eastern Standard Time": "Australia/Sydney",
    "New Zealand Standard Time": "Pacific/Auckland", "Eastern Standard Time": "America/New_York", "Central Standard Time": "America/Chicago", "Mountain Standard Time": "America/Denver",
    "Pacific Standard Time": "America/Los_Angeles", "E. South America Standard Time": "America/Sao_Paulo", "Argentina Standard Time": "America/Buenos_Aires",
}  # fmt: skip

Event = Mapping[str, tuple[str, str]]


def recognise(given: Input) -> Claim | None:
    """What iCalendar begins with."""
    if not given.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"BEGIN:VCALENDAR"):
        return None
    return Claim("calendar", 0.98, "it begins as iCalendar does")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change or a line for each event; the lines of an event continue it."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    text, rows = content.decode("utf-8-sig", "replace"), Rows()
    lines = text.splitlines()
    events = rejects = 0
    for place, event in _events(lines):
        try:
            rows.add(*_row(event, settings), place)
            events += 1
        except BAD as wrong:
            rejects += 1
            yield Reject(place, f"not understood: {wrong}", lines[place - 1][:REJECT_TEXT])
    yield from rows.rest()
    blanks = sum(not line.strip() for line in lines)
    yield Tally(len(lines), events, len(lines) - events - rejects - blanks, blanks)
    if problem is not None:
        raise problem


def _events(lines: list[str]) -> Iterator[tuple[int, Event]]:
    """The properties of each event, by their names, each with its parameters; one may be cut off."""
    found: dict[str, tuple[str, str]] | None = None
    place = 0
    for number, line in _unfolded(lines):
        part = _LINE.fullmatch(line.strip())
        name = part["name"].upper() if part else ""
        value = part["value"] if part else ""
        if name in {"BEGIN", "END"} and value.upper() == "VEVENT":
            if found is not None:
                yield place, found
            found, place = ({}, number) if name == "BEGIN" else (None, 0)
        elif found is not None and part and name not in found:
            found[name] = (part["parameters"], value)
    if found is not None:
        yield place, found


def _unfolded(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Each line with those that continue it (RFC 5545, 3.1), and where it begins."""
    begun, parts = 0, list[str]()
    for number, line in enumerate(lines, 1):
        if parts and line[:1] in {" ", "\t"}:
            parts.append(line[1:])
            continue
        if parts:
            yield begun, "".join(parts)
        begun, parts = number, [line]
    if parts:
        yield begun, "".join(parts)


def _row(event: Event, settings: Settings) -> Row:
    begun, whole_day = _time(event, "DTSTART", settings.zone)
    if begun is None:
        raise ValueError("it has no beginning that can be read")
    ended, _ = _time(event, "DTEND", settings.zone)
    title, note = _text(event, "SUMMARY"), _text(event, "DESCRIPTION")
    state = _text(event, "STATUS")
    about = {"change.note": note, "change.state": state, "calendar.categories": _text(event, "CATEGORIES")}
    work = _WORK.search(f"{title} {_text(event, 'CATEGORIES')}")
    if not work or whole_day or begun > settings.now or state.upper() in _GONE:
        return logged(
            title or note, to_nanoseconds(begun), service="calendar", source="calendar", attributes=about
        )
    service, version = named(title, settings.services)
    kind = kind_of_title(title)
    return change(
        kind or ("deploy" if version else "infrastructure"), to_nanoseconds(begun), until=to_nanoseconds(ended) if ended else None,
        id=_text(event, "UID"), title=title, service=service, version=version, source="calendar", attributes=about,
    )  # fmt: skip


def _time(event: Event, name: str, zone: tzinfo) -> tuple[datetime | None, bool]:
    """A time of an event in UTC, and whether it is a day without a clock."""
    parameters, value = event.get(name, ("", ""))
    found = _TIME.fullmatch(value.strip())
    if found is None:
        return None, False
    told = _ZONE.search(parameters)
    if told:
        zone = _zone(told["zone"])
    day = date(int(found["day"][:4]), int(found["day"][4:6]), int(found["day"][6:]))
    clock = found["clock"] or "000000"
    time = clock_time(
        int(clock[:2]), int(clock[2:4]), min(59, int(clock[4:])), tzinfo=UTC if found["utc"] else zone
    )
    return datetime.combine(day, time).astimezone(UTC), not found["clock"]


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name.strip("/"))
    except (KeyError, ValueError, OSError):
        known = _WINDOWS.get(name)
        if known is None:
            raise ValueError(f"zone {name!r} is not known") from None
        return ZoneInfo(known)


def _text(event: Event, name: str) -> str:
    return _ESCAPED.sub(
        lambda found: "\n" if found[1] in "nN" else found[1], event.get(name, ("", ""))[1]
    ).strip()


SOURCE = Source("calendars", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode, late=True)
