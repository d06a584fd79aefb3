"""Accounts: users, keys and sessions of the server, and its audit log, beside the record in one database.

Secrets are kept as hashes alone: passwords as argon2id, keys and sessions as SHA-256, for they are long and random.
"""

from datetime import datetime
from typing import Any

from lastgood.incidents.database import Database
from lastgood.model.access import Key, KeyKind, Role, User

_KEYS = "SELECT identity, name, kind, role, created_at, expires_at, revoked_at FROM lastgood_keys"


class Accounts:
    """Who may use the server. Any number of threads and processes may use it at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_first(self, user: User) -> bool:
        """Whether the user was added: only where there is none at all."""
        with self._database.writing() as transaction:
            transaction.lock(0)
            if transaction.value("SELECT count(*) FROM lastgood_users"):
                return False
            transaction.run(
                "INSERT INTO lastgood_users (name, password_hash, role) VALUES (%s, %s, %s)",
                user.name, user.password_hash, user.role.value,
            )  # fmt: skip
            return True

    def put(self, user: User) -> None:
        """Add a user, or give one another password and role; the sessions of one who was there end."""
        with self._database.writing() as transaction:
            transaction.run("DELETE FROM lastgood_sessions WHERE user_name = %s", user.name)
            transaction.run("DELETE FROM lastgood_users WHERE name = %s", user.name)
            transaction.run(
                "INSERT INTO lastgood_users (name, password_hash, role) VALUES (%s, %s, %s)",
                user.name, user.password_hash, user.role.value,
            )  # fmt: skip

    def known_elsewhere(self, user: User) -> bool:
        """Whether a user of a provider was added, or given the role that they have now; not if the name is another's.

        Sessions go on, in the new role.
        """
        with self._database.writing() as transaction:
            transaction.lock(0)
            found = transaction.value("SELECT password_hash FROM lastgood_users WHERE name = %s", user.name)
            if found is None:
                transaction.run(
                    "INSERT INTO lastgood_users (name, password_hash, role) VALUES (%s, %s, %s)",
                    user.name, user.password_hash, user.role.value,
                )  # fmt: skip
            elif found == user.password_hash:
                transaction.run(
                    "UPDATE lastgood_users SET role = %s WHERE name = %s", user.role.value, user.name
                )
            return found is None or found == user.password_hash

    def user(self, name: str) -> User | None:
        """The user of a name."""
        with self._database.reading() as transaction:
            found = transaction.row(
                "SELECT name, password_hash, role FROM lastgood_users WHERE name = %s", name
            )
        return User(found[0], found[1], Role(found[2])) if found else None

    def add_key(self, key: Key, hashed: str) -> None:
        """Keep a key by its hash."""
        with self._database.writing() as transaction:
            transaction.run(
                "INSERT INTO lastgood_keys (identity, hash, name, kind, role, created_at, expires_at) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                key.identity, hashed, key.name, key.kind.value, key.role and key.role.value,
                key.created_at.isoformat(), key.expires_at and key.expires_at.isoformat(),
            )  # fmt: skip

    def key(self, hashed: str) -> Key | None:
        """The key with a hash, valid or not."""
        with self._database.reading() as transaction:
            found = transaction.row(f"{_KEYS} WHERE hash = %s", hashed)
        return _key(found) if found else None

    def all_keys(self) -> tuple[Key, ...]:
        """Every key, the oldest first."""
        with self._database.reading() as transaction:
            return tuple(map(_key, transaction.rows(f"{_KEYS} ORDER BY created_at, identity")))

    def revoke(self, identity: str, at: datetime) -> bool:
        """Whether there was such a key that still counted; from now on it does not."""
        with self._database.writing() as transaction:
            done = transaction.run(
                "UPDATE lastgood_keys SET revoked_at = %s WHERE identity = %s AND revoked_at IS NULL",
                at.isoformat(), identity,
            )  # fmt: skip
            return bool(done.rowcount)

    def add_session(self, hashed: str, user: str, csrf: str, expires_at: datetime) -> None:
        """Keep a session by its hash."""
        with self._database.writing() as transaction:
            transaction.run(
                "INSERT INTO lastgood_sessions (hash, user_name, csrf, expires_at) VALUES (%s, %s, %s, %s)",
                hashed, user, csrf, expires_at.isoformat(),
            )  # fmt: skip

    def session(self, hashed: str, now: datetime) -> tuple[User, str] | None:
        """The user and the CSRF token of a session that has not expired."""
        with self._database.reading() as transaction:
            found = transaction.row(
                "SELECT u.name, u.password_hash, u.role, s.csrf, s.expires_at FROM lastgood_sessions s "
                "JOIN lastgood_users u ON u.name = s.user_name WHERE s.hash = %s",
                hashed,
            )
        if found is None or datetime.fromisoformat(found[4]) <= now:
            return None
        return User(found[0], found[1], Role(found[2])), found[3]

    def end_session(self, hashed: str) -> None:
        """Forget a session."""
        with self._database.writing() as transaction:
            transaction.run("DELETE FROM lastgood_sessions WHERE hash = %s", hashed)

    def audit(self, actor: str, what: str, at: datetime) -> None:
        """Write down that a person did something; nothing takes it out again."""
        with self._database.writing() as transaction:
            transaction.run(
                "INSERT INTO lastgood_audit (at, actor, what) VALUES (%s, %s, %s)",
                at.isoformat(), actor, what,
            )  # fmt: skip

    def audited(self) -> tuple[tuple[datetime, str, str], ...]:
        """Time, actor and deed of everything in the audit log, in order."""
        with self._database.reading() as transaction:
            rows = transaction.rows("SELECT at, actor, what FROM lastgood_audit ORDER BY at")
        return tuple((datetime.fromisoformat(at), actor, what) for at, actor, what in rows)


def _key(row: tuple[Any, ...]) -> Key:
    identity, name, kind, role, created, expires, revoked = row
    return Key(
        identity,
        name,
        KeyKind(kind),
        Role(role) if role else None,
        datetime.fromisoformat(created),
        datetime.fromisoformat(expires) if expires else None,
        datetime.fromisoformat(revoked) if revoked else None,
    )
