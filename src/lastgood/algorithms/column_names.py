"""Columns of a wide table that are called by both what was measured and of whom: `cart_cpu`, `latency-90|cart`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from lastgood.algorithms.metric_meaning import words

FEWEST_NAMED = 3  # services: two names that are alike may be anything
MOST_OF_NAMES = 0.7  # of the columns are of a metric that half of the services have
HALF_OF_NAMES = 0.5
_SEPARATORS = "|:/ _.-"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[|:/ _.\-]+")
# What is measured, and what is said of it. Names of these alone are of no one.
_MEASURED = frozenset({
    "cpu", "processor", "mem", "memory", "heap", "rss", "latency", "lat", "err", "duration", "elapsed", "time", "delay", "error",
    "errors", "failure", "failures", "success", "availability", "requests", "request", "rps", "qps", "tps",
    "throughput", "workload", "load", "traffic", "disk", "diskio", "io", "iops", "network", "net", "rx", "tx",
    "socket", "sockets", "fs", "connections", "threads", "goroutines", "queue", "lag", "gc", "restarts", "drops",
    "retransmits",
})  # fmt: skip
_SAID = frozenset({
    "usage", "used", "use", "utilization", "utilisation", "util", "percent", "percentage", "pct", "ratio", "rate",
    "count", "total", "sum", "avg", "average", "mean", "median", "min", "max", "p50", "p75", "p90", "p95", "p99",
    "p999", "ms", "s", "us", "ns", "sec", "seconds", "millis", "milliseconds", "bytes", "kb", "mb", "gb", "mib",
    "gib", "in", "out", "read", "reads", "write", "writes", "get", "put", "delete", "user", "system", "idle", "free",
    "limit", "cores", "core", "millicores", "packets", "received", "sent", "receive", "transmit",
})  # fmt: skip


# What is said of a measure and may stand for a name in its place: `queue_depth`, `failed_requests`.
_OF_MEASURES = frozenset(
    """
    depth length size level pressure budget bucket pause temp temperature capacity headroom backlog hits misses active inactive idle open
    closed new current pending waiting blocked running runnable concurrent inflight flight committed allocated live dead peak swap
    failed successful rejected dropped accepted refused aborted retried expired slow fast established inbound outbound incoming outgoing
    ingress egress client server http https grpc tcp udp tls ssl sql rpc jvm clr v8 node host machine container process pod thread
    connection connections response request timeout timeouts retry consumer producer replication replica primary local remote
    healthy unhealthy ready unready available unavailable desired overall global daily hourly
    """.split()
)
_QUANTILES = frozenset({"utilization", "utilisation", "usage", "percentage"})


def parted(names: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Service and metric of every name that has both; nothing where the names do not form a table of the two.

    They do when three services or more share metrics: most columns are of a metric that half of the services have.
    A separator that each name has once parts them there; otherwise the words of a measure do, at the end or the beginning.
    """
    ways = [*_at_one_separator(names), *_by_words(names)]
    return max((found for found in ways if _is_table(found, len(names))), key=len, default={})


def measures(name: str) -> bool:
    """Whether a name says what is measured, rather than of whom."""
    return any(word in _MEASURED or word in _QUANTILES for word in words(name))


def owned(name: str) -> tuple[str, str] | None:
    """Service and metric of one name alone, such as `cart cpu`; None where it is not of both."""
    found = _cut(name, backwards=True) or _cut(name, backwards=False)
    if found is None or not any(map(str.isalpha, found[0])):
        return None
    said = (word in _OF_MEASURES or re.fullmatch(r"\dxx", word) for word in _words(found[0]))
    return None if all(said) else found


def _at_one_separator(names: Sequence[str]) -> Iterator[dict[str, tuple[str, str]]]:
    for separator in _SEPARATORS:
        pairs = {name: name.split(separator) for name in names if name.count(separator) == 1}
        sides = [{pair[side] for pair in pairs.values()} for side in (0, 1)]
        for metric in (1, 0) if len(pairs) > MOST_OF_NAMES * len(names) else ():
            measured = sum(map(_measures, sides[metric])) > HALF_OF_NAMES * len(sides[metric])
            if measured and not any(map(_is_measure, sides[1 - metric])):
                yield {name: (pair[1 - metric], pair[metric]) for name, pair in pairs.items() if all(pair)}


def _by_words(names: Sequence[str]) -> Iterator[dict[str, tuple[str, str]]]:
    for backwards in (True, False):
        found = {name: _cut(name, backwards=backwards) for name in names}
        yield {name: pair for name, pair in found.items() if pair is not None}


def _cut(name: str, *, backwards: bool) -> tuple[str, str] | None:
    """Service and metric, the metric being all words of measures at that end; None when nothing is left."""
    places = [match.span() for match in _PARTS.finditer(name)]
    if backwards:
        cuts = [(name[:low], name[high:]) for low, high in reversed(places)]
    else:
        cuts = [(name[high:], name[:low]) for low, high in places]
    found = None
    for service, metric in cuts:
        if _is_measure(metric):
            found = service, metric
        elif not metric.isdigit():  # of a quantile, and the measure comes before it
            break
    return found if found and found[0] and _measures(found[1]) and not _is_measure(found[0]) else None


def _measures(text: str) -> bool:
    return any(word in _MEASURED for word in _words(text))


def _is_measure(text: str) -> bool:
    """Whether nothing but a measure is said, of a quantile perhaps."""
    first, *others = _words(text) or [""]
    return (first in _MEASURED or first in _SAID) and all(
        word in _MEASURED or word in _SAID or word.isdigit() for word in others
    )


def _words(text: str) -> list[str]:
    return [word.lower() for word in _PARTS.split(_CAMEL.sub(" ", text)) if word]


def _is_table(found: Mapping[str, tuple[str, str]], names: int) -> bool:
    services = defaultdict[str, set[str]](set)
    for service, metric in found.values():
        services[metric].add(service)
    known = {service for service, _ in found.values()}
    shared = sum(len(services[metric]) >= HALF_OF_NAMES * len(known) for _, metric in found.values())
    return len(known) >= FEWEST_NAMED and shared >= MOST_OF_NAMES * names
