"""Who calls whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.views import called as module
from lastgood.readings.views.called import CALLED_FAILING, Called, called
from lastgood.telemetry.reader import Reader
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.store import Store
from records import START
from senders import shop

END = START + timedelta(minutes=10)
WINDOW = Window(START, END)


@pytest.fixture
def reader(store: Store) -> Reader:
    spans = shop(START, END, START + timedelta(minutes=5))
    receive(store.engine, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    return store.survey()[1]


def test_each_pair_with_its_calls(reader: Reader) -> None:
    """600 checkouts, each handed on once; a service that calls itself is no pair."""
    pairs, every = called(reader, WINDOW)
    assert 1 == every
    assert [("checkout", "payments", 600), ("web", "checkout", 600)] == [
        (p.caller, p.callee, p.calls) for p in pairs
    ]
    assert all(p.failing and not p.outside and 0.05e9 < p.p95_ns < 0.2e9 for p in pairs)
    assert not called(reader, Window(END, END + timedelta(minutes=1)))[0]


def test_of_many_spans_a_part_is_read(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole traces, one in so many."""
    monkeypatch.setattr(module, "CALLED_SPANS", 1_000)
    pairs, every = called(reader, WINDOW)
    assert 3 == every
    assert 100 < pairs[0].calls < 300


def test_a_pair_fails_beyond_chance() -> None:
    """The least share that the failures allow counts, not the share."""
    calls = 100_000
    one = Called("web", "shop", outside=False, calls=calls, failed=int(calls * CALLED_FAILING), p95_ns=1e6)
    assert not one.failing
    assert replace(one, failed=int(1.2 * calls * CALLED_FAILING)).failing
    assert not replace(one, calls=20, failed=1).failing
