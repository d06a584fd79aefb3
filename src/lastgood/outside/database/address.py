"""The address of a database: what of it may be shown, and where its password comes from.

A password never stands on the command line, where every process of the machine can read it.
"""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from lastgood.errors import UsageError

_DIALECTS: Mapping[str, str] = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
}
_SETTINGS = {
    "postgres": {"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "require_auth"},
    "mysql": {"unix_socket", "ssl_ca"},
    "sqlite": set[str](),
}
_FORMS = "postgresql://USER@HOST/DATABASE, mysql://USER@HOST/DATABASE or sqlite:///FILE"
_ELSEWHERE = (
    "Put it into PGPASSWORD, ~/.pgpass or MYSQL_PWD, into a file (--password-file FILE), or the whole address into a "
    "variable: env:NAME."
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, and who asks."""

    dialect: str  # as in `allowed.DIALECTS`
    host: str
    port: int | None
    user: str
    database: str  # a path for SQLite
    settings: Mapping[str, str]
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Without the password."""
        if self.dialect == "sqlite":
            return f"sqlite:///{self.database}"
        name = {"postgres": "postgresql"}.get(self.dialect, self.dialect)
        host = self.host or self.settings.get("host") or self.settings.get("unix_socket", "")
        port = f":{self.port}" if self.port else ""
        return f"{name}://{self.user + '@' if self.user else ''}{host}{port}/{self.database}"


def address_of(given: str, environment: Mapping[str, str], *, password_file: Path | None = None) -> Address:
    """The address that was given, or that `env:NAME` names, with its password from outside the command line.

    Raises:
        UsageError: it is not an address, holds a password in sight, or the file of the password is open to others.
    """
    if given.startswith("env:"):
        name = given.removeprefix("env:")
        if not environment.get(name):
            raise UsageError(
                f"The environment variable {name} is empty or not set.", hint=f"Set it to {_FORMS}."
            )
        address = _read(environment[name], f"the address in {name}")
    else:
        address = _read(given, "the address")
        if address.password is not None:
            raise UsageError(
                "The address holds a password, which others can see in the process list.", hint=_ELSEWHERE
            )
    if password_file is not None:
        return replace(address, password=_kept_password(password_file))
    if address.password is None and address.dialect == "mysql":  # PostgreSQL's driver finds its own
        return replace(address, password=environment.get("MYSQL_PWD"))
    return address


def _read(text: str, what: str) -> Address:
    """The parts of an address. Its text is never repeated in an error: it may hold a password."""
    try:
        split = urlsplit(text)
        port, host = split.port, split.hostname or ""
    except ValueError as problem:
        raise UsageError(f"{what.capitalize()} cannot be read.", hint=f"Write {_FORMS}.") from problem
    dialect = _DIALECTS.get(split.scheme)
    if dialect is None or split.fragment:
        raise UsageError(f"{what.capitalize()} is not one of a known database.", hint=f"Write {_FORMS}.")
    settings = dict(parse_qsl(split.query, keep_blank_values=True))
    password = settings.pop("password", None) or (unquote(split.password) if split.password else None)
    if unknown := sorted(set(settings) - _SETTINGS[dialect]):
        known = ", ".join(sorted(_SETTINGS[dialect])) or "none"
        raise UsageError(
            f"{what.capitalize()} has settings that are not allowed: {', '.join(unknown)}.",
            hint=f"Allowed: {known}.",
        )
    database = unquote(split.path).removeprefix("/")
    if not database:
        raise UsageError(f"{what.capitalize()} names no database.", hint=f"Write {_FORMS}.")
    return Address(dialect, host, port, unquote(split.username or ""), database, settings, password)


def _kept_password(path: Path) -> str:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(f"{path} can be read by others.", hint=f"Make it yours alone: chmod 600 {path}")
        return path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"The password file {path} cannot be read: {problem}.") from problem
