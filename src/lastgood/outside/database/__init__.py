"""Databases of the running system: one SELECT at a time, read-only, within limits, secrets taken out."""

from collections import Counter
from time import perf_counter

from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import BLOT, without_secrets
from lastgood.model.sql_answer import Cell, SqlAnswer
from lastgood.outside.database import mysql, postgresql, sqlite
from lastgood.outside.database.address import Address
from lastgood.outside.database.limits import Limits
from lastgood.outside.database.statement import admitted

_SERVERS = {"postgres": postgresql.ask, "mysql": mysql.ask, "sqlite": sqlite.ask}


def ask(address: Address, sql: str, limits: Limits) -> SqlAnswer:
    """The answer of a database to one SELECT.

    Raises:
        UsageError: the statement may not be run; nothing was sent.
        CannotRunError: the database cannot be reached, refused it, or it hit a limit.
    """
    statement = admitted(sql, address.dialect)
    started = perf_counter()
    found = _SERVERS[address.dialect](address, statement, limits)
    taken: Counter[str] = Counter()
    hidden = [statement.hides(place, name) for place, name in enumerate(found.columns)]
    rows = tuple(
        tuple(
            _shown(cell, name, taken, whole=whole)
            for cell, name, whole in zip(row, found.columns, hidden, strict=True)
        )
        for row in found.rows
    )
    return SqlAnswer(
        str(address), found.role, without_secrets(found.sql), found.columns, rows, found.cut_off, dict(taken),
        found.estimate, perf_counter() - started,
    )  # fmt: skip


def _shown(cell: Cell, column: str, taken: Counter[str], *, whole: bool) -> Cell:
    """A value without secrets and personal data."""
    if cell is None or (isinstance(cell, bool | float) and not whole):
        return cell
    text = BLOT if whole else redacted(without_secrets(str(cell)))[0]
    if text == str(cell):
        return cell
    taken[column] += 1
    return text
