"""What is instrumented, of what could be."""

from datetime import timedelta

import pyarrow as pa

from lastgood.model.readiness import Piece
from lastgood.readings.views.instrumentation import measured, rooted
from lastgood.telemetry.derived import RECEIVED
from lastgood.telemetry.tables import LOGS, SPANS
from lastgood.workbench.store import Store
from lives import DAY, after, request_with_spans, write_lines


def test_each_piece_is_counted_at_each_service(store: Store) -> None:
    """Spans come from four services; only the line of one carries its trace; no one names users or versions."""
    request_with_spans(store)

    found = list(measured(store.survey()[1], DAY))

    spans = {one.service for one in found if one.piece is Piece.SPANS and one.there}
    assert {"web", "orders", "payments", "mail"} == spans
    assert all(not one.there for one in found if one.piece in {Piece.USERS, Piece.VERSIONS, Piece.METRICS})
    lines = {one.service: (one.there, one.out_of) for one in found if one.piece is Piece.TRACE_IDS}
    assert (1, 1) == lines["payments"]
    assert frozenset({"web"}) == rooted(store.survey()[1], DAY)


def test_how_late_lines_arrive(store: Store) -> None:
    """Of a hundred, two come four minutes late; what was loaded from a file has no time of arrival."""
    came = [after(n) + timedelta(seconds=240 if n < 2 else 2) for n in range(100)]
    lines = {"Timestamp": [after(n) for n in range(100)], "ServiceName": ["payments"] * 100}
    received = LOGS.rows(lines).append_column(RECEIVED, pa.array(came, pa.timestamp("ms", "UTC")))
    store.engine.insert("otel_logs", received, token=repr(lines)).result()
    write_lines(store, (after(0), "web", 9, "from a file"))

    (found,) = (one for one in measured(store.survey()[1], DAY) if one.piece is Piece.ARRIVAL)

    assert ("payments", "log lines", 98, 100, 240) == (
        found.service, found.peer, found.there, found.out_of, found.seconds,
    )  # fmt: skip
    assert found.is_gap


def test_own_work_of_a_service_has_no_user(store: Store) -> None:
    """A query that it sends at its start is no request; a service that only sends is asked."""
    spans = {
        "Timestamp": [after(0)] * 3, "TraceId": ["a", "b", "c"], "SpanId": ["1", "2", "3"],
        "ServiceName": ["search", "search", "browser"], "SpanKind": ["Server", "Client", "Client"],
    }  # fmt: skip
    store.engine.insert("otel_traces", SPANS.rows(spans), token=repr(spans)).result()

    users = {one.service: one.out_of for one in measured(store.survey()[1], DAY) if one.piece is Piece.USERS}

    assert {"search": 1, "browser": 1} == users


def test_a_chat_is_no_service(store: Store) -> None:
    """What people wrote has no spans, no level and no version to ask for."""
    request_with_spans(store)
    said = {"Timestamp": [after(1)], "ServiceName": ["chat"], "ScopeName": ["chat"], "Body": ["it is slow"]}
    store.engine.insert("otel_logs", LOGS.rows(said), token=repr(said)).result()

    assert "chat" not in {one.service for one in measured(store.survey()[1], DAY)}
