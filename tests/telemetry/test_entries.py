"""Entries: every request is counted once, with what each place says of it."""

from datetime import timedelta
from typing import Any

from lastgood.model.attributes import ANSWERED_BY
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.telemetry.entries import Entries, needs_whole
from lastgood.workbench.store import Store
from telemetry.test_fronts import by_request
from tiers import Request, Tier, an_hour, put_roots
from worlds import START

WINDOW = Window(START, START + timedelta(hours=2))
COUNT = "SELECT count() AS n, countIf(failed) AS failed FROM lg_requests"
PEOPLE = (
    "SELECT uniqExact(user) AS users, uniqExactIf(user, failed) AS affected FROM lg_requests WHERE user != ''"
)
PLANS = "SELECT attributes['plan'] AS plan, count() AS n FROM lg_requests GROUP BY plan ORDER BY plan"


def ask(store: Store, sql: str, **given: Any) -> list[dict[str, Any]]:
    """The rows of a query over the whole hour."""
    return store.survey()[1].query(sql, {}, WINDOW, **given).dicts()


def reported(requests: list[Request]) -> dict[str, int]:
    """How many there are, and how many failed."""
    return {"n": len(requests), "failed": sum(one.failed for one in requests)}


def affected(requests: list[Request]) -> dict[str, int]:
    """How many users there are, and how many of them failed."""
    return {
        "users": len({one.user for one in requests}),
        "affected": len({one.user for one in requests if one.failed}),
    }


def proxy(one: Request) -> dict[str, str]:
    """As the proxy names users, which is not as the service does."""
    return {"user.id": f"u{one.user}"}


def service(one: Request) -> dict[str, str]:
    """What only the service says."""
    return {"user.id": str(one.user), "plan": one.plan}


def two_tiers(store: Store, *, ids: bool) -> list[Request]:
    """Nginx in front of cart."""
    requests = an_hour()

    def with_id(says: Any) -> Any:
        return lambda one: {**says(one), **(by_request(one) if ids else {})}

    Tier("nginx", 0.002, with_id(proxy)).put(store, requests)
    Tier("cart", 0, with_id(service)).put(store, (one for one in requests if one.reached))
    return requests


def test_requests_joined_by_id_count_once_with_both_sides_attributes(store: Store) -> None:
    """As many as there were, their users by one name each, and the plan of those that reached the service."""
    requests = two_tiers(store, ids=True)
    plans = [
        {"plan": plan, "n": sum(plan == (one.plan if one.reached else "") for one in requests)}
        for plan in ("", "free", "pro")
    ]
    assert [reported(requests)] == ask(store, COUNT)
    assert [affected(requests)] == ask(store, PEOPLE)
    assert plans == ask(store, PLANS)


def test_requests_joined_by_number_count_once(store: Store) -> None:
    """At the service, which says more, and with the failures that only the proxy saw; users by the service's names."""
    requests = two_tiers(store, ids=False)
    assert [reported(requests)] == ask(store, COUNT)
    assert [affected(requests)] == ask(store, PEOPLE)
    assert [{"service": "cart"}] == ask(store, "SELECT DISTINCT service FROM lg_requests")


def test_three_tiers_count_once(store: Store) -> None:
    """Edge, nginx and app."""
    requests = an_hour()
    for name, adds in (("app", 0.0), ("nginx", 0.002), ("edge", 0.004)):
        Tier(name, adds, by_request).put(store, requests)
    assert [reported(requests)] == ask(store, COUNT)


def test_what_is_asked_of_the_service_itself_too_is_counted(store: Store) -> None:
    """A quarter of the requests of the app come from elsewhere: they count beside those of nginx."""
    requests, others = an_hour(), an_hour(7, rate=1.0, start=500_000)
    Tier("nginx", 0.002, by_request).put(store, requests)
    Tier("app", 0, by_request).put(store, [*requests, *others])
    assert [reported([*requests, *others])] == ask(store, COUNT)


def test_a_service_behind_another_can_be_asked_about(store: Store) -> None:
    """Its own requests are all served there, and a scope of it means these."""
    requests = two_tiers(store, ids=True)
    reached = [one for one in requests if one.reached]
    assert [reported(reached)] == ask(store, COUNT, scope=Scope(services=("cart",)))
    assert [{"n": len(requests) + len(reached)}] == ask(store, "SELECT count() AS n FROM lg_served")


def test_two_services_count_what_they_have(store: Store) -> None:
    """Nothing is merged, and nothing about it stands in the query."""
    a, b = an_hour(1), an_hour(2)
    Tier("shop-a").put(store, a)
    Tier("shop-b").put(store, b)
    assert [reported([*a, *b])] == ask(store, COUNT)
    assert "front_" not in store.survey()[1].query(COUNT, {}, WINDOW).provenance.sql


def test_of_sampled_spans_the_lines_count_with_their_attributes(store: Store) -> None:
    """All requests of nginx; each tenth has the plan that its span carries, and the others none."""
    requests = an_hour()
    put_roots(store, "cart", requests[::10])
    Tier("nginx", 0.002, by_request).put(store, requests)
    assert [reported(requests)] == ask(store, COUNT)
    assert len(requests) - len(requests[::10]) == ask(store, PLANS)[0]["n"]


def test_only_what_reads_attributes_joins() -> None:
    """Counting needs no join."""
    assert [False, True, True] == [needs_whole(sql) for sql in (COUNT, PEOPLE, "SELECT * FROM lg_requests")]


def test_without_links_there_is_nothing() -> None:
    """An empty survey is false."""
    assert not Entries()


def test_what_only_a_proxy_writes_does_not_describe_its_failures(store: Store) -> None:
    """Of requests that it answered by itself only what the service writes alike is kept: the others are not counted there."""
    requests = an_hour()
    address = {"server.address": "shop.example"}
    Tier("nginx", 0.002, lambda _: {**address, "scheme": "https"}, {"host.name": "edge-1"}).put(
        store, requests
    )
    reached = [one for one in requests if one.reached]
    Tier("cart", 0, lambda one: {**service(one), "scheme": "https"}).put(store, reached)

    own = f"attributes['{ANSWERED_BY}'] = 'nginx'"
    sql = (
        f"SELECT count() AS n, countIf(mapContains(attributes, 'server.address')) AS addressed, "
        f"countIf(attributes['scheme'] = 'https') AS alike, countIf(resource['host.name'] != '') AS hosts FROM lg_requests WHERE {own}"
    )
    n = len(requests) - len(reached)
    assert [{"n": n, "addressed": 0, "alike": n, "hosts": 0}] == ask(store, sql)
