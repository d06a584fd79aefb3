"""Requests that are refused, of many senders or of one."""

from datetime import timedelta

import pytest

from cases import case_of
from lastgood.inspections.confirm.refused import by_refusals
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.store import Store
from tiers import BAD_FROM, Request, Tier
from worlds import START

BREAK = START + timedelta(seconds=BAD_FROM)
COMPARISON = Comparison(Window(START, BREAK), Window(BREAK, START + timedelta(hours=1)), given=True)


def requests(status: int, senders: int, first: int = 0) -> list[Request]:
    """One a second of 90 senders; from the break on each tenth gets a status, and these are of so many senders."""
    return [
        Request(n, float(n), 0.01, "/sessions", status if late and n % 10 == 0 else 200, first + n // 10 % senders if n % 10 == 0 else n % 90, "free")
        for n in range(3600)
        for late in [n >= BAD_FROM]
    ]  # fmt: skip


@pytest.mark.parametrize("status", [422, 403, 404])
def test_many_senders_that_are_refused_are_harm(store: Store, status: int) -> None:
    """A tenth of the requests gets a status that nobody got."""
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, requests(status, 40))
    found = by_refusals(case_of(store, COMPARISON))

    assert found is not None
    assert Verdict.YES is found.verdict
    assert "are refused (4xx)" in found.because


def test_strangers_who_are_refused_are_none(store: Store) -> None:
    """Who gets 404 and nothing else scans."""
    late = [one for one in requests(404, 40, first=100) if one.status == 404 or one.begin % 10]
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, late)

    assert by_refusals(case_of(store, COMPARISON)) is None


def test_it_is_not_known_whether_customers_are_refused_where_nobody_is_named(store: Store) -> None:
    """Neither yes nor none: the sentence says what would tell."""
    Tier("shop").put(store, requests(404, 40))
    found = by_refusals(case_of(store, COMPARISON))

    assert found is not None
    assert Verdict.UNKNOWN is found.verdict
    assert "scanners" in found.limits[0]


@pytest.mark.parametrize(("status", "senders"), [(404, 1), (422, 1), (200, 40)])
def test_one_sender_is_none(store: Store, status: int, senders: int) -> None:
    """One sender may be wrong."""
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(
        store, requests(status, senders)
    )

    assert by_refusals(case_of(store, COMPARISON)) is None


def test_a_share_that_rises_for_want_of_others_is_none(store: Store) -> None:
    """Robots go on while people sleep: as many refusals in the time are no more of them."""
    made = [
        Request(n, float(n), 0.01, "/sessions", 404 if n % 10 == 0 else 200, n % 90, "free")
        for n in range(3600)
        if n < BAD_FROM or n % 10 == 0 or n % 10 == 1
    ]
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, made)

    assert by_refusals(case_of(store, COMPARISON)) is None
