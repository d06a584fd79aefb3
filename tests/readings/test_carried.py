"""What requests carry is read once, coded, and sampled where there is much of it."""

import re
from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pytest

from inspections.test_blast_radius import DRAWN, answered, bent
from inspections.test_blast_radius import world as carrying
from lastgood.algorithms.segments import NOT_A_VALUE, Counts
from lastgood.model.window import Comparison, Window
from lastgood.readings import carried as reading
from lastgood.readings.carried import NOT_WHO, Asked, Carried, Coded, most_telling, read
from lastgood.readings.case import Case
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, Times, World

MIDDLE, END = START + timedelta(seconds=1800), START + timedelta(seconds=3600)
FAILED = Asked("lg_requests", "operation", "1", "failed", {})


def carried(i: int, _times: Times, failed: Times) -> Mapping[str, str]:
    """Every second request of a plan, all of a region, some with an error's name, each with its own id."""
    return {
        **({"plan": "free"} if i % 2 else {}),
        "cloud.region": "eu",
        "order.id": f"o{i}",
        **({"error.type": "Declined"} if failed[i] else {}),
    }


def asked(store: Store) -> Case:
    """The case of a world whose failures begin in the middle, one in five."""
    World(attributes=carried, errors=lambda t: np.where(t > 1800, 0.2, 0.01)).store_spans(store)
    halves = Comparison(Window(START, MIDDLE), Window(MIDDLE, END), given=True)
    case, _ = investigate(store, now=END, only="confirm", comparison=halves)
    return case


def test_what_tells_nobody_apart_is_left_out(store: Store) -> None:
    """A value that all carry, ids, and names of the failure."""
    found = read(asked(store), FAILED, 1)

    assert ("plan",) == found.tested
    assert ("free",) == found.values["plan"].values
    assert {0, NOT_A_VALUE} == set(found.values["plan"].codes.tolist())


def test_too_few_failures_are_not_read(store: Store) -> None:
    """Only counted."""
    found = read(asked(store), FAILED, 10**6)

    assert found.rows is None
    assert 1000 < found.failed < 10**6


def test_a_sample_stands_for_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums are near those of all rows, and a row that stands for many is evidence of one."""
    case = asked(store)
    every = read(case, FAILED, 1)
    monkeypatch.setattr(reading, "ROWS_SAMPLED", 1000)

    some = read(case, FAILED, 1)

    assert 1 == every.scale < some.scale
    assert every.failed == pytest.approx(some.failed, rel=0.15)
    assert every.requests == pytest.approx(some.requests, rel=0.15)
    assert some.counts.failed.sum() <= every.counts.failed.sum() / 2


def test_values_that_hardly_fail_are_not_reported_apart() -> None:
    """The one that fails twice is as good as absent."""
    failed, requests = np.array([9.0, 2.0, 0.0]), np.full(3, 50.0)
    host = Coded(np.arange(3), ("a", "b", "c"))
    rows = Carried({"host": host}, Counts(failed, requests, np.zeros(3), requests), 1, 11.0, 150.0, None)

    leaves, values = most_telling(rows)

    assert [0, NOT_A_VALUE, NOT_A_VALUE] == leaves.codes[:, 0].tolist()
    assert {"host": ("a", "b", "c")} == values


def test_the_coarser_attribute_comes_first() -> None:
    """Of two that are equally telling."""
    failed, requests = np.array([30.0, 30.0, 0.0, 0.0]), np.full(4, 50.0)
    host, zone = Coded(np.arange(4), ("a", "b", "c", "d")), Coded(np.array([0, 0, 1, 1]), ("x", "y"))
    counts = Counts(failed, requests, np.zeros(4), requests)

    _, values = most_telling(Carried({"host": host, "zone": zone}, counts, 1, 60.0, 200.0, None))

    assert ["zone", "host"] == list(values)


def test_what_an_operation_fixes_comes_after_it() -> None:
    """The failing route is the only one that gets POST: the route is named and not its method."""
    failed, requests = np.array([30.0, 0.0, 0.0, 0.0]), np.full(4, 50.0)
    route, method = Coded(np.arange(4), ("a", "b", "c", "d")), Coded(np.array([1, 0, 0, 0]), ("GET", "POST"))
    tenant = Coded(np.array([0, 0, 1, NOT_A_VALUE]), ("x", "y"))
    counts = Counts(failed, requests, np.zeros(4), requests)
    rows = {"operation": route, "http.request.method": method, "tenant": tenant}

    _, values = most_telling(Carried(rows, counts, 1, 30.0, 200.0, None))
    _, chosen = most_telling(
        Carried(
            {**rows, "operation": Coded(np.array([0, 1, 1, 1]), ("a", "b"))}, counts, 1, 30.0, 200.0, None
        )
    )

    assert list(values).index("operation") < list(values).index("http.request.method")
    assert list(chosen).index("tenant") < list(chosen).index("http.request.method")


@pytest.mark.parametrize(
    "name",
    [
        "Elapsed",
        "elapsed_ms",
        "StatusCode",
        "DurationMs",
        "RequestId",
        "exceptionType",
        "integrationError",
        "failureReason",
        "http.response.header.location",
    ],
)
def test_measures_describe_nobody_however_they_are_spelt(name: str) -> None:
    """In camel case as with dots and underscores."""
    assert re.match(NOT_WHO, name)


def test_a_sample_finds_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One request in several is read, and counts for several."""
    monkeypatch.setattr(reading, "ROWS_SAMPLED", 1500)
    carrying(lambda c: (c["card.issuer"], c["payment.provider"]) == ("ANZ", "stripe")).store_spans(store)

    (found,) = answered(store).segments

    assert {"card.issuer": "ANZ", "payment.provider": "stripe"} == found.where
    assert 0.08 < found.share_of_traffic < 0.18


def test_an_attribute_that_only_the_bad_window_has(store: Store) -> None:
    """A new version is on half of the requests, and fails."""

    def versions(i: int, times: Times, _failed: Times) -> Mapping[str, str]:
        return {"app.version": "v2"} if times[i] >= 1800 and DRAWN[i, 0] < 0.5 else {}

    one = World(rate=4, attributes=versions)
    new = np.array([bool(versions(i, one.times, one.failed)) for i in range(len(one.times))])
    one.failed |= new & (DRAWN[: len(new), 3] < 0.4)
    one.store_spans(store)

    # Only one value is carried, so it is distinguished from requests that carry none.
    assert answered(store).segments


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


def test_a_rare_value_of_thousands_is_not_cut_off(store: Store) -> None:
    """One of four thousand customers, who sends two requests in a thousand, has most failures; so it is no id."""

    def customer(i: int, _late: bool) -> Mapping[str, str]:
        return {"customer.name": "rare" if DRAWN[i, 0] < 0.004 else f"c{int(DRAWN[i, 1] * 4000)}"}

    bent(customer, lambda c, late: 0.9 if late and c["customer.name"] == "rare" else 0.001).store_spans(store)

    (found,) = answered(store).segments

    assert {"customer.name": "rare"} == found.where
    assert found.share_of_traffic < 0.01


def unwritten(i: int, _times: Times, failed: Times) -> Mapping[str, str]:
    """A request of a service that writes its plan at the end: one that breaks off never does."""
    return {
        "payment.provider": ("stripe", "adyen")[int(DRAWN[i, 1] * 2)],
        **({} if failed[i] else {"plan": ("free", "paid")[i % 2]}),
    }


def test_what_failing_requests_cannot_carry_is_not_ruled_out(store: Store) -> None:
    """No failing request has a plan: nothing is known of it, while providers are tested."""
    World(rate=4, attributes=unwritten, errors=lambda t: np.where(t > 1800, 0.2, 0.0)).store_spans(store)

    found = answered(store)

    assert "plan" not in found.exonerated
    assert ("plan",) == found.untestable
    assert "payment.provider" in found.exonerated


def test_what_failing_requests_carry_as_others_do_is_tested(store: Store) -> None:
    """A plan that only half of all requests name is tested all the same."""
    half = lambda i, _times, _failed: {"plan": "free"} if i % 2 else {}  # noqa: E731
    World(rate=4, attributes=half, errors=lambda t: np.where(t > 1800, 0.2, 0.0)).store_spans(store)

    assert () == answered(store).untestable


def queried(i: int, _times: Times, _failed: Times) -> Mapping[str, str]:
    """A request whose address has a currency and an amount."""
    return {"url.query": f"cur={('EUR', 'JPY')[int(DRAWN[i, 0] > 0.8)]}&amount={i}"}


def test_a_parameter_of_a_query_is_named(store: Store) -> None:
    """Its value, not the query, which hardly two requests share."""
    one = World(rate=4, attributes=queried)
    one.failed[(one.times >= 1800) & (DRAWN[: len(one.times), 0] > 0.8)] = True
    one.store_spans(store)

    assert {"url.query.cur": "JPY"} == answered(store).segments[0].where
