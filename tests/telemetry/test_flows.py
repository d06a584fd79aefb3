"""What came in during the last hour."""

from datetime import timedelta

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.model.signal import Signal
from lastgood.telemetry.flows import flows
from lastgood.telemetry.layout import layout_of
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.store import Store
from records import START
from senders import shop

END = START + timedelta(minutes=70)


def test_flows_are_by_signal_and_service_of_the_last_hour(store: Store) -> None:
    """With those of the last five minutes apart; older rows do not count."""
    spans = shop(START, END, END, every=60.0)
    receive(store.engine, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])

    found = flows(store.engine, layout_of(store.engine), END)
    assert [("checkout", 120, 10), ("payments", 60, 5), ("web", 120, 10)] == [
        (one.service, one.rows, one.recent) for one in found
    ]
    assert {Signal.SPANS} == {one.signal for one in found}
    assert END - timedelta(minutes=1) == found[0].last
