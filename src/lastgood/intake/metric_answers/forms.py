"""The answers of monitoring systems: which keys tell one from the others, and where the series in it are."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lastgood.algorithms.identity import called
from lastgood.decoding.change import at, inside
from lastgood.decoding.instants import NANOSECONDS, scaled
from lastgood.intake.metric_answers.sample import Sample
from lastgood.intake.metric_answers.sysstat import sysstat

_SECONDS, _MILLISECONDS = NANOSECONDS["s"], NANOSECONDS["ms"]
_UNITS = {"percent": "%", "percentage": "%", "seconds": "s", "second": "s", "milliseconds": "ms", "millisecond": "ms", "microseconds": "us",
          "bytes": "By", "byte": "By", "none": "", "count": "", "percentunit": "1", "10^2.%": "1", "unspecified": "", "short": ""}  # fmt: skip
_STATISTICS = ("average", "mean", "maximum", "total", "sum", "minimum", "count", "samplecount")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of answer: what its head must have, and its samples; `stem` of the file's name names what has no name."""

    name: str
    signs: tuple[re.Pattern[bytes], ...] = field(repr=False)
    samples: Callable[[Any, str], Iterator[Sample]] = field(repr=False)


def unit_of(text: Any) -> str:
    """A unit as others spell it."""
    word = str(text or "")
    return _UNITS.get(word.lower(), word)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _texts(labels: Any) -> dict[str, str]:
    return (
        {str(key): str(value) for key, value in labels.items() if value not in (None, "")}
        if isinstance(labels, dict)
        else {}
    )


def _epoch(value: Any, factor: int) -> int:
    found = scaled(str(value), factor)
    if found is None:
        raise ValueError(f"{value!r} is not a time")
    return found


def _grafana(document: Any, stem: str) -> Iterator[Sample]:
    """Data frames, of a panel's inspector (values beside their fields) or of the API (values apart)."""
    frames = inside(document, "series") or [
        frame
        for result in (inside(document, "results") or {}).values()
        for frame in inside(result, "frames") or ()
    ]
    for frame in frames:
        schema = inside(frame, "schema") or frame
        columns = inside(frame, "data", "values") or [inside(one, "values") for one in schema["fields"]]
        columns = [inside(one, "buffer") or one for one in columns]
        times = next(
            column
            for one, column in zip(schema["fields"], columns, strict=False)
            if one.get("type") == "time"
        )
        for one, column in zip(schema["fields"], columns, strict=False):
            if one.get("type") != "number":
                continue
            labels = _texts(one.get("labels"))
            shown = inside(one, "config", "displayNameFromDS") or inside(one, "config", "displayName") or ""
            plain = one.get("name") if one.get("name") not in {None, "", "Value", "value"} else ""
            name = labels.pop("__name__", "") or plain or schema.get("name") or shown or stem
            for time, value in zip(times, column, strict=False):
                if (number := _number(value)) is not None:
                    yield Sample(
                        name,
                        labels,
                        _epoch(time, _MILLISECONDS),
                        number,
                        unit_of(inside(one, "config", "unit")),
                        shown if shown != name else "",
                    )


# The dimensions that say most exactly whose a metric is.
_AWS_WHOSE = (
    "ServiceName", "FunctionName", "DBInstanceIdentifier", "QueueName", "TableName", "CacheClusterId", "ApiName", "LoadBalancer",
    "TargetGroup", "InstanceId", "ClusterName",
)  # fmt: skip
_AWS_NAME = re.compile(
    r"\b(?:[A-Z]+[a-z0-9]+){2,}\b|\b[A-Z]{2,}[A-Za-z]*\b|\b[A-Z][A-Za-z]*(?:_[A-Z0-9]\w*)+\b|\b[45][Xx]{2}[A-Z]\w*\b"
)


def aws_named(label: str) -> tuple[str, str, str]:
    """The metric, whose it is and its unit, of a label of CloudWatch such as `ledger-db CPUUtilization`."""
    found = max(_AWS_NAME.findall(label), key=len, default="") or label
    rest = " ".join(label.replace(found, " ").split()).strip(" -:|") if found != label else ""
    return found, rest, "%" if re.search(r"Utilization$|Percent|BurstBalance", found) else ""


def _cloudwatch(document: Any, stem: str) -> Iterator[Sample]:
    for series in document.get("MetricDataResults") or ():
        if metric := inside(series, "MetricStat", "Metric"):
            yield from _asked_for(series, metric)
            continue
        name, labelled, unit = aws_named(series.get("Label") or series.get("Id") or stem)
        whose = called(labelled)
        # Which statistic it is stands behind the name.
        labels = {"statistic": labelled.rpartition(" ")[2]} if labelled.startswith(f"{whose} ") else {}
        for time, value in zip(series.get("Timestamps") or (), series.get("Values") or (), strict=False):
            yield Sample(name, labels, at(time), float(value), unit, whose)
    for point in document.get("Datapoints") or ():
        name, whose, unit = aws_named(document.get("Label") or stem)
        value = next(
            (point[key] for key in ("Average", "Maximum", "Sum", "Minimum", "SampleCount") if key in point),
            None,
        )
        if value is None:
            value = next(iter((point.get("ExtendedStatistics") or {}).values()), None)
        if (number := _number(value)) is not None:
            yield Sample(name, {}, at(point["Timestamp"]), number, unit_of(point.get("Unit")) or unit, whose)


def _asked_for(series: Mapping[str, Any], metric: Mapping[str, Any]) -> Iterator[Sample]:
    """A series that has the metric beside it that was asked for: its name, whose it is, and which statistic."""
    dimensions = {str(one["Name"]): str(one["Value"]) for one in metric.get("Dimensions") or ()}
    whose = next(
        (dimensions[key] for key in _AWS_WHOSE if dimensions.get(key)), next(iter(dimensions.values()), "")
    )
    name, statistic = str(metric["MetricName"]), str(inside(series, "MetricStat", "Stat") or "")
    _, _, unit = aws_named(name)
    for time, value in zip(series["Timestamps"], series["Values"], strict=False):
        yield Sample(name, {**dimensions, "statistic": statistic}, at(time), float(value), unit, whose)


def _tags(tags: Sequence[Any]) -> dict[str, str]:
    """Labels out of `key:value` texts."""
    return {
        key: value
        for tag in tags
        for key, colon, value in (str(tag).partition(":"),)
        if colon and value not in {"", "*", "N/A"}
    }


def _datadog(document: Any, stem: str) -> Iterator[Sample]:
    for series in document.get("series") or ():
        unit = next((one for one in series.get("unit") or () if isinstance(one, dict)), {})
        labels = _tags(series.get("tag_set") or str(series.get("scope") or "").split(","))
        for time, value in series.get("pointlist") or ():
            if (number := _number(value)) is not None:
                yield Sample(
                    series.get("metric") or stem,
                    labels,
                    _epoch(time, _MILLISECONDS),
                    number,
                    unit_of(unit.get("name")),
                )
    answer = inside(document, "data", "attributes") or {}
    for series, values in zip(answer.get("series") or (), answer.get("values") or (), strict=False):
        unit = next((one for one in series.get("unit") or () if isinstance(one, dict)), {})
        for time, value in zip(answer.get("times") or (), values, strict=False):
            if (number := _number(value)) is not None:
                yield Sample(
                    stem,
                    _tags(series.get("group_tags") or ()),
                    _epoch(time, _MILLISECONDS),
                    number,
                    unit_of(unit.get("name")),
                )


def _azure(document: Any, stem: str) -> Iterator[Sample]:
    for metric in document.get("value") or ():
        name = inside(metric, "name", "value") or stem
        resource = re.search(r"/([^/]+)/providers/Microsoft\.Insights/", str(metric.get("id")), re.IGNORECASE)
        for series in metric.get("timeseries") or ():
            labels = {
                str(inside(one, "name", "value")): str(one.get("value"))
                for one in series.get("metadatavalues") or ()
            }
            for point in series.get("data") or ():
                value = next((point[key] for key in _STATISTICS if _number(point.get(key)) is not None), None)
                if value is not None:
                    yield Sample(
                        name,
                        labels,
                        at(point["timeStamp"]),
                        float(value),
                        unit_of(metric.get("unit")),
                        resource[1] if resource else "",
                    )


def _google(document: Any, stem: str) -> Iterator[Sample]:
    for series in document.get("timeSeries") or ([document] if "points" in document else ()):
        labels = _texts(inside(series, "resource", "labels")) | _texts(inside(series, "metric", "labels"))
        whose = next(
            (
                labels[key]
                for key in ("service_name", "container_name", "instance_name", "database_id", "instance_id")
                if labels.get(key)
            ),
            "",
        )
        for point in series.get("points") or ():
            value = next(
                (
                    number
                    for one in (point.get("value") or {}).values()
                    if (number := _number(one)) is not None
                ),
                None,
            )
            if value is not None:
                time = at(inside(point, "interval", "endTime"))
                yield Sample(
                    inside(series, "metric", "type") or stem,
                    labels,
                    time,
                    value,
                    unit_of(series.get("unit") or document.get("unit")),
                    whose,
                )


def _new_relic(document: Any, stem: str) -> Iterator[Sample]:
    function = (
        inside(document, "metadata", "contents", "timeSeries", "contents")
        or inside(document, "metadata", "contents")
        or ()
    )
    first = function[0] if isinstance(function, list) and function else {}
    name = (
        ".".join(filter(None, (str(first.get("attribute") or ""), str(first.get("function") or "")))) or stem
    )
    for facet in document.get("facets") or ([document] if "timeSeries" in document else ()):
        for bucket in facet.get("timeSeries") or ():
            for result in bucket.get("results") or ():
                yield from _bucket(bucket, result, name, str(facet.get("name") or ""))
    answers = inside(document, "data", "actor", "account", "nrql", "results") or document.get("results") or ()
    for bucket in answers if not document.get("facets") else ():
        facet = bucket.get("facet") if isinstance(bucket, dict) else ""
        yield from _bucket(
            bucket, bucket, "", ", ".join(map(str, facet)) if isinstance(facet, list) else str(facet or "")
        )


def _bucket(bucket: Mapping[str, Any], result: Mapping[str, Any], name: str, facet: str) -> Iterator[Sample]:
    if "beginTimeSeconds" not in bucket:
        return
    for key, value in result.items():
        if (
            key not in {"beginTimeSeconds", "endTimeSeconds", "inspectedCount"}
            and (number := _number(value)) is not None
        ):
            yield Sample(
                name or key, {}, _epoch(bucket["beginTimeSeconds"], _SECONDS), number, otherwise=facet
            )


def _graphite(document: Any, stem: str) -> Iterator[Sample]:
    for value, time in document.get("datapoints") or ():
        if (number := _number(value)) is not None:
            name, whose = graphite_named(str(document.get("target") or stem))
            yield Sample(name, {}, _epoch(time, _SECONDS), number, otherwise=whose)


_SERVERS = re.compile(
    r"(?:^|\()(?:\w+\.)*?(?:servers?|hosts?|collectd|machines?|nodes?)\.(?P<host>[\w-]+)\.(?P<metric>[\w.-]+)"
)


def graphite_named(path: str) -> tuple[str, str]:
    """The metric and whose it is, of a path such as `servers.web-2.cpu.total.user`."""
    found = _SERVERS.search(path)
    return (found["metric"], found["host"]) if found else (path, "")


def _zabbix(document: Any, stem: str) -> Iterator[Sample]:
    time = _epoch(document["clock"], _SECONDS) + int(document.get("ns") or 0)
    if (number := _number(document.get("value"))) is not None:
        named = document.get("key_") or document.get("name") or stem
        host = inside((document.get("hosts") or [{}])[0], "name") or document.get("host") or ""
        yield Sample(
            str(named),
            {} if document.get("key_") else {"itemid": str(document["itemid"])},
            time,
            number,
            "%" if "util" in str(named).lower() else "",
            str(host),
        )


def _series(document: Any, stem: str) -> Iterator[Sample]:
    """Bare series of Prometheus and of what speaks its language: times in the values, or beside them in milliseconds."""
    labels = _texts(document.get("metric"))
    name = labels.pop("__name__", stem)
    if "timestamps" in document:
        pairs = [
            (time, value, _MILLISECONDS)
            for time, value in zip(document["timestamps"], document["values"], strict=False)
        ]
    else:
        pairs = [(time, value, _SECONDS) for time, value in document.get("values") or [document["value"]]]
    for time, value, factor in pairs:
        if (number := _number(value)) is not None and number == number:  # noqa: PLR0124 - stale
            yield Sample(name, labels, _epoch(time, factor), number)


def _tsdb(document: Any, stem: str) -> Iterator[Sample]:
    points = document.get("dps") or {}
    for time, value in points.items() if isinstance(points, dict) else points:
        if (number := _number(value)) is not None:
            yield Sample(document.get("metric") or stem, _texts(document.get("tags")), at(time), number)


def _influx(document: Any, stem: str) -> Iterator[Sample]:
    for result in document.get("results") or ():
        for series in result.get("series") or ():
            columns = series["columns"]
            for row in series.get("values") or ():
                cells = dict(zip(columns, row, strict=False))
                for key, value in cells.items():
                    if key != "time" and (number := _number(value)) is not None:
                        yield Sample(
                            f"{series.get('name') or stem}.{key}",
                            _texts(series.get("tags")),
                            at(cells["time"]),
                            number,
                        )


def _telegraf(document: Any, stem: str) -> Iterator[Sample]:
    for key, value in document["fields"].items():
        if (number := _number(value)) is not None:
            yield Sample(
                f"{document.get('name') or stem}.{key}",
                _texts(document.get("tags")),
                at(document["timestamp"]),
                number,
            )


def _form(name: str, samples: Callable[[Any, str], Iterator[Sample]], *signs: str) -> Form:
    return Form(name, tuple(re.compile(sign.encode(), re.DOTALL) for sign in signs), samples)


FORMS = (
    _form("sadf", sysstat, r'"sysstat"\s*:\s*\{', r'"hosts"\s*:'),
    _form("Grafana frames", _grafana, r'"fields"\s*:\s*\[', r'"type"\s*:\s*"time"'),
    _form("CloudWatch", _cloudwatch, r'"MetricDataResults"\s*:|"Datapoints"\s*:\s*\[', r'"Label"\s*:'),
    _form("Datadog series", _datadog, r'"pointlist"\s*:|"timeseries_response"'),
    _form("Azure Monitor", _azure, r'"timeseries"\s*:\s*\[', r'"timeStamp"\s*:'),
    _form("Google Cloud Monitoring", _google, r'"metricKind"\s*:|"timeSeries"\s*:\s*\[\s*\{\s*"metric"', r'"points"\s*:'),
    _form("New Relic", _new_relic, r'"beginTimeSeconds"\s*:'),
    _form("Graphite", _graphite, r'"target"\s*:', r'"datapoints"\s*:\s*\['),
    _form("Zabbix history", _zabbix, r'"itemid"\s*:', r'"clock"\s*:'),
    _form("OpenTSDB", _tsdb, r'"dps"\s*:', r'"metric"\s*:'),
    _form("series of Prometheus", _series, r'^\s*\[?\s*\{\s*"metric"\s*:\s*\{', r'"values?"\s*:\s*\['),
    _form("InfluxDB", _influx, r'"results"\s*:', r'"columns"\s*:\s*\[\s*"time"'),
    _form("Telegraf", _telegraf, r'"fields"\s*:\s*\{', r'"tags"\s*:\s*\{', r'"timestamp"\s*:\s*\d{10}'),
)  # fmt: skip
