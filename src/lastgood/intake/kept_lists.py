"""Lists of what was done whose headings no one knows: delimited, aligned by blanks, in Markdown, or a line of prose each.

What a column is, its values say first and the words of its heading second: a time, a version, a revision, a person, a
system. What is left, in the order of the columns, is what was done. A list differs from a log: entries are rare, that
they have no level or figures, and that two of these speak for it: its name, a person, a release, a system, a word of work.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone
from pathlib import PurePath
from typing import Any

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, kind_of, logged, names
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.dated import latest_not_after_now
from lastgood.decoding.tables.entries import kind_of_title, moment_of, only_builds, rare, version_in
from lastgood.decoding.tables.kept import LETTERS, KeptTable, kept_table
from lastgood.decoding.tables.spoken import told
from lastgood.decoding.tables.written_times import Written, words, written, zone_in
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.attributes import CHANGE_ZONE, NOT_STATED
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import CHANGES

LARGEST = 200_000  # bytes: people keep no longer lists
# English, German, French, Spanish, Italian, Polish, Dutch: words of headings.
_ENDS = frozenset(names("end ended ends until finished finish stop stopped completed done executed actual bis ende fin hasta fine koniec einde"))  # fmt: skip
_WHO = frozenset(names("who by user author actor owner engineer operator person assignee wer von durch bearbeiter vem av utförd hvem kuka qui par auteur quien quién chi kto wie door"))  # fmt: skip
_SYSTEMS = frozenset(names("system service app application component host server node vm machine target object resource store cluster project repository repo tjänst tjeneste palvelu kohde dienst anwendung komponente ziel rechner knoten serveur cible servicio servidor servizio usługa systeem"))  # fmt: skip
_VERSIONS = frozenset(names("version release tag build wersja versión versione versie image chart"))
_NUMBERS = frozenset(names("id key number nr no ticket revision"))
_STATES = frozenset(names("state status result outcome ergebnis stan percent share"))
_NO_LIST = frozenset(names("level severity lvl logger thread pid trace span method latency duration bytes alarm alert alerts priority metric value count price amount orders customer customers subject message msg body text raw line incident query temperature"))  # fmt: skip
_CALLED = re.compile(r"schema_history|migrations?\b|chang|deploy|releas|roll-?out|maintenance|calendar|operations|what.?was.?done|tasks|änderung|aenderung|ändring|endring|ændring|muutos|wartung|zmian|cambio|wijzig|modific|mudan|cambi|night.?(?:shift|log)|shift.?(?:book|log)|logbook|diary|schichtbuch", re.IGNORECASE)  # fmt: skip
_OF_SCHEMAS = re.compile(r"schema_history|schema_migrations|databasechangelog|\bmigrations?\b", re.IGNORECASE)
_OF_RELEASES = re.compile(r"deploy|releas|roll-?out", re.IGNORECASE)
# Two headings of which the first is what was there before.
_PAIRS = (("from", "to"), ("old", "new"), ("before", "after"), ("previous", "current"))
_SETTINGS = frozenset(names("setting settings parameter param option flag variable property field"))
# The number of a change in a register: CHG-20711, RFC 88, C-5521.
_OF_REGISTER = re.compile(r"(?:CHG|CHANGE|CRQ?|RFC|C)[-_# ]?\d{2,}", re.IGNORECASE)
_ONE_VERSION = re.compile(r"(?=.*\d)[\w.+-]{1,40}")
_WORK = re.compile(r"migrat|deploy|releas|roll-?out|upgrad|update|patch|restart|reboot|start|stop|creat|delet|remov|add(?:ed)?\b|enabl|disabl|chang|snapshot|backup|maintenance|scal|rotat|renew|install|replac|switch|mov(?:e|ed)\b|wartung|freig|geladen|neu\b", re.IGNORECASE)  # fmt: skip
_LEVEL = re.compile(r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRIT(?:ICAL)?)\b")
# A single point is a fraction's.
_VERSION = re.compile(r"[vr]\d+(?:\.\d+)+(?:[-+]\w+)?|\d+(?:\.\d+){2,}(?:[-+]\w+)?")
_SHA = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{7,40}")
_NAME = re.compile(r"(?:[\w.-]+/)?[A-Za-z][\w.-]*")  # a repository may stand behind its owner
_WHO_LAST = re.compile(r"\((?P<who>[\w.@ -]{2,40})\)")
_STEP = re.compile(
    r"(?<![\w.])(?P<old>v?\d+(?:\.\d+)+[\w+-]*) (?:->|=>|\u2192) (?P<new>v?\d+(?:\.\d+)+[\w+-]*)(?![\w.]*[\w])"
)
_SYSTEMS_OF = 0.5  # of the cells of a column of systems, at least, are names
_RELEASE = re.compile(r"(?P<service>[A-Za-z][\w.-]*):? (?P<version>v?\d+(?:\.\d+)+)(?=$|[\s,;:(])")
_ISO = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)[\s,;]+"
)
_BETWEEN = " \t:-\u2013\u2014"  # what stands between a time and what follows
_TELLING_ID = 4  # letters: what is shorter numbers the rows
_APART = 60 * 1_000_000_000  # nanoseconds on average between entries: a log has more
_DATED = 0.6  # of the lines of a list of prose begin with a time, at least: the others are headings
# Sure of a table with releases, and of others: readers that know the headings are surer.
_NAMED, _UNNAMED = 0.87, 0.855
_TIMED = 0.8  # of the entries of a table have a time that can be read, at least: the others are rejected
_FEWEST = 2  # signs that it is a list of what was done
_ELSEWHERE = timezone(timedelta(hours=1))
_NONE = Reference(UTC, 4_102_444_800_000_000_000)


@dataclass(frozen=True, slots=True)
class _Roles:
    """The places of the columns that are something."""

    time: int
    end: int | None
    who: int | None
    systems: tuple[int, ...]
    version: int | None
    previous: int | None
    revision: int | None
    states: tuple[int, ...]
    numbers: tuple[int, ...]
    done: tuple[int, ...]  # what is left, with letters


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry of prose: when, and what was done."""

    time: int
    end: int | None
    what: str


def recognise(given: Input) -> Claim | None:
    """Rows or lines that begin with rare times, and two signs that they tell what was done."""
    if len(given.head) > LARGEST or b"\0" in given.head or given.head.lstrip()[:1] in (b"{", b"[", b"<"):
        return None
    text = given.head.decode("utf-8-sig", "replace")
    heading = text.partition("\n")[0]
    entitled = _line(heading, _NONE, "") is None and _CALLED.search(heading)
    called = bool(_CALLED.search(PurePath(given.name).stem) or entitled)
    if table := kept_table(text):
        roles = _roles(table, _NONE, given.name)
        if roles and _signs(table, roles, called=called) >= _FEWEST:
            named = roles.version is not None or roles.revision is not None or _pair(table.names)
            sure = _NAMED if named else _UNNAMED
            return Claim("kept table", sure, f"{len(table.rows)} rare entries: when, and what was done")
        return None
    found = list(filter(str.strip, text.splitlines()))
    if not called or any(map(_LEVEL.search, found)):
        return None  # before any time is read: a log has thousands
    entries = [one for line in found if (one := _line(line, _NONE, text))]
    dated = len(entries) >= max(2, _DATED * len(found)) and rare([one.time for one in entries], _APART)
    if dated and all(LETTERS.search(one.what) for one in entries):
        return Claim("kept list", 0.86, f"{len(entries)} rare lines of when, and what was done")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each entry; headings, rules and comments are none."""
    with given.open() as stream:
        content, problem = read_whole(stream)
    text, reference, made = content.decode("utf-8-sig", "replace"), reference_for(given, settings), Rows()
    read = _of_table if claim.format == "kept table" else _of_lines
    entries = dict(read(text, reference, given.name))
    if str(settings.zone) == "UTC":
        here = dict(read(text, replace(reference, zone=_ELSEWHERE), given.name))
        latest = max((time for _, time in _without_zone(entries, here)), default=0)
        there, about = latest_not_after_now(reference, latest, settings.now)
        entries = dict(read(text, there, given.name)) if about else entries
        for row, _ in _without_zone(entries, here):
            row["Attributes"].update(about or {CHANGE_ZONE: NOT_STATED})
    for number, line in enumerate(text.splitlines(), 1):
        entry = entries.get(number)
        if isinstance(entry, str):
            yield Reject(number, entry, line[:REJECT_TEXT])
        elif entry is not None:
            made.add(*entry, number)
        blank = not line.strip()
        yield Tally(1, int(isinstance(entry, tuple)), int(entry is None and not blank), int(blank))
    yield from made.rest()
    if problem is not None:
        raise problem


def _without_zone(
    entries: Mapping[int, Row | str], here: Mapping[int, Row | str]
) -> Iterator[tuple[dict[str, Any], int]]:
    """The changes whose times the zone of the reader decides, for read elsewhere they are other ones, and their times in nanoseconds."""
    for number, entry in entries.items():
        other = here.get(number)
        if isinstance(entry, tuple) and entry[0] is CHANGES and isinstance(other, tuple):
            (_, row), (_, moved) = entry, other
            if moved["Timestamp"] != row["Timestamp"]:
                yield row, row["Timestamp"]


def _roles(table: KeptTable, reference: Reference, name: str) -> _Roles | None:
    """What each column is; None where no column has times, or one has what logs and measurements have."""
    headed = [frozenset(words(name)) for name in table.names]
    columns = [[row[place] for _, row in table.rows] for place in range(len(table.names))]
    if any(head & _NO_LIST for head in headed):
        return None
    timed = _timed(table, columns, reference)
    begun = [n for n in timed if not headed[n] & _ENDS]
    if not begun:
        return None

    def called(kinds: frozenset[str]) -> list[int]:
        return [n for n, head in enumerate(headed) if n not in timed and head & kinds]

    def looks(form: re.Pattern[str]) -> list[int]:
        return [
            n
            for n, values in enumerate(columns)
            if n not in timed and all(map(form.fullmatch, filter(None, values))) and any(values)
        ]

    previous, later = _versions(table, name)
    version = next(iter([*called(_VERSIONS), *([later] if later is not None else looks(_VERSION))]), None)
    revision = next(iter(looks(_SHA)), None)
    who = next((n for n in called(_WHO) if n not in (version, revision)), None)
    taken = {*timed, *called(_NUMBERS), *called(_STATES), version, previous, revision, who}
    systems = tuple(n for n in called(_SYSTEMS) if n not in taken and _named(columns[n]))
    done = tuple(
        n
        for n, values in enumerate(columns)
        if n not in taken and (n in systems or any(map(LETTERS.search, values)))
    )
    end = next((n for n in timed if n != begun[0] and headed[n] & _ENDS), None)
    states, numbers = tuple(called(_STATES)), tuple(called(_NUMBERS))
    return _Roles(begun[0], end, who, systems, version, previous, revision, states, numbers, done)


def _timed(table: KeptTable, columns: Sequence[Sequence[str]], reference: Reference) -> list[int]:
    """The columns of times."""
    return [
        n
        for n, values in enumerate(columns)
        if sum(bool(_time(value, table, n, reference)) for value in values)
        >= _TIMED * sum(map(bool, values))
        > 0
    ]


def _pair(names: Sequence[str]) -> tuple[int, int] | None:
    """The columns of what was there before and of what came, by their headings."""
    headed = [frozenset(words(name)) for name in names]
    for before, after in _PAIRS:
        first, second = (
            next((n for n, h in enumerate(headed) if word in h), None) for word in (before, after)
        )
        if first is not None and second is not None:
            return first, second
    return None


def _versions(table: KeptTable, name: str) -> tuple[int | None, int | None]:
    """The columns of the version before and of the one after; none where it is settings that changed."""
    pair = _pair(table.names)
    if pair is None or any(_SETTINGS & frozenset(words(heading)) for heading in table.names):
        return None, None
    values = [value for _, row in table.rows for value in (row[pair[0]], row[pair[1]]) if value]
    form = _ONE_VERSION if _OF_RELEASES.search(PurePath(name).stem) else _VERSION
    return pair if values and all(map(form.fullmatch, values)) else (None, None)


def _named(values: Sequence[str]) -> bool:
    """Whether most cells are names: people also write what a system is called otherwise, or several."""
    filled = [value for value in values if value]
    return sum(bool(_NAME.fullmatch(value)) for value in filled) >= _SYSTEMS_OF * len(filled)


def _time(value: str, table: KeptTable, place: int, reference: Reference) -> int:
    zone = zone_in(table.names[place]) or zone_in(table.above)
    return _moment(value, replace(reference, zone=zone) if zone else reference, table.above)


def _moment(text: str, reference: Reference, heading: str) -> int:
    """Nanoseconds of a time however it is written; 0 where there is none."""
    found = written(text, reference, heading)
    return found.time if found and not found.rest.strip() else moment_of(text, reference)


def _signs(table: KeptTable, roles: _Roles, *, called: bool) -> int:
    """How many things speak for a list of what was done; none where entries are as near to each other as a log's."""
    times = [_time(row[roles.time], table, roles.time, _NONE) for _, row in table.rows]
    dated = [time for time in times if time]
    if not dated or not rare(dated, _APART) or not (roles.done or roles.version is not None):
        return 0
    done = [" ".join(row[n] for n in roles.done) for _, row in table.rows]
    if any(map(_LEVEL.search, done)):
        return 0
    working = sum(bool(_WORK.search(text)) for text in done) * 2 >= len(done)
    released = roles.version is not None or roles.revision is not None
    ids = [row[n] for _, row in table.rows for n in roles.numbers]
    registered = bool(ids) and all(map(_OF_REGISTER.fullmatch, ids))
    ended = roles.end is not None
    return sum((called, roles.who is not None, released, bool(roles.systems), working, registered, ended))


def _of_table(text: str, reference: Reference, name: str) -> Iterator[tuple[int, Row | str]]:
    table = kept_table(text)
    roles = _roles(table, reference, name) if table else None
    if table is None or roles is None:
        return
    for number, row in table.rows:
        time = _time(row[roles.time], table, roles.time, reference)
        releases = bool(_OF_RELEASES.search(PurePath(name).stem))
        yield (
            number,
            _row(table, roles, row, time, reference, releases=releases)
            if time
            else "no time that can be read",
        )


def _row(
    table: KeptTable, roles: _Roles, row: Sequence[str], time: int, reference: Reference, *, releases: bool
) -> Row:
    def cell(place: int | None) -> str:
        return row[place] if place is not None else ""

    systems = [row[n] for n in roles.systems if row[n]]
    system = systems[0] if len(roles.systems) == 1 and systems and _NAME.fullmatch(systems[0]) else ""
    service = system.rpartition("/")[2]
    what = " ".join(row[n] for n in roles.done if row[n] and row[n] != system)
    states = " ".join(row[n] for n in roles.states if row[n])
    until = _time(row[roles.end], table, roles.end, reference) if roles.end is not None else 0
    released, step = _RELEASE.match(what), _STEP.search(what)
    version = (
        cell(roles.version) or cell(roles.revision) or (released["version"] if released and not step else "")
    )
    if step and (released or (service and not step.start())) and not version:
        version = step["new"]
    schemas = bool(_OF_SCHEMAS.search(table.above))
    number = " ".join(row[n] for n in roles.numbers[:1])
    return _change(
        time, what or " ".join(filter(None, (service, version, states))), service=service, version=version, until=until or None, schemas=schemas, releases=releases and bool(service), previous_version=cell(roles.previous) or (step["old"] if step and version in {"", step["new"]} else ""),
        id=number if len(number) >= _TELLING_ID else None, actor=cell(roles.who), state=states if kind_of(states) == "" and len(roles.states) == 1 else "",
        attributes={"vcs.ref.head.revision": cell(roles.revision), "change.note": states, "change.reference": " ".join(row[n] for n in roles.numbers)},
    )  # fmt: skip


def _of_lines(text: str, reference: Reference, name: str) -> Iterator[tuple[int, Row | str]]:
    del name  # a line of prose says itself what was done
    for number, line in enumerate(text.splitlines(), 1):
        if entry := _line(line, reference, text):
            who = list(_WHO_LAST.finditer(entry.what))
            released = _RELEASE.match(entry.what)
            yield number, _change(
                entry.time, entry.what, until=entry.end, actor=who[-1]["who"] if who else "", service=released["service"] if released else "",
                version=released["version"] if released else "", attributes={},
            )  # fmt: skip


def _line(line: str, reference: Reference, text: str) -> _Line | None:
    """The entry that a line is; None where it begins with no time. Of two times the second is its end."""
    heading = text.partition("\n")[0]
    begun = _leading(line.lstrip("-*• \t"), reference, heading)
    if begun is None:
        return None
    ended = _leading(begun.rest.lstrip(_BETWEEN), reference, heading)
    what = " ".join((ended or begun).rest.strip(_BETWEEN).split())
    return _Line(begun.time, ended.time if ended else None, what) if what else None


def _leading(text: str, reference: Reference, heading: str) -> Written | None:
    """The time that a text begins with, as programs or as people write it."""
    if found := _ISO.match(text):
        clock = found["time"]
        if clock.count(":") == 1 or not re.search(r"\d\d:\d\d:", clock):
            clock = re.sub(r"(?<=[ T]\d\d:\d\d)", ":00", clock, count=1)
        time = moment_of(clock, reference)
        return Written(time, text[found.end() :]) if time else None
    return written(text, reference, heading)


def _change(
    time: int, what: str, *, version: str, schemas: bool = False, releases: bool = False, **given: object
) -> Row:
    """A line for a run that only builds or tests, else the change.

    What carries a version is a deploy, or a migration of schemas; others are what their words say, or of the list's name.
    """
    if only_builds(what) and not kind_of_title(what):
        return logged(what, time, service=str(given.get("service") or ""), source="kept list")
    work = told(what)
    kind = "migration" if schemas else kind_of_title(what) or kind_of(what) or (work.kind if work else "")
    if version and kind not in {"infrastructure", "migration", "certificate"}:
        kind = "deploy"
    return change(
        kind or ("deploy" if releases else "config"),
        time,
        title=what,
        version=version or (step["new"] if (step := _STEP.search(what)) else version_in(what)),
        source="kept list",
        **given,
    )


SOURCE = Source("kept_lists", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
