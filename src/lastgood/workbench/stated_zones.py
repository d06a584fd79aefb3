"""Stated zones: what people write beside files about the zone of their times: `all times local, Europe/Berlin`.

A note (README, notes, …) tells of the files in its folder and below; where it names files, only of these. A zone counts
where one alone is stated: two that differ, a zone that is denied, or one that is converted to or from, state none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fnmatch import fnmatch
from pathlib import PurePath
from zoneinfo import ZoneInfo

from lastgood.algorithms.time_words import zone_of
from lastgood.decoding.input import Input

_LONGEST = 64 * 1024  # bytes of a note that are looked at
_NOTES = re.compile(r"(?:.*[-_. ])?(?:read[-_ ]?me|notes?|about|info|context|sources|liesmich|hinweise|lisez[-_]?moi)(?:[-_. ].*)?", re.IGNORECASE)  # fmt: skip
_PLAIN = frozenset({"", ".md", ".markdown", ".txt", ".rst", ".adoc", ".org"})
_ZONE = re.compile(
    r"(?<![\w/:.+-])(?P<zone>[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?|(?:UTC|GMT) ?[+-]\d\d?(?::?\d\d)?|[A-Z]{3,4})(?![\w/+-])"
)
# Before a zone that tells of one moment alone, and before one that is denied.
_OF_A_CLOCK, _DENIED = (
    re.compile(r"\d[:.h]\d\d\S{0,8} ?\(?$"),
    re.compile(r"\b(?:not|no|never|nicht|kein)\b[\w ]{0,8}$"),
)
_REPORTED = re.compile(
    r"\b(?:times?|time ?stamps?|time ?zones?|tz|clocks?|dates?|local|taken|exported|captured|collected|recorded|saved|gathered|"
    r"zeit\w*|uhr\w*|ortszeit|heures?|horas?)\b", re.IGNORECASE,
)  # fmt: skip
_ALL = re.compile(
    r"\b(?:all|every|everything|folder|files|exports|outputs|alles?|toutes|todas)\b", re.IGNORECASE
)
# Of all files where none is named beside it.
_GENERAL = re.compile(
    r"\b(?:taken|exported|captured|collected|recorded|saved|gathered)\b|^\W*(?:the )?(?:local )?(?:times?|time ?stamps?|time ?zone|tz|clocks?|zeit\w*)\b",
    re.IGNORECASE,
)
_CONVERTS = re.compile(r"\b(?:add|subtract|plus|minus|convert\w*|hours? (?:ahead|behind|off)|differs?|except|but)\b", re.IGNORECASE)  # fmt: skip
_BRACKETED = re.compile(r"[(\[]$")
_FILE = re.compile(r"[\w*?.-]*\.(?:txt|log|json|jsonl|ndjson|csv|tsv|ya?ml|xml|html?|out|har)\b|[\w.-]*\*[\w.*-]*", re.IGNORECASE)  # fmt: skip
_BEGINS = re.compile(r"\s*(?:[-*•|#>]|\d{1,3}[.)]\s|$)")  # a block of its own: a bullet, a row, a heading
_SENTENCES = re.compile(r"(?<=[.;!])\s+")


@dataclass(frozen=True, slots=True)
class Stated:
    """The zone of some files' times, and the note that says so."""

    zone: tzinfo
    note: str


def stated_zones(inputs: Iterable[Input], now: datetime) -> Mapping[str, Stated]:
    """The zone that notes state of each input, by the inputs' names; none where none or several are stated.

    `now` tells which of two names for one zone are alike then.
    """
    listed = [given for given in inputs if not given.is_folder]
    by_folder: dict[PurePath, list[tuple[str, Input, tzinfo]]] = defaultdict(list)
    for note in filter(_is_note, listed):
        for files, zone in _statements(note.head[:_LONGEST].decode("utf-8-sig", "replace")):
            by_folder[PurePath(note.name).parent].append((files, note, zone))
    found = {given.name: _stated(PurePath(given.name), by_folder, now) for given in listed if by_folder}
    return {name: stated for name, stated in found.items() if stated is not None}


def _is_note(given: Input) -> bool:
    name = PurePath(given.name)
    return name.suffix.lower() in _PLAIN and _NOTES.fullmatch(name.stem) is not None


def _stated(
    name: PurePath, by_folder: Mapping[PurePath, list[tuple[str, Input, tzinfo]]], now: datetime
) -> Stated | None:
    """What the nearest notes say of a file: by its name, else of all files."""
    for folder in name.parents:
        told = by_folder.get(folder, [])
        own = [one for one in told if one[0] and fnmatch(name.name.lower(), one[0])]
        if meant := own or [one for one in told if not one[0]]:
            return _one([(zone, note.name) for _, note, zone in meant], now)
    return None


def _one(told: list[tuple[tzinfo, str]], now: datetime) -> Stated | None:
    """The one zone, where all are alike; a name with rules before a length."""
    if len({zone.utcoffset(now) if zone.utcoffset(now) is not None else None for zone, _ in told}) != 1:
        return None
    zone, note = max(told, key=lambda one: isinstance(one[0], ZoneInfo))
    return Stated(zone, note)


def _statements(text: str) -> Iterator[tuple[str, tzinfo]]:
    """Each zone that is stated, with the pattern of the files that it is of; empty for all."""
    for block in _blocks(text):
        for sentence in _SENTENCES.split(block):
            everything = _ALL.search(sentence)
            files = _FILE.findall(sentence if everything else block)
            if _CONVERTS.search(sentence) or not (files or everything or _GENERAL.search(sentence)):
                continue
            for found in _ZONE.finditer(sentence):
                before = sentence[: found.start()]
                about = _REPORTED.search(sentence) or _BRACKETED.search(before)
                zone = _zone(found["zone"])
                if zone and about and not _OF_A_CLOCK.search(before) and not _DENIED.search(before):
                    yield from ((file.lower(), zone) for file in files or [""])


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, bullets and rows, each as one line."""
    block: list[str] = []
    for line in text.splitlines():
        if _BEGINS.match(line) and block:
            yield " ".join(block)
            block = []
        if line.strip():
            block.append(line.strip())
    if block:
        yield " ".join(block)


def _zone(name: str) -> tzinfo | None:
    """A zone by its name; UTC as one that is stated, which another name tells from the one that is taken for want of any."""
    found = zone_of(name.replace(" ", ""), UTC)
    if found is UTC or found == 0:
        return ZoneInfo("Etc/UTC")
    return timezone(timedelta(minutes=found)) if isinstance(found, int) else found
