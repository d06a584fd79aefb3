"""Fronting: places are linked by ids or by equal numbers, and never because their traffic is alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lastgood.algorithms.fronting import fronts
from lastgood.algorithms.same_requests import Place, Requests

Times = np.ndarray[Any, Any]
CALLS = ("GET /cart", "POST /cart", "GET /checkout")


def arrivals(seed: int, *, rate: float = 3.0, seconds: float = 900.0) -> Times:
    """Times of requests that come by chance."""
    made = np.random.default_rng(seed)
    return np.cumsum(made.exponential(1 / rate, int(rate * seconds)))


def place(
    name: str,
    times: Times,
    seed: int = 1,
    *,
    took: float = 0.0,
    ids: Mapping[str, Sequence[str]] | None = None,
    clients: Sequence[str] = (),
    users: Sequence[str] = (),
    spans: bool = False,
) -> Place:
    """Requests at these times, their calls and statuses drawn by `seed`: the same seed, the same requests."""
    made = np.random.default_rng(seed)
    calls = [CALLS[at] for at in made.integers(0, 3, len(times))]
    statuses = [500 if bad else 200 for bad in made.random(len(times)) < 0.02]
    requests = Requests(times, np.full(len(times), took), calls, statuses, ids or {}, clients, users)
    return Place(name, requests, spans=spans)


def links(*places: Place) -> set[tuple[str, str]]:
    """Who is in front of whom."""
    return {(one.outer, one.inner) for one in fronts(places)}


def named(times: Times, start: int = 0) -> dict[str, list[str]]:
    """An id for each request."""
    return {"request.id": [f"id-{start + at:07}" for at in range(len(times))]}


def test_the_one_who_waits_is_in_front() -> None:
    """{nginx in front of cart}: the same ids, and requests take longer at nginx, though its name sorts after."""
    times = arrivals(1)
    assert {("nginx", "cart")} == links(
        place("cart", times, ids=named(times), took=0.05), place("nginx", times, ids=named(times), took=0.06)
    )


def test_three_tiers_are_one_chain() -> None:
    """The edge is in front of both, nginx of the app."""
    times = arrivals(2)
    places = [
        place(n, times, ids=named(times), took=t) for n, t in (("app", 0.05), ("edge", 0.07), ("nginx", 0.06))
    ]
    assert {("edge", "nginx"), ("edge", "app"), ("nginx", "app")} == links(*places)


def test_ids_of_other_requests_link_nobody() -> None:
    """Two services with the same routes and ids of the same form, whose values differ."""
    a, b = arrivals(3), arrivals(4)
    assert set() == links(place("a", a, ids=named(a)), place("b", b, 9, ids=named(b, 500_000)))


@pytest.mark.parametrize("lag", [0.002, 0.3])
def test_numbers_link_without_ids(lag: float) -> None:
    """{nginx in front of cart}: each second has the same calls at both, a little later at one."""
    times = arrivals(5)
    assert {("nginx", "cart")} == links(place("cart", times), place("nginx", times + lag))


def test_a_place_that_names_no_call_is_linked_by_statuses() -> None:
    """As Rails' log of what was completed behind nginx; other traffic with such lines is not linked."""
    times, others = arrivals(5), arrivals(6)
    nginx, mine, theirs = place("nginx", np.floor(times)), place("shop", times), place("blog", others)
    bare = [replace(one, requests=replace(one.requests, calls=[" "] * len(one))) for one in (mine, theirs)]

    assert {("nginx", "shop")} == links(nginx, *bare)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.5, 3.0, 20.0])
def test_equal_traffic_links_nobody(rate: float) -> None:
    """Nothing: the same routes at the same rate, and other requests."""
    for seed in range(20, 26):
        a, b = arrivals(seed, rate=rate), arrivals(seed + 100, rate=rate)
        assert set() == links(place("a", a, seed), place("b", b, seed + 50))


def test_traffic_by_the_clock_links_nobody() -> None:
    """Nothing: a probe of every service each two seconds makes equal numbers of different requests."""
    times = np.arange(0, 1800, 2.0)
    probes = [Place(n, Requests(times, np.zeros(900), ["GET /health"] * 900, [200] * 900, {})) for n in "ab"]
    assert set() == links(*probes)


def test_other_clients_are_other_requests() -> None:
    """Nothing, though the numbers agree: no one who asks here asks there."""
    times = arrivals(6)
    here, there = ([f"10.{net}.0.{at % 200}" for at in range(len(times))] for net in (1, 2))
    assert set() == links(place("a", times, clients=here), place("b", times, clients=there))


def test_a_proxy_stands_in_front_of_two() -> None:
    """Both services behind nginx, neither behind the other."""
    times = arrivals(7)
    whole = place("nginx", times, took=0.1)
    half = np.array([call == "GET /checkout" for call in whole.requests.calls])

    def part(name: str, which: Times) -> Place:
        mine = [np.array(column)[which] for column in (whole.requests.calls, whole.requests.statuses)]
        return Place(
            name, Requests(times[which], np.zeros(which.sum()), mine[0].tolist(), mine[1].tolist(), {})
        )

    assert {("nginx", "cart"), ("nginx", "shop")} == links(part("cart", half), part("shop", ~half), whole)


def below(of: Place, prefix: str) -> Place:
    """The same requests, their paths behind a prefix."""
    calls = [call.replace(" /", f" {prefix}/") for call in of.requests.calls]
    return replace(of, requests=replace(of.requests, calls=calls))


@pytest.mark.parametrize("prefix", ["/api", "/api/v1"])
def test_a_proxy_that_takes_a_prefix_off_is_in_front(prefix: str) -> None:
    """It is asked for /api/cart, and asks for /cart; what serves other paths of the same names is another place."""
    times = arrivals(8)
    cart = place("cart", times, users=[f"{at % 300}" for at in range(len(times))])

    (found,) = fronts([cart, below(place("nginx", times + 0.01), prefix)])
    assert ("nginx", "cart", True) == (found.outer, found.inner, found.counted_inside)
    assert set() == links(cart, below(place("nginx", arrivals(9), 2), prefix))


def test_a_prefix_of_each_service_is_taken_off_by_one_proxy() -> None:
    """Both are behind it."""
    first, second = arrivals(10), arrivals(11)
    cart, shop = place("cart", first), place("shop", second, 2)
    parts = [below(cart, "/cart-api"), below(shop, "/shop-api")]
    asked = Requests(
        np.concatenate([first, second]) + 0.01, np.full(len(first) + len(second), 0.1),
        [call for part in parts for call in part.requests.calls],
        [status for part in parts for status in part.requests.statuses], {},
    )  # fmt: skip

    assert {("nginx", "cart"), ("nginx", "shop")} == links(cart, shop, Place("nginx", asked))


def test_the_place_that_says_more_is_counted_where_no_id_ties_them() -> None:
    """At cart, which names users; of nginx the statuses that only it gives are left, its 502s among them."""
    times = arrivals(8)
    late = np.append(times, times[::200] + 0.01)
    cart = place("cart", times, users=[f"{at % 300}" for at in range(len(times))])
    calls = [*cart.requests.calls, *cart.requests.calls[::200]]
    statuses = [*cart.requests.statuses, *[502] * len(times[::200])]
    nginx = Place("nginx", Requests(late, np.zeros(len(late)), calls, statuses, {}))

    (found,) = fronts([cart, nginx])

    assert (True, True, False) == (found.counted_inside, 502 in found.own, 500 in found.own)


def test_sampled_spans_are_behind_a_full_access_log() -> None:
    """Each tenth request has a span; the line of its second is there."""
    times = arrivals(9)
    lines = place("nginx", times)
    taken = slice(None, None, 10)
    spans = Place(
        "cart",
        Requests(
            times[taken], np.zeros(270), lines.requests.calls[taken], lines.requests.statuses[taken], {}
        ),
        spans=True,
    )
    others = place("cart", arrivals(10)[taken], 44, spans=True)
    assert [{("nginx", "cart")}, set()] == [links(lines, spans), links(lines, others)]
