"""Exercises: a situation to answer in writing, what a good answer has, and one to compare with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastgood.model.message import Audience


class ExerciseKind(StrEnum):
    """What is written, and so which checks apply."""

    CHECKLIST = "checklist"
    PLAN = "plan"
    UPDATE = "update"
    QUESTIONS = "questions"
    FOLLOW_UPS = "follow-ups"


@dataclass(frozen=True, slots=True)
class Point:
    """Something that a good answer has: expressions of which one is found in it, and what it must come before."""

    name: str
    of: float
    words: tuple[str, ...]
    good: str
    before: str = ""  # the name of another point


@dataclass(frozen=True, slots=True)
class Fit:
    """Which kinds of action fit: those against a class of failure, and more; and which ones do harm."""

    failure_class: str
    kinds: tuple[str, ...] = ()
    harmful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What is measured in the situation of an update, as the check of messages takes it."""

    now: datetime
    since: datetime
    requests: int
    failed: int
    users: int
    of: str
    baseline: float
    audience: Audience
    internals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exercise:
    """One of them."""

    name: str
    title: str
    kind: ExerciseKind
    situation: str
    ask: str
    model: str
    points: tuple[Point, ...]
    fit: Fit | None = None
    facts: Given | None = None
