"""The map of services as of now."""

from dataclasses import replace
from datetime import timedelta

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.model.signal import Signal
from lastgood.workbench import explore
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.service import Service
from lastgood.workbench.service_map import MAPPED, service_map
from senders import shop
from surfaces.server.test_app import service

__all__ = ["service"]  # a fixture


def test_of_the_last_minutes_of_the_spans(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """None without spans; of the time when they ended, where they ended long ago; bounded."""
    now = service.clock()
    assert service_map(service, now) is None
    end = now - timedelta(hours=3)
    spans = shop(end - timedelta(minutes=40), end, end - timedelta(minutes=5), every=10.0)
    receive(service.intake, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    found = service_map(service, now)
    assert found is not None
    assert 2 == len(found.calls)
    assert found.calls[0].calls <= MAPPED / timedelta(seconds=10) + 1
    assert not found.more
    monkeypatch.setattr(explore, "BROWSING", replace(explore.BROWSING, bytes_read=1))
    large = service_map(service, now)
    assert large is not None
    assert large.too_large
