"""Log-in, sessions and keys."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.incidents.accounts import Accounts
from lastgood.incidents.database import open_database
from lastgood.model.access import NOBODY, KeyKind, Role
from lastgood.workbench.access import SESSION, Access, access_of, given_keys, hash_of
from records import START

PASSWORD = "correct-horse"  # noqa: S105 - of a test


class Clock:
    """Time as it is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(tmp_path: Path, clock: Clock) -> Iterator[Access]:
    database = open_database(f"sqlite:///{tmp_path / 'record.db'}")
    yield access_of(Accounts(database), clock, {"LASTGOOD_INGEST_KEY": "k" * 16})
    database.close()


def test_the_first_admin_logs_in_with_the_password_that_was_made(access: Access, clock: Clock) -> None:
    """It is made once; a session lasts half a day, and log-in and log-out are in the audit log."""
    password = access.first_admin(None)
    assert password is not None
    assert access.first_admin(None) is None

    token = access.log_in("admin", password)
    assert token is not None
    caller = access.of_session(token)
    assert (Role.ADMIN, "admin") == (caller.role, caller.name)
    assert caller.csrf
    clock.now += SESSION
    assert NOBODY == access.of_session(token)
    access.log_out(token, "admin")
    assert ["first admin made", "logged in", "logged out"] == [
        what for _, _, what in access.accounts.audited()
    ]


@pytest.mark.parametrize(("name", "password"), [("admin", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_is_refused_and_written_down(
    access: Access, name: str, password: str
) -> None:
    """Neither says which of the two was wrong."""
    access.first_admin(PASSWORD)

    assert access.log_in(name, password) is None
    assert (name, "log-in refused") == access.accounts.audited()[-1][1:]


def test_no_secret_is_kept(access: Access, tmp_path: Path) -> None:
    """Neither password, key nor session is in the files of the database."""
    access.first_admin(PASSWORD)
    session = access.log_in("admin", PASSWORD)
    _, key = access.new_key("shop", KeyKind.INGEST, actor="kim")

    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert session is not None
    assert [] == [secret for secret in (PASSWORD, session, key) if secret.encode() in kept]
    assert hash_of(key).encode() in kept


def test_a_key_counts_until_it_is_revoked_or_expires(access: Access, clock: Clock) -> None:
    """An ingest key has no role, an API token no right to send."""
    ingest, sent = access.new_key("shop", KeyKind.INGEST, actor="kim")
    _, token = access.new_key("scorer", KeyKind.API, Role.VIEWER, days=1, actor="kim")

    assert (True, None) == (access.of_key(sent).ingest, access.of_key(sent).role)
    assert (False, Role.VIEWER) == (access.of_key(token).ingest, access.of_key(token).role)
    access.revoke(ingest.identity, actor="kim")
    clock.now += timedelta(days=1)
    assert [NOBODY, NOBODY] == [access.of_key(sent), access.of_key(token)]
    with pytest.raises(UsageError, match="no valid key"):
        access.revoke(ingest.identity, actor="kim")


def test_keys_of_the_environment_count_while_it_runs(access: Access) -> None:
    """One that is too short to be safe is refused at the start."""
    assert access.of_key("k" * 16).ingest
    with pytest.raises(UsageError, match="fewer than 16"):
        given_keys({"LASTGOOD_API_TOKEN": "short"})
    with pytest.raises(UsageError, match="fewer than 12"):
        access.first_admin("short")


def test_a_user_may_be_added_with_a_role(access: Access) -> None:
    """And logs in with it."""
    access.add_user("lee", PASSWORD, Role.RESPONDER, actor="admin")

    token = access.log_in("lee", PASSWORD)
    assert token is not None
    assert Role.RESPONDER == access.of_session(token).role
