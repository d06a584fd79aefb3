"""What the engine's failures mean: limits, lost connections, refused users, and queries that are wrong."""

import re

from lastgood.errors import BudgetError, CannotRunError, LastgoodError, OutOfTimeError, QueryFailedError

# ClickHouse's error codes (ErrorCodes.cpp).
LIMITS = {
    158: "row", 159: "time", 160: "time", 191: "memory", 241: "memory", 306: "depth", 307: "byte", 396: "row",
}  # fmt: skip
_HINTS = {
    60: "The table is not in this database; see which are there with SHOW TABLES.",
    81: "Name the database in the address: clickhouse://host:8123/database.",
    164: "The user may only read, or the statement would write.",
    192: "Check user and password in the store's address.",
    193: "Check user and password in the store's address.",
    243: "Free some space; what was acknowledged before is safe.",
    497: "The user lacks a grant on the tables.",
    516: "Check user and password in the store's address.",
}
CANCELLED = 394
LONGEST = 500


def translated(problem: Exception, where: str) -> LastgoodError:
    """The error to raise for something that a driver raised while it talked to the store `where`."""
    if isinstance(problem, LastgoodError):
        return problem
    code = getattr(problem, "code", None)
    if code in LIMITS:
        error = OutOfTimeError if LIMITS[code] == "time" else BudgetError
        return error(
            f"The query reached its {LIMITS[code]} limit.", hint="Ask about a shorter window or one service."
        )
    if code == CANCELLED:
        return QueryFailedError("The query was cancelled.")
    if isinstance(code, int):
        return QueryFailedError(said(problem), hint=_HINTS.get(code, ""))
    if type(problem).__name__ in {
        "OperationalError",
        "StreamFailureError",
        "ConnectionError",
        "TimeoutError",
    }:
        return CannotRunError(
            f"The store {where} cannot be reached: {said(problem)}",
            hint="Check the address and that the server is up.",
        )
    return QueryFailedError(said(problem))


def said(problem: BaseException) -> str:
    """The first line of what a driver said, cut to LONGEST, without its stack, version or any password."""
    lines = str(problem).strip().splitlines() or [type(problem).__name__]
    text = re.sub(r"(://[^:/@\s]*):[^@/\s]*@", r"\1:***@", lines[0])
    return re.sub(r"\s*\(version [^()]*(\([^()]*\))?\)", "", text)[:LONGEST]
