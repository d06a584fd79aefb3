"""What fields mean beside each other: an event's time under any name, a duration without its unit, the owner in a path.

A field whose name says nothing to us may still be the only one that can be the time. Only texts and numbers that are
instants of this age count.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from lastgood.decoding.instants import guessed_epoch, iso
from lastgood.decoding.text import severity
from lastgood.decoding.text.raised import says_something
from lastgood.decoding.text.whose import whose
from lastgood.model.attributes import (
    EXCEPTION_MESSAGE,
    HTTP_METHOD,
    HTTP_ROUTE,
    HTTP_STATUS,
    PEER_SERVICES,
    RESPONSE_HEADER,
    SERVER_ADDRESS,
    STACKTRACE,
    URL_FULLS,
    URL_PATHS,
    URL_QUERY,
)

_TIME = re.compile(
    r"(?:time|date|timestamp|stamp|instant|when|created|started|occurred|received|begin|start|_?at|_?ts|on)$",
    re.IGNORECASE,
)
_START = re.compile(r"start|begin|request|creat|occur|event", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d|1\d{9}(?:\.\d+)?$|1\d{12}$|1\d{15}$|1\d{18}$"
)
_FLOAT_SECONDS = re.compile(r"1\d{9}\.\d+")
_UNITLESS = ("duration", "elapsed", "latency", "took")
# Two numbers alone may be a version of HTTP or TLS; of Bunyan's lines `v` is a whole number.
_RELEASED = re.compile(r"v\d+\.\d+[\w.+-]*|\d+\.\d+[.-][\w.+-]+")
_DURATION = re.compile(r"\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m)?")
# What stands for a service that is not known (OpenTelemetry's SDKs, Loki), or for a layout of lines (Elastic's).
_NO_SERVICE = re.compile(r"unknown_service(?::.*)?|ES_ECS")
_OWNER = re.compile(r"/providers/[^/]+/[^/]+/(?P<name>[^/]+)", re.IGNORECASE)

_GROUPS = (
    "@log",
    "logGroup",
    "log_group",
    "logGroupName",
)  # of CloudWatch: /ecs/payments, with an account before it or not
_SPLUNK = (("result.sourcetype", "result.index", "result.source"), ("sourcetype", "index", "source"))
# Indexes of Splunk that hold what has no index of its own.
_ANY_INDEX = re.compile(
    r"$|_|(?:main|default|history|summary|os|lastchance|logs?|apps?|prod|test|dev)$", re.IGNORECASE
)


_CLOCK = re.compile(r"\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_OF_DOTNET = re.compile(
    r"/Date\((?P<milliseconds>\d{13})(?:[+-]\d{4})?\)/"
)  # the offset is how to show it only
_OFFSET = re.compile(r"[+-]\d\d:?\d\d")
_OF_AZURE = {"0": "Verbose", "1": "Information", "2": "Warning", "3": "Error", "4": "Critical"}
_LESS = 50  # as many other names come first
_FROM = ("id.orig_h", "client.address", "src", "srcip", "src_ip", "source_ip")
_TRANSPORTS = frozenset(["tcp", "udp", "icmp", "sctp", "6", "17", "1"])


# Whose values always have a say in what their fields are.
WEIGHED_BY_VALUE = frozenset({HTTP_STATUS, "ServiceName", EXCEPTION_MESSAGE, STACKTRACE, SERVER_ADDRESS})
# Keys of a proxy whose value is a name without a port: who was asked, rather than at which address.
_ASKED = frozenset({"peer", "upstream", "upstreamhost", "upstream_host"})
_NAMED_HOST = re.compile(r"(?=.*[A-Za-z])[\w-]+(?:\.[\w-]+)*")


def believable(name: str, value: str, rank: int) -> bool:
    """Whether a value can be what its key says: `status: "ok"` is no HTTP status."""
    if name == HTTP_STATUS:
        return len(value) == 3 and value.isdecimal() and 100 <= int(value) <= 599
    if name == "ServiceName":
        return _DURATION.fullmatch(value) is None and not _NO_SERVICE.fullmatch(value)
    if name in {EXCEPTION_MESSAGE, STACKTRACE}:
        return says_something(value)
    if name == "SeverityText" and rank > 1:
        return severity.number_of(value) > 0 or value == "0"
    return True


def name_of(name: str, path: str, value: str) -> str:
    """The attribute that a value is of, for what it is: the host that a proxy asked is the name of its upstream."""
    asked = name == SERVER_ADDRESS and path.rpartition(".")[2].lower() in _ASKED
    return PEER_SERVICES[0] if asked and _NAMED_HOST.fullmatch(value) else name


def less_sure(name: str, value: str) -> int:
    """By how much a value ranks lower for what it is: half of a time, or a level as a number where another field has the word."""
    if name == "Timestamp":
        return _LESS if _CLOCK.fullmatch(value) or _DAY.fullmatch(value) else 0
    return _LESS if name == "SeverityText" and value.isdecimal() else 0


def level_of_azure(name: str, value: str) -> str:
    """The word for a level of Application Insights, which counts from 0 (learn.microsoft.com, SeverityLevel); empty for others."""
    return _OF_AZURE.get(value, "") if name.rpartition(".")[2] in {"SeverityLevel", "severityLevel"} else ""


def whole_time(time: str, attributes: Mapping[str, str]) -> str:
    """A time of day with the date and the offset that stand in fields beside it; what .NET writes as its milliseconds; others as they are."""
    if found := _OF_DOTNET.fullmatch(time):
        return found["milliseconds"]
    day = attributes.get("date", "")
    if not _CLOCK.fullmatch(time) or not _DAY.fullmatch(day):
        return time
    offset = attributes.get("tz", "")
    return f"{day}T{time}{offset if _OFFSET.fullmatch(offset) else ''}"


def version(attributes: Mapping[str, str]) -> str:
    """The name of the short field that is the version of the program; empty where none looks like one."""
    return next((key for key in ("v", "ver") if _RELEASED.fullmatch(attributes.get(key, ""))), "")


def status(attributes: Mapping[str, str]) -> str:
    """A status that is a level, as `error`; empty where it is another, or a number."""
    text = attributes.get("status") or attributes.get("Status") or ""
    return text if not text.isdigit() and severity.number_of(text) else ""


def is_traffic(fields: Mapping[str, Any]) -> bool:
    """Whether fields tell of traffic, as firewalls and Zeek do: `service` is its protocol, not who writes."""
    transport = str(fields.get("proto", "")).lower()
    return "service" in fields and transport in _TRANSPORTS and any(name in fields for name in _FROM)


def event_time(attributes: Mapping[str, str]) -> str:
    """The name of the field that is the time of an event; empty where none can be, or nothing says which."""
    found = [name for name, text in attributes.items() if _TIME.search(name) and _WRITTEN.match(text)]
    return next((name for name in found if _START.search(name)), found[0] if found else "")


def length_between(attributes: Mapping[str, str], start: str, time: str) -> int | None:
    """Nanoseconds from the beginning to the end that another field of the same name gives; None without one."""
    end = next((re.sub(a, b, start) for a, b in (("Start", "End"), ("start", "end")) if a in start), "")
    first, last = _instant(time), _instant(attributes.get(end, ""))
    return last - first if first is not None and last is not None and last >= first else None


def _instant(text: str) -> int | None:
    found = iso(UTC)(text)
    return guessed_epoch(text) if found is None and text else found


def duration(attributes: Mapping[str, str], time: str) -> tuple[str, str]:
    """A duration without a unit, and the unit that what is beside it tells; empty texts where nothing does.

    Whoever counts the time in fractions of seconds counts so throughout; programs that are known by what only they name count in the unit of their manual.
    """
    for name, unit, signs in _KNOWN_BY:
        if name in attributes and not signs.isdisjoint(attributes):
            return attributes[name], unit
    for name, unit, names in _KNOWN_BY_ALL:
        if name in attributes and names <= attributes.keys():
            return attributes[name], unit
    if not _FLOAT_SECONDS.fullmatch(time):
        return "", ""
    return next((attributes[name] for name in _UNITLESS if name in attributes), ""), "s"


# The field, its unit, and what only Traefik, Envoy, Application Insights, Amazon's API Gateway and APISIX name beside it.
_KNOWN_BY = (
    ("Duration", "ns", frozenset(["Overhead", "DownstreamContentSize", "StartUTC"])),
    ("duration", "ms", frozenset(["envoy.response_flags", "response_code_details", "itemType"])),
    (
        "responseLatency",
        "ms",
        frozenset(["integrationLatency", "integrationStatus", "integrationError", "integrationErrorMessage"]),
    ),
    ("latency", "ms", frozenset(["apisix_latency"])),
)

# Of Lograge and Sidekiq, by what only they name together.
_KNOWN_BY_ALL = (
    ("duration", "ms", frozenset(["controller", "action", "format"])),
    ("ctx.elapsed", "s", frozenset(["ctx.jid"])),
)

_REASON = re.compile(r"(?:reason|details?|cause|flags|failure|error)$", re.IGNORECASE)
# What servers call the first line of a request (RFC 9112) as they log it.
_ROUTE = "routeKey"  # of API Gateway: the method and the template of the path
_REQUEST_LINES = ("request", "requestline", "request_line", "http_request", "httprequest", "req", _ROUTE)
_REQUEST_LINE = re.compile(
    r"(?P<method>[A-Z]{3,10}) (?P<path>/[^?\s]*|https?://[^?\s]+)(?:\?(?P<query>\S*))?(?: HTTP/(?P<version>[\d.]+))?"
)
_OPERATION = re.compile(r"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S")


def redirected(attributes: dict[str, str]) -> None:
    """Put where an answer sends elsewhere under the name of its header: `location` alone may be a place where people are."""
    if attributes.get(HTTP_STATUS, "").startswith("3") and attributes.get("location", "").startswith(
        ("http", "/")
    ):
        attributes.setdefault(f"{RESPONSE_HEADER}location", attributes.pop("location"))


def request_line(attributes: dict[str, str], called: str = "") -> bool:
    """Whether a request's first line is among the attributes; its parts are then in its place.

    Else what the event is called may begin with the method, as Application Insights names requests.
    """
    name = next((one for one in _REQUEST_LINES if one in attributes), "")
    found = _REQUEST_LINE.fullmatch(attributes[name]) if name else None
    if found is None:
        if named := _OPERATION.match(called):
            attributes.setdefault(HTTP_METHOD, named[1])
        return False
    del attributes[name]
    if name == _ROUTE:
        attributes.setdefault(HTTP_ROUTE, found["path"])
    attributes.setdefault(HTTP_METHOD, found["method"])
    attributes.setdefault(URL_PATHS[0], found["path"])
    if found["query"]:
        attributes.setdefault(URL_QUERY, found["query"])
    return True


def body(attributes: Mapping[str, str], line: bytes) -> str:
    """What people read of a line without a message: what failed, else the request that a JSON object is, else the line."""
    request = request_text(attributes) if line[:1] == b"{" else ""
    return attributes.get(EXCEPTION_MESSAGE) or request or line.decode("utf-8", "replace")


def request_text(attributes: Mapping[str, str]) -> str:
    """`POST 503 /pay in 6 ms: no healthy upstream`: a request without a message; empty where it has no address or status.

    Of one that failed, what its other fields state as the reason follows. The time is in milliseconds, rounded up, so that texts stay alike.
    """
    method, status = attributes.get(HTTP_METHOD, ""), attributes.get(HTTP_STATUS, "")
    address = next(
        (attributes[name] for name in (URL_FULLS[0], *URL_PATHS, HTTP_ROUTE) if name in attributes), ""
    )
    if not (status and address):
        return ""
    length = attributes.get("lg.duration_ns", "")
    took = f" in {-(-int(length) // 1_000_000)} ms" if length.isdecimal() else ""
    reasons = (
        []
        if status < "4"
        else [text for name, text in attributes.items() if _REASON.search(name) and text.strip(" -{}[]")]
    )
    return ": ".join((f"{method} {status} {address}{took}".lstrip(), *dict.fromkeys(reasons)))


def owner(attributes: Mapping[str, str]) -> str:
    """Whose event it is by the path of a resource, as Azure writes it, by CloudWatch's group of logs, or by Splunk's index or file.

    Empty where nothing says.
    """
    path = attributes.get("resourceId", "") or attributes.get("_ResourceId", "")
    if path and (found := _OWNER.search(path)):
        return found["name"]
    if group := next((attributes[name] for name in _GROUPS if name in attributes), ""):
        return whose(group.rpartition(":")[2].rpartition("/")[2])[0]
    for kind, index, source in _SPLUNK:
        if kind in attributes:
            named = attributes.get(index, "")
            return whose(attributes.get(source, ""))[0] if _ANY_INDEX.match(named) else named
    return ""


def server(fields: Mapping[str, Any]) -> str | None:
    """The server that writes an event in whose fields the application is a client of it, or that names itself by others; None elsewhere.

    Empty for MongoDB's: its files are named for it.
    """
    older = fields.get("type") == "server" and "cluster.name" in fields and "node.name" in fields
    if older or "elasticsearch.cluster.name" in fields or fields.get("service.name") == "ES_ECS":
        return "elasticsearch"
    if "error_severity" in fields and "session_id" in fields:
        return "postgresql"
    time = fields.get("t")
    return "" if isinstance(time, dict) and "$date" in time and "ctx" in fields else None
