"""Services on their page."""

from datetime import timedelta

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.model.signal import Signal
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.service import Service
from senders import shop
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_without_a_service_the_page_says_what_to_do(service: Service) -> None:
    """Where to send to."""
    assert "No service has sent anything" in called(service, "GET", "/services").text


def test_the_map_and_its_table_say_the_same(service: Service) -> None:
    """Each pair with its share; the failing ones lead to the lines of the caller."""
    now = service.clock()
    spans = shop(now - timedelta(minutes=9), now, now - timedelta(minutes=5))
    receive(service.intake, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    page = called(service, "GET", "/services").text
    assert 2 == page.count('class="call failing"') == page.count(">failing</a>")
    assert "3 services, 2 of 2 pairs failing" in page
    assert "service%3A%22checkout%22" in page
