"""Logs inside one JSON document: an array of events, or the answers of CloudWatch, Datadog, Elasticsearch and Loki."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC
from itertools import islice
from json import JSONDecoder
from typing import Any

import orjson

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.tables.elements import elements
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.fields import meaning
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan
from lastgood.decoding.whole import PIECE, read_whole
from lastgood.intake._registry import Source
from lastgood.model.figures import percent
from lastgood.model.signal import Signal

ELEMENTS = 20_000  # in one block
DEEPEST = 8  # of objects around the events
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_ELEMENT = r'(?=\{|\[\s*\{\s*"field")'  # an object, or the pairs that CloudWatch answers a query with
_ARRAY = re.compile(rf"\s*\[\s*{_ELEMENT}")
_WRAPPED = re.compile(
    r'\s*\{(?s:.{0,4000}?)"(?P<name>logEvents|events|hits|entries|result|data|results|records|value|logs|messages|items)"\s*:\s*\[\s*'
    + _ELEMENT
)
_LISTS = frozenset(
    "logEvents events entries result hits data results records value logs messages items".split()
)
_HOLDING = _LISTS | {"services", "tables"}
_PUT_AROUND = ("content", "map")  # by Datadog's older search and by Sumo's around an event
_SEVERAL = re.compile(r"\s*(?=\{)")
_COMMA = re.compile(rf"\s*+,?\s*+{_ELEMENT}")  # without going back: a megabyte of blanks is looked at once
_PRETTY = re.compile(r'\s*\{[ \t]*\r?\n\s+"')  # each object over several lines, as jq prints them
_TABLES = re.compile(r'\s*\{\s*"tables"\s*:\s*\[')
_STREAM = re.compile(r'\s*\{\s*"stream"\s*:\s*(?=\{)')
_VALUES = re.compile(r'\s*(?:,|\{)?\s*"values"\s*:\s*\[\s*(?=\[)')
_TASK = re.compile(r"[\w.-]+/(?P<container>[\w.-]+)/[0-9a-f]{32}")
_BETWEEN = re.compile(r"\s*+,?\s*+")
_SAMPLE = 50


def recognise(given: Input) -> Claim | None:
    """A document whose first elements have a time and a message or level."""
    plan = _plan(given)
    if plan is None:
        return None
    return Claim(
        "JSON array of log events",
        0.45 * plan.share,
        f"{percent(plan.share)} of its first elements are log events",
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The events; the document is read whole, as JSON has no other way."""
    del claim
    plan = _plan(given)
    with given.open() as stream:
        content, problem = read_whole(stream)
    if plan is None:
        return
    document, rejects = _document(content, given.head)
    del content
    decoder = decoder_for(given, plan, settings)
    first = 1
    for count, lines in _blocks(_events(document)):
        yield from decoder.read(block_of(clean(lines), first))
        first += count
    yield from decoder.end()
    if first == 1 and not rejects:
        rejects = [Reject(1, "no events were found where its beginning has some", "")]
    yield from rejects
    yield Tally(lines=len(rejects))
    if problem is not None:
        raise problem


def _document(content: bytes, head: bytes) -> tuple[Any, list[Reject]]:
    """The document; of one that is no whole JSON the elements that are, and what is not."""
    for whole in (content, b"[" + content + b"]"):  # objects may have commas between them and nothing around
        with suppress(orjson.JSONDecodeError):
            found = orjson.loads(whole)
            return [found] if _is_alone(found) else found, []
    wrapped = _WRAPPED.match(head.decode("utf-8", "replace"))
    found = list(elements(content, wrapped["name"] if wrapped else ""))
    return [one for one in found if not isinstance(one, Reject)], [
        one for one in found if isinstance(one, Reject)
    ]


def _is_alone(document: Any) -> bool:
    """Whether a document is one event, rather than holds some."""
    if not isinstance(document, dict) or not _is_event(document):
        return False
    return not any(isinstance(document.get(name), list) for name in _HOLDING)


def _blocks(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, bytes]]:
    """Rows as lines of JSON, ELEMENTS or about PIECE bytes at a time: what many share is written for each of them."""
    lines = bytearray()
    count = 0
    for row in rows:
        lines += json_text(row) + b"\n"
        count += 1
        if count == ELEMENTS or len(lines) >= PIECE:
            yield count, bytes(lines)
            lines.clear()
            count = 0
    if count:
        yield count, bytes(lines)


def _plan(given: Input) -> Plan | None:
    rows = [row for row in _first_rows(given.head) if _is_event(row)]
    if not rows:
        return None
    return planned(
        block_of(clean(b"".join(json_text(row) + b"\n" for row in rows))).lines, _ANY_TIME, exported=True
    )


def _is_event(row: Mapping[str, Any]) -> bool:
    named = {meaning(key).name for key in row}
    return "Timestamp" in named and bool(named & {"Body", "SeverityText"})


def _first_rows(head: bytes) -> list[Mapping[str, Any]]:
    text = head.decode("utf-8", "replace")
    if _TABLES.match(text):
        return list(islice(_events({"tables": [_cut_table(text)]}), _SAMPLE))
    begin = _ARRAY.match(text) or _WRAPPED.match(text) or _several(text)
    if begin is None:
        return []
    found: list[Mapping[str, Any]] = []
    decoder = JSONDecoder()
    at = begin.end()
    while len(found) < _SAMPLE:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            found += list(_of_stream(_cut_stream(text, at)))[: 0 if found else _SAMPLE]
            break
        found += list(_events([value]))[:_SAMPLE]
        comma = _COMMA.match(text, at)
        if comma is None:
            break
        at = comma.end()
    return found


def _cut_stream(text: str, at: int) -> Mapping[str, Any]:
    """What is whole of a stream of Loki that goes on behind the text: its labels, and the first of its pairs."""
    labels: Any = {}
    pairs: list[Any] = []
    decoder = JSONDecoder()
    with suppress(ValueError, RecursionError):
        if named := _STREAM.match(text, at):
            labels, at = decoder.raw_decode(text, named.end())
        if listed := _VALUES.match(text, at):
            at = listed.end()
            while len(pairs) < _SAMPLE:
                pair, at = decoder.raw_decode(text, at)
                pairs.append(pair)
                at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it matches anything
    return {"stream": labels, "values": pairs}


def _cut_table(text: str) -> Mapping[str, Any]:
    """What is whole of the first table of an answer that goes on behind the text: its columns, and the first of its rows."""
    found: dict[str, list[Any]] = {}
    decoder = JSONDecoder()
    for name in ("columns", "rows"):
        begin = re.search(rf'"{name}"\s*:\s*\[\s*', text)
        at = begin.end() if begin else len(text)
        found[name] = []
        with suppress(ValueError, RecursionError):
            while len(found[name]) < _SAMPLE:
                value, at = decoder.raw_decode(text, at)
                found[name].append(value)
                at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it matches anything
    return found


def _several(text: str) -> re.Match[str] | None:
    """The beginning of objects end to end, several on a line."""
    begin = _SEVERAL.match(text)
    if begin and _PRETTY.match(text):
        return begin
    first = text[: text.find("\n") if "\n" in text else len(text)]
    return begin if begin and re.search(r"\}\s*+,?\s*+\{\"", first) and not _is_json(first) else None


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _events(document: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The log events of a document, with what the document says of all of them; none deeper than DEEPEST."""
    if isinstance(document, list):
        for element in document:
            yield from _of_element(element, depth)
        return
    found = document if isinstance(document, dict) and depth < DEEPEST else {}
    holds = any(name in _HOLDING and isinstance(inner, list) for name, inner in found.items())
    for name, inner in found.items():
        if isinstance(inner, dict) and (name in {"hits", "data"} or not holds):
            yield from _events(inner, depth + 1)
        elif isinstance(inner, list):
            yield from _in_list(name, inner, found, depth + 1)


def _in_list(
    name: str, listed: list[Any], document: Mapping[str, Any], depth: int
) -> Iterator[Mapping[str, Any]]:
    """The events in a list of a document by its name: of events, of the services of ECS with theirs, or of tables."""
    objects = [one for one in listed if isinstance(one, dict)]
    if name == "services":
        yield from (
            {"service": one.get("serviceName"), **event} for one in objects for event in _events(one, depth)
        )
    elif name == "tables":
        yield from (row for table in objects for row in _of_table(table))
    elif name in _LISTS:
        shared = {key: document[key] for key in ("logGroup", "logStream") if key in document}
        yield from ({**shared, **_of_task(event), **event} for event in _events(listed, depth))


def _of_element(element: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """The log events of an element of a list: what Elasticsearch and Datadog put around one is taken off."""
    if isinstance(element, list) and all(isinstance(pair, dict) and "field" in pair for pair in element):
        yield {str(pair["field"]): pair.get("value") for pair in element}
    elif not isinstance(element, dict):
        yield {"message": str(element)}
    elif isinstance(element.get("values"), list):
        yield from _of_stream(element)
    elif isinstance(element.get("_source"), dict):
        yield element["_source"]
    elif element.get("type") == "log" and isinstance(element.get("attributes"), dict):
        yield element["attributes"]
    elif inner := next((element[name] for name in _PUT_AROUND if isinstance(element.get(name), dict)), None):
        yield inner
    elif isinstance(element.get("events"), list) and not _is_event(element):
        yield from _events(element, depth)
    else:
        yield element


def _of_task(event: Mapping[str, Any]) -> dict[str, str]:
    """The container that CloudWatch names a stream of ECS after: `prefix/container/task`."""
    found = _TASK.fullmatch(str(event.get("logStreamName") or ""))
    return {"container_name": found["container"]} if found else {}


def _of_table(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rows of a table as Azure answers a query: columns with names, and lists of values."""
    columns = [one.get("name") if isinstance(one, dict) else one for one in table.get("columns") or ()]
    for row in table.get("rows") or ():
        if isinstance(row, list) and len(row) == len(columns):
            yield {str(name): value for name, value in zip(columns, row, strict=True) if value is not None}


def _of_stream(stream: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Loki's: labels, and pairs of nanoseconds and line."""
    labels = stream.get("stream")
    for pair in stream["values"]:
        if isinstance(pair, list) and len(pair) >= 2:
            yield {**(labels if isinstance(labels, dict) else {}), "timestamp": pair[0], "message": pair[1]}


SOURCE = Source("log_documents", frozenset({Signal.LOGS}), recognise, decode)
