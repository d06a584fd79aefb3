"""Recipients: who is to be notified of an incident by its severity, and who was, when and how."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from lastgood import config as settings
from lastgood.config import Config
from lastgood.errors import UsageError
from lastgood.incidents.cadence import UNSURE
from lastgood.model.entry import Entry
from lastgood.model.incident import Incident
from lastgood.model.message import Delivered, Notified, Occasion, Recipient
from lastgood.model.moments import parse_duration
from lastgood.workbench.room import Room

_NOTIFYING = frozenset({Occasion.UPDATE, Occasion.PAGE, Occasion.TICKET})


def recipients(incident: Incident, entries: Sequence[Entry], config: Config) -> tuple[Recipient, ...]:
    """Those of the severity, in the order of the settings; while there is none, those of what it may be."""
    severity = incident.severity or UNSURE
    since = max(incident.opened_at, incident.severity_at or incident.opened_at)
    found = []
    for one in config.settings.recipient:
        at, how = next(_notified(one, entries), (None, ""))
        if severity in one.severities or at is not None:
            due = since + parse_duration(one.within) if one.within and severity in one.severities else None
            found.append(Recipient(one.name, due, at, how))
    return tuple(found)


def tell(room: Room, config: Config, name: str, how: str, at: datetime | None = None) -> Entry:
    """The entry that a person was notified.

    Raises:
        UsageError: the settings name no such recipient.
    """
    known = [one.name for one in config.settings.recipient]
    exact = next((one for one in known if one.casefold() == name.casefold()), None)
    if exact is None:
        raise UsageError(
            f"There is no recipient {name!r} in lastgood.toml.",
            hint=f"Recipients: {', '.join(known)}."
            if known
            else "Add a [[recipient]] with name and severities.",
        )
    return room.append(Notified(exact, how), at=at)


def _notified(one: settings.Recipient, entries: Sequence[Entry]) -> Iterator[tuple[datetime, str]]:
    """When and how they were notified, the first time first."""
    for entry in entries:
        match entry.payload:
            case Notified(recipient, how) if recipient == one.name:
                yield entry.at, f"{how}, by {entry.actor}" if how else f"by {entry.actor}"
            case Delivered(sink=sink, arrived=True, what=what) if sink in one.sinks and what in _NOTIFYING:
                yield entry.at, f"by {sink}"
            case _:
                pass
