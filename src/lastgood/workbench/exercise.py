"""Exercise: a situation to answer in writing, scored by the checks of updates, of mitigations and of the method."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import msgspec

from lastgood.algorithms.exercise_score import exercise_score
from lastgood.algorithms.messages.check import text_flaws
from lastgood.algorithms.messages.fields import field_flaws
from lastgood.errors import UsageError
from lastgood.inspections.mitigation.catalogue import AGAINST
from lastgood.model.answers import Impact, ImpactKind, SeverityLevel
from lastgood.model.drill import DrillScore
from lastgood.model.exercise import Exercise, Given
from lastgood.model.failure import FailureKind
from lastgood.model.message import Facts, Flaw, Message, Rhythm, UpdateStatus

# Reads a message with its labels from a text, into one that has its status and audience.
Reader = Callable[[str, Message], Message | None]


@cache
def exercises() -> tuple[Exercise, ...]:
    """Those that ship, by name."""
    folder = files("lastgood.workbench") / "exercises"
    found = [
        msgspec.convert(
            {"name": one.name.removesuffix(".toml"), **tomllib.loads(one.read_text("utf-8"))}, Exercise
        )
        for one in folder.iterdir()
    ]
    return tuple(sorted(found, key=lambda one: (one.kind, one.name)))


def exercise_named(name: str) -> Exercise:
    """The exercise of a name.

    Raises:
        UsageError: there is none; says which there are.
    """
    for one in exercises():
        if one.name == name:
            return one
    known = ", ".join(one.name for one in exercises())
    raise UsageError(f"There is no exercise {name!r}.", hint=f"Exercises: {known}.")


def answered(exercise: Exercise, answer: str, rhythm: Rhythm, read: Reader) -> DrillScore:
    """What an answer is worth."""
    fit = exercise.fit
    against = [kind for kind, _, _ in AGAINST.get(FailureKind(fit.failure_class), ())] if fit else []
    harmful = fit.harmful if fit else ()
    fitting = dict.fromkeys(kind for kind in (*(fit.kinds if fit else ()), *against) if kind not in harmful)
    flaws = _flaws(exercise.facts, answer, rhythm, read) if exercise.facts else ()
    return DrillScore(exercise.name, exercise_score(exercise, answer, tuple(fitting), flaws))


def _flaws(given: Given, answer: str, rhythm: Rhythm, read: Reader) -> tuple[Flaw, ...]:
    """What the check of updates finds, as if the situation were on record."""
    share = given.failed / given.requests
    impact = Impact(
        given.requests, given.failed, share, given.baseline, given.users, ImpactKind.ERRORS, given.of
    )
    facts = Facts(given.now, given.since, impact, internals=given.internals)
    bare = Message(UpdateStatus.INVESTIGATING, given.audience)
    message = read(answer, bare)
    if message is None:
        return ()
    wait = rhythm.every[SeverityLevel.SEV2]
    return (*field_flaws(message, facts, wait), *text_flaws(answer, facts, given.audience))
