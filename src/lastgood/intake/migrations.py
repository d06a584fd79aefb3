"""Tables in which migration tools keep what they ran: Flyway, Liquibase, Django, Prisma, Knex, goose; also Rails and Alembic.

As CSV, as `psql` and `mysql` print them, or as JSON. Each row is a migration at the time at which it ran. The tables of Rails and Alembic
have no such time, only the name of a version (Rails' says when it was written): their rows are rejects that say so.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import Any

from lastgood.decoding.change import Row, at, change, glimpses
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.tables.elements import elements
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_BORDER = re.compile(r"[-+|= ]+|\(\d+ rows?\)|\d+ rows? in set.*")
_UNTIMED = "the table keeps no time at which it ran; load the log of the deploy that ran it"


@dataclass(frozen=True, slots=True)
class _Tool:
    """The table of one tool: how it is known, and which column says what; without a time it keeps none."""

    name: str
    known: frozenset[str]
    time: str
    version: str
    title: tuple[str, ...] = ()
    actor: str = ""
    took_ms: str = ""
    worked: str = ""  # a column that is false where it failed
    only: bool = False  # it has no other columns


_TOOLS = (
    _Tool("Flyway", frozenset(["installed_rank", "script", "installed_on"]), "installed_on", "version",
          ("description", "script"), "installed_by", "execution_time", "success"),
    _Tool("Liquibase", frozenset(["id", "author", "filename", "dateexecuted"]), "dateexecuted", "id",
          ("description", "filename"), "author"),
    _Tool("Django", frozenset(["app", "name", "applied"]), "applied", "name", ("app", "name")),
    _Tool("Prisma", frozenset(["migration_name", "started_at", "finished_at"]), "started_at", "migration_name", ("migration_name",)),
    _Tool("Knex", frozenset(["name", "batch", "migration_time"]), "migration_time", "name", ("name",)),
    _Tool("goose", frozenset(["version_id", "is_applied", "tstamp"]), "tstamp", "version_id", worked="is_applied"),
    _Tool("Alembic", frozenset(["version_num"]), "", "version_num", only=True),
    _Tool("Rails", frozenset(["version"]), "", "version", only=True),
)  # fmt: skip
FIRST = 4096  # bytes in which a header and a row are
_RAILS = re.compile(r"\d{14}")


def recognise(given: Input) -> Claim | None:
    """A header, or first object, with the columns of one of these tables."""
    first = given.head[:FIRST]
    rows = (
        glimpses(given, 1)
        if first.lstrip()[:1] in {b"{", b"["}
        else _table(first.decode("utf-8-sig", "replace"))
    )
    tool = next((tool for row in islice(rows, 1) if (tool := _tool_of(_lowered(row)))), None)
    return (
        Claim(f"{tool.name} migrations", 0.97, f"it has the columns of {tool.name}'s table") if tool else None
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A migration for each row."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    table = Rows()
    for place, row in enumerate(_rows(content), 1):
        if isinstance(row, Reject):
            yield row
            yield Tally(lines=1)
            continue
        try:
            table.add(*_migration(row, settings.zone), place)
        except BAD as wrong:
            yield Reject(place, f"not understood: {wrong}", " ".join(map(str, row.values()))[:REJECT_TEXT])
            yield Tally(lines=1)
            continue
        yield Tally(lines=1, events=1)
    yield from table.rest()
    if problem is not None:
        raise problem


def _tool_of(row: Mapping[str, Any]) -> _Tool | None:
    for tool in _TOOLS:
        whole = tool.known <= row.keys() and (not tool.only or len(row) == 1)
        if whole and (tool.name != "Rails" or _RAILS.fullmatch(str(row["version"]))):
            return tool
    return None


def _migration(row: Mapping[str, Any], zone: tzinfo) -> Row:
    tool = _tool_of(row)
    if tool is None:
        raise ValueError("it is not a row of a table of migrations")
    if not tool.time:
        raise ValueError(_UNTIMED)
    time, version = at(_zoned(str(row[tool.time])), zone), str(row.get(tool.version) or "")
    name = " ".join(dict.fromkeys(str(row[title]) for title in tool.title if row.get(title))) or version
    worked = str(row.get(tool.worked, "t")).lower() in {"t", "true", "1", "yes"}
    took = int(float(row.get(tool.took_ms) or 0)) * 1_000_000
    end = at(_zoned(str(row["finished_at"])), zone) if row.get("finished_at") else time
    return change(
        "migration", time - took, until=end, id=f"{tool.name.lower()}/{version or name}/{time}", title=f"migration {name}",
        version=version, actor=str(row.get(tool.actor) or ""), state="" if worked else "failed", source=tool.name.lower(),
        attributes={"db.migration.script": row.get("script") or row.get("filename"), "db.migration.tool": tool.name},
    )  # fmt: skip


def _zoned(text: str) -> str:
    """PostgreSQL prints zones with hours alone."""
    return re.sub(r"([+-]\d\d)$", r"\1:00", text.strip()) if ":" in text else text.strip()


def _rows(content: bytes) -> Iterator[dict[str, Any] | Reject]:
    """The rows of CSV, of a table as printed, or of JSON, by lower-case columns."""
    if content.lstrip()[:1] in {b"{", b"["}:
        yield from (one if isinstance(one, Reject) else _lowered(one) for one in elements(content))
    else:
        yield from _table(content.decode("utf-8-sig", "replace"))


def _table(text: str) -> Iterator[dict[str, Any]]:
    lines = [line for line in text.splitlines() if line.strip() and not _BORDER.fullmatch(line.strip())]
    if "|" in "".join(lines[:1]) and "," not in lines[0]:
        cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    else:
        cells = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO("\n".join(lines)))]
    header, *rows = cells or [[]]
    yield from (dict(zip(map(str.lower, header), row, strict=False)) for row in rows)


def _lowered(row: Any) -> dict[str, Any]:
    """The fields under lower-case names; none where it is no object, which no tool's table has."""
    if not isinstance(row, Mapping):
        return {}
    return {str(name).lower(): value for name, value in row.items()}


SOURCE = Source("migrations", frozenset({Signal.CHANGES}), recognise, decode)
