"""Parties: who is affected, by name or else by address."""

from datetime import timedelta

from cases import case_of
from lastgood.inspections.confirm.parties import PARTIES, People, one_user, people_of, uncounted
from lastgood.inspections.confirm.weights import ONE_OF_USERS
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import Compared, Counted
from lastgood.workbench.store import Store
from tiers import BAD_FROM, Request, Tier
from worlds import START

BREAK = START + timedelta(seconds=BAD_FROM)
COMPARISON = Comparison(Window(START, BREAK), Window(BREAK, START + timedelta(hours=1)), given=True)
AFFECTED = Compared((("shop", "/cart"),), Counted(1000, 1), Counted(60, 20))


def requests() -> list[Request]:
    """Sixty of the bad window, of six senders; whoever is the first has twenty failures."""
    return [
        Request(n, BAD_FROM + n, 0.01, "/cart", 500 if n % 6 == 0 and n < 120 else 200, n % 6, "free")
        for n in range(1, 121)
    ]


def test_named_users_are_counted_and_what_names_none_is_reported(store: Store) -> None:
    """A failing request without a name may be anyone's: at least so many are affected."""
    Tier("shop", says=lambda one: {"user.id": str(one.user)} if one.number > 12 else {}).put(
        store, requests()
    )
    found = people_of(case_of(store, COMPARISON), AFFECTED, float("inf"))

    assert People(6, 1, 17, 18, 2) == found
    assert ("2 affected requests to shop /cart identify no user: at least 1 user is affected",) == tuple(
        one.replace("\u00a0", " ") for one in uncounted(AFFECTED, found)
    )


def test_an_address_stands_for_who_has_no_name(store: Store) -> None:
    """One of six has all failures: without it no one is affected."""
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, requests())
    case = case_of(store, COMPARISON)

    assert 0 == people_of(case, AFFECTED, float("inf")).users
    parties = people_of(case, AFFECTED, float("inf"), PARTIES[1])
    assert (6, 1) == (parties.users, parties.affected)
    assert one_user(AFFECTED, parties)
    assert ("requests identify no users, so users cannot be counted",) == uncounted(
        AFFECTED, People(0, 0, 0, 0)
    )


def test_of_few_users_one_is_many() -> None:
    """ONE_OF_USERS, of whom one has all failures."""
    alone = [one_user(AFFECTED, People(n, 1, 20, 20)) for n in (ONE_OF_USERS, ONE_OF_USERS - 1)]

    assert [True, False] == alone
