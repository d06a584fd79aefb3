"""OTLP files: what the Collector's file exporter writes, as JSON lines or protobuf, and single documents.

A "line" is one span, log record or metric point. Protobuf may be one message, several end to end,
or messages behind their length (four bytes big-endian, as the file exporter does, or a varint).
Zstandard frames per message, exemplars and profiles are not read.
"""

import base64
import re
from collections.abc import Generator, Iterator, Mapping
from typing import IO, Any

import orjson
from google.protobuf.message import DecodeError, Message

from lastgood.decoding.input import HEAD, REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows, shown, until_broken
from lastgood.decoding.tables.elements import elements
from lastgood.decoding.whole import BROKEN, LIMIT, PIECE, TooLargeError, broken, lines, read_whole, up_to
from lastgood.intake._registry import Source
from lastgood.intake.otlp import records as shapes
from lastgood.model.signal import Signal

_START = re.compile(
    rb'\s*\{\s*(?:"trace"\s*:\s*\{\s*)?"(resourceSpans|resourceLogs|resourceMetrics|batches)"\s*:'
)
_SIGNALS = {
    "resourceSpans": "spans",
    "resourceLogs": "logs",
    "resourceMetrics": "metrics",
    "batches": "spans",
}
_TAG = 0x0A  # field 1, length-delimited: the resources of all three requests
_ID_FIELDS = frozenset(["trace_id", "span_id", "parent_span_id"])
_NESTED = {
    "spans": ("scope_spans", "spans"),
    "logs": ("scope_logs", "log_records"),
    "metrics": ("scope_metrics", "metrics"),
}

Resource = tuple[str, Mapping[str, Any]]  # spans, logs or metrics; a ResourceSpans, …


def recognise(given: Input) -> Claim | None:
    """JSON that begins with the resources of a signal, or bytes that parse as one of the three messages."""
    found = _START.match(given.head)
    if found:
        key = found[1].decode()
        return Claim(f"otlp-json {_SIGNALS[key]}", 0.99, f"it begins with {key}")
    signal = _first_signal(given)
    if signal:
        return Claim(f"otlp-protobuf {signal}", 0.97, f"its first message is a resource with {signal}")
    return None


def _first_signal(given: Input) -> str:
    """What the first resource holds, which may be longer than the head; empty when there is none."""
    for place in (0, 4, 1, 2, 3, 5):  # a message itself, or one behind its length
        if given.head[place : place + 1] == b"\x0a":
            start, length = _varint(given.head, place + 1)
            if 0 < length <= LIMIT and (start + length <= len(given.head) or len(given.head) == HEAD):
                with given.open() as stream:
                    body = stream.read(start + length)[start:]
                if len(body) == length and (signal := _signal_of(body)):
                    return signal
    return ""


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Spans, log records and metric points."""
    rows, count = Rows(), 0
    protobuf = claim.format.startswith("otlp-protobuf")
    read = _protobuf(given, claim.format.split()[-1]) if protobuf else _json(given)
    problem: Exception | None = None
    for item in until_broken(read):
        match item:
            case Exception():
                problem = item
            case Reject() | Tally():
                yield item
            case place, resource:
                tally = yield from _account(_rows_of(resource, settings.service, rows), place, count)
                count += tally.lines
                yield tally
                yield from rows.full()
    yield from rows.rest()
    if problem is not None:
        raise problem


def _account(outcomes: Iterator[bool | str], place: int, before: int) -> Generator[Reject, None, Tally]:
    """The rejects among the elements of a resource, and in the end the account of all of them."""
    lines = taken = blanks = 0
    for lines, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, str):
            yield Reject(place or before + lines, outcome, "")
        elif outcome:
            taken += 1
        else:
            blanks += 1
    return Tally(lines, taken, 0, blanks)


def _rows_of(resource: Resource, otherwise: str, rows: Rows) -> Iterator[bool | str]:
    """Add a resource's elements to the rows: True taken, False blank, or why not."""
    signal, content = resource
    try:
        found = shapes.attributes(shapes.object_of(content, "resource"))
        scopes = shapes.objects(content, f"scope{signal.title()}")
        old = f"instrumentationLibrary{signal.title()}"
        scopes = scopes or shapes.objects(content, old)
    except BAD as problem:
        yield f"not a resource with {signal}: {problem}"
        return
    service = found.get("service.name") or otherwise
    for group in scopes:
        try:
            scope = shapes.object_of(group, "scope") or shapes.object_of(group, "instrumentationLibrary")
            items = shapes.objects(
                group, {"spans": "spans", "logs": "logRecords", "metrics": "metrics"}[signal]
            )
        except BAD as problem:
            yield f"not a scope with {signal}: {problem}"
            continue
        for item in items:
            yield from _element(signal, item, (found, scope, service), rows)


def _element(
    signal: str, item: Mapping[str, Any], around: tuple[dict[str, str], Mapping[str, Any], str], rows: Rows
) -> Iterator[bool | str]:
    if signal == "metrics":
        yield from _metric(item, around, rows)
        return
    row_of = shapes.span_row if signal == "spans" else shapes.log_row
    try:
        rows.add(shapes.TABLES[signal], row_of(item, *around))
    except BAD as problem:
        yield f"not one of the {signal}: {problem}"
    else:
        yield True


def _metric(
    metric: Mapping[str, Any], around: tuple[dict[str, str], Mapping[str, Any], str], rows: Rows
) -> Iterator[bool | str]:
    try:
        points = list(shapes.metric_points(metric))
    except BAD as problem:
        yield f"not a metric: {problem}"
        return
    for point in points:
        try:
            rows.add(*shapes.point_row(point, metric, *around))
        except shapes.Blank:
            yield False
        except BAD as problem:
            yield f"not a point of {metric.get('name')}: {problem}"
        else:
            yield True


def _json(given: Input) -> Iterator[tuple[int, Resource] | Reject | Tally]:
    if _runs_over_lines(given.head):
        with given.open() as stream:
            content, problem = read_whole(stream)
        yield from _document(content)
        if problem is not None:
            raise problem
        return
    with given.open() as stream:
        try:
            for place, line in enumerate(lines(stream), 1):
                yield from _line(place, line.strip())
        except BROKEN as problem:
            raise broken(problem) from problem


def _runs_over_lines(head: bytes) -> bool:
    """Whether the first line is only the beginning of a document."""
    first, end, _ = head.lstrip().partition(b"\n")
    if not end:
        return False
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return True
    return False


def _line(place: int, line: bytes) -> Iterator[tuple[int, Resource] | Reject | Tally]:
    if not line:
        yield Tally(lines=1, blanks=1)
        return
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError:
        yield from _document(line, place)
        return
    try:
        yield from ((place, resource) for resource in _resources(document))
    except (ValueError, TypeError) as problem:
        yield Reject(place, f"not OTLP: {problem}", line[:REJECT_TEXT].decode("utf-8", "replace"))
        yield Tally(lines=1)


def _document(content: bytes, line: int = 0) -> Iterator[tuple[int, Resource] | Reject | Tally]:
    """The resources of one document; of one that is cut off, those that are whole."""
    found = _START.match(content)
    key = found[1].decode() if found else "resourceSpans"
    path = f"trace.{key}" if found and b'"trace"' in found[0] else key
    for number, element in enumerate(elements(content, path), 1):
        place = line or number
        if isinstance(element, dict):
            yield place, (_SIGNALS[key], element)
            continue
        if isinstance(element, Reject):
            yield Reject(place, element.reason, element.text)
        else:
            yield Reject(place, f"{key} holds something that is not an object", shown(element))
        yield Tally(lines=1)


def _resources(document: Any) -> Iterator[Resource]:
    if isinstance(document, dict) and isinstance(document.get("trace"), dict):
        document = document["trace"]
    found = [key for key in _SIGNALS if isinstance(document, dict) and key in document]
    if not found and document != {}:
        raise ValueError(f"none of {', '.join(_SIGNALS)}")
    for key in found:
        for resource in shapes.objects(document, key):
            yield _SIGNALS[key], resource


def _protobuf(given: Input, signal: str) -> Iterator[tuple[int, Resource] | Reject | Tally]:
    with given.open() as stream:
        yield from _of_stream(stream, signal)


def _of_stream(stream: IO[bytes], signal: str) -> Iterator[tuple[int, Resource] | Reject | Tally]:
    """The messages of a stream; what is in memory is a piece of it, or the one message that is larger."""
    kind = _kinds()[signal]
    content, before = b"", 0
    while True:
        part, problem = up_to(stream, PIECE)
        content += part
        end = 0
        for end, body in _messages(content):
            yield from _message(kind(), signal, body, before + end)
        content, before = content[end:], before + end
        if len(part) < PIECE:
            break
        if len(content) > LIMIT:
            raise TooLargeError("a message")
    if content:
        yield Reject(before, f"{len(content)} bytes at the end are not a whole message", content[:64].hex())
        yield Tally(lines=1)
    if problem is not None:
        raise problem


def _message(
    message: Message, signal: str, body: bytes, end: int
) -> Iterator[tuple[int, Resource] | Reject | Tally]:
    try:
        message.ParseFromString(body)
    except DecodeError as wrong:
        yield Reject(end, f"not a message with {signal}: {wrong}", "")
        yield Tally(lines=1)
    else:
        yield 0, (signal, _plain(message))


def _messages(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every resource in the bytes: where it ends, and its own bytes."""
    place = 0
    while place < len(content):
        if content[place] == _TAG:
            start, length = _varint(content, place + 1)
            if 0 < length <= len(content) - start:
                yield start + length, content[start : start + length]
                place = start + length
                continue
        place = _past_length(content, place)
        if place < 0:
            return


def _past_length(content: bytes, place: int) -> int:
    """The place after a length prefix that a resource follows; -1 when there is none."""
    for start, length in ((place + 4, int.from_bytes(content[place : place + 4])), _varint(content, place)):
        if 0 < length <= len(content) - start and content[start] == _TAG:
            return start
    return -1


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """The place after a varint, and its value; 0 when it is cut off."""
    value = shift = 0
    for offset in range(place, min(place + 5, len(content))):
        value |= (content[offset] & 127) << shift
        shift += 7
        if content[offset] < 128:
            return offset + 1, value
    return place, 0


def _kinds() -> dict[str, type[Message]]:
    # Importing the generated classes costs a tenth of a second that other files need not pay.
    from opentelemetry.proto.logs.v1.logs_pb2 import ResourceLogs  # noqa: PLC0415
    from opentelemetry.proto.metrics.v1.metrics_pb2 import ResourceMetrics  # noqa: PLC0415
    from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans  # noqa: PLC0415

    return {"spans": ResourceSpans, "logs": ResourceLogs, "metrics": ResourceMetrics}


def _signal_of(body: bytes) -> str:
    """Which signal a resource's bytes hold: the one whose first element is complete; empty for none."""
    for signal, kind in _kinds().items():
        message = kind()
        try:
            message.ParseFromString(body)
        except DecodeError:
            continue
        scopes, items = _NESTED[signal]
        first = next((item for scope in getattr(message, scopes) for item in getattr(scope, items)), None)
        if first is not None and next(_element(signal, _plain(first), ({}, {}, ""), Rows()), "") is True:
            return signal
    return ""


def _plain(message: Message) -> dict[str, Any]:
    """A message in OTLP's JSON form: camel case, ids in hex, other bytes in base64."""
    plain: dict[str, Any] = {}
    for field, value in message.ListFields():
        if field.message_type is not None:
            inner: Any = [_plain(one) for one in value] if field.is_repeated else _plain(value)
        elif isinstance(value, bytes):
            inner = value.hex() if field.name in _ID_FIELDS else base64.b64encode(value).decode()
        else:
            inner = list(value) if field.is_repeated else value
        plain[field.json_name] = inner
    return plain


SOURCE = Source("otlp", frozenset({Signal.SPANS, Signal.LOGS, Signal.METRICS}), recognise, decode)
