"""Passwords in clear text: when PostgreSQL's client must refuse to send one.

A server, or a host between, may ask for the password itself. libpq sends it, with or without TLS, unless
`require_auth` says otherwise (https://www.postgresql.org/docs/16/libpq-connect.html#LIBPQ-CONNECT-REQUIRE-AUTH).
"""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

REFUSED = "!password"
_TLS = frozenset({"require", "verify-ca", "verify-full"})
_ASKED = "server requested a cleartext password"
WAY_OUT = (
    "Add sslmode=verify-full and sslrootcert=FILE to the address, or use scram-sha-256 in pg_hba.conf. "
    "To send it all the same, add require_auth=password."
)


def refusing(parameters: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """The parameter of libpq that keeps a password from being sent in clear text; none where no other host can read it.

    That is so on a local socket, on the loopback interface, and with required TLS (see `unverified`). A given `require_auth` is kept.
    """
    given = _given(parameters, environment)
    safe = given["sslmode"] in _TLS or _only_here(given)
    return {} if given["require_auth"] or safe else {"require_auth": REFUSED}


def unverified(parameters: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Whether TLS is required and the server's certificate is not checked: whoever stands between can pose as the server.

    libpq checks it with `sslmode=require` only if it has a root certificate.
    """
    given = _given(parameters, environment)
    return given["sslmode"] == "require" and not given["sslrootcert"] and not _only_here(given)


def _given(parameters: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: str(parameters.get(name) or environment.get(variable) or "")
        for name, variable in (
            ("require_auth", "PGREQUIREAUTH"), ("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"),
            ("hostaddr", "PGHOSTADDR"), ("host", "PGHOST"), ("service", "PGSERVICE"),
        )
    }  # fmt: skip


def _only_here(given: Mapping[str, str]) -> bool:
    hosts = (given["hostaddr"] or given["host"]).split(",")
    return not given["service"] and all(map(_is_here, hosts))


def was_refused(message: str) -> bool:
    """Whether libpq says that the server asked for the password itself, and did not get it."""
    return REFUSED in message and _ASKED in message


def _is_here(host: str) -> bool:
    if not host or host == "localhost" or host.startswith(("/", "@")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
