"""Readiness costs: in which past incidents a question had no answer, and how long users were affected in them.

The record shows that the answer was missing, and how long the incident took. How many of these minutes the missing answer cost
is not measured.
"""

from collections.abc import Iterator

import orjson

from lastgood.config import Config
from lastgood.errors import RecordBrokenError
from lastgood.incidents.record import Record, open_record
from lastgood.incidents.state import incident_of
from lastgood.incidents.timeline import timeline_of
from lastgood.model.clock import Clock
from lastgood.model.entry import Triaged
from lastgood.model.readiness import Lacked, Piece
from lastgood.model.timeline import Lapse
from lastgood.workbench.room import histories
from lastgood.workbench.suggestions import pieces_missed


def lacked(record: Record) -> tuple[Lacked, ...]:
    """The confirmed incidents that lacked something, the first one first."""
    return tuple(_lacked(record))


def lacked_in(config: Config, clock: Clock) -> tuple[Lacked, ...]:
    """The same of the record in force."""
    with open_record(config.record, clock) as record:
        return lacked(record)


def _lacked(record: Record) -> Iterator[Lacked]:
    for entries in histories(record):
        said = incident_of(entries).confirmed
        pieces = (*pieces_missed(said), *_metrics_missed(record, said)) if said else ()
        if said is not None and pieces:
            culprits = (one.service for one in said.culprits if one.service)
            services = tuple(dict.fromkeys((*culprits, *said.services)))
            yield Lacked(entries[0].incident, services, pieces, timeline_of(entries).seconds(Lapse.TTM))


def _metrics_missed(record: Record, said: Triaged) -> Iterator[Piece]:
    """Metrics, where the answer as it was kept shows errors and no saturation of any resource."""
    try:
        signals = orjson.loads(record.kept(said.document)).get("signals")
    except RecordBrokenError:  # a damaged answer: what the rest says still counts
        return
    if signals and signals.get("saturation") is None:
        yield Piece.METRICS
