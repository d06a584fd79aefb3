"""Who is affected: one value, a combination, or everyone, with what was tested and is not it.

The tests named `way_1` to `way_8` hold what tools that compare attributes usually lack.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from cases import FAILING, case_of
from inspections.blast_radius.test_siblings import carried as rows_of
from inspections.confirm.test_counted import ROWS
from inspections.severity.test_levels import timed
from lastgood.algorithms.segments import Counts
from lastgood.inspections.blast_radius import (
    REACHED,
    Searched,
    _accounted,
    _finding,
    _found,
    _how_much,
    _said,
    _searched,
    _segment_table,
    _services_of_lines,
)
from lastgood.inspections.blast_radius.weights import (
    ALSO_SHOWN,
    ERRORS_BY,
    ERRORS_TIMES,
    EVERYONE_FAILURES,
    EVERYONE_SURE,
    MIX_ASKED,
    RADIUS_FAILURES,
    RADIUS_LEFT,
    RADIUS_MOST_SURE,
    RADIUS_SERVICES,
    SERVICES_REPORTED,
    SLOW_ABOVE,
)
from lastgood.model.answers import BlastRadius, Segment
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.carried import Asked
from lastgood.readings.compared import Compared
from lastgood.telemetry.tables import LOGS, SPANS
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
    """A region that always fails more has more of the traffic: failures double, no one fails more often."""
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


def test_everyone_is_said_of_enough_failures() -> None:
    """EVERYONE_FAILURES, as sure as EVERYONE_SURE; of services with symptoms SERVICES_REPORTED are reported."""
    said = [
        _finding((), Searched((), ("card",), n, 1000.0, ROWS), None, FAILING.impact).confidence
        for n in (EVERYONE_FAILURES, EVERYONE_FAILURES - 1)
    ]
    services = tuple(f"part-{n}" for n in range(SERVICES_REPORTED + 1))
    told = _finding(services, Searched((), (), 0.0, 0.0, None), ROWS, None).because

    assert [EVERYONE_SURE, None] == said
    assert SERVICES_REPORTED == told.count("part-")


def test_what_a_segment_leaves_is_told_and_what_else_describes_it() -> None:
    """RADIUS_LEFT of the failures; ALSO_SHOWN other descriptions; no surer than RADIUS_MOST_SURE."""

    def named(share: float) -> Searched:
        also = tuple({f"tag{n}": "x"} for n in range(ALSO_SHOWN + 1))
        return Searched((Segment({"card": "ANZ"}, share, 0.1, 95, 100, 0.95, also),), (), 100.0, 1000.0, ROWS)

    left = [
        "match no segment" in _said(named(1 - RADIUS_LEFT - more), everyone=False, named=False, affected=True)
        for more in (0.001, -0.001)
    ]
    table = _segment_table(named(0.9))
    known = rows_of(*((card, by, hit, 9e3) for by in "ab" for card, hit in (("ANZ", 8e3), ("NAB", 0))))
    known = replace(known, rows=ROWS, counts=replace(known.counts, requests_before=known.counts.requests))

    assert [True, False] == left
    assert table is not None
    assert ALSO_SHOWN == str(table.rows[0][-1]).count("tag")
    assert RADIUS_MOST_SURE == _found(known, 0.001).confidence


def test_a_mix_is_asked_about_where_failures_rose() -> None:
    """MIX_ASKED times as many; who is slow is slower than SLOW_ABOVE of the usual."""
    many = np.array([1e6])
    rose = [
        _accounted(Counts(1e4 * MIX_ASKED * near * many / 1e6, many, many / 100, many), 1e9)
        for near in (1.01, 0.99)
    ]

    assert [True, False] == rose
    assert SLOW_ABOVE < _how_much(Compared((), timed(50e6), timed(400e6)), 0.999)


@pytest.mark.parametrize("many", [3, int(RADIUS_SERVICES)])
def test_services_show_symptoms_by_their_error_lines(store: Store, many: int) -> None:
    """ERRORS_BY more than ERRORS_TIMES as many; RADIUS_SERVICES of them are read."""
    new = [(f"new-{n:03}", 0, ERRORS_BY) for n in range(many)]
    twice = ERRORS_TIMES * 100 + ERRORS_BY
    counted = [*new, ("few", 0, ERRORS_BY - 1), ("up", 100, twice + 5), ("as-usual", 100, twice - 5)]
    lines = [
        (at + n, name)
        for name, before, after in counted
        for at, times in ((0.0, before), (1800.0, after))
        for n in np.linspace(0, 1790, int(times))
    ]
    columns = {
        "Timestamp": nanoseconds(np.array([at for at, _ in lines])), "ServiceName": [name for _, name in lines],
        "SeverityNumber": [17] * len(lines), "Body": ["lost"] * len(lines),
    }  # fmt: skip
    put(store, LOGS, columns, "lines")
    found = _services_of_lines(case_of(store, GIVEN))[0]
    assert ("up", *(name for name, _, _ in new[: RADIUS_SERVICES - 1])) == found


@pytest.mark.parametrize("fewer", [0, 1])
def test_a_search_needs_failures(store: Store, fewer: int) -> None:
    """RADIUS_FAILURES."""
    one = World(rate=0.2, attributes=carried)
    one.failed[:] = np.arange(len(one.failed))[::-1] < RADIUS_FAILURES - fewer
    one.store_spans(store)
    found = _searched(case_of(store, GIVEN), Asked("lg_requests", "operation", REACHED, "failed", {}), ())

    assert (fewer == 0) is bool(found.tested)
