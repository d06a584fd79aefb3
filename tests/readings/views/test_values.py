"""Requests of two windows by the value of an attribute."""

from datetime import timedelta

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.views.values import attribute_names, by_value
from lastgood.telemetry.reader import Reader
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.store import Store
from records import START
from senders import shop

END = START + timedelta(minutes=10)
HALF = START + timedelta(minutes=5)
COMPARISON = Comparison(Window(START, HALF), Window(HALF, END), given=True)


@pytest.fixture
def reader(store: Store) -> Reader:
    spans = shop(START, END, HALF)
    receive(store.engine, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    return store.survey()[1]


def test_the_value_that_fails_stands_first(reader: Reader) -> None:
    """Both windows are counted apart, by an attribute as by a column."""
    (first, *others), rows = by_value(reader, COMPARISON, "card.issuer")
    assert "ANZ" == first.value
    assert 0 < first.bad.failed <= first.bad.requests
    assert first.good.failed < first.bad.failed
    assert all(one.bad.failed < first.bad.failed for one in others)
    assert "card.issuer" in rows.provenance.parameters.values()
    assert ["web"] == [one.value for one in by_value(reader, COMPARISON, "service")[0]]


def test_a_name_of_nobody_gives_one_row_without_value(reader: Reader) -> None:
    """And what looks like SQL is only a name."""
    (row,), _ = by_value(reader, COMPARISON, "no') OR 1 --")
    assert "" == row.value
    assert {"service", "card.issuer"} <= {*attribute_names(reader, COMPARISON)}
