"""Spacing: when a question comes back, after the Free Spaced Repetition Scheduler (FSRS-6), by its reference implementation.

The default parameters and a wanted retention of 90 %, without random shifts: the same answers give the same days.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lastgood.model.review import Confidence

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

Memory = Mapping[str, Any]  # of one question, as JSON holds it


def fresh(at: datetime) -> Memory:
    """The memory of a question that was never asked; it is due at once."""
    from fsrs import Card  # noqa: PLC0415 - only a review needs it

    return _stored(Card(card_id=0, due=at))


def answered(memory: Memory, confidence: Confidence, at: datetime) -> Memory:
    """The memory after an answer."""
    from fsrs import Rating  # noqa: PLC0415 - only a review needs it

    card, _ = _scheduler().review_card(_card(memory), Rating(int(confidence)), at)
    return _stored(card)


def due_at(memory: Memory) -> datetime:
    """When the question comes back."""
    return _card(memory).due


def answered_at(memory: Memory) -> datetime | None:
    """When it was answered last; None before the first answer."""
    return _card(memory).last_review


def recalled(memory: Memory, at: datetime) -> float:
    """The chance that the answer is known at a time, 0 to 1; 0 before the first answer."""
    return float(_scheduler().get_card_retrievability(_card(memory), at))


def _scheduler() -> "Scheduler":
    from fsrs import Scheduler  # noqa: PLC0415 - only a review needs it

    return Scheduler(enable_fuzzing=False)


def _card(memory: Memory) -> "Card":
    from fsrs import Card  # noqa: PLC0415 - only a review needs it

    return Card.from_dict(dict(memory))  # type: ignore[arg-type] # it is one that was stored


def _stored(card: "Card") -> Memory:
    return dict(card.to_dict())
