"""Fronts: a sample of the store shows who stands in front of whom, and nothing where no one does."""

from lastgood.model.signal import Signal
from lastgood.telemetry.entries import Entries
from lastgood.telemetry.fronts import MOST, entries_of
from lastgood.telemetry.layout import layout_of
from lastgood.workbench.store import Store
from tiers import Request, Tier, an_hour, put_roots


def found(store: Store) -> Entries:
    """What the store shows."""
    holdings, _ = store.survey()
    return entries_of(store.engine, layout_of(store.engine), spans=Signal.SPANS in holdings.signals)


def by_request(one: Request) -> dict[str, str]:
    """The id as a service writes it."""
    return {"request.id": one.id}


def by_header(one: Request) -> dict[str, str]:
    """The same id in a header, as a proxy writes it."""
    return {"http.request.header.traceparent": f"00-{one.id}-00f067aa0ba902b7-01"}


def test_ids_under_other_names_are_the_same_ids(store: Store) -> None:
    """A header at the proxy, a field at the service: nginx in front of cart, joined by both."""
    requests = an_hour()
    Tier("nginx", 0.002, by_header).put(store, requests)
    Tier("cart", 0, by_request).put(store, (one for one in requests if one.reached))

    (front,) = found(store).fronts

    assert ("nginx", "cart", "http.request.header.traceparent", "request.id") == (
        front.outer, front.inner, front.outer_id, front.inner_id,
    )  # fmt: skip


def test_two_services_with_the_same_routes_are_two(store: Store) -> None:
    """Nothing, whether ids are reported or not: their requests are others."""
    Tier("shop-a", 0, by_request).put(store, an_hour(1))
    Tier("shop-b", 0).put(store, an_hour(2, start=1_000_000))
    assert not found(store)


def test_one_place_alone_is_nothing(store: Store) -> None:
    """An access log by itself."""
    Tier("nginx", 0, by_request).put(store, an_hour())
    assert not found(store)


def test_full_spans_stay_what_is_counted(store: Store) -> None:
    """Lines of the same requests tell nothing that spans do not."""
    requests = [one for one in an_hour() if one.reached]
    Tier("nginx", 0.002, by_header).put(store, requests)
    put_roots(store, "cart", requests)
    assert not found(store).fronts


def test_of_sampled_spans_the_access_log_is_counted(store: Store) -> None:
    """With an id and without: the lines of nginx, rather than each tenth span behind it."""
    requests = an_hour()
    put_roots(store, "cart", requests[::10])
    Tier("nginx", 0.002).put(store, requests)
    assert {"nginx"} == found(store).beside_spans


def test_a_large_store_is_looked_at_in_parts(store: Store) -> None:
    """More lines than are compared: the link is found in stretches of them."""
    requests = an_hour(3, rate=4.5)
    assert 2 * len(requests) > 2 * MOST
    Tier("nginx", 0.002).put(store, requests)
    Tier("cart").put(store, (one for one in requests if one.reached))
    assert [("nginx", "cart")] == [(one.outer, one.inner) for one in found(store).fronts]


def test_a_header_that_a_logger_keeps_tells_requests_apart(store: Store) -> None:
    """The service behind is counted: only it has the country of a request; an id below `req` is none."""
    requests = [one for one in an_hour() if one.reached]
    Tier("nginx", 0.002).put(store, requests)
    for_country = {"req.headers.x-country": "CH"}
    Tier("cart", 0, lambda one: {"req.id": str(one.number % 9), **for_country}).put(store, requests)

    (front,) = found(store).fronts

    assert ("nginx", "cart", True) == (front.outer, front.inner, front.counted_inside)
