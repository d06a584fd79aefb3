"""Passwords in clear text: where libpq must refuse to send one, and where no other host can read it."""

import pytest

from lastgood.algorithms.clear_passwords import REFUSED, refusing, unverified, was_refused


@pytest.mark.parametrize(
    ("parameters", "environment"),
    [
        ({"host": "db.shop.test"}, {}),
        ({"host": "10.0.0.7", "sslmode": "prefer"}, {}),
        ({"host": "localhost,db.shop.test"}, {}),
        ({"host": "localhost", "hostaddr": "10.0.0.7"}, {}),
        ({}, {"PGHOST": "db.shop.test"}),
        ({}, {"PGSERVICE": "shop"}),
    ],
)
def test_it_is_refused_where_others_could_read_it(
    parameters: dict[str, str], environment: dict[str, str]
) -> None:
    """Over a network, unless TLS is required: `prefer` goes on without where the other side says so."""
    assert {"require_auth": REFUSED} == refusing(parameters, environment)


@pytest.mark.parametrize(
    ("parameters", "environment"),
    [
        ({}, {}),
        ({"host": "/run/postgresql"}, {}),
        ({"host": "localhost"}, {}),
        ({"host": "127.0.0.1,::1"}, {}),
        ({"host": "db.shop.test", "sslmode": "verify-full"}, {}),
        ({"host": "db.shop.test"}, {"PGSSLMODE": "require"}),
        ({"host": "db.shop.test", "require_auth": "password"}, {}),
        ({"host": "db.shop.test"}, {"PGREQUIREAUTH": "password"}),
    ],
)
def test_it_may_be_sent_elsewhere(parameters: dict[str, str], environment: dict[str, str]) -> None:
    """On this machine, in TLS, and where it is asked for."""
    assert {} == refusing(parameters, environment)


def test_what_libpq_says_of_it_is_known() -> None:
    """And no other failure is taken for it."""
    assert was_refused(
        'authentication method requirement "!password" failed: server requested a cleartext password'
    )
    assert not was_refused('password authentication failed for user "kim"')


@pytest.mark.parametrize(
    ("parameters", "environment", "doubtful"),
    [
        ({"host": "db.shop.test", "sslmode": "require"}, {}, True),
        ({"host": "db.shop.test"}, {"PGSSLMODE": "require"}, True),
        ({"host": "db.shop.test", "sslmode": "require", "sslrootcert": "ca.pem"}, {}, False),
        ({"host": "db.shop.test", "sslmode": "require"}, {"PGSSLROOTCERT": "ca.pem"}, False),
        ({"host": "db.shop.test", "sslmode": "verify-full"}, {}, False),
        ({"host": "db.shop.test"}, {}, False),
        ({"host": "localhost", "sslmode": "require"}, {}, False),
    ],
)
def test_tls_without_a_root_certificate_does_not_say_who_answers(
    parameters: dict[str, str], environment: dict[str, str], doubtful: bool
) -> None:
    """It encrypts only."""
    assert doubtful is unverified(parameters, environment)
