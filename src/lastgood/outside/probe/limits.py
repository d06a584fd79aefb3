"""Limits of a probe: how long it may wait, and how much it reads."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Time and size of a probe, and what it may touch."""

    step_seconds: float = 5.0  # for a connection, a handshake, or an answer
    whole_seconds: float = 60.0
    body_bytes: int = 1_000_000
    addresses: int = 8
    redirects: int = 10
    saved_bytes: int = 0  # of the body
    allow_private: bool = False
    ca_file: Path | None = None  # certificates to trust besides the system's
