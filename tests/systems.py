"""Systems that a team has, played on loopback by their documented APIs: Loki, Jaeger, Tempo, Elasticsearch and others.

What cannot be installed here is played by these; each page of the documentation that names such a system says so.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Mapping[str, str], bytes]
Given = Mapping[str, str]
Route = Callable[[Given], Any]  # parameters in; a document, or an Answer


@dataclass
class System:
    """One system: what it answers at each path, what went wrong before it answers, and what it was asked."""

    routes: Mapping[str, Route]
    faults: list[Answer] = field(default_factory=list)  # given first, one for each request
    asked: list[tuple[str, Given]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def answer(self, path: str, given: Given) -> Answer:
        """What it says."""
        self.asked.append((path, given))
        if self.faults:
            return self.faults.pop(0)
        route = self.routes.get(path)
        if route is None:
            return 404, {}, b"404 page not found"
        said = route(given)
        return said if isinstance(said, tuple) else (200, {}, json.dumps(said).encode())


@contextmanager
def running(system: System) -> Iterator[str]:
    """Its address while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            split = urlsplit(self.path)
            self._say(split.path, {name: values[-1] for name, values in parse_qs(split.query).items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if "json" in self.headers.get("Content-Type", ""):
                given = {"body": body.decode(), "target": self.headers.get("X-Amz-Target", "")}
            else:
                given = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
            self._say(urlsplit(self.path).path, given)

        def _say(self, path: str, given: Given) -> None:
            system.headers.append(dict(self.headers))
            status, headers, body = system.answer(path, given)
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            with suppress(ConnectionError):  # who asked has gone
                self.end_headers()
                for piece in [body[n : n + 1] for n in range(len(body))] if "X-Drip" in headers else [body]:
                    self.wfile.write(piece)
                    sleep(float(headers.get("X-Drip", 0)))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Entry(NamedTuple):
    """A line of Loki: its time in nanoseconds, the labels of its stream, its text, and structured metadata."""

    at: int
    labels: Mapping[str, str]
    text: str
    metadata: Mapping[str, str] = {}


_MATCHER = re.compile(r'(?P<name>\w+)(?P<how>=~|=)"(?P<value>(?:[^"\\]|\\.)*)"')
MOST_ENTRIES = 5000  # max_entries_limit_per_query of a Loki that was not set up otherwise


def loki(lines: Sequence[Entry | tuple[int, str, str]], *, label: str = "service_name") -> System:
    """Loki with lines: labels, and query_range backward with its exclusive end, limited over all streams.

    Lines of (nanoseconds, service, text) are of streams with one label. Without the header that asks to keep them
    apart, structured metadata are among the labels of the streams of an answer.
    """
    kept = [one if isinstance(one, Entry) else Entry(one[0], {label: one[1]}, one[2]) for one in lines]
    names = sorted({name for one in kept for name in one.labels}) if kept else [label]

    def query(given: Given) -> Any:
        start, end, limit = int(given["start"]), int(given["end"]), int(given["limit"])
        if limit > MOST_ENTRIES:
            return (
                400,
                {},
                f"max entries limit per query exceeded, limit > max_entries_limit ({limit} > {MOST_ENTRIES})".encode(),
            )
        wanted = [found.groupdict() for found in _MATCHER.finditer(given["query"])]
        inside = [
            one
            for one in kept
            if start <= one.at < end and all(_matches(one.labels, each) for each in wanted)
        ]
        inside.sort(key=lambda one: one.at, reverse=given.get("direction", "backward") == "backward")
        streams: dict[str, list[list[str]]] = {}
        for one in inside[:limit]:
            key = json.dumps({**one.labels, **one.metadata}, sort_keys=True)
            streams.setdefault(key, []).append([str(one.at), one.text])
        result = [{"stream": json.loads(key), "values": values} for key, values in streams.items()]
        return {"status": "success", "data": {"resultType": "streams", "result": result, "stats": {}}}

    return System(
        {
            "/loki/api/v1/labels": lambda _: {"status": "success", "data": names},
            "/loki/api/v1/query_range": query,
        }
    )


def _matches(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    value = labels.get(wanted["name"], "")
    return value == wanted["value"] if wanted["how"] == "=" else bool(re.fullmatch(wanted["value"], value))


def jaeger(traces: Mapping[str, list[tuple[int, Any]]]) -> System:
    """Jaeger with traces of (start in microseconds, trace) by service."""

    def search(given: Given) -> Any:
        start, end, limit = int(given["start"]), int(given["end"]), int(given["limit"])
        found = [trace for at, trace in traces[given["service"]] if start <= at < end][-limit:]
        return {"data": found, "total": 0, "limit": 0, "offset": 0, "errors": None}

    return System(
        {"/api/services": lambda _: {"data": sorted(traces), "errors": None}, "/api/traces": search}
    )


def jaeger_trace(name: str, at: int, service: str, *, failed: bool = False) -> Any:
    """One trace with one span, as Jaeger writes it."""
    tags = [
        {"key": "span.kind", "type": "string", "value": "server"},
        {"key": "http.response.status_code", "type": "int64", "value": 500 if failed else 200},
        *([{"key": "error", "type": "bool", "value": True}] if failed else []),
    ]
    span = {
        "traceID": name, "spanID": name[:16], "operationName": "GET /", "references": [], "startTime": at,
        "duration": 1000, "tags": tags, "logs": [], "processID": "p1", "warnings": None,
    }  # fmt: skip
    return {"traceID": name, "spans": [span], "processes": {"p1": {"serviceName": service, "tags": []}}}


def elasticsearch(documents: list[tuple[str, Any]]) -> System:
    """Elasticsearch with documents of (time, source): hits newest first, search_after by sort values."""

    def search(given: Given) -> Any:
        question = json.loads(given["body"])
        span = question["query"]["bool"]["filter"][0]["range"]["@timestamp"]
        inside = [(at, n, doc) for n, (at, doc) in enumerate(documents) if span["gte"] <= at < span["lt"]]
        inside.sort(key=lambda one: (one[0], -one[1]), reverse=True)
        after = question.get("search_after")
        if after:
            inside = inside[[[at, n] for at, n, _ in inside].index(after) + 1 :]
        hits = [
            {"_index": "logs", "_id": str(n), "_source": {"@timestamp": at, **doc}, "sort": [at, n]}
            for at, n, doc in inside[: question["size"]]
        ]
        return {"took": 1, "timed_out": False, "_shards": {"total": 1, "failed": 0}, "hits": {"hits": hits}}

    return System(
        {"/": lambda _: {"cluster_name": "es", "version": {"number": "8.15.0"}}, "/logs/_search": search}
    )


class Trace(NamedTuple):
    """A trace of Tempo: its time in nanoseconds, whether some spans failed and some did not, services, resource spans."""

    name: str
    start: int
    end: int
    failed: frozenset[bool]
    services: frozenset[str]
    spans: Any


def tempo(traces: Sequence[Trace]) -> System:
    """Tempo with traces: a search by the status of any span and by service, newest first, and single traces as OTLP."""

    def search(given: Given) -> Any:
        asked, start, end = given.get("q", ""), int(given.get("start", 0)), int(given.get("end", 2**40))
        states = {"status = error": {True}, "status != error": {False}}
        wanted = next((state for words, state in states.items() if words in asked), {True, False})
        services = set(re.findall(r'resource\.service\.name = "([^"]*)"', asked))
        found = [
            one for one in traces
            if one.failed & wanted and start * 10**9 <= one.end and one.start <= end * 10**9
            and (not services or one.services & services)
        ]  # fmt: skip
        found.sort(key=lambda one: one.start, reverse=True)
        shown = [
            {
                "traceID": one.name,
                "startTimeUnixNano": str(one.start),
                "durationMs": (one.end - one.start) // 10**6,
            }
            for one in found[: int(given.get("limit", 20))]
        ]
        return {"traces": shown, "metrics": {"inspectedTraces": len(traces)}}

    one: dict[str, Route] = {
        f"/api/traces/{each.name}": lambda _, spans=each.spans: {"batches": spans}  # type: ignore[misc]
        for each in traces
    }
    return System({"/api/echo": lambda _: (200, {}, b"echo"), "/api/search": search, **one})


def zipkin(traces: Mapping[str, list[tuple[int, Any]]]) -> System:
    """Zipkin with traces of (start in microseconds, its spans) by service: the newest of a window that ends somewhere."""

    def search(given: Given) -> Any:
        end, back = int(given["endTs"]) * 1000, int(given["lookback"]) * 1000
        found = [trace for at, trace in traces[given["serviceName"]] if end - back <= at <= end]
        return found[-int(given.get("limit", 10)) :]

    return System({"/api/v2/services": lambda _: sorted(traces), "/api/v2/traces": search})


def zipkin_trace(name: str, at: int, service: str) -> Any:
    """One trace with one span, as Zipkin writes it."""
    return [
        {
            "traceId": name, "id": name[:16], "kind": "SERVER", "name": "get /", "timestamp": at, "duration": 1000,
            "localEndpoint": {"serviceName": service}, "tags": {"http.response.status_code": "200"},
        }
    ]  # fmt: skip


def victorialogs(lines: Sequence[tuple[str, str]]) -> System:
    """VictoriaLogs with entries of (time, text): a query that sorts and limits, with its exclusive end."""

    def query(given: Given) -> Any:
        start, end = _whole(given["start"]), _whole(given.get("end", "9999"))
        most = int(found[1]) if (found := re.search(r"limit (\d+)$", given["query"])) else len(lines)
        inside = sorted(
            (one for one in lines if start <= _whole(one[0]) < end),
            key=lambda one: _whole(one[0]),
            reverse=True,
        )
        rows = [
            {"_time": at, "_stream": '{app="web"}', "_stream_id": "0", "_msg": text, "service.name": "web"}
            for at, text in inside[:most]
        ]
        return 200, {}, "".join(json.dumps(row) + "\n" for row in rows).encode()

    return System(
        {
            "/select/logsql/field_names": lambda _: {"values": [{"value": "_msg", "hits": len(lines)}]},
            "/select/logsql/query": query,
        }
    )


def _whole(written: str) -> str:
    """A time with nine decimals, so that it compares as text."""
    whole, _, part = written.replace("+00:00", "").rstrip("Z").partition(".")
    return f"{whole}.{part:0<9}"
