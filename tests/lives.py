"""A small world in a store: one request over three services, with spans, lines and changes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from lastgood.model.window import Window
from lastgood.telemetry.tables import CHANGES, LOGS, SPANS
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
DAY = Window(datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def after(milliseconds: float) -> datetime:
    """So long after half past two."""
    return datetime(2026, 11, 22, 14, 30, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def write_lines(
    store: Store, *rows: tuple[datetime, str, int, str], ids: Mapping[str, str] | None = None, span: str = ""
) -> None:
    """Add log lines (time, service, severity, text); `ids` are attributes of all, `trace_id` the trace."""
    ids = dict(ids or {})
    trace = ids.pop("trace_id", "")
    columns = {
        "Timestamp": [row[0] for row in rows],
        "ServiceName": [row[1] for row in rows],
        "SeverityNumber": [row[2] for row in rows],
        "Body": [row[3] for row in rows],
        "TraceId": [trace] * len(rows),
        "SpanId": [span] * len(rows),
        "LogAttributes": [list(ids.items())] * len(rows),
    }
    store.engine.insert("otel_logs", LOGS.rows(columns), token=repr((rows, ids))).result()


def write_spans(store: Store, *rows: tuple[str, str, str, str, float, float, bool]) -> None:
    """Add spans of TRACE (id, parent, service, name, start and length in ms, whether it failed)."""
    columns = {
        "Timestamp": [after(row[4]) for row in rows],
        "TraceId": [TRACE] * len(rows),
        "SpanId": [row[0] for row in rows],
        "ParentSpanId": [row[1] for row in rows],
        "ServiceName": [row[2] for row in rows],
        "SpanName": [row[3] for row in rows],
        "SpanKind": ["Server"] * len(rows),
        "Duration": [int(row[5] * 1e6) for row in rows],
        "StatusCode": ["Error" if row[6] else "Ok" for row in rows],
        "StatusMessage": ["refused" if row[6] else "" for row in rows],
    }
    store.engine.insert("otel_traces", SPANS.rows(columns), token=repr(rows)).result()


def write_changes(store: Store, *rows: tuple[str, datetime, str, str]) -> None:
    """Add changes (id, time, kind, service)."""
    columns = {
        "Id": [row[0] for row in rows],
        "Timestamp": [row[1] for row in rows],
        "EndTimestamp": [row[1] for row in rows],
        "Kind": [row[2] for row in rows],
        "Service": [row[3] for row in rows],
        "Title": [f"{row[2]} of {row[3]}" for row in rows],
    }
    store.engine.insert("lg_changes", CHANGES.rows(columns), token=repr(rows)).result()


def request_with_spans(store: Store) -> None:
    """Web calls orders, which calls payments and fails there; one line in payments, one of no span."""
    write_spans(
        store,
        ("b" * 16, "a" * 16, "orders", "place", 2, 40, True),
        ("a" * 16, "", "web", "POST /orders", 0, 50, True),
        ("c" * 16, "b" * 16, "payments", "charge", 5, 30, True),
        ("d" * 16, "f" * 16, "mail", "send", 45, 1, False),
    )
    write_lines(store, (after(20), "payments", 17, "card refused"), ids={"trace_id": TRACE}, span="c" * 16)
    write_lines(store, (after(1), "proxy", 9, "in"), ids={"trace_id": TRACE})
