"""What a store holds and what flows in."""

from datetime import timedelta
from pathlib import Path

import orjson
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.model.signal import Signal
from lastgood.workbench.deliveries import deliver
from lastgood.workbench.incoming import incoming
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.store import Store
from records import START
from senders import shop
from services import service_over


def test_silent_flows_and_the_last_changes(store: Store, tmp_path: Path) -> None:
    """An empty store has neither; the newest change is the first."""
    empty = incoming(store, START)
    assert ((), ()) == (empty.flows, empty.changes)

    spans = shop(START - timedelta(minutes=10), START, START)
    receive(store.engine, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    with service_over(store, tmp_path) as service:
        for version, minutes in (("v1", 9), ("v2", 3)):
            time = (START - timedelta(minutes=minutes)).isoformat()
            change = {"time": time, "kind": "deploy", "service": "web", "version": version, "id": version}
            deliver(service, Signal.CHANGES, orjson.dumps(change))

    assert () == incoming(store, START + timedelta(seconds=5)).silent(START + timedelta(seconds=5))
    later = START + timedelta(minutes=2)
    found = incoming(store, later)
    assert ["checkout", "payments", "web"] == [flow.service for flow in found.silent(later)]
    assert ["v2", "v1"] == [change.version for change in found.changes]
