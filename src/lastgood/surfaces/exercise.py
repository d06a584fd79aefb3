"""Exercises in words: the list, a situation, and a score beside the model answer."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from lastgood.model import figures
from lastgood.model.drill import Criterion, DrillScore
from lastgood.model.exercise import Exercise
from lastgood.model.message import Message
from lastgood.surfaces.updates import read_back
from lastgood.surfaces.wording import PLAIN


def exercises_text(found: Sequence[Exercise]) -> str:
    """One line each."""
    return "".join(f"{one.name:<20} {one.kind.value:<11} {one.title}\n" for one in found).translate(PLAIN)


def situation_text(exercise: Exercise) -> str:
    """What is known, what is asked, and how to answer."""
    lines = [
        exercise.title,
        "",
        *(f"  {line}" for line in exercise.situation.strip().splitlines()),
        "",
        exercise.ask,
        f"Scored: {', '.join(one.name for one in exercise.points)}, and wording.",
        "",
        "Answer from a file; - is standard input:",
        f"lastgood drill exercise {exercise.name} --answer FILE",
    ]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def answer_text(found: DrillScore, exercise: Exercise) -> str:
    """The points, what is missing, and the model answer."""
    lines = [f"SCORE {figures.number(found.percent, 0)} of 100   {exercise.title}"]
    lines += [line for one in found.parts for line in criterion_lines(one)]
    lines += ["MODEL ANSWER", *(f"  {line}" for line in exercise.model.strip().splitlines())]
    lines += ["Points are found by words: if you said the same in other words, trust the model answer."]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def answer_document(found: DrillScore, exercise: Exercise) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "exercise": exercise.name,
        "percent": found.percent,
        "parts": [
            {"name": one.name, "points": one.points, "of": one.of, "seen": one.seen, "good": one.good} for one in found.parts
        ],
        "model": exercise.model.strip(),
    }  # fmt: skip


def criterion_lines(one: Criterion) -> Iterator[str]:
    """The points of one part, and what is good where some were lost."""
    points = f"{figures.number(one.points, 1)}/{figures.number(one.of, 0)}"
    yield f"  {points:>8}  {one.name:<22} {one.seen}"
    if one.points < one.of:
        yield f"  {'':>8}  {'':<22} good: {one.good}"


def message_in(exercise: Exercise, text: str, bare: Message) -> Message | None:
    """The message that a text is, by its labels; the time of the next update is of the situation's day.

    Raises:
        ValueError: that time cannot be read.
    """
    if exercise.facts is None:
        return None
    return read_back(text, bare, exercise.facts.now, UTC, whole=True)
