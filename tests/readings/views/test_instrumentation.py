"""What is instrumented, of what could be."""

from lastgood.model.readiness import Piece
from lastgood.readings.views.instrumentation import measured, rooted
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from lives import DAY, after, request_with_spans


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


def test_a_chat_is_no_service(store: Store) -> None:
    """What people wrote has no spans, no level and no version to ask for."""
    request_with_spans(store)
    said = {"Timestamp": [after(1)], "ServiceName": ["chat"], "ScopeName": ["chat"], "Body": ["it is slow"]}
    store.engine.insert("otel_logs", LOGS.rows(said), token=repr(said)).result()

    assert "chat" not in {one.service for one in measured(store.survey()[1], DAY)}
