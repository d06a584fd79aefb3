"""Predictions of calls where no span shows a call."""

import pytest

from lastgood.algorithms.predictions.language import parse
from lastgood.hypotheses.measurable import measurable
from lastgood.model.hypothesis import HypothesisAdded, Predicted
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measuring import Measuring
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from lives import DAY, after

AT_QUOTE, VERSIONED = "errors(peer=quote) rises", "errors(service=quote, version=new) > 50%"


def measuring(store: Store, *upstreams: str) -> Measuring:
    """Of the access log of a proxy that hands requests to these."""
    rows = {
        "Timestamp": [after(n) for n in range(len(upstreams))],
        "ServiceName": ["haproxy"] * len(upstreams),
        "Body": ["GET /quote"] * len(upstreams),
        "LogAttributes": [
            [("http.response.status_code", "500"), ("http.request.method", "GET"), ("url.path", "/quote"), ("haproxy.backend", name)]
            for name in upstreams
        ],
    }  # fmt: skip
    store.engine.insert("otel_logs", LOGS.rows(rows), token=repr(rows)).result()
    holdings, reader = store.survey()
    middle = DAY.start + (DAY.end - DAY.start) / 2
    return Measuring(reader, holdings, Comparison(Window(DAY.start, middle), Window(middle, DAY.end)))


def predicted(*texts: str) -> HypothesisAdded:
    """A hypothesis with these predictions."""
    return HypothesisAdded("x", tuple(Predicted(text, str(parse(text))) for text in texts))


def test_calls_are_measured_where_a_proxy_hands_them_on(store: Store) -> None:
    """What still lacks its data is left out beside it."""
    found = measurable(predicted(AT_QUOTE, VERSIONED), measuring(store, "be_quote", "be_static")).predictions

    assert [("fails(haproxy.backend=be_quote) rises", "")] == [(one.normal, one.lacks) for one in found]


@pytest.mark.parametrize("upstreams", [("be_quote", "be_quote"), ("be_static", "be_other")])
def test_what_no_data_can_test_says_why(store: Store, upstreams: tuple[str, ...]) -> None:
    """With one upstream alone the rise is the incident itself; another's requests tell nothing of it."""
    found = measurable(predicted(AT_QUOTE), measuring(store, *upstreams)).predictions

    assert [(AT_QUOTE, "there are no spans")] == [(one.normal, one.lacks) for one in found]
