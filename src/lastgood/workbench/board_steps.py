"""Board steps: what people do on the board of hypotheses of an incident's page."""

from datetime import datetime

from lastgood.errors import UsageError
from lastgood.model.hypothesis import Board, Hypothesis
from lastgood.workbench.board import board
from lastgood.workbench.entered import entered, telemetry_of
from lastgood.workbench.hypotheses import add, check_hypotheses, reopen, rule_out
from lastgood.workbench.incident_pages import past
from lastgood.workbench.predictions import measuring_for, predicted
from lastgood.workbench.service import Service


def board_now(service: Service, number: int, at: datetime | None = None) -> Board:
    """How every hypothesis of an incident stands, or stood at a time.

    Raises:
        UsageError: the incident was not on the record yet.
    """
    room = entered(service, number, "")
    return board(past(room, at) if at else room)


def added(service: Service, number: int, text: str, predictions: str, *, actor: str) -> Hypothesis:
    """A new hypothesis; its predictions are a line each.

    Raises:
        UsageError: it has no words, or predicts nothing.
        QuerySyntaxError: a prediction cannot be parsed.
    """
    if not text:
        raise UsageError("A hypothesis has no words.", hint="State what may be the cause, in a sentence.")
    lines = [line.strip() for line in predictions.splitlines() if line.strip()]
    for line in lines:
        predicted(line, None)  # a mistake is said before any telemetry is read
    room = entered(service, number, actor)
    with telemetry_of(service, room) as store:
        measuring = measuring_for(room, store)
        return add(room, text, [predicted(line, measuring) for line in lines])


def checked(service: Service, number: int, which: int | None, *, actor: str) -> None:
    """Run the predictions of one hypothesis, or of all that are alive.

    Raises:
        UsageError: there is nothing to check, or no windows to compare.
    """
    room = entered(service, number, actor)
    with telemetry_of(service, room) as store:
        check_hypotheses(room, store, which)


def ruled_out(service: Service, number: int, which: int, because: str, *, actor: str) -> None:
    """Rule one out.

    Raises:
        UsageError: there is no such hypothesis, or no reason.
    """
    rule_out(entered(service, number, actor), which, _reason(because))


def reopened(service: Service, number: int, which: int, because: str, *, actor: str) -> None:
    """Take one up again.

    Raises:
        UsageError: there is no such hypothesis, or no reason.
    """
    reopen(entered(service, number, actor), which, _reason(because))


def _reason(because: str) -> str:
    if not because:
        raise UsageError("A reason is missing.", hint="State what supports it, in a sentence.")
    return because
