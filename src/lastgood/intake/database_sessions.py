"""What a database's sessions were doing at one moment: SHOW FULL PROCESSLIST of MySQL, pg_stat_activity of PostgreSQL.

It is a state, no change: a log line for each session, at the time that a comment or the newest time in the table says. A session that
alters a table did not begin when it was printed. Without such a time every row is a reject.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.entries import moment_of
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

LARGEST = 1 << 22  # bytes
_MYSQL = frozenset({"id", "user", "host", "db", "command", "time", "state", "info"})
_POSTGRES = frozenset({"pid", "state", "query"})
_OF_POSTGRES = frozenset({"usename", "datname", "wait_event_type", "wait_event", "query_start", "backend_start", "state_change", "xact_start"})  # fmt: skip
_VERTICAL = re.compile(r"\*+ \d+\. row \*+|-\[ RECORD \d+ \][-+]*")
_FIELD = re.compile(r"\s*(?P<name>\w+)(?: *\| ?|: ?)(?P<value>.*)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?: ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?))?")
_RULE = re.compile(r"[-+|\s]+")


@dataclass(frozen=True, slots=True)
class _Session:
    """A session by the names of its columns, in lower case, and its line."""

    place: int
    fields: Mapping[str, str]


def recognise(given: Input) -> Claim | None:
    """The columns of one of the two, as a table or one below the other."""
    if b"\0" in given.head[:1024] or given.head.lstrip()[:1] in (b"{", b"[", b"<"):
        return None
    first = next(_sessions(given.head[:65_536].decode("utf-8-sig", "replace")), None)
    if first is None:
        return None
    if len(_MYSQL & first.fields.keys()) >= len(_MYSQL) - 1:
        return Claim("sessions of MySQL", 0.96, "it has the columns of SHOW PROCESSLIST")
    if first.fields.keys() >= _POSTGRES and _OF_POSTGRES & first.fields.keys():
        return Claim("sessions of PostgreSQL", 0.96, "it has columns of pg_stat_activity")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each session; the header, rules and comments continue them."""
    with given.open() as stream:
        content, problem = read_whole(stream)
    text, reference, rows = (
        content[:LARGEST].decode("utf-8-sig", "replace"),
        reference_for(given, settings),
        Rows(),
    )
    sessions = {one.place: one for one in _sessions(text)}
    time = _printed(f"{given.name} {text}", sessions.values(), reference)
    service = "mysql" if claim.format.endswith("MySQL") else "postgresql"
    for number, line in enumerate(text.splitlines(), 1):
        session, blank = sessions.get(number), not line.strip()
        if session and not time:
            yield Reject(number, "nothing says when it was printed", line[:REJECT_TEXT])
        elif session:
            rows.add(*_row(session.fields, time, service), number)
        yield Tally(
            1, int(bool(session and time)), int(session is None and not blank), int(blank and session is None)
        )
    yield from rows.rest()
    if problem is not None:
        raise problem


def _printed(text: str, sessions: Iterable[_Session], reference: Reference) -> int:
    """When it was printed: the time that the first line or the name says, else the newest in the table; 0 where there is none."""
    head = text.splitlines()[:1]
    above = [found[0] for line in head for found in _MOMENT.finditer(line)]
    texts = above or [value for one in sessions for value in one.fields.values() if _MOMENT.fullmatch(value)]
    return max((moment_of(re.sub(r"([+-]\d\d)$", r"\1:00", one), reference) for one in texts), default=0)


def _row(fields: Mapping[str, str], time: int, service: str) -> Row:
    who = fields.get("user") or fields.get("usename") or ""
    waits = " ".join(filter(None, (fields.get("wait_event_type"), fields.get("wait_event"))))
    doing, what = (
        fields.get("state") or fields.get("command") or "",
        fields.get("info") or fields.get("query") or "",
    )
    lasted = f" for {fields['time']} s" if fields.get("time") else ""
    body = f"session {fields.get('id') or fields.get('pid')} of {who}: {doing}{lasted}{f', waits: {waits}' if waits else ''}; {what}"
    return logged(body, time, service=service, source="sessions", attributes={f"db.session.{name}": value for name, value in fields.items()})  # fmt: skip


def _sessions(text: str) -> Iterator[_Session]:
    """Each session, of a table with tabs, bars or commas, or of fields one below the other."""
    lines = text.splitlines()
    if any(_VERTICAL.fullmatch(line.strip()) for line in lines[:3]):
        yield from _vertical(lines)
        return
    header: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#") or _RULE.fullmatch(line):
            continue
        cells = _cells(line)
        if not header:
            header = [cell.lower() for cell in cells]
            if len(header) < len(_POSTGRES):
                return
        elif len(cells) == len(header):
            yield _Session(number, dict(zip(header, map(_value, cells), strict=True)))  # fmt: skip


def _value(text: str) -> str:
    return "" if text.strip() == "NULL" else text.strip()


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    if "|" in line:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    return [cell.strip() for cell in next(csv.reader(io.StringIO(line)), [])]


def _vertical(lines: list[str]) -> Iterator[_Session]:
    place, fields = 0, dict[str, str]()
    for number, line in enumerate([*lines, "-[ RECORD 0 ]"], 1):
        if _VERTICAL.fullmatch(line.strip()):
            if fields:
                yield _Session(place, fields)
            place, fields = number, {}
        elif found := _FIELD.match(line):
            fields[found["name"].lower()] = _value(found["value"])


SOURCE = Source("database_sessions", frozenset({Signal.LOGS}), recognise, decode)
