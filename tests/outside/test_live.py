"""Questions to running databases: which address is of which, and that one that is not there is asked once."""

from dataclasses import replace

import orjson
import pytest

from lastgood.errors import UsageError
from lastgood.model.trouble import System
from lastgood.outside.database.limits import Limits
from lastgood.outside.live import ask_live, live_address, system_of
from systems import System as Played
from systems import running

OTHER = "other"
ENVIRONMENT = {"SHOP": "postgresql://kim:hunter2@h/shop", "CACHE": "redis://:hunter2@h"}


@pytest.mark.parametrize(
    ("given", "system"),
    [
        ("env:SHOP", System.POSTGRESQL), ("mysql://kim@h/shop", System.MYSQL), ("mariadb://kim@h/shop", System.MYSQL),
        ("env:CACHE", System.REDIS), ("rediss://h", System.REDIS),
    ],
)  # fmt: skip
def test_the_system_is_known_by_the_address(given: str, system: System) -> None:
    """By its scheme, also of one that a variable holds; the password is not shown."""
    address = live_address(given, ENVIRONMENT)

    assert system is system_of(address)
    assert "hunter2" not in str(address)


def test_a_password_of_the_settings_comes_first() -> None:
    """So two databases can have a password each."""
    for given in ("env:SHOP", "env:CACHE"):
        assert OTHER == live_address(given, ENVIRONMENT, password=OTHER).password


@pytest.mark.parametrize("given", ["sqlite:////tmp/x.db", "http://h", "shop", "env:NONE", "redis://:x@h"])
def test_what_cannot_be_asked_is_refused(given: str) -> None:
    """A file, another protocol, no address, a variable that is not set, a password in sight."""
    with pytest.raises(UsageError):
        live_address(given, {})


def test_a_server_that_is_not_there_is_asked_once() -> None:
    """Every question has the reason; the time of one."""
    for given in ("postgresql://kim@127.0.0.1:1/shop", "redis://127.0.0.1:1"):
        names = ("pg-connections", "pg-blocked", "pg-statements", "redis-info", "redis-slow")
        found = ask_live(live_address(given, {}), names, Limits(seconds=1))

        assert 2 <= len(found)
        assert 1 == len({replace(one, question="") for one in found})
        assert {True} == {"127.0.0.1" in one.problem for one in found}


def test_names_that_hold_secrets_are_shown_without() -> None:
    """Of a queue, as of a column of a database."""
    queue = {"name": "a password=hunter2x kim@example.com", "messages_ready": 1e300, "consumers": 0}
    content = orjson.dumps([queue])
    with running(
        Played({"/api/queues": lambda _: (200, {"content-type": "application/json"}, content)})
    ) as url:
        (found,) = ask_live(live_address(f"rabbitmq+{url}", {}), ["rabbitmq-queues"], Limits())

    assert "hunter2x" not in str(found.rows)
    assert "kim@example.com" not in str(found.rows)
    assert (None, None, 0) == found.rows[0][1:4]
