"""Counted once: the card's numbers are of the same requests, and it says which stood at two places."""

from datetime import timedelta

import pytest

from lastgood.errors import BudgetError
from lastgood.inspections.confirm.counted_once import UNREAD
from lastgood.model.figures import count
from lastgood.model.window import Comparison, Window
from lastgood.telemetry import fronts
from lastgood.workbench.store import Store
from lastgood.workbench.triage import triage
from telemetry.test_entries import two_tiers
from tiers import BAD_FROM, Request, Tier, an_hour
from worlds import START

BREAK = START + timedelta(seconds=BAD_FROM)
COMPARISON = Comparison(Window(START, BREAK), Window(BREAK, START + timedelta(seconds=3610)), given=True)


def late(requests: list[Request]) -> list[Request]:
    """Those that a proxy wrote down in the bad window."""
    return [one for one in requests if one.begin + one.took + 0.002 >= BAD_FROM]


def test_the_numbers_of_a_card_agree(store: Store) -> None:
    """As many failed, and as many users are affected, as there were: in what is confirmed, who is hit and the severity."""
    requests = late(two_tiers(store, ids=True))
    failed = [one for one in requests if one.failed]
    affected, named = len({one.user for one in failed}), len({one.user for one in requests})

    sitrep = triage(store, now=COMPARISON.bad.end, comparison=COMPARISON)

    assert sitrep.confirmation is not None
    impact = sitrep.confirmation.impact
    assert (len(requests), len(failed), affected) == (impact.requests, impact.failed, impact.users)
    assert sitrep.severity is not None
    assert f"{affected:,} of {named:,} identified users are affected" in sitrep.severity.because
    assert sitrep.blast_radius is not None
    (segment,) = sitrep.blast_radius.segments
    pro = [one for one in failed if one.plan == "pro" and one.reached]
    assert ({"plan": "pro"}, len(pro)) == (segment.where, segment.failures)


def test_it_is_said_what_is_counted_where(store: Store) -> None:
    """Where an id joins both, and where users have other names at each."""
    reached = [one for one in two_tiers(store, ids=True) if one.reached]
    said = triage(store, now=COMPARISON.bad.end, comparison=COMPARISON).unknown
    assert f"{count(len(reached))} requests appear at nginx and cart: counted once, at nginx" in said


def test_users_are_counted_by_the_names_of_one_place(store: Store) -> None:
    """By those of shop, which names more, where others write them with a letter before."""
    requests, others = an_hour(), an_hour(2, rate=2.0)
    Tier("shop", says=lambda one: {"user.id": str(one.user)}).put(store, requests)
    Tier("desk", says=lambda one: {"user.id": f"u{one.user}"}).put(store, others)

    sitrep = triage(store, now=COMPARISON.bad.end, comparison=COMPARISON)

    assert "desk and shop use different user ids: users are counted at shop" in sitrep.unknown
    assert sitrep.severity is not None
    named = len({one.user for one in requests if one.begin + one.took >= BAD_FROM})
    assert f"of {named:,} identified users are affected" in sitrep.severity.because


def test_nothing_is_said_of_requests_at_one_place(store: Store) -> None:
    """Two services with requests of their own."""
    Tier("shop-a").put(store, an_hour(1))
    Tier("shop-b").put(store, an_hour(2))
    said = triage(store, now=COMPARISON.bad.end, comparison=COMPARISON).unknown
    assert not [one for one in said if "appear" in one or "named differently" in one]


def test_it_is_said_where_there_was_no_time_to_look(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests may then be counted twice."""

    def no_time(*_: object) -> None:
        raise BudgetError("The query reached its time limit.")

    two_tiers(store, ids=True)
    monkeypatch.setattr(fronts, "_stretches", no_time)
    assert UNREAD in triage(store, now=COMPARISON.bad.end, comparison=COMPARISON).unknown
