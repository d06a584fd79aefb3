"""Which requests count as refused."""

import pytest

from cases import case_of
from lastgood.readings.refusals import REFUSED, SERVED_ORDINARILY
from lastgood.workbench.store import Store
from tiers import Request, Tier


@pytest.mark.parametrize(("served", "refused"), [(SERVED_ORDINARILY, 2), (SERVED_ORDINARILY - 1, 1)])
def test_not_found_counts_where_others_are_served(store: Store, served: int, refused: int) -> None:
    """What is wrong by its content counts everywhere."""
    statuses = [*[200] * int(served), 404, 422]
    Tier("shop").put(
        store, [Request(n, float(n), 0.01, "/carts", s, n, "free") for n, s in enumerate(statuses)]
    )
    rows = case_of(store, None).query(f"SELECT countIf(failed) AS n FROM {REFUSED}").dicts()

    assert [{"n": refused}] == rows


@pytest.mark.parametrize(
    ("agent", "refused"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/127.0", 2),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/126.0", 2),  # a telephone
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; MenuBot/2.1; +https://menu.example/bot)",
            0,
        ),
        ("Mozilla/5.0 (compatible; SomeSpider)", 0),
        ("FeedFetcher (+http://feeds.example)", 0),
        ("", 2),
    ],
)
def test_what_robots_are_refused_counts_nowhere(store: Store, agent: str, refused: int) -> None:
    """By the name that they give themselves."""
    statuses = [*[200] * int(SERVED_ORDINARILY), 404, 422]
    Tier("shop", says=lambda _: {"user_agent.original": agent}).put(
        store, [Request(n, float(n), 0.01, "/carts", s, n, "free") for n, s in enumerate(statuses)]
    )
    rows = case_of(store, None).query(f"SELECT countIf(failed) AS n FROM {REFUSED}").dicts()

    assert [{"n": refused}] == rows


@pytest.mark.parametrize(("method", "refused"), [("POST", 2), ("GET", 0)])
def test_who_sends_something_is_a_partner_and_no_robot(store: Store, method: str, refused: int) -> None:
    """A webhook's sender names a page about itself as robots do."""
    statuses = [*[200] * int(SERVED_ORDINARILY), 404, 422]
    said = {
        "user_agent.original": "Stripe/1.0 (+https://stripe.example/webhooks)",
        "http.request.method": method,
    }
    Tier("shop", says=lambda _: said).put(
        store, [Request(n, float(n), 0.01, "/hook", s, n, "free") for n, s in enumerate(statuses)]
    )
    rows = case_of(store, None).query(f"SELECT countIf(failed) AS n FROM {REFUSED}").dicts()

    assert [{"n": refused}] == rows
