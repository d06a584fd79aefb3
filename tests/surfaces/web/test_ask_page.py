"""Every question about a window, on a page that shows each answer as it comes."""

import asyncio
import re
from datetime import timedelta

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from starlette.requests import Request

from lastgood.errors import CannotRunError, NoDataError
from lastgood.model import figures
from lastgood.model.signal import Signal
from lastgood.surfaces.web.ask_page import ask
from lastgood.workbench import explore
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.service import Service
from records import START
from senders import shop
from surfaces.server.test_app import desk_over, service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture

END = START + timedelta(minutes=30)
WINDOW = {"from": figures.stamp(END - timedelta(minutes=6)), "to": figures.stamp(END)}


def filled(service: Service) -> None:
    spans = shop(START, END, END - timedelta(minutes=5))
    receive(service.intake, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])


def test_without_a_window_there_is_nothing_to_ask(service: Service) -> None:
    """It leads to where one can be marked; without data it says so."""
    assert "/logs" == called(service, "GET", "/ask").headers["location"]
    assert 404 == called(service, "GET", "/ask", **WINDOW).status_code


def test_no_more_questions_at_once_than_are_answered(service: Service) -> None:
    """The next one is refused: each takes seconds, and the threads are needed for everything else."""
    desk = desk_over(service)
    desk.asking = asyncio.Semaphore(0)
    query = b"from=2026-11-20T14:00:00Z&to=2026-11-20T15:00:00Z"

    with pytest.raises(CannotRunError, match="Other questions"):
        asyncio.run(ask(Request({"type": "http", "query_string": query, "headers": []}), desk))


@pytest.mark.slow
def test_the_answers_come_before_the_card(service: Service) -> None:
    """One by one, the onset first; then the card with all of them, in a page that is whole."""
    filled(service)
    page = called(service, "GET", "/ask", **WINDOW).text
    early, _, card = page.partition('class="panel came"')

    asked = re.findall(r'<p class="dim"><b>([^<]+)</b>', early)
    assert "When did it start?" == asked[0]
    assert "Is it real?" in asked
    assert len(asked) == len(set(asked))
    assert "CONFIRMED" in card
    assert card.rstrip().endswith("</html>")
    assert 1 == page.count("<main") == page.count("</main>")


@pytest.mark.slow
def test_what_goes_wrong_late_is_said_on_the_page(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its status is sent by then."""
    filled(service)

    def gone(*_: object) -> None:
        raise NoDataError("The data are gone.", hint="Send some.")

    monkeypatch.setattr(explore, "answers_for", gone)
    page = called(service, "GET", "/ask", **WINDOW)
    assert 200 == page.status_code
    assert "The data are gone. Send some." in page.text
    assert page.text.rstrip().endswith("</html>")
