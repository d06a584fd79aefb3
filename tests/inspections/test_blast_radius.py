"""Who is hurt: one value, a combination, or everyone, with what was tested and is not it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import numpy as np

from lastgood.model.answers import BlastRadius
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, Times, World, step

NOW = START + timedelta(hours=2)
GIVEN = Comparison(
    Window(START, START + timedelta(seconds=1800)),
    Window(START + timedelta(seconds=1800), START + timedelta(seconds=3600)),
    given=True,
)
CHANCE = np.random.default_rng(11)
DRAWN = CHANCE.uniform(size=(100_000, 4))
ISSUERS, PROVIDERS = ("ANZ", "NAB", "CBA", "WBC"), ("stripe", "adyen")


def carried(i: int, _times: Times, failed: Times) -> Mapping[str, str]:
    """What each request carries: issuer, provider, region (of which zone is a part), a unique id."""
    region = int(DRAWN[i, 2] * 3)
    return {
        "card.issuer": ISSUERS[int(DRAWN[i, 0] * 4)],
        "payment.provider": PROVIDERS[int(DRAWN[i, 1] * 2)],
        "cloud.region": f"r{region}",
        "order.id": f"o{i}",
        **({"error.type": "Declined"} if failed[i] else {}),
    }


def world(which: Callable[[Mapping[str, str]], bool], share: float = 0.5, **bent: object) -> World:
    """A world where requests that carry something fail from the middle on."""
    one = World(rate=4, attributes=carried)
    for i in range(len(one.times)):
        if one.times[i] >= 1800 and which(carried(i, one.times, one.failed)) and DRAWN[i, 3] < share:
            one.failed[i] = True
    return one


def asked(store: Store) -> Finding:
    """What the question answers."""
    _, findings = investigate(store, now=NOW, only="blast_radius", comparison=GIVEN)
    return findings[-1]


def answered(store: Store) -> BlastRadius:
    """The answer, which must be there."""
    finding = asked(store)
    assert isinstance(finding.answer, BlastRadius), finding
    return finding.answer


def test_one_value_is_named(store: Store) -> None:
    """ANZ cards fail, whatever else they carry."""
    world(lambda c: c["card.issuer"] == "ANZ").store_spans(store)

    found = answered(store)

    assert {"card.issuer": "ANZ"} == found.segments[0].where
    assert found.segments[0].share_of_failures > 0.9
    assert 0.2 < found.segments[0].share_of_traffic < 0.3
    assert {"payment.provider", "cloud.region"} <= set(found.exonerated)
    assert "error.type" not in found.exonerated
    assert ("shop",) == found.services


def test_a_combination_is_named(store: Store) -> None:
    """Only ANZ through stripe fails."""
    world(lambda c: (c["card.issuer"], c["payment.provider"]) == ("ANZ", "stripe")).store_spans(store)

    (found,) = answered(store).segments

    assert {"card.issuer": "ANZ", "payment.provider": "stripe"} == found.where


def test_everyone_equally(store: Store) -> None:
    """Any request may fail."""
    world(lambda _: True, share=0.2).store_spans(store)

    found = answered(store)

    assert found.everyone
    assert () == found.segments


def test_slow_requests_have_a_segment_too(store: Store) -> None:
    """One region is slow; nothing fails."""
    one = World(rate=4, errors=lambda t: np.zeros(len(t)), attributes=carried)
    slow = np.array([int(DRAWN[i, 2] * 3) == 1 for i in range(len(one.times))]) & (one.times > 1800)
    one.duration = np.where(slow, one.duration * 8, one.duration)
    one.store_spans(store)

    assert {"cloud.region": "r1"} == answered(store).segments[0].where


def test_an_attribute_that_only_the_bad_window_has(store: Store) -> None:
    """A new version is on half of the requests, and fails."""

    def versions(i: int, times: Times, _failed: Times) -> Mapping[str, str]:
        return {"app.version": "v2"} if times[i] >= 1800 and DRAWN[i, 0] < 0.5 else {}

    one = World(rate=4, attributes=versions)
    new = np.array([bool(versions(i, one.times, one.failed)) for i in range(len(one.times))])
    one.failed |= new & (DRAWN[: len(new), 3] < 0.4)
    one.store_spans(store)

    # Only one value is carried, so it is told apart from requests that carry none.
    assert Verdict.YES is asked(store).verdict


def test_lines_have_segments(store: Store) -> None:
    """Plain log lines with fields are enough."""
    world(lambda c: c["card.issuer"] == "CBA").store_lines(store)

    assert {"card.issuer": "CBA"} == answered(store).segments[0].where


def test_a_zero_baseline(store: Store) -> None:
    """Nothing failed before; one provider fails now."""
    one = World(rate=4, attributes=carried, errors=step(1800, 0.0, 0.0))
    mine = np.array([PROVIDERS[int(DRAWN[i, 1] * 2)] == "adyen" for i in range(len(one.times))])
    one.failed |= mine & (one.times > 1800) & (DRAWN[: len(mine), 3] < 0.05)
    one.store_spans(store)

    assert {"payment.provider": "adyen"} == answered(store).segments[0].where


def test_traffic_that_does_not_come_has_a_segment(store: Store) -> None:
    """One region's requests stop; they are the most of the traffic."""

    def heavy(i: int, _times: Times, _failed: Times) -> Mapping[str, str]:
        return {"cloud.region": "r1" if DRAWN[i, 2] < 0.8 else "r2"}

    one = World(rate=4, attributes=heavy)
    keep = ~((one.times > 1800) & (DRAWN[: len(one.times), 2] < 0.8))
    ids = np.flatnonzero(keep)
    one.times, one.failed, one.duration = one.times[keep], one.failed[keep], one.duration[keep]
    one.attributes = lambda i, t, f: heavy(int(ids[i]), t, f)
    one.store_spans(store)

    assert {"cloud.region": "r1"} == answered(store).segments[0].where


def test_too_few_failures_name_nobody(store: Store) -> None:
    """A handful of failures among many requests."""
    World(rate=0.5, attributes=carried).store_spans(store)

    finding = asked(store)

    assert Verdict.UNKNOWN is finding.verdict
    assert "too few" in finding.because
