"""Causes that are no change, weighed as changes are."""

from dataclasses import replace
from typing import Any

import pytest

from cases import case_of
from inspections.scenes import CALM, ONSET, SCENE, case, scene, segment
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.inspections.what_changed.one_operation import Operation
from lastgood.inspections.what_changed.other_causes import Noticed, _infrastructure, other_causes
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import (
    BAD_DATA,
    BAD_DATA_OF,
    BAD_DATA_SHARE,
    BUSIER,
    BUSIER_AT_ONE,
    BUSIER_EACH,
    BUSIER_LEAST,
    BUSIER_MOST,
    BUSIER_PLANNED,
    BUSIER_SHOWN,
    BUSIER_UNKNOWN,
    CALLERS_NAMED,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_FAULT,
    DISK_FULL,
    DISK_RISES,
    DNS_FAULT,
    HARDWARE_FAULT,
    HARDWARE_LINES,
    LINK_FAULT,
    NETWORK_SLOW,
    ONE_PART_HIT,
    PARTY_FAILS,
    PARTY_FAILS_OTHERWISE,
    PARTY_FOR_SEVERAL,
    PARTY_REPORTED,
    REDELIVERED,
    REDELIVERIES,
    REPORTED_MOST,
)
from lastgood.model.answers import Answer, Culprit, Culprits, GoldenSignals, Shape
from lastgood.model.failure import Cause
from lastgood.readings.caches import Cache
from lastgood.readings.lossy_links import LINK_UNPLACED
from lastgood.readings.risen import Risen
from lastgood.workbench.store import Store
from readings.test_lossy_links import METRIC, PEERS, WINDOWS, put_levels, put_writer

BUSY = GoldenSignals(Shape.UP, Shape.UP, None, None, {"requests a second": (10.0, 50.0)})


def causes(
    *answers: Answer,
    troubles: frozenset[Trouble] = frozenset(),
    where: Scene = SCENE,
    errors: tuple[str, ...] = (),
    peers: tuple[str, ...] = (),
) -> dict[str, float]:
    """The weights by cause; each error of a peer is of a service of its own."""
    rows: list[tuple[dict[str, Any], float]] = [
        ({"service": f"s{n}", "peer": peer, "status": 500, "text": text}, 50.0)
        for n, (text, peer) in enumerate(zip(errors, peers or ("",) * len(errors), strict=True))
    ]
    found = other_causes(
        case(*answers), where, Risen(rows, [], [], None, None, 1), Symptoms(troubles, {}), []
    )
    return {one.cause: one.weight for one in found}


def test_five_times_the_traffic_outweighs_a_change_that_fits() -> None:
    """Where what it affects is overloaded; not where a field is missing."""
    assert causes(BUSY, troubles=frozenset({Trouble.LATENCY}))["traffic"] > 1
    assert {} == causes(BUSY, troubles=frozenset({Trouble.CONTRACT}))


def test_what_a_cache_lets_through_is_no_more_traffic() -> None:
    """As many arrive at the cache as before; where more arrive there too, they are traffic."""
    seen = Symptoms(frozenset({Trouble.LATENCY}), {})
    still, more = (Cache("edge", 0.9, 0.3, times, 7.0) for times in (BUSIER_LEAST - 0.1, 3.0))

    assert [] == [one.cause for one in other_causes(case(BUSY), SCENE, CALM, seen, [], Noticed((still,)))]
    (busy,) = other_causes(case(BUSY), SCENE, CALM, seen, [], Noticed((more,)))
    assert busy.weight < causes(BUSY, troubles=seen.troubles)["traffic"]


def test_a_third_party_is_suspected_more_the_more_of_its_callers_fail() -> None:
    """A host with a public name; a database of your own is none."""
    out = scene(external=True, suspects={"cart": 1.0, "api.pay.example": 1.0})
    store = scene(external=True, suspects={"cart": 1.0, "cart-db": 1.0})
    seen = frozenset({Trouble.REFUSED})
    one = causes(troubles=seen, where=out, errors=("x",), peers=("api.pay.example",))
    two = causes(troubles=seen, where=out, errors=("x", "x"), peers=("api.pay.example",) * 2)

    assert 0 < one["third_party"] < two["third_party"]
    assert {} == causes(troubles=seen, where=store)


def test_errors_may_name_their_cause() -> None:
    """A certificate, a name, a disk, data."""
    assert (
        causes(troubles=frozenset({Trouble.CERTIFICATE}), errors=("certificate has expired",))["certificate"]
        > 1
    )
    assert "dns" in causes(troubles=frozenset({Trouble.DNS}), errors=("no such host",))
    assert "infrastructure" in causes(errors=("No space left on device",))
    assert "bad_data" in causes(
        errors=("cannot parse line 7",), where=scene(segment=segment({"tenant.id": "north"}))
    )


def test_one_machine_that_is_hit_is_infrastructure() -> None:
    """And a disk that had been filling."""
    assert "infrastructure" in causes(where=scene(segment=segment({"host.name": "node-7"})))
    rise = SlowRise("cart", "disk", "disk", ONSET, ONSET)
    assert ["infrastructure"] == [
        one.cause for one in other_causes(case(), SCENE, CALM, Symptoms(frozenset(), {}), [rise])
    ]


def test_nothing_to_see() -> None:
    """No other cause."""
    assert {} == causes()


def heavier(found: dict[str, float], cause: str, worth: float) -> bool:
    """Whether a cause weighs as much as that."""
    return found[cause] == pytest.approx(worth)


def traffic(times: float | None) -> dict[str, float]:
    """The causes when so many times the requests come."""
    rates = {} if times is None else {"requests a second": (10.0, 10.0 * times)}
    signals = GoldenSignals(Shape.UP, Shape.UP, None, None, rates)
    return causes(signals, troubles=frozenset({Trouble.LATENCY}))


def test_traffic_weighs_by_how_much_more_it_is() -> None:
    """From the least on and up to the most; as just more where no one says how much."""
    least = float(BUSIER_LEAST)

    most = BUSIER_EACH * BUSIER_MOST / BUSIER
    assert heavier(traffic(least), "traffic", BUSIER * (least - 1) / BUSIER_EACH)
    assert {} == traffic(least - 0.01)
    assert heavier(traffic(1 + 0.9 * most), "traffic", 0.9 * BUSIER_MOST)
    assert heavier(traffic(1 + 2 * most), "traffic", BUSIER_MOST)
    assert heavier(traffic(None), "traffic", BUSIER * (BUSIER_UNKNOWN - 1) / BUSIER_EACH)


def test_a_mornings_traffic_is_no_cause_by_itself() -> None:
    """Twice as much is perhaps the cause, from the row on it is shown as one."""
    signals = [
        GoldenSignals(Shape.UP, Shape.UP, None, None, {"requests a second": (10.0, 10.0 * times)})
        for times in (BUSIER_SHOWN - 0.1, float(BUSIER_SHOWN))
    ]
    slow = Symptoms(frozenset({Trouble.LATENCY}), {})

    shown = [other_causes(case(one), SCENE, CALM, slow, [])[0].shown for one in signals]

    assert [False, True] == shown


def test_a_planned_event_explains_more_traffic() -> None:
    """From BUSIER_LEAST on it is shown as the cause; below, it brought no one."""
    slow = Symptoms(frozenset({Trouble.LATENCY}), {})
    more, same = (
        GoldenSignals(Shape.UP, Shape.UP, None, None, {"requests a second": (10.0, 10.0 * times)})
        for times in (BUSIER_LEAST + 0.01, BUSIER_LEAST - 0.01)
    )
    (one,) = other_causes(case(more), SCENE, CALM, slow, [], Noticed(planned="“TV spot” at 14:40 UTC"))

    assert (BUSIER_PLANNED, True) == (one.weight, one.shown)
    assert "“TV spot” at 14:40 UTC brings people" in one.because
    assert () == other_causes(case(same), SCENE, CALM, slow, [], Noticed(planned="“TV spot” at 14:40 UTC"))


def test_what_clients_ask_for_more_is_rather_a_change() -> None:
    """Where one operation has all that is more: it weighs the same however much, and is shown as other traffic is."""
    poll = Operation("GET /poll", 0.95, 9.0, ONSET, ONSET)

    def found(times: float, operation: Operation | None) -> list[tuple[float, bool]]:
        signals = GoldenSignals(Shape.UP, Shape.UP, None, None, {"requests a second": (10.0, 10.0 * times)})
        slow = Symptoms(frozenset({Trouble.LATENCY}), {})
        causes_ = other_causes(case(signals), SCENE, CALM, slow, [], Noticed((), operation))
        return [(one.weight, one.shown) for one in causes_]

    assert [(BUSIER_AT_ONE, True)] == found(BUSIER_SHOWN, poll) == found(9.0, poll)
    assert [(BUSIER_AT_ONE, False)] == found(BUSIER_SHOWN - 0.1, poll)
    assert [] == found(BUSIER_LEAST - 0.01, poll)
    assert found(9.0, poll) != found(9.0, None)


def test_a_machine_that_loses_packets_is_infrastructure(store: Store) -> None:
    """By its row, with the machine's name and its metric."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS})
    (unplaced,) = _infrastructure(case_of(store, WINDOWS), SCENE, [])
    assert (LINK_FAULT * LINK_UNPLACED, False) == (unplaced.weight, unplaced.shown)
    put_writer(store, "db-0")

    (found,) = _infrastructure(case_of(store, WINDOWS), SCENE, [])

    assert (Cause.INFRASTRUCTURE, LINK_FAULT, True) == (found.cause, found.weight, found.shown)
    assert all(part in found.because for part in ("db-0", METRIC, f"{len(PEERS)} other machines"))


def test_a_message_that_comes_again_and_again_is_bad_data() -> None:
    """From so many lines of redelivery on; fewer come when consumers restart."""
    row = {"service": "cart", "peer": "", "status": 0, "text": "message redelivered", "good": 0, "bad": 1}
    calm = Symptoms(frozenset(), {})
    found = [
        other_causes(case(), SCENE, replace(CALM, lines=[(row, float(more))]), calm, [])
        for more in (REDELIVERIES - 1, REDELIVERIES)
    ]

    assert [(), (REDELIVERED,)] == [tuple(one.weight for one in causes_) for causes_ in found]


@pytest.mark.parametrize(
    "text", ["Server wares/w1 is DOWN. 0 sessions active, 0 requeued, 0 remaining in queue.", "3 sessions requeued, 0 total in queue."]
)  # fmt: skip
def test_sessions_that_a_balancer_moves_are_no_messages(text: str) -> None:
    """It tells their number whenever a server goes."""
    row = {"service": "door", "peer": "", "status": 0, "text": text, "good": 0, "bad": 1}
    lines = replace(CALM, lines=[(row, 10.0 * REDELIVERIES)])

    assert () == other_causes(case(), SCENE, lines, Symptoms(frozenset(), {}), [])


def test_each_other_cause_weighs_what_its_row_says() -> None:
    """By what errors say, by where they are, and by what rises."""
    out = scene(external=True, suspects={"cart": 1.0, "api.pay.example": 1.0})
    tenant = scene(segment=segment({"tenant.id": "north"}))
    peer, both = ("api.pay.example",), ("api.pay.example",) * 2
    refused, other = frozenset({Trouble.REFUSED}), frozenset({Trouble.CODE})
    certificate, names = frozenset({Trouble.CERTIFICATE}), frozenset({Trouble.DNS})
    rise = SlowRise("cart", "disk", "disk", ONSET, ONSET)
    rising = other_causes(case(), SCENE, CALM, Symptoms(frozenset(), {}), [rise])
    network = Culprits((Culprit("cart", None, None, "network", 0.9, ""),))

    for found, cause, worth in (
        (causes(troubles=refused, where=out, errors=("x",), peers=peer), "third_party", PARTY_FAILS),
        (causes(troubles=other, where=out, errors=("x",), peers=peer), "third_party", PARTY_FAILS_OTHERWISE),
        (causes(troubles=refused, where=out, errors=("x", "x"), peers=both), "third_party", PARTY_FAILS * PARTY_FOR_SEVERAL),
        (causes(troubles=certificate, errors=("certificate has expired",)), "certificate", CERTIFICATE_EXPIRED),
        (causes(troubles=certificate, errors=("certificate verify failed",)), "certificate", CERTIFICATE_FAULT),
        (causes(troubles=names, errors=("no such host",)), "dns", DNS_FAULT),
        (causes(errors=("No space left on device",)), "infrastructure", DISK_FULL),
        (causes(errors=("cannot parse line 7",), where=tenant), "bad_data", BAD_DATA_OF),
        (causes(errors=("cannot parse line 7",)), "bad_data", BAD_DATA),
        (causes(where=scene(segment=segment({"host.name": "node-7"}))), "infrastructure", ONE_PART_HIT),
        ({one.cause.value: one.weight for one in rising}, "infrastructure", DISK_RISES),
        (causes(network), "infrastructure", NETWORK_SLOW),
    ):  # fmt: skip
        assert heavier(found, cause, worth), (cause, worth)


def test_bad_data_is_most_of_what_fails() -> None:
    """A share just below it is not."""

    def found(share: float) -> dict[str, float]:
        rows: list[tuple[dict[str, Any], float]] = [
            ({"service": "cart", "peer": "", "status": 500, "text": text}, more)
            for text, more in (("cannot parse line 7", share), ("refused by policy", 1 - share))
        ]
        risen = Risen(rows, [], [], None, None, 1)
        return {
            one.cause: one.weight for one in other_causes(case(), SCENE, risen, Symptoms(frozenset(), {}), [])
        }

    assert "bad_data" in found(BAD_DATA_SHARE + 0.001)
    assert "bad_data" not in found(BAD_DATA_SHARE - 0.001)


def test_callers_of_a_party_are_named_up_to_a_few() -> None:
    """One more than that is left out."""
    out = scene(external=True, suspects={"cart": 1.0, "api.pay.example": 1.0})
    many = CALLERS_NAMED + 1
    rows: list[tuple[dict[str, Any], float]] = [
        ({"service": f"s{n}", "peer": "api.pay.example", "status": 500, "text": ""}, 50.0)
        for n in range(many)
    ]
    (found,) = other_causes(case(), out, Risen(rows, [], [], None, None, 1), Symptoms(frozenset(), {}), [])

    assert CALLERS_NAMED == found.because.count("s") - found.because.count("fails for")


def test_errors_that_report_a_dependencys_answer_are_a_cause_of_their_own() -> None:
    """Of most of the new errors, and of none of the services that report themselves."""

    def heavy(text: str, part: float) -> float:
        rows: list[tuple[dict[str, Any], float]] = [
            ({"service": "", "peer": "", "status": 0, "text": text}, part),
            ({"service": "", "peer": "", "status": 0, "text": "total is negative"}, 1 - part),
        ]
        risen = Risen([], rows, [], None, None, 1)
        found = other_causes(case(), SCENE, risen, Symptoms(frozenset(), {}), [])
        return next((one.weight for one in found if one.cause == "third_party"), 0.0)

    assert PARTY_REPORTED == heavy("geocoder answered 429", REPORTED_MOST)
    assert heavy("geocoder answered 429", REPORTED_MOST - 0.01) == 0.0
    assert heavy("cart answered 500", 1.0) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "NETDEV WATCHDOG: eth0 (ixgbe): transmit queue 3 timed out",
        "ena 0000:00:05.0: found a Tx that wasn't completed on time, missing Tx completion",
        "eth0: NIC Link is Down",
    ],
)
def test_a_network_card_that_hangs_is_hardware(text: str) -> None:
    """By the words of its driver."""
    risen = Risen([], [({"service": "", "text": text}, float(HARDWARE_LINES))], [], None, None, 1)
    (found,) = other_causes(case(), SCENE, risen, Symptoms(frozenset(), {}), [])

    assert Cause.INFRASTRUCTURE is found.cause


def test_broken_hardware_shows_in_enough_lines() -> None:
    """A single error of a disk is corrected."""

    def weights(more: int) -> list[float]:
        line = {"service": "", "text": "blk_update_request: I/O error, dev sda", "level": "error", "lines": 1}
        risen = Risen([], [(line, float(more))], [], None, None, 1)
        found = other_causes(case(), SCENE, risen, Symptoms(frozenset(), {}), [])
        return [one.weight for one in found if one.cause == "infrastructure"]

    assert [pytest.approx(HARDWARE_FAULT)] == weights(HARDWARE_LINES)
    assert [] == weights(HARDWARE_LINES - 1)


def test_traffic_that_a_change_has_not_met_is_no_cause_by_itself() -> None:
    """Either may be the cause."""
    seen = Symptoms(frozenset({Trouble.LATENCY}), {})
    (met,), (untried,) = (
        other_causes(case(BUSY), SCENE, CALM, seen, [], one)
        for one in (Noticed(), Noticed(untried="cart 2.0"))
    )
    assert "cart 2.0" in untried.because
    assert (met.shown, untried.shown) == (True, False)
    assert untried.weight < met.weight
