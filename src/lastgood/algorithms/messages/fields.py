"""The fields that an update must have: an impact in numbers, and a time for the next one."""

from collections.abc import Iterator
from datetime import UTC, timedelta

from lastgood.algorithms.messages.sentences import sentences_of
from lastgood.algorithms.messages.vague import is_honest, is_measure
from lastgood.algorithms.messages.vocabulary import is_in
from lastgood.model.message import Facts, Flaw, FlawKind, Message, UpdateStatus

_ROUNDING = timedelta(minutes=5)


def field_flaws(message: Message, facts: Facts, wait: timedelta) -> Iterator[Flaw]:
    """What a message lacks. `wait` is how long its readers may be left without another."""
    if not message.impact.strip():
        yield _lacks(
            FlawKind.NO_IMPACT,
            "the impact is missing",
            "Impact: what share of what fails, how many users are affected, since when?",
        )
    elif not _measured(message.impact):
        yield _lacks(
            FlawKind.NO_IMPACT, f"the impact has no number: “{message.impact}”",
            "What share of what fails, how many users are affected, since when? If it is not known, state why.",
        )  # fmt: skip
    if message.status is not UpdateStatus.RESOLVED:
        yield from _next(message, facts, wait)


def _next(message: Message, facts: Facts, wait: timedelta) -> Iterator[Flaw]:
    latest = facts.now + wait
    better = f"Next update: {latest.astimezone(UTC):%H:%M} UTC."
    if message.next_at is None:
        yield _lacks(FlawKind.NO_TIME, "the time of the next update is missing", better)
    elif message.next_at <= facts.now:
        yield _lacks(
            FlawKind.NO_TIME,
            f"the next update, {message.next_at.astimezone(UTC):%H:%M} UTC, is in the past",
            better,
        )
    elif message.next_at > latest + _ROUNDING:
        late = f"the next update, {message.next_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, is later than this severity allows"
        yield _lacks(FlawKind.NO_TIME, late, better)


def _measured(impact: str) -> bool:
    """Whether an impact has a number, a total, or says that it is not known."""
    tokens = [token for sentence in sentences_of(impact) for token in sentence.tokens]
    return is_honest(impact) or any(
        is_measure(token) or is_in(token.lower, "total", "none") for token in tokens
    )


def _lacks(kind: FlawKind, problem: str, better: str) -> Flaw:
    return Flaw(kind, "", 0, 0, problem, better)
