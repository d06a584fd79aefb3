"""What the engine's failures mean to people."""

from lastgood.errors import BudgetError, CannotRunError, QueryFailedError, StoreBrokenError
from lastgood.telemetry.failures import said, translated


class OperationalError(Exception):
    """Named as the driver's error for a lost connection."""


class Coded(Exception):  # noqa: N818 - it stands for a driver's error
    """An error with ClickHouse's number."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def test_limits_become_budget_errors() -> None:
    """241 is memory, and the hint says what to do."""
    problem = translated(Coded(241, "Memory limit exceeded"), "chdb:///x")
    assert isinstance(problem, BudgetError)
    assert "memory" in problem.message
    assert problem.hint


def test_other_codes_keep_their_first_line() -> None:
    """The stack and the version are left out."""
    problem = translated(
        Coded(60, "Unknown table t. (UNKNOWN_TABLE) (version 26.9.2.1 (official build))\nStack"), "x"
    )
    assert isinstance(problem, QueryFailedError)
    assert "Unknown table t. (UNKNOWN_TABLE)" == problem.message


def test_a_lost_connection_names_the_store() -> None:
    """It is no fault of the query."""
    problem = translated(OperationalError("refused"), "clickhouse://db:8123/otel")
    assert type(problem) is CannotRunError
    assert "clickhouse://db:8123/otel" in problem.message


def test_our_own_errors_pass_through() -> None:
    """They say already what they mean."""
    mine = StoreBrokenError("broken")
    assert mine is translated(mine, "x")


def test_passwords_are_masked() -> None:
    """A driver may repeat an address."""
    assert "cannot reach http://me:***@db" == said(Exception("cannot reach http://me:hunter2@db"))
