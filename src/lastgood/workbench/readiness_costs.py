"""Readiness costs: in which past incidents a question had no answer, and how long users were affected in them.

The record shows that the answer was missing, and how long the incident took. How many of these minutes the missing answer cost
is not measured.
"""

from collections.abc import Iterator

from lastgood.config import Config
from lastgood.incidents.record import Record, open_record
from lastgood.incidents.state import incident_of
from lastgood.incidents.timeline import timeline_of
from lastgood.model.clock import Clock
from lastgood.model.readiness import Lacked
from lastgood.model.timeline import Lapse
from lastgood.workbench.missed_pieces import missed
from lastgood.workbench.room import histories


def lacked(record: Record) -> tuple[Lacked, ...]:
    """The confirmed incidents that lacked something, the first one first."""
    return tuple(_lacked(record))


def lacked_in(config: Config, clock: Clock) -> tuple[Lacked, ...]:
    """The same of the record in force."""
    with open_record(config.record, clock) as record:
        return lacked(record)


def _lacked(record: Record) -> Iterator[Lacked]:
    for entries in histories(record):
        said, pieces = incident_of(entries).confirmed, missed(record, entries)
        if said is not None and pieces:
            culprits = (one.service for one in said.culprits if one.service)
            services = tuple(dict.fromkeys((*culprits, *said.services)))
            yield Lacked(entries[0].incident, services, pieces, timeline_of(entries).seconds(Lapse.TTM))
