"""What was asked of the running system, on the record of the incident: claim, question, answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.algorithms.json_text import json_text
from lastgood.config import Config
from lastgood.model.clock import Clock
from lastgood.model.entry import Entry, Frozen, Noted
from lastgood.workbench.room import Room, enter, ongoing


@contextmanager
def room_for(
    config: Config, clock: Clock, incident: int | None, *, actor: str, now: datetime
) -> Iterator[Room | None]:
    """The room to record in: of the incident that is named, else of the only one that is going on; else None.

    Raises:
        NoIncidentError: the one that is named does not exist.
    """
    if incident is None:
        going = ongoing(config, clock)
        if len(going) != 1:
            yield None
            return
        incident = going[0].number
    with enter(config, clock, actor=actor, now=now, incident=incident) as room:
        yield room


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked outside, and the rows of its answer."""

    claim: str
    question: str  # the command that asks it again
    asked_of: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    cut_off: bool = False
    sql: str = ""


def keep(room: Room | None, answered: Answered) -> Entry | None:
    """The entry with the answer, rows and all; None without a room."""
    if room is None:
        return None
    rows = answered.rows
    content = room.record.keep(json_text({"columns": answered.columns, "rows": rows}))
    return room.append(
        Frozen(
            answered.claim, answered.question, answered.sql, {}, None, len(rows), cut_off=answered.cut_off,
            content=content, asked_of=answered.asked_of,
        )
    )  # fmt: skip


def keep_failure(room: Room | None, asked_of: str, problem: str) -> None:
    """Note that it was asked and gave no answer: that, too, touched the running system."""
    if room is not None:
        room.append(Noted(f"Asked {asked_of}, no answer: {problem}"))
