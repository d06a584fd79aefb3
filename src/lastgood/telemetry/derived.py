"""Derived columns: what questions read of attributes and ids, kept beside them in our own tables.

Looking a key up in a map reads the whole map, for every row and every question; these are looked up once, when a row is
written. A table that somebody else made lacks them: there a relation has the expression instead.
The names of attributes, new and old, are OpenTelemetry's and those that were seen in use.
"""

from collections.abc import Iterable, Mapping

INSTANCE = ("service.instance.id", "k8s.pod.name", "pod", "container.id", "host.name", "host", "instance")
VERSION = ("service.version", "version", "app.version", "k8s.pod.labels.version")
USER = ("user.id", "enduser.id", "enduser.pseudo.id", "user_id", "customer.id", "session.id")
HTTP_STATUS = ("http.response.status_code", "http.status_code")
ROUTE = ("http.route", "rpc.method", "url.path", "http.target", "url.full", "http.url")
PEER = (
    "service.peer.name", "peer.service", "server.address", "net.peer.name", "db.system.name", "db.system",
    "messaging.destination.name", "messaging.system",
)  # fmt: skip
# What a proxy handed a request to, as access logs name it; the address is `server.address`.
UPSTREAM = (
    "service.peer.name", "peer.service", "upstream_cluster.name", "upstream_cluster", "proxy_upstream_name", "haproxy.backend",
)  # fmt: skip
CODE_LINE = ("code.line.number", "code.lineno")
ERROR_TYPE = ("error.type", "exception.type")

# What senders write for a parent that there is not.
ROOTS = ("", "root", "0", "0000000000000000")

# The hash of a trace's id: a part of its range is a sample of whole traces, the same one in every table.
TRACE_HASHES = 65536
NO_TRACE = "toUInt16(cityHash64(''))"  # of an empty id


def first_of(maps: Iterable[str], keys: Iterable[str]) -> str:
    """SQL for the first value that is not empty, over attribute names new and old."""
    keys = tuple(keys)
    options = [f"{m}['{k}']" for m in maps for k in keys]
    return "coalesce(" + ", ".join(f"nullIf({option}, '')" for option in options) + ", '')"


_TRACE_HASH = ("UInt16", "toUInt16(cityHash64(TraceId))")
_FEW = "LowCardinality(String)"
_ERROR = (
    f"coalesce(nullIf({first_of(['SpanAttributes'], ERROR_TYPE)}, ''), "
    "nullIf(SpanAttributes['rpc.grpc.status_code'], '0'), '')"
)
_SPAN = ("ResourceAttributes", "SpanAttributes")
_LOG = ("ResourceAttributes", "LogAttributes")

# By table and name: the type, and the expression over the exporter's columns.
DERIVED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "otel_traces": {
        "TraceHash": _TRACE_HASH,
        "Root": ("UInt8", f"ParentSpanId IN {ROOTS}"),
        "HttpStatus": ("UInt16", f"toUInt16OrZero({first_of(['SpanAttributes'], HTTP_STATUS)})"),
        "ErrorType": (_FEW, _ERROR),
        "Route": (_FEW, first_of(["SpanAttributes"], ROUTE[:2])),
        "Peer": (_FEW, first_of(["SpanAttributes"], PEER)),
        "Instance": (_FEW, first_of(_SPAN, INSTANCE)),
        "Version": (_FEW, first_of(_SPAN, VERSION)),
        "User": ("String", first_of(reversed(_SPAN), USER)),
    },
    "otel_logs": {
        "TraceHash": _TRACE_HASH,
        "HttpStatus": ("UInt16", f"toUInt16OrZero({first_of(['LogAttributes'], HTTP_STATUS)})"),
        "Instance": (_FEW, first_of(_LOG, INSTANCE)),
        "Version": (_FEW, first_of(_LOG, VERSION)),
        "User": ("String", first_of(reversed(_LOG), USER)),
        "CodeLine": (_FEW, first_of(["LogAttributes"], CODE_LINE)),
    },
}


def definitions(table: str) -> list[str]:
    """The columns of a table as its definition has them."""
    return [
        f"{name} {kind} MATERIALIZED {sql} CODEC(ZSTD(1))"
        for name, (kind, sql) in DERIVED.get(table, {}).items()
    ]
