"""Users, keys and sessions in both kinds of database."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import RecordFailedError
from lastgood.incidents.accounts import Accounts
from lastgood.incidents.database import Database, open_database
from lastgood.model.access import Key, KeyKind, Role, User
from records import START


@pytest.fixture
def accounts(kept: Database) -> Accounts:
    return Accounts(kept)


def test_only_the_first_admin_is_made_by_itself(accounts: Accounts) -> None:
    """A second start adds no one and changes no password."""
    assert accounts.add_first(User("admin", "hash", Role.ADMIN))
    assert not accounts.add_first(User("admin", "other", Role.ADMIN))
    assert User("admin", "hash", Role.ADMIN) == accounts.user("admin")


def test_a_name_is_one_persons_whoever_says_so(accounts: Accounts) -> None:
    """A provider's user is added, then gets another role; a name that is taken stays whose it is."""
    assert accounts.add_first(User("admin", "hash", Role.ADMIN))
    assert accounts.known_elsewhere(User("kim", "oidc a 1", Role.VIEWER))
    assert accounts.known_elsewhere(User("kim", "oidc a 1", Role.ADMIN))
    assert User("kim", "oidc a 1", Role.ADMIN) == accounts.user("kim")
    assert not accounts.known_elsewhere(User("kim", "oidc a 2", Role.ADMIN))
    assert not accounts.known_elsewhere(User("admin", "oidc a 1", Role.VIEWER))
    assert User("admin", "hash", Role.ADMIN) == accounts.user("admin")


def test_a_session_ends_by_itself_by_log_out_and_with_the_password(accounts: Accounts) -> None:
    """It counts until its time, and a new password ends all sessions of a user."""
    user = User("kim", "hash", Role.VIEWER)
    accounts.put(user)
    accounts.add_session("s1", "kim", "csrf", START + timedelta(hours=1))
    accounts.add_session("s2", "kim", "csrf", START + timedelta(hours=1))

    assert (user, "csrf") == accounts.session("s1", START)
    assert accounts.session("s1", START + timedelta(hours=1)) is None
    accounts.end_session("s1")
    assert accounts.session("s1", START) is None
    accounts.put(User("kim", "new", Role.ADMIN))
    assert accounts.session("s2", START) is None


def test_a_key_is_found_by_its_hash_and_revoked_once(accounts: Accounts) -> None:
    """What is kept of it comes back as it was."""
    key = Key("id1", "shop", KeyKind.API, Role.VIEWER, START, START + timedelta(days=1))
    accounts.add_key(key, "h")

    assert key == accounts.key("h")
    assert (key,) == accounts.all_keys()
    assert accounts.revoke("id1", START)
    assert not accounts.revoke("id1", START)
    found = accounts.key("h")
    assert found is not None
    assert not found.valid(START)


def test_the_audit_log_is_only_added_to(tmp_path: Path) -> None:
    """Another program cannot take a line out."""
    database = open_database(f"sqlite:///{tmp_path / 'record.db'}")
    accounts = Accounts(database)
    accounts.audit("kim", "logged in", START)

    assert ((START, "kim", "logged in"),) == accounts.audited()
    with pytest.raises(RecordFailedError, match="append-only"), database.writing() as transaction:
        transaction.run("DELETE FROM lastgood_audit")
