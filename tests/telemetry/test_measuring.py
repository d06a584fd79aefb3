"""Measuring: names as the store has them, numbers with their windows, and what is missing said."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from lastgood.algorithms.predictions.expression import Filter, Measure
from lastgood.algorithms.predictions.language import Slot, parse
from lastgood.model.figures import spaced
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measuring import Ambiguous, Measuring, Missing, Reading
from lastgood.telemetry.tables import SUMS
from lastgood.workbench.store import Store
from scenario_language.asking import written as world_of
from worlds import START, World, nanoseconds, put, step, store_gauge


def at(seconds: float) -> timedelta:
    """A time of these worlds."""
    return timedelta(seconds=seconds)


COMPARISON = Comparison(Window(START, START + at(600)), Window(START + at(600), START + at(1200)))


def carried(i: int, times: object, failed: object) -> dict[str, str]:
    """Two attributes that end alike, one that is alone, one that half of the requests carry."""
    reported = {
        "card.issuer": ("ANZ", "Chase")[i % 2],
        "bank.issuer": "x",
        "app_plan": ("free", "pro")[i % 2],
    }
    return {**reported, "user.id": f"u{i % 50}"} if i % 2 else reported


@pytest.fixture
def measuring(store: Store) -> Measuring:
    """Requests for twenty minutes, failing in the second half, and a gauge."""
    World(seconds=1200, rate=2.0, errors=step(600, 0.0, 0.4), attributes=carried).store_spans(store)
    store_gauge(
        store, "shop", "pool.wait", "", [(float(s), 1.0 + s / 1e6 + (s > 600)) for s in range(0, 1200, 15)]
    )
    holdings, reader = store.survey()
    return Measuring(reader, holdings, COMPARISON)


def measure(text: str) -> Measure:
    """The measure of a prediction."""
    return parse(f"{text} rises").quantity.measure  # type: ignore[union-attr] # it is not of an onset


def read(measuring: Measuring, text: str, window: Window = COMPARISON.bad) -> Reading:
    """What a measure comes to."""
    resolved = measuring.resolved(measure(text))
    assert isinstance(resolved, Measure), resolved
    found = measuring.read(resolved, window)
    assert isinstance(found, Reading), found
    return found


def why(measuring: Measuring, text: str, window: Window = COMPARISON.bad) -> str:
    """What is missing."""
    resolved = measuring.resolved(measure(text))
    found = measuring.read(resolved, window) if isinstance(resolved, Measure) else resolved
    assert isinstance(found, Missing), found
    return found.why


def test_names_are_those_of_the_store(measuring: Measuring) -> None:
    """An ending that is one attribute's alone means it; one of several is refused with all of them."""
    assert measure("fails(app_plan=free)") == measuring.resolved(measure("fails(plan=free)"))
    assert Ambiguous("issuer", 6, ("bank.issuer", "card.issuer")) == measuring.resolved(
        measure("fails(issuer=ANZ)")
    )
    assert measure("errors(service=shop)") == measuring.resolved(measure("errors(Service.Name=shop)"))
    assert measure("metric(pool.wait)") == measuring.resolved(measure("metric(wait)"))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("there are no logs", "lines(x=y)"),
        ("no request carries 'colour'; there is app_plan, bank.issuer, card.issuer", "fails(colour=red)"),
        ("no request has card.issuer=ANX; there is ANZ, Chase", "fails(card.issuer=ANX)"),
        ("no request has card.issuer=ANX; there is ANZ, Chase", "fails(card.issuer!=ANX)"),
        ("no span has service=shap; there is shop", "errors(service=shap)"),
        ("no metric 'cpu'; there is pool.wait", "metric(cpu)"),
        ("new and old are versions of a service, and none is named", "errors(version=new)"),
        ("shop does not report its version", "errors(service=shop, version=new)"),
        ("no span has service=shap; there is shop", "errors(service=shap, version=new)"),
    ],
)
def test_what_is_missing(measuring: Measuring, expected: str, text: str) -> None:
    """And what there is instead."""
    assert why(measuring, text).startswith(expected)


def test_a_window_without_data(measuring: Measuring) -> None:
    """Is no zero."""
    later = Window(COMPARISON.bad.end + at(60), COMPARISON.bad.end + at(120))

    assert "there are no spans or lines of requests from" in why(measuring, "traffic()", later)


def test_each_measure_comes_to_its_number(measuring: Measuring) -> None:
    """Shares, seconds, rates, counts, people, and levels."""
    assert read(measuring, "fails()").estimate.value == pytest.approx(0.4, abs=0.05)
    assert 0 == read(measuring, "fails()", COMPARISON.good).estimate.value
    assert read(measuring, "latency(p50)").estimate.value == pytest.approx(0.05, rel=0.1)
    assert read(measuring, "traffic()").estimate.value == pytest.approx(2, rel=0.1)
    assert read(measuring, "count()").estimate.rests_on == read(measuring, "fails()").estimate.rests_on
    users = measuring.read(Measure("users"), COMPARISON.bad)
    assert isinstance(users, Reading)
    assert 25 == users.estimate.value
    assert read(measuring, "metric(pool.wait)").estimate.value == pytest.approx(2, rel=0.1)
    assert read(measuring, "metric(pool.wait)", COMPARISON.good).estimate.value == pytest.approx(1, rel=0.1)


def test_a_window_that_data_only_partly_reach(measuring: Measuring) -> None:
    """A rate is of the seconds that have data."""
    longer = Window(COMPARISON.bad.start, COMPARISON.bad.end + at(600))

    assert read(measuring, "traffic()", longer).estimate.value == pytest.approx(2, rel=0.1)


def test_what_half_of_the_rows_do_not_carry(measuring: Measuring) -> None:
    """Counts as different, and that is said."""
    found = read(measuring, "fails(user!=u1)")

    assert len(found.limits) == 1
    assert spaced(found.limits[0]).startswith("50 %")


def test_versions_new_and_old(store: Store) -> None:
    """The one that came last, and all others; two that began together cannot be distinguished."""

    def version(
        i: int, times: "np.ndarray[tuple[int], np.dtype[np.float64]]", failed: object
    ) -> dict[str, str]:
        return {"service.version": "v2" if times[i] > 600 and i % 4 == 0 else "v1"}

    World(seconds=1200, rate=2.0, attributes=version).store_spans(store)
    holdings, reader = store.survey()
    measuring = Measuring(reader, holdings, COMPARISON)
    new, old = (
        read(measuring, "errors(service=shop, version=new)"),
        read(measuring, "errors(service=shop, version=old)"),
    )

    assert Filter("version", "v2") in new.measure.filters
    assert 250 < new.estimate.rests_on < 350
    assert Filter("version", "v2", equal=False) in old.measure.filters
    assert old.estimate.rests_on > 2 * new.estimate.rests_on
    late = Window(START + at(700), START + at(1200))
    reported = Measuring(reader, holdings, Comparison(Window(START + at(700), START + at(900)), late))
    assert "is new is unknown" in why(reported, "errors(service=shop, version=new)", late)


def test_a_counter_is_read_as_its_rate(store: Store) -> None:
    """A reset is no fall."""
    seconds = np.arange(0, 1200, 15.0)
    put(
        store, SUMS,
        {
            "TimeUnix": nanoseconds(seconds), "ServiceName": ["shop"] * 80, "MetricName": ["bytes.sent"] * 80,
            "Value": (seconds * 4 % 3000).tolist(), "AggregationTemporality": [2] * 80, "IsMonotonic": [True] * 80,
            "Attributes": [[]] * 80, "ResourceAttributes": [[]] * 80,
        },
        "sums",
    )  # fmt: skip
    holdings, reader = store.survey()

    assert read(
        Measuring(reader, holdings, COMPARISON), "metric(bytes.sent)"
    ).estimate.value == pytest.approx(4)


def test_what_a_store_knows_for_a_place(measuring: Measuring) -> None:
    """Names of attributes and metrics, and values."""
    assert {"card.issuer", "service", "peer"} <= set(measuring.known(Slot(of="attribute", measure="fails")))
    assert ("ANZ", "Chase") == tuple(
        sorted(measuring.known(Slot(of="value", measure="fails", attribute="card.issuer")))
    )
    assert () == measuring.known(Slot(of="value", measure="fails", attribute="issuer"))
    assert ("shop",) == measuring.known(Slot(of="value", measure="latency", attribute="service"))
    assert ('"pool.wait"',) == measuring.known(Slot(of="metric", measure="metric"))


def test_an_attribute_of_spans_further_in(store: Store) -> None:
    """Requests do not carry it where they enter, and it is said who does."""
    world_of(store, Path(__file__).parents[1] / "scenarios" / "incidents" / "canary_fails_beside_the_old.txt")
    holdings, reader = store.survey()
    window = holdings.telemetry_window
    assert window
    half = window.start + window.length / 2
    measuring = Measuring(reader, holdings, Comparison(Window(window.start, half), Window(half, window.end)))

    assert "no request carries 'service.version'; spans further in do: errors(service.version=…)" == why(
        measuring, "fails(service.version=v42)", window
    )


def test_names_too_rare_to_be_seen(measuring: Measuring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are looked for among all rows, as they are spelt."""
    monkeypatch.setattr("lastgood.telemetry.measuring.SAMPLED", 1)

    assert read(measuring, "fails(card.issuer=ANZ)").estimate.rests_on > 500
    assert "no request carries 'colour'" == why(measuring, "fails(colour=red)")
