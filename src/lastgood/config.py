"""Settings: where the store and the record are and how times without a zone are read. Flags over environment over defaults."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lastgood.errors import UsageError


@dataclass(frozen=True, slots=True)
class Config:
    """What one run is told from outside."""

    store: str = field(repr=False)  # address of the telemetry store; may hold a password
    record: str = field(repr=False)  # address of the record of incidents; may hold a password
    zone: ZoneInfo  # of input times that do not say theirs


def configured(store: str | None = None, zone: str | None = None) -> Config:
    """The settings: flags first, then `LASTGOOD_STORE` and `LASTGOOD_TZ`, then the defaults."""
    address = store or os.environ.get("LASTGOOD_STORE") or f"chdb://{_data_home() / 'lastgood'}"
    record = (
        os.environ.get("LASTGOOD_RECORD") or f"sqlite:///{_data_home() / 'lastgood-incidents' / 'record.db'}"
    )
    name = zone or os.environ.get("LASTGOOD_TZ") or "UTC"
    try:
        return Config(address, record, ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise UsageError(
            f"There is no time zone {name!r}.", hint="Use a name such as Europe/Berlin."
        ) from problem


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
