"""Structured lines: JSON objects and logfmt, as rows of fields, as events."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference, parse_times
from lastgood.decoding.text import beside
from lastgood.decoding.text import severity as _severity
from lastgood.decoding.text.events import (
    TEXTS,
    column,
    empty_maps,
    events,
    maps_of_rows,
    merged_maps,
    none,
    with_column,
)
from lastgood.decoding.text.fields import Meaning, duration_ns, meaning, trace_id
from lastgood.decoding.text.message_templates import TEMPLATES, filled
from lastgood.decoding.text.raised import completed
from lastgood.model.attributes import HTTP_BODIES, STACKTRACE

Mask = npt.NDArray[np.bool_]
Fields = Mapping[str, Any]
DEEPEST = 8  # nesting that is followed; deeper objects are kept as JSON
MOST_FIELDS = 200  # of one event
LONGEST_NAME = 1024  # of a field; what is nested under a longer one is kept as JSON
WEIGHED = 3
ROWS = 2_000  # read at a time: with many more, half of the time goes to the garbage collector


@dataclass(frozen=True)
class StructuredFormat:
    """A kind of line that is a set of named fields."""

    name: str
    about: str
    read: Callable[[bytes], Fields | None]  # None: not one of these lines
    rank: int = 4
    envelope: bool = True
    multiline: bool = True
    names: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    server: str = ""
    timeless: bool = False
    joins: str = ""
    changes: tuple[Mapping[str, str], ...] = ()

    def reads_any(self, lines: pa.Array, texts: Sequence[bytes], reference: Reference) -> bool:  # noqa: ARG002
        """Whether any of a few lines is in this format; given as an array (binary) and one by one."""
        return any(self.read(text) is not None for text in texts)

    def match(self, lines: pa.Array, reference: Reference) -> tuple[Mask, pa.Table]:
        """Which of the lines (binary) are in this format, and the events of those."""
        mask = np.zeros(len(lines), np.bool_)
        tables = [none()]
        for start in range(0, len(lines), ROWS):
            texts = lines.slice(start, ROWS).to_pylist()
            rows = [self.read(text) if text is not None else None for text in texts]
            mask[start : start + ROWS] = [row is not None for row in rows]
            given = [(row, text) for row, text in zip(rows, texts, strict=True) if row is not None]
            tables.append(events_of(given, reference))
        return mask, pa.concat_tables(tables).combine_chunks()

    def detailed(self, bodies: pa.Array) -> pa.Array:
        """Nothing: everything is in the fields."""
        return empty_maps(len(bodies))


def json_fields(line: bytes) -> Fields | None:
    """The fields of a line that is one JSON object."""
    text = line.strip()
    if not (text.startswith(b"{") and text.endswith(b"}")) or len(text) == 2:
        return None
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError:
        row = _lenient(text)
    return row if isinstance(row, dict) else None


def _lenient(text: bytes) -> Any:
    """What Python's json writes and the standard forbids: NaN, infinity, halves of surrogate pairs."""
    if not (b"NaN" in text or b"Infinity" in text or b"\\ud" in text.lower()):
        return None
    try:
        row = json.loads(text, parse_constant=str)
        return orjson.loads(json_text(row))
    except (ValueError, RecursionError):
        return None


_PAIR = re.compile(rb'([A-Za-z_@][\w.@/-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)')
_ESCAPED = re.compile(rb'\\(["\\nt])')


def logfmt_fields(line: bytes) -> Fields | None:
    """The fields of a line that is nothing but `key=value` pairs, at least two of them."""
    fields: dict[str, Any] = {}
    at = 0
    text = line.strip()
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            return None
        key, quoted, bare = pair.groups()
        value = bare if quoted is None else _ESCAPED.sub(_unescaped, quoted)
        fields[key.decode("utf-8", "replace")] = value.decode("utf-8", "replace")
        at = pair.end()
        while at < len(text) and text[at] in b" \t":
            at += 1
    return fields if len(fields) > 1 else None


_LOOSE_PAIR = re.compile(r"""([A-Za-z_@][\w.@/-]*)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"',;()]*))""")


def pairs_of(text: str) -> dict[str, Any]:
    """The `key=value` pairs in a text, whatever is between them."""
    return {key: double or single or bare for key, double, single, bare in _LOOSE_PAIR.findall(text)}


def with_pairs(table: pa.Table, texts: pa.Array, reference: Reference) -> pa.Table:
    """The events with what the pairs beside them say and they themselves do not."""
    rows = [(pairs_of(text or ""), b"") for text in texts.to_pylist()]
    more = events_of(rows, reference)
    for name in ("SeverityText", "ServiceName", "ScopeName", "TraceId", "SpanId"):
        mine = column(table, name)
        table = with_column(table, name, pc.if_else(pc.equal(mine, ""), column(more, name), mine))
    level = column(table, "SeverityNumber")
    others = column(more, "SeverityNumber")
    table = with_column(table, "SeverityNumber", pc.if_else(pc.equal(level, 0), others, level))
    for name in ("ResourceAttributes", "LogAttributes"):
        table = with_column(table, name, merged_maps(column(table, name), column(more, name)))
    return table


def _unescaped(match: re.Match[bytes]) -> bytes:
    return {b"n": b"\n", b"t": b"\t"}.get(match[1], match[1])


JSON_LINES = StructuredFormat("JSON lines", "one JSON object a line", json_fields)
LOGFMT = StructuredFormat(
    "logfmt", "key=value pairs (Heroku, Go kit, slog's text handler, Logrus)", logfmt_fields
)


def events_of(rows: Sequence[tuple[Fields, bytes]], reference: Reference) -> pa.Table:
    """The events of rows of fields, each with the text that it was read from."""
    if not rows:
        return none()
    read = [_Event.of(fields, text) for fields, text in rows]
    texts = {name: pa.array([event.own.get(name, "") for event in read], pa.string()) for name in TEXTS}
    times = parse_times(pa.array([event.own.get("Timestamp", "") for event in read], pa.string()), reference)
    severities = _severity.numbers_of(texts["SeverityText"])
    for index, event in enumerate(read):
        if event.syslog_level is not None:
            severities[index] = event.syslog_level
    return events(
        times,
        severities,
        texts,
        maps_of_rows([event.attributes for event in read]),
        maps_of_rows([event.resource for event in read]),
    )


class _Event:
    """One event while its fields are sorted into place."""

    __slots__ = ("_ranks", "_time_name", "attributes", "own", "resource", "syslog_level")

    def __init__(self) -> None:
        self.own: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.resource: dict[str, str] = {}
        self.syslog_level: int | None = None
        self._ranks: dict[str, tuple[int, str]] = {}
        self._time_name = ""

    @classmethod
    def of(cls, fields: Fields, text: bytes) -> "_Event":
        event = cls()
        paths: list[str] = []
        values: list[str] = []
        _flatten(fields, "", 0, paths, values)
        targets = (event.own, event.attributes, event.resource)
        weighed = []
        for where, name, path, value in zip(*_places(tuple(paths)), paths, values, strict=False):
            if name == "Timestamp":
                event._time_name = path
            if where < WEIGHED:
                targets[where][name] = value
            else:
                weighed.append((path, value))
        for path, value in weighed:
            event._put(path, value, meaning(path))
        event._finish(fields, text)
        return event

    def _put(self, path: str, value: str, what: Meaning) -> None:
        if what.place in {"duration", "upstream"}:
            taken = duration_ns(value, what.name)
            if taken:
                self._place(self.attributes, f"lg.{what.place}_ns", path, taken, what.rank)
            else:
                self.attributes.setdefault(path, value)
            return
        target = {"event": self.own, "attribute": self.attributes}.get(what.place, self.resource)
        name = beside.name_of(what.name, path, value)
        self._place(target, name, path, value, what.rank + beside.less_sure(name, value))

    def _place(self, target: dict[str, str], name: str, path: str, value: str, rank: int) -> None:
        if not beside.believable(name, value, rank):
            self.attributes.setdefault(path, value)
            return
        known = self._ranks.get(name)
        if known is None:
            self._ranks[name] = (rank, path)
            target[name] = value
        elif rank < known[0]:
            self._keep(known[1], name, target[name])
            self._ranks[name] = (rank, path)
            target[name] = value
        else:
            self._keep(path, name, value)

    def _keep(self, path: str, name: str, value: str) -> None:
        """A second value for one place stays under the name it came with."""
        if path != name:
            self.attributes.setdefault(path, value)

    def _ids(self) -> None:
        own = self.own
        for name in ("TraceId", "SpanId"):
            if name in own:
                own[name] = trace_id(own[name])
        if "traceparent" in self.attributes and "TraceId" not in own:
            parent = self.attributes["traceparent"].split("-")
            if len(parent) == 4:
                own["TraceId"], own["SpanId"] = parent[1].lower(), parent[2].lower()

    def _finish(self, fields: Fields, text: bytes) -> None:
        self._ids()
        own = self.own
        completed(self.attributes, self._ranks.get(STACKTRACE, (0, ""))[1])
        if "name" in fields and "hostname" in fields and "pid" in fields and "ServiceName" not in own:
            # Bunyan and pino: `name` is the application, not a logger within it.
            own["ServiceName"] = str(fields["name"])
        if (server := beside.server(fields)) is not None:
            client, own["ServiceName"] = own.get("ServiceName", ""), server
            self.attributes |= {"client.name": client} if client else {}
        if beside.is_traffic(fields) and own.get("ServiceName") == fields["service"]:
            self.attributes["network.protocol.name"] = own.pop("ServiceName")
        self._beside()
        if "Body" not in own:
            own["Body"] = beside.body(self.attributes, text.strip())
        elif self._ranks.get("Body", (0, ""))[1] in TEMPLATES:
            own["Body"] = filled(own["Body"], fields, self.attributes)
        own["Body"] = own["Body"].rstrip("\n")
        self._numbered_level(fields)
        nanos = self.attributes.get("instant.nanoOfSecond", "")
        if nanos.isdecimal() and len(nanos) < 10 and own.get("Timestamp", "").isdecimal():
            own["Timestamp"] += f".{self.attributes.pop('instant.nanoOfSecond'):0>9}"

    def _beside(self) -> None:
        """What the fields that are left mean beside the others."""
        own, attributes = self.own, self.attributes
        lined = beside.request_line(attributes, own.get("ScopeName", ""))
        beside.redirected(attributes)
        asked = lined and self._ranks.get("host.name", (0, ""))[1] in {"", "host"}
        if asked and "." in self.resource.get("host.name", ""):
            # The host of an access log is the one that was asked for, not the machine.
            attributes.setdefault("url.domain", self.resource.pop("host.name"))
        if (version := beside.version(attributes)) and "service.version" not in self.resource:
            self.resource["service.version"] = attributes.pop(version)
        if "Timestamp" in own:
            own["Timestamp"] = beside.whole_time(own["Timestamp"], attributes)
        name = "" if "Timestamp" in own else beside.event_time(attributes)
        if name:
            own["Timestamp"] = attributes.pop(name)
            self._ranks["Timestamp"] = (0, name)
        if "lg.duration_ns" not in attributes:
            self._length(own.get("Timestamp", ""))
        if "ServiceName" not in own and (owner := beside.owner(attributes)):
            own["ServiceName"] = owner
        if "SeverityText" not in own and (status := beside.status(attributes)):
            own["SeverityText"] = status

    def _length(self, time: str) -> None:
        text, unit = beside.duration(self.attributes, time)
        if text and (taken := duration_ns(text, unit)):
            self.attributes["lg.duration_ns"] = taken
            return
        start = self._ranks.get("Timestamp", (0, self._time_name))[1]
        if start and (length := beside.length_between(self.attributes, start, time)) is not None:
            self.attributes["lg.duration_ns"] = str(length)

    def _numbered_level(self, fields: Fields) -> None:
        level = self.own.get("SeverityText", "")
        if word := beside.level_of_azure(self._ranks.get("SeverityText", (0, ""))[1], level):
            self.own["SeverityText"] = word
        syslog = "short_message" in fields or "PRIORITY" in fields
        if syslog and len(level) == 1 and level in "01234567":
            self.syslog_level = _severity.SYSLOG[int(level)]
        elif not level and "@t" in fields:
            self.own["SeverityText"] = "Information"  # Serilog's compact format leaves it out


@lru_cache(maxsize=1024)
def _places(paths: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """For rows with these fields: where each goes (0 event, 1 attribute, 2 resource) and its name there.

    A field that has rivals, or whose value decides, is WEIGHED row by row. Loggers write few sets of fields,
    so that nearly all rows are sorted by a look-up.
    """
    meanings = [meaning(path) for path in paths[:MOST_FIELDS]]
    rivals = Counter(what.name for what in meanings)
    places = ("event", "attribute", "resource")
    where = (
        places.index(what.place)
        if what.place in places and rivals[what.name] == 1 and not _decides(what, path)
        else WEIGHED
        for path, what in zip(paths, meanings, strict=False)
    )
    return tuple(where), tuple(what.name for what in meanings)


def _decides(what: Meaning, path: str) -> bool:
    """Whether the value has a say in what the field is."""
    return (
        what.name in beside.WEIGHED_BY_VALUE
        or (what.name == "SeverityText" and what.rank > 1)
        or path in TEMPLATES
    )


def _flatten(fields: Fields, prefix: str, depth: int, paths: list[str], values: list[str]) -> None:
    """Add the dotted paths and the values, as texts, of all fields."""
    for key, value in fields.items():
        if len(paths) >= MOST_FIELDS:
            return
        kind, path = type(value), f"{prefix}{key}"
        if kind is str and value[:1] == "{":
            value = _opened(path, value, paths, values)  # noqa: PLW2901 - what it holds goes on instead of it
            kind = type(value)
        if value is None or value == "":
            continue
        if kind is str:
            text = value
        elif kind is int or kind is float:
            text = repr(value)
        elif kind is dict and value and depth < DEEPEST and len(prefix) + len(key) < LONGEST_NAME:
            _flatten(value, _inside(path, value, paths, values), depth + 1, paths, values)
            continue
        else:
            text = _text(value)
        paths.append(path[:LONGEST_NAME])
        values.append(text)


def _opened(path: str, text: str, paths: list[str], values: list[str]) -> Fields | str:
    """The object that a text is (a body also stays whole, to be sent again); itself if it is none, or the message."""
    if len(path) >= LONGEST_NAME or meaning(path).place == "event":
        return text
    fields = json_fields(text.encode("utf-8", "surrogatepass"))
    if fields and path in HTTP_BODIES:
        paths.append(path)
        values.append(text)
    return fields or text


def _inside(path: str, fields: Fields, paths: list[str], values: list[str]) -> str:
    """The prefix of what an object holds. A body that was logged as an object stays whole, too; in ECS it is wrapped."""
    if path in HTTP_BODIES and f"{path}.content" not in HTTP_BODIES and path not in paths:
        paths.append(path)
        values.append(_text(fields))
    return f"{path}."


def _text(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return json_text(value).decode()
