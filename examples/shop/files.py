"""The shop's incident as the files that a real shop would have: eleven kinds, from access log to git.

Every writer takes the world of the scenario and a folder, and writes what one tool would have written.
"""

import gzip
import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scenario_language.world import Row, World

KINDS = {"Internal": 1, "Server": 2, "Client": 3, "Producer": 4, "Consumer": 5}
STATUS = {"Unset": 0, "Ok": 1, "Error": 2}
SPANS_A_LINE = 500
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
)
STACK = """com.shop.checkout.PaymentRefused: provider refused the charge
	at com.shop.checkout.PaymentClient.charge(PaymentClient.java:88)
	at com.shop.checkout.OrderService.pay(OrderService.java:141)
	at com.shop.checkout.OrderService.place(OrderService.java:97)
	at java.base/java.lang.Thread.run(Thread.java:1583)
"""


def write(world: World, folder: Path) -> None:
    """Every file."""
    for name in ("logs", "traces", "metrics", "changes", "alerts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    spans, logs = world["otel_traces"], world["otel_logs"]
    _lines(folder / "logs" / "nginx-access.log", _access(spans))
    _lines(folder / "logs" / "payments.json.log", map(_json_line, _of(logs, "payments")))
    _lines(folder / "logs" / "checkout.log", map(_java_line, _of(logs, "checkout")))
    _lines(folder / "logs" / "auth.log", map(_logfmt_line, _of(logs, "auth")))
    _lines(folder / "logs" / "email.log", map(_syslog_line, _of(logs, "email")))
    _traces(folder / "traces" / "traces.jsonl.gz", spans)
    _metrics(folder / "metrics", world["otel_metrics_gauge"])
    changes = world["lg_changes"]
    _lines(folder / "changes" / "deploys.ndjson", map(_deploy, _kinds(changes, {"deploy", "config"})))
    _status_page(folder / "changes" / "stripe-status.json", _kinds(changes, {"third_party"}))
    (folder / "changes" / "crontab").write_text(
        "# m h dom mon dow command\n*/15 * * * * /usr/local/bin/ledger-export\n"
    )
    _alert(folder / "alerts" / "alertmanager.json", world["lg_alerts"])
    repository(folder / "payments-repo")


def _of(rows: list[Row], service: str) -> list[Row]:
    return sorted((r for r in rows if r["ServiceName"] == service), key=lambda r: r["Timestamp"])


def _kinds(changes: list[Row], kinds: set[str]) -> list[Row]:
    return sorted((c for c in changes if c["Kind"] in kinds), key=lambda c: c["Timestamp"])


def _lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines))


def _nanoseconds(time: datetime) -> int:
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def _access(spans: list[Row]) -> Iterator[str]:
    """Combined format and the request's time, written when the answer has gone out."""
    entries = [s for s in spans if not s["ParentSpanId"]]
    for span in sorted(entries, key=lambda s: s["Timestamp"] + timedelta(microseconds=s["Duration"] / 1000)):
        attributes = dict(span["SpanAttributes"])
        end = span["Timestamp"] + timedelta(microseconds=span["Duration"] / 1000)
        method, path = span["SpanName"].split(" ")
        browser = BROWSERS[int(span["TraceId"][0], 16) % 2]
        size = 180 + int(span["SpanId"][:3], 16)
        yield (
            f"{attributes['client.address']} - {attributes['user.id']} [{end:%d/%b/%Y:%H:%M:%S +0000}] "
            f'"{method} {path} HTTP/1.1" {attributes["http.response.status_code"]} {size} "-" "{browser}" '
            f"{span['Duration'] / 1e9:.3f}"
        )


def _json_line(row: Row) -> str:
    line = {
        "time": row["Timestamp"].isoformat().replace("+00:00", "Z"),
        "level": row["SeverityText"].lower(),
        "service": row["ServiceName"],
        "msg": row["Body"],
        "trace_id": row["TraceId"],
        "span_id": row["SpanId"],
        "pod": dict(row["ResourceAttributes"])["service.instance.id"],
    }
    return json.dumps(line, ensure_ascii=False)


def _java_line(row: Row) -> str:
    time = f"{row['Timestamp']:%Y-%m-%d %H:%M:%S},{row['Timestamp'].microsecond // 1000:03d}"
    line = f"{time} {row['SeverityText']:<5} [http-{row['Timestamp'].second % 8}] c.s.checkout.OrderService - {row['Body']}"
    return line if row["SeverityText"] != "ERROR" else f"{line}\n{STACK.rstrip()}"


def _logfmt_line(row: Row) -> str:
    time = row["Timestamp"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f'time={time} level={row["SeverityText"].lower()} service=auth msg="{row["Body"]}"'


def _syslog_line(row: Row) -> str:
    priority = 8 * 2 + (3 if row["SeverityText"] == "ERROR" else 6)  # facility mail
    time = row["Timestamp"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"<{priority}>1 {time} email-1 email 311 - - {row['Body']}"


def _traces(path: Path, spans: list[Row]) -> None:
    """What the collector's file exporter writes: one export request a line."""
    spans = sorted(spans, key=lambda s: s["Timestamp"])
    with gzip.GzipFile(path, "wb", mtime=0, compresslevel=4) as out:
        for start in range(0, len(spans), SPANS_A_LINE):
            request = {"resourceSpans": list(_by_resource(spans[start : start + SPANS_A_LINE]))}
            out.write(json.dumps(request, separators=(",", ":")).encode() + b"\n")


def _by_resource(spans: list[Row]) -> Iterator[dict[str, Any]]:
    groups = defaultdict[tuple[tuple[str, str], ...], list[Row]](list)
    for span in spans:
        groups[("service.name", span["ServiceName"]), *span["ResourceAttributes"]].append(span)
    for resource, members in groups.items():
        yield {
            "resource": {"attributes": _attributes(resource)},
            "scopeSpans": [{"scope": {"name": "shop"}, "spans": [_span(s) for s in members]}],
        }


def _span(row: Row) -> dict[str, Any]:
    start = _nanoseconds(row["Timestamp"])
    span = {
        "traceId": row["TraceId"],
        "spanId": row["SpanId"],
        "parentSpanId": row["ParentSpanId"],
        "name": row["SpanName"],
        "kind": KINDS[row["SpanKind"]],
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + row["Duration"]),
        "attributes": _attributes(row["SpanAttributes"]),
        "status": {"code": STATUS[row["StatusCode"]], "message": row["StatusMessage"]},
    }
    return {key: value for key, value in span.items() if value != ""}


def _attributes(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": value} if key.endswith("status_code") else {"stringValue": value}}
        for key, value in pairs
    ]


def _metrics(folder: Path, points: list[Row]) -> None:
    """One answer of Prometheus' range query for each metric."""
    series = defaultdict[str, dict[tuple[str, str], list[list[Any]]]](lambda: defaultdict(list))
    for point in points:
        instance = dict(point["ResourceAttributes"])["service.instance.id"]
        value = [_nanoseconds(point["TimeUnix"]) / 1e9, f"{point['Value']:.4f}"]
        series[point["MetricName"]][point["ServiceName"], instance].append(value)
    for name, found in series.items():
        result = [
            {"metric": {"__name__": name, "job": service, "instance": instance}, "values": values}
            for (service, instance), values in found.items()
        ]
        answer = {"status": "success", "data": {"resultType": "matrix", "result": result}}
        (folder / f"{name}.json").write_text(json.dumps(answer))


def _deploy(row: Row) -> str:
    fields = {
        "time": row["Timestamp"].isoformat().replace("+00:00", "Z"),
        "kind": row["Kind"],
        "service": row["Service"],
        "id": row["Id"],
        "title": row["Title"],
        "version": row["Version"],
        "previous_version": row["PreviousVersion"],
    }
    return json.dumps({key: value for key, value in fields.items() if value})


def _status_page(path: Path, changes: list[Row]) -> None:
    incidents = [
        {
            "id": row["Id"].rpartition("/")[2],
            "name": row["Title"],
            "status": "investigating",
            "impact": "minor",
            "created_at": row["Timestamp"].isoformat().replace("+00:00", "Z"),
            "started_at": row["Timestamp"].isoformat().replace("+00:00", "Z"),
            "resolved_at": None,
            "incident_updates": [],
            "components": [{"id": "charges", "name": "Charges API", "status": "degraded_performance"}],
        }
        for row in changes
    ]
    page = {"id": "stripe", "name": "Stripe", "url": "https://status.stripe.example"}
    path.write_text(json.dumps({"page": page, "incidents": incidents}, indent=2))


def _alert(path: Path, alerts: list[Row]) -> None:
    (alert,) = alerts
    labels = dict(alert["Labels"])
    summary = labels.pop("summary")
    labels |= {"alertname": alert["Name"], "service": alert["Service"]}
    webhook = {
        "version": "4",
        "status": "firing",
        "receiver": "on-call",
        "groupLabels": {"alertname": alert["Name"]},
        "commonLabels": labels,
        "commonAnnotations": {"summary": summary},
        "externalURL": "http://alertmanager.shop.example",
        "alerts": [
            {
                "status": "firing",
                "labels": labels,
                "annotations": {"summary": summary},
                "startsAt": alert["Timestamp"].isoformat().replace("+00:00", "Z"),
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.shop.example/graph",
                "fingerprint": "c0ffee",
            }
        ],
    }
    path.write_text(json.dumps(webhook, indent=2))


COMMITS = (
    ("2026-11-17T09:12:00Z", "ledger: export in pages of 500", "ledger/export.py", "PAGE = 500\n", ""),
    ("2026-11-18T13:40:00Z", "charge: give up after ten seconds", "payments/charge.py", "TIMEOUT = 10\n", "v2.45.3"),
    ("2026-11-19T15:05:00Z", "refund: log the reason", "payments/refund.py", "REASON = True\n", ""),
    ("2026-11-20T10:31:00Z", "receipt: round to two places", "payments/receipt.py", "PLACES = 2\n", "v2.46.0"),
)  # fmt: skip


def repository(folder: Path) -> None:
    """The history of one service: four commits, two tags."""
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for time, subject, name, content, tag in COMMITS:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        _git(folder, "add", name)
        _git(folder, "commit", "--quiet", "--message", subject, time=time)
        if tag:
            _git(folder, "tag", tag)


def _git(folder: Path, *words: str, time: str = "") -> None:
    """One git command that reads no one's settings, so that the commits are the same everywhere."""
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", "Payments"), ("EMAIL", "payments@shop.example"), ("DATE", time))
        if value
    }
    still = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **who, **still}, check=True)
