"""Derived columns: what questions read of attributes and ids, kept beside them in our own tables.

Looking a key up in a map reads the whole map, for every row and every question; these are looked up once, when a row is
written. A table that another program made lacks them: there a relation has the expression instead.
"""

from collections.abc import Iterable, Mapping

from lastgood.model.attributes import (
    ADDRESSES,
    CODE_LINES,
    ERROR_TYPES,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    GRPC_STATUS,
    HTTP_METHODS,
    HTTP_STATUSES,
    INSTANCES,
    NAMED_ROUTES,
    PEERS,
    USERS,
    VERSIONS,
)
from lastgood.telemetry.paths import templated

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
    f"coalesce(nullIf({first_of(['SpanAttributes'], ERROR_TYPES)}, ''), "
    f"nullIf(SpanAttributes['{GRPC_STATUS}'], '0'), '')"
)
# What the exception in a line's fields adds to its text, as it follows there: `: type: first line of the message`. Nothing where
# the text has the message, or the type where there is no message.
_TYPE, _SAYS = (
    f"LogAttributes['{EXCEPTION_TYPE}']",
    f"substringIndex(LogAttributes['{EXCEPTION_MESSAGE}'], '\\n', 1)",
)
_EXCEPTION = (
    f"if(position(Body, if({_SAYS} = '', {_TYPE}, {_SAYS})) > 0, '', concat("
    "multiIf(Body = '', '', right(Body, 1) IN ('.', ':', '!', ' ', '\\n'), ' ', ': '), "
    f"if(position(concat(Body, '\\n', {_SAYS}), {_TYPE}) > 0, '', if({_SAYS} = '', {_TYPE}, concat({_TYPE}, ': '))), {_SAYS}))"
)
# What a line says was asked for: its route, else its path.
_ROUTE = first_of(["LogAttributes"], NAMED_ROUTES)
_OPERATION = f"if({_ROUTE} != '', {_ROUTE}, {templated(first_of(['LogAttributes'], ADDRESSES))})"
_SPAN = ("ResourceAttributes", "SpanAttributes")
_LOG = ("ResourceAttributes", "LogAttributes")

# By table and name: the type, and the expression over the exporter's columns.
DERIVED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "otel_traces": {
        "TraceHash": _TRACE_HASH,
        "Root": ("UInt8", f"ParentSpanId IN {ROOTS}"),
        "HttpStatus": ("UInt16", f"toUInt16OrZero({first_of(['SpanAttributes'], HTTP_STATUSES)})"),
        "Method": (_FEW, first_of(["SpanAttributes"], HTTP_METHODS)),
        "ErrorType": (_FEW, _ERROR),
        "Route": (_FEW, first_of(["SpanAttributes"], NAMED_ROUTES)),
        "Peer": (_FEW, first_of(["SpanAttributes"], PEERS)),
        "Instance": (_FEW, first_of(_SPAN, INSTANCES)),
        "Version": (_FEW, first_of(_SPAN, VERSIONS)),
        "User": ("String", first_of(reversed(_SPAN), USERS)),
    },
    "otel_logs": {
        "TraceHash": _TRACE_HASH,
        "HttpStatus": ("UInt16", f"toUInt16OrZero({first_of(['LogAttributes'], HTTP_STATUSES)})"),
        "Method": (_FEW, first_of(["LogAttributes"], HTTP_METHODS)),
        "Operation": (_FEW, _OPERATION),
        "Instance": (_FEW, first_of(_LOG, INSTANCES)),
        "Version": (_FEW, first_of(_LOG, VERSIONS)),
        "User": ("String", first_of(reversed(_LOG), USERS)),
        "CodeLine": (_FEW, first_of(["LogAttributes"], CODE_LINES)),
        "Exception": ("String", _EXCEPTION),
    },
}

# When a server took the row; 1970 for rows that were loaded.
RECEIVED = "ReceivedAt"
NOT_RECEIVED = "toDateTime64(0, 3, 'UTC')"


def definitions(table: str) -> list[str]:
    """The columns of a table as its definition has them."""
    derived = [
        f"{name} {kind} MATERIALIZED {sql} CODEC(ZSTD(1))"
        for name, (kind, sql) in DERIVED.get(table, {}).items()
    ]
    received = [f"{RECEIVED} DateTime64(3, 'UTC') CODEC(ZSTD(1))"] if table.startswith("otel_") else []
    return derived + received
