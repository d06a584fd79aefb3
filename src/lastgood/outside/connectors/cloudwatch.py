"""CloudWatch: the metrics of load balancers, functions, queues and databases, or of the namespaces that are named.

After docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference: ListMetrics, GetMetricData (JSON protocol, 2010-08-01).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import count, counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import bunches
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors._sigv4 import asked
from lastgood.outside.connectors.limits import POINTS, SERIES, SERIES_AT_ONCE
from lastgood.outside.connectors.wire import Wire

# What is asked for of a namespace, with the statistic that tells most.
_TELLING: Mapping[str, Mapping[str, str]] = {
    "AWS/ApplicationELB": {
        "RequestCount": "Sum", "HTTPCode_Target_5XX_Count": "Sum", "HTTPCode_ELB_5XX_Count": "Sum", "TargetResponseTime": "p99",
        "UnHealthyHostCount": "Maximum", "TargetConnectionErrorCount": "Sum", "RejectedConnectionCount": "Sum",
    },
    "AWS/ApiGateway": {"Count": "Sum", "4XXError": "Sum", "5XXError": "Sum", "Latency": "p99"},
    "AWS/Lambda": {
        "Invocations": "Sum", "Errors": "Sum", "Throttles": "Sum", "Duration": "p99", "ConcurrentExecutions": "Maximum",
    },
    "AWS/ECS": {"CPUUtilization": "Average", "MemoryUtilization": "Average"},
    "AWS/RDS": {
        "CPUUtilization": "Average", "DatabaseConnections": "Average", "FreeableMemory": "Minimum", "FreeStorageSpace": "Minimum",
        "ReadLatency": "Average", "WriteLatency": "Average", "DiskQueueDepth": "Average", "ReplicaLag": "Maximum",
    },
    "AWS/DynamoDB": {"ThrottledRequests": "Sum", "SystemErrors": "Sum", "SuccessfulRequestLatency": "Average"},
    "AWS/ElastiCache": {
        "CPUUtilization": "Average", "CurrConnections": "Average", "Evictions": "Sum", "CacheHits": "Sum", "CacheMisses": "Sum",
    },
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible": "Maximum", "ApproximateAgeOfOldestMessage": "Maximum"},
}  # fmt: skip
_SUMMED = ("Count", "Errors", "Error", "Requests", "Invocations", "Throttles", "Bytes", "Sum")
_PAGES = 3  # of the metrics of a namespace, 500 each
_PERIOD = 60  # s: of what AWS itself measures

Series = tuple[Mapping[str, Any], str]  # the metric as it is listed, and its statistic


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Series by the hundreds; `parts` are namespaces, of which all metrics are read."""
    series: list[Series] = []
    for namespace in asking.parts or _TELLING:
        listed, whole = _listed(wire, namespace)
        if not whole:
            yield Limit(f"some metrics of {namespace} were left out: {_PAGES} pages of their list are read")
        series += _chosen(namespace, listed, named=bool(asking.parts))
    if len(series) > SERIES:
        yield Limit(
            f"{count(len(series) - SERIES)} of {count(len(series))} series were left out: name namespaces in parts"
        )
    for number, some in enumerate(bunches(series[: int(SERIES)], int(SERIES_AT_ONCE)), 1):
        try:
            found = _values(wire, asking, some)
        except NotFetchedError as problem:
            yield Limit(f"{counted(len(some), 'series', 'series')} did not come: {problem.message}")
            continue
        partial = sum(one.get("StatusCode") in {"PartialData", "InternalError", "Forbidden"} for one in found)
        if partial:
            yield Limit(f"{counted(partial, 'series', 'series')} came in part or not at all")
        if any(one["Values"] for one in found):
            yield Document(f"metrics-{number:02}.json", orjson.dumps({"MetricDataResults": found}))


def _asked(wire: Wire, action: str, **document: Any) -> Any:
    return asked(wire, "monitoring", "1.0", f"GraniteServiceVersion20100801.{action}", document)


def _listed(wire: Wire, namespace: str) -> tuple[list[Mapping[str, Any]], bool]:
    """The metrics of a namespace, and whether these are all."""
    found: list[Mapping[str, Any]] = []
    more: dict[str, str] = {}
    for _ in range(_PAGES):
        answer = _asked(wire, "ListMetrics", Namespace=namespace, **more)
        found += answer.get("Metrics") or ()
        if not answer.get("NextToken"):
            return found, True
        more = {"NextToken": answer["NextToken"]}
    return found, False


def _chosen(namespace: str, listed: list[Mapping[str, Any]], *, named: bool) -> Iterator[Series]:
    """Of what AWS measures, what tells most; not by zone, for that is in the whole too."""
    telling = _TELLING.get(namespace, {})
    for metric in listed:
        name, dimensions = str(metric["MetricName"]), metric.get("Dimensions") or ()
        if any(one["Name"] == "AvailabilityZone" for one in dimensions) or not (named or dimensions):
            continue
        if named or name in telling:
            yield metric, telling.get(name) or ("Sum" if name.endswith(_SUMMED) else "Average")


def _values(wire: Wire, asking: Asking, series: Sequence[Series]) -> list[dict[str, Any]]:
    """The series with their values; each has the metric that was asked for beside it."""
    period = _PERIOD * max(1, round(asking.window.seconds / POINTS / _PERIOD))
    stats = {
        f"m{number}": {"Metric": metric, "Period": period, "Stat": statistic}
        for number, (metric, statistic) in enumerate(series)
    }
    found: dict[str, dict[str, Any]] = {}
    more: dict[str, str] = {}
    while True:
        answer = _asked(
            wire, "GetMetricData", StartTime=int(asking.window.start.timestamp()), EndTime=int(asking.window.end.timestamp()),
            ScanBy="TimestampAscending", MetricDataQueries=[{"Id": key, "MetricStat": stat} for key, stat in stats.items()], **more,
        )  # fmt: skip
        for one in answer["MetricDataResults"]:
            known = found.setdefault(
                one["Id"], one | {"MetricStat": stats[one["Id"]], "Timestamps": [], "Values": []}
            )
            known["Timestamps"] += one["Timestamps"]
            known["Values"] += one["Values"]
            known["StatusCode"] = one.get("StatusCode")
        if not answer.get("NextToken"):
            return list(found.values())
        more = {"NextToken": answer["NextToken"]}


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether there are metrics in the first namespace that is asked for."""
    namespace = next(iter(asking.parts or _TELLING))
    listed = _asked(wire, "ListMetrics", Namespace=namespace).get("Metrics") or []
    return Held(f"{counted(len(listed), 'metric')} of {namespace}", empty=not listed and bool(asking.parts))


CONNECTOR = Connector("cloudwatch", "metrics of AWS", fetch, None, holds, frozenset({Signal.METRICS}))
