"""What a store holds and what flows in."""

from datetime import timedelta
from pathlib import Path

import orjson
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.model.flow import Flow
from lastgood.model.signal import Holdings, Signal
from lastgood.workbench.deliveries import deliver
from lastgood.workbench.incoming import Incoming, incoming
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


def test_a_service_is_silent_when_none_of_its_signals_comes() -> None:
    """Metrics that pause while spans come are a pause; one line long ago is no signal that comes."""
    now, day = START + timedelta(hours=1), timedelta(minutes=50)
    stopped = [Flow(Signal.METRICS, name, 3600, 0, START, START + day) for name in ("pricing", "mail")]
    comes = Flow(Signal.SPANS, "pricing", 3600, 300, START, now - timedelta(seconds=1))
    once = Flow(Signal.LOGS, "mail", 1, 0, START, START)
    came = Incoming(Holdings(()), (*stopped, comes, once), ())

    assert ("pricing", "mail") == tuple(flow.service for flow in came.silent(now))
    assert {"mail"} == came.silent_services(now)
