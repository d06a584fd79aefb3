"""Who is affected: one value, a combination, or everyone, with what was tested and is not it.

The tests named `way_1` to `way_8` hold what tools that compare attributes usually lack.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import numpy as np
import pytest

from lastgood.model.answers import BlastRadius
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings import carried as reading
from lastgood.telemetry.tables import SPANS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, Times, World, nanoseconds, put, step

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


def test_way_1_a_combination_is_named(store: Store) -> None:
    """Only ANZ through stripe fails: neither ANZ alone nor stripe alone."""
    world(lambda c: (c["card.issuer"], c["payment.provider"]) == ("ANZ", "stripe")).store_spans(store)

    (found,) = answered(store).segments

    assert {"card.issuer": "ANZ", "payment.provider": "stripe"} == found.where


def test_way_8_everyone_equally_is_an_answer(store: Store) -> None:
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
    assert "no segment is named" in finding.because


def bent(
    which: Callable[[int, bool], Mapping[str, str]], share: Callable[[Mapping[str, str], bool], float]
) -> World:
    """A world whose requests carry what they carry before and after, and fail by that."""
    one = World(rate=4)
    late = one.times >= 1800
    one.attributes = lambda i, _t, _f: which(i, bool(late[i]))
    one.failed = np.array(
        [DRAWN[i, 3] < share(which(i, bool(late[i])), bool(late[i])) for i in range(len(one.times))]
    )
    return one


def test_way_2_a_segment_that_merely_grew_is_not_blamed(store: Store) -> None:
    """A region that always fails more has more of the traffic: failures double, nobody fails more often."""
    bent(
        lambda i, late: {"cloud.region": "far" if DRAWN[i, 0] < (0.7 if late else 0.25) else "near"},
        lambda carries, _: 0.1 if carries["cloud.region"] == "far" else 0.004,
    ).store_spans(store)

    finding = asked(store)

    assert "at the baseline of each kind of request" in finding.because
    assert isinstance(finding.answer, BlastRadius)
    assert ((), False) == (finding.answer.segments, finding.answer.everyone)


def test_way_3_both_its_own_past_and_the_others_are_the_baseline(store: Store) -> None:
    """One provider always fails a fifth, the other begins to: the second is named, the first is not."""

    def share(carries: Mapping[str, str], late: bool) -> float:
        always = carries["card.issuer"] == "NAB"
        return 0.2 if always or (late and carries["payment.provider"] == "adyen") else 0.002

    bent(lambda i, _: carried(i, DRAWN, np.zeros(len(DRAWN), bool)), share).store_spans(store)

    (found,) = answered(store).segments

    assert {"payment.provider": "adyen"} == found.where


@pytest.mark.parametrize("seed", range(3))
def test_way_4_chance_is_held_down_over_all_that_is_tried(store: Store, seed: int) -> None:
    """Fifteen attributes with nothing in them, some of many values: no combination of them is named."""
    drawn = np.random.default_rng(seed).integers(0, 2 ** np.arange(1, 16).clip(max=8), (20_000, 15))
    one = World(rate=4, seed=seed + 20, errors=lambda t: np.where(t >= 1800, 0.08, 0.01))
    one.attributes = lambda i, _t, _f: {f"app.field{n}": f"v{drawn[i, n]}" for n in range(15)}
    one.store_spans(store)

    found = answered(store)

    assert () == found.segments
    assert found.everyone


def test_way_5_the_shortest_and_coarsest_description_is_named(store: Store) -> None:
    """Hosts lie in zones and zones in regions. The region that fails has one zone: it is the same, and listed."""

    def places(i: int, _late: bool) -> Mapping[str, str]:
        host = int(DRAWN[i, 2] * 12)
        region, zone = ("south", "s1") if host < 3 else ("north", f"n{host % 3}")
        return {"host.name": f"h{host}", "cloud.availability_zone": zone, "cloud.region": region}

    bent(places, lambda c, late: 0.4 if late and c["cloud.region"] == "south" else 0.004).store_spans(store)

    (found,) = answered(store).segments

    assert {"cloud.region": "south"} == found.where
    assert ({"cloud.availability_zone": "s1"},) == found.also


def test_way_5_no_coarser_than_what_is_hit(store: Store) -> None:
    """One zone of three fails: not its region, and not its hosts one by one."""

    def places(i: int, _late: bool) -> Mapping[str, str]:
        host = int(DRAWN[i, 2] * 24)
        return {
            "host.name": f"h{host}",
            "cloud.availability_zone": f"z{host // 4}",
            "cloud.region": f"r{host // 12}",
        }

    bent(places, lambda c, late: 0.4 if late and c["cloud.availability_zone"] == "z1" else 0.004).store_spans(
        store
    )

    (found,) = answered(store).segments

    assert {"cloud.availability_zone": "z1"} == found.where


def test_way_6_what_is_explained_what_is_left_and_a_second_cause(store: Store) -> None:
    """An issuer and, unrelated, a region; and a few failures of everybody, which no description fits."""

    def share(carries: Mapping[str, str], late: bool) -> float:
        hit = carries["card.issuer"] == "WBC" or carries["cloud.region"] == "r2"
        return 0.004 if not late else 0.4 if hit else 0.04

    bent(lambda i, _: carried(i, DRAWN, np.zeros(len(DRAWN), bool)), share).store_spans(store)

    finding = asked(store)

    assert isinstance(finding.answer, BlastRadius)
    assert [{"cloud.region": "r2"}, {"card.issuer": "WBC"}] == [one.where for one in finding.answer.segments]
    assert "apart from that, card.issuer=WBC" in finding.because
    assert "match no segment" in finding.because


def test_way_7_a_rare_value_of_thousands_is_not_cut_off(store: Store) -> None:
    """One of four thousand customers, who sends two requests in a thousand, has most failures; so it is no id."""

    def customer(i: int, _late: bool) -> Mapping[str, str]:
        return {"customer.name": "rare" if DRAWN[i, 0] < 0.004 else f"c{int(DRAWN[i, 1] * 4000)}"}

    bent(customer, lambda c, late: 0.9 if late and c["customer.name"] == "rare" else 0.001).store_spans(store)

    (found,) = answered(store).segments

    assert {"customer.name": "rare"} == found.where
    assert found.share_of_traffic < 0.01


def test_way_7_a_sample_finds_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One request in several is read, and counts for several."""
    monkeypatch.setattr(reading, "ROWS_SAMPLED", 1500)
    world(lambda c: (c["card.issuer"], c["payment.provider"]) == ("ANZ", "stripe")).store_spans(store)

    (found,) = answered(store).segments

    assert {"card.issuer": "ANZ", "payment.provider": "stripe"} == found.where
    assert 0.08 < found.share_of_traffic < 0.18


def test_how_much_more_it_fails_and_whom_it_affects(store: Store) -> None:
    """The effect has an interval, and named users are counted once."""
    one = world(lambda c: c["card.issuer"] == "ANZ")
    one.attributes = lambda i, t, f: {**carried(i, t, f), "user.id": f"u{i % 50}"}
    one.store_spans(store)

    (found,) = answered(store).segments

    assert found.more_low is not None
    assert found.more_high is not None
    assert 0.4 < found.more_low < 0.5 < found.more_high < 0.6
    assert 50 == found.users


def test_of_services_hit_alike_the_one_that_users_ask_is_first(store: Store) -> None:
    """Every failure of auth fails the request that waited for it: its name comes first in the alphabet only."""
    one = World(rate=4, service="web", errors=step(1800, 0.0, 0.4))
    one.store_spans(store)
    n = len(one.times)
    put(
        store,
        SPANS,
        {
            "Timestamp": nanoseconds(one.times, one.start),
            "TraceId": [f"{one.seed:08x}{i:024x}" for i in range(n)],
            "SpanId": [f"a{i:015x}" for i in range(n)],
            "ParentSpanId": [f"{i:016x}" for i in range(n)],
            "SpanName": ["Check"] * n,
            "SpanKind": ["Server"] * n,
            "ServiceName": ["auth"] * n,
            "Duration": [1_000_000] * n,
            "StatusCode": ["Error" if failed else "Unset" for failed in one.failed],
        },
        "auth",
    )

    assert ("web", "auth") == answered(store).services


def test_one_instance_of_a_service(store: Store) -> None:
    """Instances are compared side by side, as any attribute."""
    bent(
        lambda i, _: {"service.instance.id": f"pod-{int(DRAWN[i, 0] * 6)}"},
        lambda c, late: 0.5 if late and c["service.instance.id"] == "pod-3" else 0.004,
    ).store_spans(store)

    assert {"service.instance.id": "pod-3"} == answered(store).segments[0].where
