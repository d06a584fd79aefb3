"""Intervals are those of the reference implementation, through storing and reading."""

import json
from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.spacing import Memory, answered, due_at, fresh, recalled
from lastgood.model.review import Confidence

START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)


def days(ratings: list[int]) -> list[int]:
    """Whole days between the answers, each given when the question is due."""
    memory: Memory = fresh(START)
    now, found = START, list[int]()
    for rating in ratings:
        memory = json.loads(json.dumps(answered(memory, Confidence(rating), now)))
        found.append((due_at(memory) - now).days)
        now = due_at(memory)
    return found


def test_the_published_intervals() -> None:
    """Of the reference implementation's own test: six good ones, two lapses, five good ones."""
    assert [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21] == days([3] * 6 + [1, 1] + [3] * 5)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60 * 24 * 90)), max_size=12))
def test_any_answers_at_any_time_give_the_reference_state(answers: list[tuple[int, int]]) -> None:
    """Stored and read after each answer, early or late."""
    reference, scheduler = Card(card_id=0, due=START), Scheduler(enable_fuzzing=False)
    memory: Memory = fresh(START)
    now = START
    for rating, minutes in answers:
        now += timedelta(minutes=minutes)
        reference, _ = scheduler.review_card(reference, Rating(rating), now)
        memory = json.loads(json.dumps(answered(memory, Confidence(rating), now)))

    assert reference.due == due_at(memory)
    assert scheduler.get_card_retrievability(reference, now) == recalled(memory, now)
