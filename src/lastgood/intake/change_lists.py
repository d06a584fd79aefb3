"""Lists of deploys as scripts and consoles write them: a time, a service, a version and a revision on each line, and no header.

They differ from a log: a version with the revision of its code beside it stands on most lines, that lines are rare,
and that none has a level. A line without them is a change of what its words say. Comments begin with `#`; a zone of the tz
database that one names is that of the times.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change
from lastgood.decoding.input import REJECT_TEXT, UNREADABLE, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.dated import names_zone, not_after_now
from lastgood.decoding.tables.entries import kind_of_title, moment_of, rare, version_in
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_LINE = re.compile(
    r"\[?(?P<at>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)\]?[\s,;|]+(?P<rest>\S.*)"
)
_SPLIT = re.compile(r"\s*[\s;|]\s*")
_SHA = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{7,40}")
_VERSION = re.compile(r"v?\d[\w.+-]*|[a-z]{1,3}-?\d[\w.+-]*", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][\w./-]*")
_HOSTS = re.compile(r"[A-Za-z](?:[^\W\d]|[.-])*\d[\w.-]*|[\w.-]+(?:,[\w.-]+)+")
_STATE = re.compile(r"ok|done|success\w*|succeeded|fail\w*|error|aborted|cancel\w*", re.IGNORECASE)
_ZONE = re.compile(r"\b[A-Z]\w+/[A-Z]\w+(?:/[A-Z]\w+)?\b|\bUTC\b")
_LEVEL = re.compile(r"\b(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|NOTICE|CRITICAL)\b")
_LOOKED = 40  # lines
_SHIPPED = 0.5  # of the entries have a version beside a revision, at least
_APART = 30 * 1_000_000_000  # nanoseconds on average between entries: a log has more


@dataclass(frozen=True, slots=True)
class _Shipped:
    """What a line says was shipped."""

    service: str
    version: str
    revision: str
    hosts: str
    actor: str
    state: str


def recognise(given: Input) -> Claim | None:
    """Lines that begin with a time, most with a version and its revision; they are rare and have no level."""
    whole = given.head.decode("utf-8-sig", "replace").splitlines()[:_LOOKED]
    lines = [line for line in whole if line.strip() and not line.startswith("#")]
    entries = [found for line in lines if (found := _LINE.match(line))]
    if not entries or len(entries) < len(lines) or any(map(_LEVEL.search, lines)):
        return None
    shipped = sum(_shipped(found["rest"]) is not None for found in entries)
    reference = Reference(ZoneInfo("UTC"), 4_102_444_800_000_000_000)
    times = [time for found in entries if (time := moment_of(found["at"], reference))]
    if shipped < _SHIPPED * len(entries) or not rare(times, _APART):
        return None
    return Claim("list of deploys", 0.9, f"{shipped} of {len(entries)} lines have a version and its revision")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each line but comments."""
    del claim
    zoned, rows = _zoned(given, reference_for(given, settings)), Rows()
    reference, about = not_after_now(zoned, _times(given), settings.now)
    with given.open() as stream:
        for number, raw in enumerate(text_lines(stream), 1):
            line = raw.decode("utf-8", "replace").strip("\ufeff\r\n\t ")
            if not line or line.startswith("#"):
                yield Tally(lines=1, blanks=int(not line), continuations=int(bool(line)))
                continue
            found = _LINE.match(line)
            time = moment_of(found["at"], reference) if found else 0
            if found is None or not time:
                yield Reject(number, "it does not begin with a time", line[:REJECT_TEXT])
                yield Tally(lines=1)
                continue
            table, row = _row(time, found["rest"])
            row["Attributes"].update({} if names_zone(found["at"]) else about)
            rows.add(table, row, number)
            yield Tally(1, 1)
            yield from rows.full()
    yield from rows.rest()


def _times(given: Input) -> Iterator[str]:
    """The time of each line, before what cannot be read."""
    with suppress(*UNREADABLE), given.open() as stream:
        for raw in text_lines(stream):
            if found := _LINE.match(raw.decode("utf-8", "replace")):
                yield found["at"]


def _zoned(given: Input, reference: Reference) -> Reference:
    """The same in the zone that a comment names."""
    head = given.head.decode("utf-8-sig", "replace").splitlines()[:_LOOKED]
    named = (zone for line in head if line.startswith("#") for zone in _ZONE.findall(line))
    zone = next((zone for zone in named if zone in available_timezones()), None)
    return replace(reference, zone=ZoneInfo(zone)) if zone else reference


def _row(time: int, rest: str) -> Row:
    shipped = _shipped(rest)
    if shipped is None:
        words = _SPLIT.split(rest)
        service = words[0] if len(words) > 1 and _NAME.fullmatch(words[0]) else ""
        kind = kind_of_title(rest) or ("deploy" if version_in(rest) else "config")
        return change(kind, time, title=" ".join(words), service=service, source="list of deploys")
    said = f"deploy {shipped.service} {shipped.version}".replace("  ", " ")
    return change(
        "deploy", time, title=said, service=shipped.service, version=shipped.version, actor=shipped.actor, state=shipped.state,
        source="list of deploys", attributes={"vcs.ref.head.revision": shipped.revision, "hosts": shipped.hosts},
    )  # fmt: skip


def _shipped(rest: str) -> _Shipped | None:
    """A version and the revision beside it, with what stands around them; None where there is none."""
    words = _SPLIT.split(rest)
    for place, (version, revision) in enumerate(pairwise(words)):
        if place < 2 and _VERSION.fullmatch(version) and _SHA.fullmatch(revision):
            service = words[0] if place and _NAME.fullmatch(words[0]) else ""
            return _Shipped(service, version, revision, *_after(words[place + 2 :]))
    return None


def _after(words: Sequence[str]) -> Iterator[str]:
    """The hosts, the person and the outcome that follow."""
    states = [word for word in words if _STATE.fullmatch(word)]
    others = [word for word in words if not _STATE.fullmatch(word)]
    hosts = [word for word in others if _HOSTS.fullmatch(word)]
    people = [word for word in others if not _HOSTS.fullmatch(word)]
    yield from (" ".join(hosts).replace(",", ", "), " ".join(people), " ".join(states))


SOURCE = Source("change_lists", frozenset({Signal.CHANGES}), recognise, decode)
