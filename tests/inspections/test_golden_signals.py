"""The shape of each golden signal, with the figures behind it."""

from datetime import timedelta

import numpy as np

from lastgood.model.answers import GoldenSignals, Shape
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, rhythm, step, store_counter, store_gauge

GIVEN = Comparison(
    Window(START, START + timedelta(seconds=1800)),
    Window(START + timedelta(seconds=1800), START + timedelta(seconds=3600)),
    given=True,
)


def asked(store: Store, comparison: Comparison | None = GIVEN) -> Finding:
    """What the question answers."""
    _, findings = investigate(
        store, now=START + timedelta(hours=30), only="golden_signals", comparison=comparison
    )
    return findings[-1]


def answered(store: Store, comparison: Comparison | None = GIVEN) -> GoldenSignals:
    """The answer, which must be there."""
    finding = asked(store, comparison)
    assert isinstance(finding.answer, GoldenSignals), finding
    return finding.answer


def test_errors_up_and_the_rest_flat(store: Store) -> None:
    """A failing share moves only its own signal; saturation has no data."""
    World(errors=step(1800, 0.005, 0.1)).store_spans(store)

    found = answered(store)

    assert (Shape.FLAT, Shape.FLAT, Shape.UP, None) == (
        found.latency,
        found.traffic,
        found.errors,
        found.saturation,
    )
    good, bad = found.details["failure share"]
    assert good < 0.01
    assert bad > 0.08


def test_latency_up_with_quantiles(store: Store) -> None:
    """Three times as slow, in milliseconds."""
    World(milliseconds=step(1800, 50, 150)).store_spans(store)

    found = answered(store)

    assert Shape.UP is found.latency
    good, bad = found.details["latency p50 ms"]
    assert abs(good - 50) < 5
    assert abs(bad - 150) < 15


def test_quiet_is_flat(store: Store) -> None:
    """Nothing moves, and that is an answer."""
    World().store_spans(store)

    finding = asked(store)

    assert Verdict.NO is finding.verdict
    assert isinstance(finding.answer, GoldenSignals)
    assert Shape.FLAT is finding.answer.traffic


def test_a_rhythm_is_flat_traffic_and_a_stop_is_not(store: Store) -> None:
    """Less traffic by the hour is not a loss; half of it gone in a minute is."""
    World(traffic=rhythm(0.3, 1.0, period=20_000)).store_spans(store)
    assert Shape.FLAT is answered(store).traffic

    World(seed=2, service="other", rate=40, traffic=step(1800, 1.0, 0.2)).store_spans(store)
    assert Shape.DOWN is answered(store).traffic


def test_saturation_by_name_and_unit(store: Store) -> None:
    """A processor that fills up is saturation; a metric that means nothing to us is not."""
    chance = np.random.default_rng(5)
    World().store_spans(store)
    for metric, low, high in (("process.cpu.utilization", 0.3, 0.97), ("orders.colour", 1.0, 900.0)):
        points = [
            (t, (low if t < 1800 else high) + 0.01 * float(chance.normal())) for t in np.arange(0, 3600, 15.0)
        ]
        store_gauge(store, "shop", metric, "1", points)

    found = answered(store)

    assert Shape.UP is found.saturation
    assert [name for name in found.details if "cpu" in name]
    assert not [name for name in found.details if "colour" in name]


def test_lines_tell_of_errors_only(store: Store) -> None:
    """Without requests, latency and traffic are not known."""
    World(errors=step(1800, 0.005, 0.2)).store_lines(store)

    finding = asked(store)

    assert isinstance(finding.answer, GoldenSignals)
    assert (None, None, Shape.UP) == (
        finding.answer.latency,
        finding.answer.traffic,
        finding.answer.errors,
    )
    assert "no data on latency and traffic and saturation" in finding.limits[0]


def test_without_a_comparison_it_is_silent(store: Store) -> None:
    """Quiet data give no windows."""
    World().store_spans(store)

    assert Verdict.UNKNOWN is asked(store, None).verdict


def test_requests_that_fail_are_traffic_too(store: Store) -> None:
    """Where metrics count requests by status: four of ten fail, and there are as many as before."""
    well = [300.0 * n for n in range(60)] + [300.0 * 59 + 180.0 * n for n in range(1, 61)]
    store_counter(store, "shop", "http_requests_total", {"code": "200"}, well)
    store_counter(
        store, "shop", "http_requests_total", {"code": "502"}, [0.0] * 60 + [120.0 * n for n in range(1, 61)]
    )

    answer = answered(store)
    assert (Shape.FLAT, Shape.UP) == (answer.traffic, answer.errors)
