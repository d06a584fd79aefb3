"""Release notes in Markdown: a heading with a version and its date for each release, and what is new below.

Each dated release is a deploy of what the title or the heading names. A heading with a day alone doesn't tell when on that day: the change
is from its first moment to its last.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import change
from lastgood.decoding.input import Claim, Decoded, Input, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.dated import Clock, Days, clock_in, day_in, zone_told
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

LARGEST = 200_000  # bytes
_HEADING = re.compile(r"#{1,4}\s+(.+)")
_RELEASE = re.compile(r"(?:^|[\s\[(])(?P<version>v?\d+(?:\.\d+)+(?:[-+][\w.]+)?)(?=$|[\s\])(:,])")
# English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Japanese: what such a file is called.
_CALLED = re.compile(
    r"releas|change-?log|\bnews\b|history|what.?s.?new|version(?:shinweis|en|s)?\b|versionshinweise|notes? de|notas|novedades|novidades|note di|wijzigingen|zmiany|リリース|変更",
    re.IGNORECASE,
)
_ANY_WORD = re.compile(r"[A-Za-z][\w.-]*")
_OF_A_TITLE = frozenset("a all an and change changelog changes de des der die fuer für history in new news note notes of on release released releases s notas novedades the to version versionen versions versionshinweise was what what's neu neues von du".split())  # fmt: skip
_LONGEST_HEADING = 200  # characters
_NOTE_LETTERS = 400
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_LAST_SECOND = Clock(timedelta(days=1) - timedelta(seconds=1), 0)


@dataclass(slots=True)
class _Release:
    """A dated heading, and what stands below it."""

    place: int
    time: int
    until: int
    service: str
    version: str
    notes: list[str]


def recognise(given: Input) -> Claim | None:
    """What is called release notes, with a heading that has a version and a date."""
    if len(given.head) > LARGEST or b"\0" in given.head or given.head.lstrip()[:1] in (b"{", b"[", b"<"):
        return None
    text = given.head.decode("utf-8-sig", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not (_CALLED.search(PurePath(given.name).stem) or (first.startswith("#") and _CALLED.search(first))):
        return None
    found = list(_releases(text, _ANY_TIME))
    return Claim("release notes", 0.89, f"{len(found)} headings with a version and a date") if found else None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A deploy for each dated heading; what stands below and around continues it."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    text, rows = content.decode("utf-8-sig", "replace"), Rows()
    found = list(_releases(text, zone_told(text[:2000], reference_for(given, settings))))
    for one in found:
        title = f"{one.service} {one.version}".strip()
        notes = "; ".join(one.notes)[:_NOTE_LETTERS]
        made = change(
            "deploy", one.time, until=one.until, id=f"release/{title}/{one.time}", title=f"{title}: {notes}" if notes else title,
            service=one.service, version=one.version, source="release notes",
        )  # fmt: skip
        rows.add(*made, one.place)
    yield from rows.rest()
    lines = text.splitlines()
    blanks = sum(not line.strip() for line in lines)
    yield Tally(len(lines), len(found), len(lines) - len(found) - blanks, blanks)
    if problem is not None:
        raise problem


def _releases(text: str, reference: Reference) -> Iterator[_Release]:
    """Each heading with a version and a day, with the items below it."""
    title, current = "", None
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.match(line)
        if heading is None:
            if current and line.lstrip()[:1] in ("-", "*", "+"):
                current.notes.append(line.strip(" \t-*+"))
            continue
        said = heading[1].strip()[:_LONGEST_HEADING]
        dated = _dated(said, title, number, reference)
        if current and (dated or _RELEASE.search(said)):
            yield current
            current = None
        current = dated or current
        title = title or ("" if current else _named(said))
    if current:
        yield current


def _dated(said: str, title: str, number: int, reference: Reference) -> _Release | None:
    """The release of a heading; None where it has no version or no day, and so of a part of one."""
    release, day, days = _RELEASE.search(said), day_in(said, reference), Days(reference)
    if release is None or day is None:
        return None
    clock = next((one for at in _clocks(said) if (one := clock_in(said, at))), None)
    begun, ended = days.of(day, clock or Clock(timedelta(), 0)), days.of(day, clock or _LAST_SECOND)
    return _Release(number, begun, ended, _named(said[: release.start()]) or title, release["version"], [])


def _clocks(text: str) -> Iterator[int]:
    """Where a time of day may begin."""
    yield from (found.start() for found in re.finditer(r"(?<![\d.:/-])\d\d?[:h]\d\d", text))


def _named(text: str) -> str:
    """The one word of a title that is no word for release notes; empty where there are several."""
    left = [word for word in _ANY_WORD.findall(text) if word.lower() not in _OF_A_TITLE]
    return left[0] if len(left) == 1 else ""


SOURCE = Source("release_notes", frozenset({Signal.CHANGES}), recognise, decode)
