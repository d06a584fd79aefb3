"""Captured requests: failing ones and working ones of the same route, with all that was recorded of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lastgood.algorithms.answer_shapes import shape_of
from lastgood.algorithms.captures import split_address
from lastgood.model.attributes import (
    DB_SYSTEM,
    DB_SYSTEM_OLD,
    HTTP_BODIES,
    HTTP_BODY_SIZES,
    HTTP_HEADER,
    HTTP_METHODS,
    MESSAGING_SYSTEM,
    REQUEST_ID,
    RESPONSE_BODY,
    RESPONSE_HEADER,
    SERVER_ADDRESS,
    STACKTRACE,
    URL_FULLS,
    URL_PATHS,
    URL_QUERY,
)
from lastgood.model.judgement import Count
from lastgood.model.redaction import Redacted
from lastgood.model.replay import NO_METHOD, ROUTE_ONLY, CapturedRequest
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader

CANDIDATES = Count(300, "requests of a kind that a pair is chosen from", "judgement: reads in a second")
MIX_ROUTES = Count(12, "routes of a mix of requests", "judgement: the rest of a usual service is below 1 %")
FAILING_ROUTE = """
SELECT service, operation, method, countIf(failed) AS failures
FROM lg_requests WHERE {service:String} = '' OR service = {service:String}
GROUP BY service, operation, method HAVING failures > 0 ORDER BY failures DESC, service, operation, method LIMIT 1"""
ON_ROUTE = """
SELECT ts, trace_id, service, operation, failed, http_status, version, attributes, resource
FROM lg_requests WHERE service = {service:String} AND operation = {operation:String} AND method IN ({method:String}, '')
  AND failed = {failed:UInt8}
ORDER BY mapExists((k, v) -> k IN {bodies:Array(String)}, attributes) DESC, version = {version:String} DESC, ts DESC
LIMIT {most:UInt32}"""
OF_TRACE = """
SELECT ts, trace_id, service, operation, failed, http_status, version, attributes, resource
FROM lg_requests WHERE trace_id = {id:String} ORDER BY ts LIMIT 1"""
SPANS_OF = """
SELECT service, name, failed, error_type, message, attributes
FROM lg_spans WHERE trace_id = {id:String} ORDER BY ts LIMIT {most:UInt32}"""
LINES_OF = """
SELECT service, level, body, attributes FROM lg_lines WHERE trace_id = {id:String} ORDER BY ts LIMIT {most:UInt32}"""
LINES_OF_REQUEST = f"""
SELECT service, body, attributes FROM lg_lines WHERE attributes['{REQUEST_ID}'] = {{id:String}} ORDER BY ts LIMIT {{most:UInt32}}"""
STACKS = """
SELECT service, body, attributes FROM lg_lines
WHERE (attributes[{stack:String}] != '' OR match(body, '(?s)Traceback|\\n\\s+at |goroutine ')) AND service IN {services:Array(String)}
ORDER BY ts DESC LIMIT {most:UInt32}"""
EXCEPTIONS_OF = """
SELECT service, stacktrace FROM lg_exceptions WHERE trace_id = {id:String} AND stacktrace != '' ORDER BY ts LIMIT {most:UInt32}"""
EXCEPTIONS = """
SELECT service, stacktrace FROM lg_exceptions WHERE service IN {services:Array(String)} AND stacktrace != ''
ORDER BY ts DESC LIMIT {most:UInt32}"""
MIX = """
SELECT service, operation, method, failed, count() AS requests,
       argMax(attributes, (mapExists((k, v) -> k IN {bodies:Array(String)}, attributes), ts)) AS attributes
FROM lg_requests WHERE service = {service:String} AND (operation, method) IN (
    SELECT operation, method FROM lg_requests WHERE service = {service:String}
    GROUP BY operation, method ORDER BY count() DESC, operation, method LIMIT {most:UInt32})
GROUP BY service, operation, method, failed ORDER BY requests DESC, service, operation, method, failed"""
BACKENDS = """
SELECT DISTINCT arrayJoin(arrayFilter(v -> v != '', arrayMap(k -> attributes[k], {names:Array(String)}))) AS system
FROM lg_spans WHERE service = {service:String} ORDER BY system LIMIT 20"""


class Route(NamedTuple):
    """What a service does at an address: `/orders` is one thing for GET and another for POST."""

    service: str
    operation: str
    method: str  # as recorded; empty where it was not


@dataclass(frozen=True, slots=True)
class RouteShare:
    """The failing or the working requests of a route in a mix, with one of them."""

    request: CapturedRequest
    requests: int
    failed: bool


def failing_route(reader: Reader, window: Window, service: str = "") -> Route | None:
    """The route with the most failing requests; None where none fails."""
    found = reader.query(FAILING_ROUTE, {"service": service}, window).dicts()
    return Route(found[0]["service"], found[0]["operation"], found[0]["method"]) if found else None


def route_of(request: CapturedRequest) -> Route:
    """The route of a request from the telemetry."""
    return Route(request.service, request.operation, _first(request.attributes, HTTP_METHODS))


def on_route(
    reader: Reader, window: Window, route: Route, *, failed: bool, version: str = ""
) -> tuple[CapturedRequest, ...]:
    """The newest failing or working requests of a route: those with a body first, and then those of a version."""
    bound = {
        **route._asdict(), "failed": int(failed), "bodies": list(HTTP_BODIES), "version": version, "most": int(CANDIDATES),
    }  # fmt: skip
    return tuple(_captured(row) for row in reader.query(ON_ROUTE, bound, window).dicts())


def of_trace(reader: Reader, window: Window, trace_id: str) -> CapturedRequest | None:
    """The request of a trace; None where there is none."""
    found = reader.query(OF_TRACE, {"id": trace_id}, window).dicts()
    return _captured(found[0]) if found else None


def whole(reader: Reader, window: Window, request: CapturedRequest) -> CapturedRequest:
    """The request with what other spans and lines of its trace recorded of it: a body, headers."""
    if not request.trace_id or request.body is not None:
        return request
    bound = {"id": request.trace_id, "most": int(CANDIDATES)}
    rows = reader.query(SPANS_OF, bound, window).dicts() + reader.query(LINES_OF, bound, window).dicts()
    more: dict[str, str] = {}
    for row in rows:
        if row["service"] == request.service:
            more = {**row["attributes"], **more}
    return _request(
        {"attributes": {**more, **request.attributes}, "trace_id": request.trace_id, "service": request.service,
         "operation": request.operation, "http_status": request.status or 0, "version": request.version}
    )  # fmt: skip


def stack_traces(
    reader: Reader, window: Window, request: CapturedRequest, services: tuple[str, ...]
) -> Iterator[tuple[str, str, bool]]:
    """Services, stack traces, and whether they are of the request itself, by its ids: those first, then the newest.

    Lines and exceptions recorded on spans are read; lines first.
    """
    ids = (request.trace_id, request.trace_id, request.attributes.get(REQUEST_ID, ""))
    for sql, one in zip((LINES_OF, EXCEPTIONS_OF, LINES_OF_REQUEST), ids, strict=True):
        if one:
            rows = reader.query(sql, {"id": one, "most": int(CANDIDATES)}, window).dicts()
            yield from ((row["service"], _stack(row), True) for row in rows)
    yield from service_stack_traces(reader, window, services)


def service_stack_traces(
    reader: Reader, window: Window, services: tuple[str, ...]
) -> Iterator[tuple[str, str, bool]]:
    """The newest stack traces of services, as above; none is of a certain request."""
    bound = {"stack": STACKTRACE, "services": list(services), "most": int(CANDIDATES)}
    for sql in (STACKS, EXCEPTIONS):
        rows = reader.query(sql, bound, window).dicts()
        yield from ((row["service"], _stack(row), False) for row in rows)


def mix(reader: Reader, window: Window, service: str) -> tuple[RouteShare, ...]:
    """The routes of a service with the most requests, failing and working ones apart."""
    bound = {"service": service, "bodies": list(HTTP_BODIES), "most": int(MIX_ROUTES)}
    return tuple(
        RouteShare(
            _captured({**row, "trace_id": "", "http_status": 0, "version": ""}),
            row["requests"],
            bool(row["failed"]),
        )
        for row in reader.query(MIX, bound, window).dicts()
    )


def backends(reader: Reader, window: Window, service: str) -> tuple[str, ...]:
    """The databases and queues that spans of a service name, as OpenTelemetry does."""
    bound = {"service": service, "names": [DB_SYSTEM, DB_SYSTEM_OLD, MESSAGING_SYSTEM]}
    return tuple(row["system"] for row in reader.query(BACKENDS, bound, window).dicts())


def _stack(row: Mapping[str, Any]) -> str:
    return str(row.get("stacktrace") or row["attributes"].get(STACKTRACE) or row["body"])


def _captured(row: Mapping[str, Any]) -> CapturedRequest:
    return _request(row)


def _request(row: Mapping[str, Any]) -> CapturedRequest:
    attributes: Mapping[str, str] = row["attributes"]
    named = row["operation"].split(maxsplit=1)
    method = _first(attributes, HTTP_METHODS) or (named[0] if len(named) > 1 and named[0].isupper() else "")
    host, path = _address(attributes)
    missing = []
    if not path and named and named[-1].startswith("/"):
        path = named[-1]
        missing.append(ROUTE_ONLY)
    if not method:
        missing.append(NO_METHOD)
    body = next((attributes[name] for name in HTTP_BODIES if name in attributes), None)
    headers = _named_headers(attributes, HTTP_HEADER)
    if body is None and (
        method not in {"GET", "HEAD", "OPTIONS", ""} or _first(attributes, HTTP_BODY_SIZES) not in {"", "0"}
    ):
        size = _first(attributes, HTTP_BODY_SIZES)
        missing.append("the body of the request was not captured" + (f" ({size} bytes)" if size else ""))
    if body and _cut_off(body, _first(attributes, HTTP_BODY_SIZES)):
        missing.append("the end of the body was not captured")
    if not headers:
        missing.append("no header of the request was captured")
    return CapturedRequest(
        method or "GET", path or "/", host, headers, body, status=row["http_status"] or None, service=row["service"],
        operation=row["operation"], trace_id=row["trace_id"], source="telemetry", attributes=attributes,
        missing=tuple(missing), version=row["version"],
        answer=shape_of(_named_headers(attributes, RESPONSE_HEADER), attributes.get(RESPONSE_BODY, "")),
    )  # fmt: skip


def _cut_off(body: str, size: str) -> bool:
    """Whether it is shorter than the request's was, or JSON without an end; tracers cut long attributes."""
    if size.isdigit() and len(body.encode()) < int(size):
        return not any(
            f"{kind}:" in body for kind in Redacted
        )  # a token may be shorter than what it stands for
    opened = body.lstrip()[:1]
    return opened in {"{", "["} and not body.rstrip().endswith({"{": "}", "[": "]"}[opened])


def _address(attributes: Mapping[str, str]) -> tuple[str, str]:
    """Host, and path with its query."""
    if full := _first(attributes, URL_FULLS):
        split = split_address(full)
        return split.netloc.rpartition("@")[
            2
        ], f"{split.path or '/'}?{split.query}" if split.query else split.path
    path, query = _first(attributes, URL_PATHS), attributes.get(URL_QUERY, "").lstrip("?")
    return attributes.get(SERVER_ADDRESS, ""), f"{path}?{query}" if path and query else path


def _named_headers(attributes: Mapping[str, str], start: str) -> dict[str, str]:
    """The headers whose attributes start so, by their names."""
    return {
        name.removeprefix(start): _header(value)
        for name, value in attributes.items()
        if name.startswith(start)
    }


def _header(value: str) -> str:
    """A header's value; OpenTelemetry records a list of them."""
    return value[2:-2] if value.startswith('["') and value.endswith('"]') else value


def _first(attributes: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((attributes[name] for name in names if attributes.get(name)), "")
