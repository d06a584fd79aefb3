"""Debug endpoints over HTTP: RabbitMQ's management, Go's expvar and pprof, Spring Boot's actuator. Fixed paths, GET only.

Formats: RabbitMQ HTTP API reference; Go packages expvar, runtime (MemStats) and net/http/pprof; Spring Boot reference,
actuator `metrics`. What an answer lacks is None.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.sql_answer import Cell
from lastgood.model.trouble import System
from lastgood.outside.connectors.wire import Access, Bounds, Wire

SCHEMES: Mapping[str, System] = {"rabbitmq": System.RABBITMQ, "go": System.GO, "actuator": System.JVM}
MOST_BYTES_OF_ENDPOINT = 4 << 20  # a broker with 500 queues sends half of it
_FORM = "rabbitmq+http://USER@HOST:15672, go+http://HOST:6060 or actuator+https://HOST/actuator"
_TOTAL = re.compile(rb"goroutine profile: total (\d+)")
Rows = tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]
NUMBER = (int, float)


@dataclass(frozen=True, slots=True)
class EndpointAddress:
    """Where an endpoint is, and who asks."""

    system: System
    url: str
    user: str = ""
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Its URL, which holds neither user nor password."""
        return self.url


def is_endpoint(text: str) -> bool:
    """Whether an address is one of an endpoint, by its scheme: `go+http`."""
    return text.split("://", 1)[0].partition("+")[0] in SCHEMES


def endpoint_address(text: str, *, open_password: bool) -> EndpointAddress:
    """The parts of an address.

    Raises:
        UsageError: it is none, or holds a password in sight. Its text is never repeated.
    """
    try:
        split = urlsplit(text)
        port = f":{split.port}" if split.port else ""
    except ValueError as problem:
        raise UsageError("The address cannot be read.", hint=f"Write {_FORM}.") from problem
    kind, _, scheme = split.scheme.partition("+")
    if scheme not in {"http", "https"} or not split.hostname or split.query or split.fragment:
        raise UsageError("The address is not one of an endpoint.", hint=f"Write {_FORM}.")
    if split.password and not open_password:
        raise UsageError(
            "The address holds a password, which others can see in the process list.",
            hint="Put the whole address into a variable: env:NAME.",
        )
    host = f"[{split.hostname}]" if ":" in split.hostname else split.hostname
    password = unquote(split.password) if split.password else None
    url = f"{scheme}://{host}{port}{split.path.rstrip('/')}"
    return EndpointAddress(SCHEMES[kind], url, unquote(split.username or ""), password)


def ask_endpoint(address: EndpointAddress, question: str, paths: Sequence[str], seconds: float) -> Rows:
    """Columns and rows of a question: what its paths answer, read together.

    Raises:
        NotFetchedError: it cannot be reached, refuses, is too slow or too large, or answers with something else.
    """
    access = Access(user=address.user, password=address.password or "")
    bounds = Bounds(len(paths), seconds, seconds, MOST_BYTES_OF_ENDPOINT, tries=1)
    with Wire(address.url, access, bounds) as wire:
        try:
            return _READ[question](wire, paths)
        except (KeyError, TypeError, AttributeError, IndexError) as problem:
            raise NotFetchedError(f"{address}: the answer has another form than expected.") from problem


def _queues(wire: Wire, paths: Sequence[str]) -> Rows:
    """A row a queue; `unread` are the ready messages of one without a consumer."""
    answered = _json(wire, paths[0])
    queues = answered["items"] if isinstance(answered, dict) else answered
    rows = []
    for one in queues:
        ready, consumers = _figure(one.get("messages_ready")), _figure(one.get("consumers"))
        unread = ready if consumers == 0 else 0 if consumers else None
        rows.append((str(one["name"]), ready, _figure(one.get("messages_unacknowledged")), consumers, unread))
    return ("queue", "ready", "unacknowledged", "consumers", "unread"), tuple(rows)


def _memstats(wire: Wire, paths: Sequence[str]) -> Rows:
    found = _json(wire, paths[0])["memstats"]
    names = ("HeapInuse", "Sys", "NumGC", "GCCPUFraction")
    return ("heap", "sys", "collections", "gc_share"), (tuple(_figure(found.get(name)) for name in names),)


def _goroutines(wire: Wire, paths: Sequence[str]) -> Rows:
    path, asked = _parts(paths[0])
    total = _TOTAL.match(wire.get(path, **asked))
    if total is None:
        raise KeyError("total")
    return ("goroutines",), ((int(total[1]),),)


def _measurements(*columns: str) -> Callable[[Wire, Sequence[str]], Rows]:
    """A column for each path: its first measurement, which is the value or count; of what is not there, None."""

    def read(wire: Wire, paths: Sequence[str]) -> Rows:
        return columns, (tuple(_measured(wire, path, "VALUE") for path in paths),)

    return read


def _pause(wire: Wire, paths: Sequence[str]) -> Rows:
    """MAX is the longest of the last minutes (Micrometer: a ring of two minutes)."""
    return ("seconds",), ((_measured(wire, paths[0], "MAX"),),)


def _measured(wire: Wire, path: str, statistic: str) -> Cell:
    try:
        found = _json(wire, path)["measurements"]
    except NotFetchedError as problem:
        if problem.status == 404:  # no such metric
            return None
        raise
    return next((_figure(one["value"]) for one in found if one["statistic"] == statistic), None)


def _json(wire: Wire, path: str) -> Any:
    path, asked = _parts(path)
    return wire.get_json(path, **asked)


def _parts(path: str) -> tuple[str, dict[str, str]]:
    """A path and its parameters."""
    path, _, query = path.partition("?")
    return path, dict(parse_qsl(query))


def _figure(value: Any) -> Cell:
    return value if isinstance(value, NUMBER) and abs(value) < 2**63 else None


_READ: Mapping[str, Callable[[Wire, Sequence[str]], Rows]] = {
    "rabbitmq-queues": _queues, "go-memory": _memstats, "go-goroutines": _goroutines,
    "jvm-heap": _measurements("used", "most"), "jvm-pool": _measurements("active", "most", "pending"), "jvm-gc": _pause,
}  # fmt: skip
