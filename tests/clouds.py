"""Monitoring that vendors run, played by its documented APIs: Datadog, and CloudWatch with its logs."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from systems import Given, System

Rows = Sequence[Mapping[str, Any]]


def datadog(metrics: Sequence[str], events: Rows) -> System:
    """Datadog: a series of each metric that is asked for, and log events in pages by cursor."""

    def query(given: Given) -> Any:
        asked = [
            part.partition(":")[2].partition("{")[0] for part in given["query"].split(",") if "{" in part
        ]
        start = int(given["from"]) * 1000
        series = [
            {"metric": name, "tag_set": ["service:web"], "scope": "service:web", "interval": 60, "unit": None,
             "pointlist": [[start, 4.0], [start + 60_000, 5.0]]}
            for name in asked
        ]  # fmt: skip
        return {"status": "ok", "res_type": "time_series", "series": series, "query": given["query"]}

    def search(given: Given) -> Any:
        page = json.loads(given["body"])["page"]
        begin = int(page.get("cursor", 0))
        shown = events[begin : begin + page["limit"]]
        after = {"after": str(begin + page["limit"])} if begin + page["limit"] < len(events) else {}
        return {"data": shown, "meta": {"elapsed": 12, "status": "done", "page": after}}

    return System(
        {
            "/api/v1/metrics": lambda given: {"from": given["from"], "metrics": list(metrics)},
            "/api/v1/query": query,
            "/api/v2/logs/events/search": search,
        }
    )


DATADOG_EVENT = {
    "id": "AwAAAZ", "type": "log",
    "attributes": {"timestamp": "2026-11-30T01:30:00.123Z", "status": "error", "service": "web", "host": "i-1",
                   "message": "no connection", "tags": ["env:prod"], "attributes": {"http": {"status_code": 500}}},
}  # fmt: skip


def metric(namespace: str, name: str, **dimensions: str) -> Mapping[str, Any]:
    """One of CloudWatch's list."""
    listed = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    return {"Namespace": namespace, "MetricName": name, "Dimensions": listed}


def cloudwatch(metrics: Rows, *, at_once: int = 500) -> System:
    """CloudWatch with metrics of one point each, in a list of pages."""

    def answer(given: Given) -> Any:
        asked, action = json.loads(given["body"]), given["target"].partition(".")[2]
        if action == "ListMetrics":
            of = [one for one in metrics if one["Namespace"] == asked["Namespace"]]
            begin = int(asked.get("NextToken", 0))
            more = {"NextToken": str(begin + at_once)} if begin + at_once < len(of) else {}
            return {"Metrics": of[begin : begin + at_once], **more}
        found = [
            {"Id": one["Id"], "Label": one["MetricStat"]["Metric"]["MetricName"], "Timestamps": [asked["StartTime"]],
             "Values": [4.0], "StatusCode": "Complete"}
            for one in asked["MetricDataQueries"]
        ]  # fmt: skip
        return {"MetricDataResults": found, "Messages": []}

    return System({"/": answer})


def cloudwatch_logs(
    events: Sequence[tuple[int, str]], *, group: str = "/ecs/web", states: Sequence[str] = ("Running",)
) -> System:
    """CloudWatch Logs with events of (seconds, text) in one group; a query is in each of the states before it is complete."""
    queries: dict[str, list[Any]] = {}

    def rows(asked: Mapping[str, Any]) -> list[Any]:
        inside = [
            (at, number, text)
            for number, (at, text) in enumerate(events)
            if asked["startTime"] <= at <= asked["endTime"]
        ]
        inside.sort(key=lambda one: (-one[0], one[1]))
        return [
            [
                {"field": "@timestamp", "value": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}.000"},
                {"field": "@message", "value": text},
                {"field": "@logStream", "value": "web/1"},
                {"field": "@log", "value": f"123456789012:{group}"},
                {"field": "@ptr", "value": str(number)},
            ]
            for at, number, text in inside[: asked["limit"]]
        ]

    def answer(given: Given) -> Any:
        asked, action = json.loads(given["body"]), given["target"].partition(".")[2]
        if action == "DescribeLogGroups":
            return {"logGroups": [{"logGroupName": group, "storedBytes": 1}]}
        if action == "StartQuery":
            queries[name := str(len(queries))] = [*states, rows(asked)]
            return {"queryId": name}
        said = queries[asked["queryId"]].pop(0)
        return (
            {"status": said, "results": []}
            if isinstance(said, str)
            else {"status": "Complete", "results": said}
        )

    return System({"/": answer})


def splunk(events: Sequence[tuple[str, str]]) -> System:
    """Splunk with events of (time, text): an export of a search that heads, with its exclusive end."""

    def export(given: Given) -> Any:
        start, end = (datetime.fromisoformat(given[name]) for name in ("earliest_time", "latest_time"))
        most = int(given["search"].rpartition("| head ")[2])
        inside = [
            (datetime.fromisoformat(at), number, at, text)
            for number, (at, text) in enumerate(events)
            if start <= datetime.fromisoformat(at) < end
        ]
        inside.sort(key=lambda one: (one[0], -one[1]), reverse=True)
        lines: list[Any] = [
            {"preview": False, "offset": place, "result": {
                "_bkt": "main~1~A", "_cd": f"1:{number}", "_serial": str(place), "_time": at, "_raw": text, "host": "h1",
                "source": "/var/log/web.log", "sourcetype": "web", "index": "main"}}
            for place, (_, number, at, text) in enumerate(inside[:most])
        ]  # fmt: skip
        lines.append({"preview": False, "lastrow": True})
        return 200, {}, "".join(json.dumps(one) + "\n" for one in lines).encode()

    return System({"/services/search/v2/jobs/export": export})
