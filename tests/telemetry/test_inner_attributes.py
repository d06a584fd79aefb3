"""What is within attributes: parameters of a query, and the product of a user agent, measured as in WHO."""

from datetime import timedelta

import pytest

from lastgood.algorithms.predictions.expression import Measure
from lastgood.algorithms.predictions.language import Slot, parse
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.inner_attributes import value_sql
from lastgood.telemetry.measuring import Measuring, Missing, Reading
from lastgood.workbench.store import Store
from worlds import START, World, step

HALF = START + timedelta(seconds=600)
COMPARISON = Comparison(Window(START, HALF), Window(HALF, HALF + timedelta(seconds=600)))
AGENTS = (
    ("Snapline/5.2.0 (iOS 18.1)", "Snapline/5.2.0"),
    (
        "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/131.0",
        "Edg/131",
    ),
    ("Mozilla/5.0 (X11; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox/128"),
    (
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
        "Safari/18",
    ),
)
QUERIES = ("currency=JPY&city=S%C3%A3o+Paulo", "currency=EUR", "page=2")


@pytest.fixture
def measuring(store: Store) -> Measuring:
    """Requests for twenty minutes, each with one of three queries."""
    World(
        seconds=1200,
        rate=2.0,
        errors=step(600, 0.0, 0.4),
        attributes=lambda i, *_: {"url.query": QUERIES[i % 3], "user_agent.original": AGENTS[i % 4][0]},
    ).store_spans(store)
    holdings, reader = store.survey()
    return Measuring(reader, holdings, COMPARISON)


def found(measuring: Measuring, text: str) -> Reading | Missing:
    """What a measure comes to in the bad window."""
    measure = measuring.resolved(parse(f"{text} rises").quantity.measure)  # type: ignore[union-attr] # of no onset
    assert isinstance(measure, Measure), measure
    return measuring.read(measure, COMPARISON.bad)


@pytest.mark.parametrize(
    "filters", ["url.query.currency=JPY", "currency=JPY", 'url.query.city="São Paulo"', "url.query.page=2"]
)
def test_a_parameter_is_measured(measuring: Measuring, filters: str) -> None:
    """By its full name or its ending; a third of the requests carry each."""
    reading = found(measuring, f"fails({filters})")

    assert isinstance(reading, Reading), reading
    assert reading.estimate.rests_on == pytest.approx(400, abs=60)
    assert reading.estimate.value == pytest.approx(0.4, abs=0.1)


@pytest.mark.parametrize("product", [product for _, product in AGENTS])
def test_the_product_of_a_user_agent_is_measured(measuring: Measuring, product: str) -> None:
    """A quarter of the requests is of each."""
    reading = found(measuring, f"fails(user_agent.product={product})")

    assert isinstance(reading, Reading), reading
    assert reading.estimate.rests_on == pytest.approx(300, abs=60)


def test_a_value_that_is_not_there_is_said_with_those_that_are(measuring: Measuring) -> None:
    """As of any attribute."""
    missing = found(measuring, "fails(url.query.currency=USD)")

    assert isinstance(missing, Missing)
    assert missing.why.startswith("no request has url.query.currency=USD; there is ")
    assert {"EUR", "JPY"} == set(
        measuring.known(Slot(of="value", measure="fails", attribute="url.query.currency"))
    )


def test_names_are_bound_and_never_pasted() -> None:
    """Callers choose the names."""
    assert "evil" not in value_sql("url.query.evil'", "k0") + value_sql("evil'", "k0")
