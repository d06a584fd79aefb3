"""Access: who may do what. Roles are ordered; an ingest key has none, for it reads nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person or a token may do: read; act on incidents; also manage users and keys."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """Whether it may do everything that another role may."""
        order = tuple(Role)
        return order.index(self) >= order.index(other)


class KeyKind(StrEnum):
    """What a key is for."""

    INGEST = "ingest"  # sends telemetry, changes and alerts
    API = "api"  # uses the API in a role


@dataclass(frozen=True, slots=True)
class User:
    """A person who can log in."""

    name: str
    password_hash: str  # argon2id
    role: Role


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: its hash, never itself."""

    identity: str
    name: str
    kind: KeyKind
    role: Role | None  # None: an ingest key
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def valid(self, now: datetime) -> bool:
        """Whether it still counts."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Flow:
    """What only the browser has that began a log-in at a provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks the server for something."""

    name: str
    role: Role | None = None  # None: may not read
    ingest: bool = False
    csrf: str = ""  # of a browser's session; a key has none and needs none

    def may(self, role: Role) -> bool:
        """Whether it has a role, or more than it."""
        return self.role is not None and self.role.covers(role)


NOBODY = Caller("nobody")
