"""Sql: one SELECT asked of a database, on the record of the incident."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import CannotRunError
from lastgood.model.entry import Entry
from lastgood.model.figures import counted, spaced
from lastgood.model.sql_answer import SqlAnswer
from lastgood.outside import database
from lastgood.outside.database.address import address_of
from lastgood.outside.database.limits import Limits
from lastgood.workbench.asked_outside import Answered, keep, keep_failure
from lastgood.workbench.room import Room


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one run may raise or lower; the rest is fixed."""

    seconds: float
    rows: int
    cost: float | None = None


def sql(
    address: str,
    statement: str,
    bounds: Bounds,
    *,
    environment: Mapping[str, str],
    password_file: Path | None = None,
    room: Room | None = None,
) -> tuple[SqlAnswer, Entry | None]:
    """The answer, and its entry in the record where there is a room.

    Raises:
        UsageError: address or statement is not one that may be used; nothing was sent.
        CannotRunError: the database gave no answer within the limits; noted in the record.
    """
    asked = address_of(address, environment, password_file=password_file)
    limits = Limits(seconds=bounds.seconds, rows=bounds.rows, cost=bounds.cost)
    try:
        answer = database.ask(asked, statement, limits)
    except CannotRunError as problem:
        keep_failure(room, str(asked), f"{problem.message} The query: {without_secrets(statement)}")
        raise
    claim = spaced(f"{counted(len(answer.rows), 'row')} from {answer.database}")
    question = f"lastgood sql {answer.database}"
    entry = keep(
        room,
        Answered(
            claim, question, answer.database, answer.columns, answer.rows, bool(answer.cut_off), answer.sql
        ),
    )
    return answer, entry
