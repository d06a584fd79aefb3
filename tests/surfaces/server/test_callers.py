"""Who sent a request."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.incidents.accounts import Accounts
from lastgood.incidents.database import open_database
from lastgood.model.access import NOBODY, KeyKind
from lastgood.surfaces.server.callers import Callers, key_in, session_in
from lastgood.workbench.access import Access, access_of
from records import ticking


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    database = open_database(f"sqlite:///{tmp_path / 'record.db'}")
    yield access_of(Accounts(database), ticking())
    database.close()


@pytest.mark.parametrize(
    ("authorization", "own", "key"),
    [("Bearer k", "", "k"), ("bearer  k ", "", "k"), ("", "k", "k"), ("Basic k", "", ""), ("", "", "")],
)
def test_a_key_comes_in_one_of_two_headers(authorization: str, own: str, key: str) -> None:
    """Any other scheme is none."""
    assert key == key_in(authorization, own)


def test_a_key_is_looked_up_once_in_a_while(access: Access) -> None:
    """The database is not asked for every request; nonsense of any length is no one."""
    key, text = access.new_key("shop", KeyKind.INGEST, actor="kim")

    async def work() -> None:
        callers = Callers(access)
        assert (await callers.of_key(text)).ingest
        access.revoke(key.identity, actor="kim")
        assert (await callers.of_key(text)).ingest  # for some seconds
        assert not (await Callers(access).of_key(text)).ingest
        assert [NOBODY, NOBODY] == [await callers.of_key("x" * 10_000), await callers.of_session("")]

    asyncio.run(work())


def test_a_session_that_ended_is_forgotten_at_once(access: Access) -> None:
    """Whoever logs out is out."""
    password = access.first_admin(None)
    assert password is not None
    token = access.log_in("admin", password)
    assert token is not None

    async def work() -> None:
        callers = Callers(access)
        assert "admin" == (await callers.of_session(token)).name
        access.log_out(token, "admin")
        callers.forget(token)
        assert NOBODY == await callers.of_session(token)

    asyncio.run(work())


def test_a_session_is_one_cookie_among_others() -> None:
    """Nonsense is none."""
    assert "t" == session_in("a=1; lastgood_session=t; b=2")
    assert "" == session_in("a=1")
    assert "" == session_in("\x00=;;;")
