"""Which of several servers looks after an incident, in both kinds of database."""

from lastgood.incidents.claims import Claims
from lastgood.incidents.database import Database


def test_one_server_has_an_incident_until_it_lets_go(kept: Database) -> None:
    """It may take it again; another may then."""
    one, other = Claims(kept, "one"), Claims(kept, "other")

    assert one.take(1)
    assert one.take(1)
    assert not other.take(1)
    assert other.take(2)
    assert frozenset({1}) == one.renew()
    one.release(1)
    assert frozenset() == one.renew()
    assert other.take(1)
    assert frozenset({1, 2}) == other.renew()
    other.release()
    assert one.take(2)


def test_what_is_not_renewed_is_anybodys(kept: Database) -> None:
    """After the lease; whoever had it learns that when it renews."""
    one, other = Claims(kept, "one"), Claims(kept, "other")
    one.take(1)
    with kept.writing() as transaction:
        transaction.run(f"UPDATE lastgood_claims SET until = {transaction.now} - 1")

    assert other.take(1)
    assert not one.take(1)
    assert frozenset() == one.renew()


def test_what_a_person_cancelled_is_nobodys_until_it_is_allowed(kept: Database) -> None:
    """On whichever server; its own owner does not have it either."""
    one, other = Claims(kept, "one"), Claims(kept, "other")
    one.take(1)
    other.cancel(1)

    assert frozenset() == one.renew()
    assert not one.take(1)
    assert not other.take(1)
    one.allow(1)
    assert one.take(1)
