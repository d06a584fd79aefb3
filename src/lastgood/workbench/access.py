"""Access: log-in, sessions and keys of the server; every change of them is in the audit log."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING

from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import UsageError
from lastgood.incidents.accounts import Accounts
from lastgood.model.access import NOBODY, Caller, Key, KeyKind, Role, User
from lastgood.model.clock import Clock

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ADMIN = "admin"
SESSION = timedelta(hours=12)
SHORTEST_TOKEN = 16  # characters of a key that comes from the environment
SHORTEST_PASSWORD = 12
LONGEST_AUDITED = 1_000  # characters
SUBJECT = "oidc "  # in place of a hash: who the provider says it is; no password is right
PREFIXES = {KeyKind.INGEST: "lgi_", KeyKind.API: "lgt_"}


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the server: what is kept, and keys that the environment gives while it runs."""

    accounts: Accounts
    clock: Clock
    given: Mapping[str, Caller]  # by the hash of the key

    def of_key(self, key: str) -> Caller:
        """Whoever has a key; no one where it does not count."""
        hashed = hash_of(key)
        for known, caller in self.given.items():
            if compare_digest(known, hashed):
                return caller
        found = self.accounts.key(hashed)
        if found is None or not found.valid(self.clock()):
            return NOBODY
        return Caller(f"key {found.name}", found.role, ingest=found.kind is KeyKind.INGEST)

    def of_session(self, token: str) -> Caller:
        """Whoever has a session; no one where it has ended."""
        found = self.accounts.session(hash_of(token), self.clock())
        if found is None:
            return NOBODY
        user, csrf = found
        return Caller(user.name, user.role, csrf=csrf)

    def log_in(self, name: str, password: str) -> str | None:
        """The token of a new session; None where name or password are wrong. Takes a second and 64 MiB."""
        user = self.accounts.user(name)
        local = user is not None and not user.password_hash.startswith(SUBJECT)
        if not _right(user.password_hash if user and local else _nobodys(), password) or user is None:
            self.accounts.audit(name[:100], "log-in refused", self.clock())
            return None
        return self._session(user.name, "logged in")

    def sign_on(self, name: str, subject: str, role: Role) -> str | None:
        """The token of a new session of a person whom a provider knows as `subject`; None where the name is another's."""
        if not self.accounts.known_elsewhere(User(name, SUBJECT + subject, role)):
            self.accounts.audit(name, "log-in refused: the name belongs to another user", self.clock())
            return None
        return self._session(name, f"logged in through the provider as {role}")

    def _session(self, name: str, how: str) -> str:
        token = secrets.token_urlsafe(32)
        csrf = secrets.token_urlsafe(24)
        self.accounts.add_session(hash_of(token), name, csrf, self.clock() + SESSION)
        self.accounts.audit(name, how, self.clock())
        return token

    def log_out(self, token: str, name: str) -> None:
        """End a session."""
        self.accounts.end_session(hash_of(token))
        self.accounts.audit(name, "logged out", self.clock())

    def first_admin(self, password: str | None) -> str | None:
        """The password of a new admin, made where none is given; None where there are users already."""
        chosen = password or secrets.token_urlsafe(15)
        if len(chosen) < SHORTEST_PASSWORD:
            raise UsageError(
                f"LASTGOOD_ADMIN_PASSWORD has fewer than {SHORTEST_PASSWORD} characters.",
                hint="Choose a longer one.",
            )
        if self.accounts.user(ADMIN) is not None:
            return None  # hashing takes a second
        user = User(ADMIN, _hasher().hash(chosen), Role.ADMIN)
        if not self.accounts.add_first(user):
            return None
        self.accounts.audit(ADMIN, "first admin made", self.clock())
        return chosen

    def add_user(self, name: str, password: str, role: Role, *, actor: str) -> None:
        """Add a user, or change the password and role of one."""
        self.accounts.put(User(name, _hasher().hash(password), role))
        self.accounts.audit(actor, f"user {name} is {role}", self.clock())

    def new_key(
        self, name: str, kind: KeyKind, role: Role | None = None, *, days: int | None = None, actor: str
    ) -> tuple[Key, str]:
        """A new key as it is kept, and itself, which no one can see again."""
        now = self.clock()
        text = PREFIXES[kind] + secrets.token_urlsafe(32)
        until = now + timedelta(days=days) if days else None
        key = Key(secrets.token_hex(4), name, kind, role, now, until)
        self.accounts.add_key(key, hash_of(text))
        self.accounts.audit(
            actor, f"{kind} key {key.identity} ({name}) made{f', {role}' if role else ''}", now
        )
        return key, text

    def audit(self, actor: str, what: str) -> None:
        """Write down what a person asked of production data: shortened, and without secrets."""
        self.accounts.audit(
            actor, without_secrets(what[: 4 * LONGEST_AUDITED])[:LONGEST_AUDITED], self.clock()
        )

    def revoke(self, identity: str, *, actor: str) -> None:
        """Make a key count no more.

        Raises:
            UsageError: there is no such key, or it was revoked before.
        """
        if not self.accounts.revoke(identity, self.clock()):
            raise UsageError(
                f"There is no valid key {identity!r}.", hint="`lastgood key list` shows all keys."
            )
        self.accounts.audit(actor, f"key {identity} revoked", self.clock())


def hash_of(secret: str) -> str:
    """What is kept of a key or a session."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def given_keys(environment: Mapping[str, str]) -> dict[str, Caller]:
    """The keys in the environment, by their hashes.

    Raises:
        UsageError: one of them is too short.
    """
    callers = {
        "LASTGOOD_INGEST_KEY": Caller("key of the environment", ingest=True),
        "LASTGOOD_API_TOKEN": Caller("token of the environment", Role.VIEWER),
    }
    found = {name: environment[name] for name in callers if environment.get(name)}
    for name, key in found.items():
        if len(key) < SHORTEST_TOKEN:
            raise UsageError(
                f"{name} has fewer than {SHORTEST_TOKEN} characters.", hint="Choose a longer one."
            )
    return {hash_of(key): callers[name] for name, key in found.items()}


def access_of(accounts: Accounts, clock: Clock, environment: Mapping[str, str] | None = None) -> Access:
    """Who may use the server."""
    return Access(accounts, clock, given_keys(environment or {}))


def _right(hashed: str, password: str) -> bool:
    from argon2.exceptions import VerificationError  # noqa: PLC0415 - seldom needed

    try:
        return bool(_hasher().verify(hashed, password))
    except VerificationError:
        return False


@cache
def _nobodys() -> str:
    """A hash that no password has: a name that is not there takes as long as one that is."""
    return _hasher().hash(secrets.token_urlsafe(32))


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 - only where a person logs in

    return PasswordHasher()
