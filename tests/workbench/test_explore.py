"""Browsing: lines with facets, requests by attribute, answers for a window."""

from datetime import timedelta
from pathlib import Path

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.errors import NoDataError
from lastgood.model.finding import Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.workbench.explore import answers_for, before, compared, latest
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.store import Store
from records import START
from senders import shop
from services import service_over

END = START + timedelta(minutes=30)
BAD = Window(END - timedelta(minutes=6), END)


def test_without_data_there_is_no_window(store: Store, tmp_path: Path) -> None:
    """Each view says so."""
    with service_over(store, tmp_path, lambda: END) as service:
        for view in (
            lambda: latest(service.store, END),
            lambda: compared(service, before(BAD, Window(START, END)), "service"),
            lambda: answers_for(service, BAD),
        ):
            with pytest.raises(NoDataError):
                view()


def test_the_time_before_a_window_is_its_baseline() -> None:
    """Half an hour at least, cut to the data; none where nothing is before."""
    held = Window(START, END)
    assert Comparison(Window(START, BAD.start), BAD, given=True) == before(BAD, held)
    long = Window(END, END + timedelta(hours=2))
    assert timedelta(hours=1) == before(long, Window(END - timedelta(hours=1), long.end)).good.length
    with pytest.raises(NoDataError, match="no baseline"):
        before(held, held)


@pytest.mark.slow
def test_every_question_is_asked_for_a_window(store: Store, tmp_path: Path) -> None:
    """And the latest hour ends with the data."""
    spans = shop(START, END, BAD.start)
    receive(store.engine, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    with service_over(store, tmp_path, lambda: END) as service:
        assert END - timedelta(seconds=5) <= latest(service.store, END).end <= END + timedelta(seconds=1)
        sitrep = answers_for(service, BAD)
    assert Verdict.YES is sitrep.is_real
    assert sitrep.comparison is not None
    assert BAD.start == sitrep.comparison.bad.start
