"""Bodies of OTLP into the store."""

from concurrent.futures import Future

import pytest

from intake.otlp.test_requests import named, request
from lastgood.decoding.input import Reject
from lastgood.errors import CannotRunError
from lastgood.model.clock import system_clock
from lastgood.model.signal import Signal
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.unfolding import create_unfolding, unfold_spans
from lastgood.workbench.receive import Body, Receipt, receive
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.store import Store


def stored(store: Store) -> int:
    return int(
        store.engine.query(f"SELECT count() AS n FROM {store.engine.database}.otel_traces").rows[0]["n"]
    )


def test_bodies_are_joined_and_each_has_its_own_receipt(store: Store) -> None:
    """A poisoned one costs its neighbours nothing."""
    good = request(2).SerializeToString()
    broken = request(5)
    broken.resource_spans[0].scope_spans[0].spans[0].span_id = b""

    bodies = [good, b"\x0a\xff\xff", broken.SerializeToString(), b""]
    receipts = receive(store.engine, [Body(Signal.SPANS, body) for body in bodies])

    assert [(2, 0), (0, 0), (4, 1), (0, 0)] == [(one.stored, one.rejected) for one in receipts]
    assert [False, True, False, False] == [bool(one.problem) for one in receipts]
    assert "no traceId or spanId" in receipts[2].reasons[0]
    assert 6 == stored(store)


def test_equal_bodies_are_not_one(store: Store) -> None:
    """The engine must not take the second for the first sent again: that is known elsewhere."""
    body = Body(Signal.SPANS, request(2).SerializeToString())

    receive(store.engine, [body])
    receive(store.engine, [body])

    assert 4 == stored(store)


def test_what_the_store_does_not_take_is_an_error(store: Store) -> None:
    """No one is informed that it was stored."""
    with store.engine.beside() as engine:
        pass
    with pytest.raises(CannotRunError):
        receive(engine, [Body(Signal.SPANS, request(1).SerializeToString())])


def test_reasons_are_few_and_each_is_said_once() -> None:
    """However many are refused."""
    receipt = Receipt()
    for number in range(10):
        receipt.saw(Reject(number, f"reason {number % 5}", ""))

    assert (10, ["reason 0", "reason 1", "reason 2"]) == (receipt.rejected, receipt.reasons)


def test_plain_spans_are_read_by_the_engine_and_others_here(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways store everything, and a body that cannot be read is refused alone."""
    monkeypatch.setattr("lastgood.workbench.receive.MANY_SPANS", 0)
    create_unfolding(store.engine)
    plain, odd = request(2).SerializeToString(), request(3, map=named).SerializeToString()

    for bodies in ([plain, b"\x0a\xff", plain], [plain, odd]):
        receipts = receive(store.engine, [Body(Signal.SPANS, body) for body in bodies])
        assert [body == b"\x0a\xff" for body in bodies] == [bool(one.problem) for one in receipts]
    assert 9 == stored(store)


def test_a_body_with_a_secret_is_read_here_and_the_others_by_the_engine(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each body is stored once, in its order of receipts, and nothing of the secret is in the store."""
    monkeypatch.setattr("lastgood.workbench.receive.MANY_SPANS", 0)
    create_unfolding(store.engine)
    plain, secret = request(2).SerializeToString(), request(3)
    span = secret.resource_spans[0].scope_spans[0].spans[0]
    pair = span.attributes.add()
    pair.key, pair.value.string_value = "customer", "alice@example.com"
    unfolded = list[int]()

    def seen(engine: Engine, content: bytes, *, token: str) -> "Future[None]":
        unfolded.append(len(content))
        return unfold_spans(engine, content, token=token)

    monkeypatch.setattr("lastgood.workbench.receive.unfold_spans", seen)
    bodies = [plain, secret.SerializeToString(), b"\x0a\xff", plain]
    receipts = receive(store.engine, [Body(Signal.SPANS, body) for body in bodies], redactor_of(store))

    assert [2, 3, 0, 2] == [one.stored for one in receipts]
    assert [2 * len(plain)] == unfolded
    assert 7 == stored(store)
    kept = store.engine.query("SELECT toString(SpanAttributes) AS text FROM lastgood.otel_traces").rows
    assert not any("alice" in row["text"] for row in kept)
    assert any("email" in row["text"] for row in kept)


@pytest.mark.parametrize("fewest", [0, 10_000])
def test_every_row_has_its_time_of_arrival(
    store: Store, monkeypatch: pytest.MonkeyPatch, fewest: int
) -> None:
    """Whoever reads the spans."""
    monkeypatch.setattr("lastgood.workbench.receive.MANY_SPANS", fewest)
    create_unfolding(store.engine)
    before = system_clock()
    receive(store.engine, [Body(Signal.SPANS, request(2).SerializeToString())])

    came = store.engine.query(
        "SELECT toInt64(toUnixTimestamp64Milli(ReceivedAt)) AS at FROM lastgood.otel_traces"
    ).rows
    assert 2 == len(came)
    first, last = (one.timestamp() * 1000 for one in (before, system_clock()))
    assert all(first - 1 <= row["at"] <= last for row in came)
