"""Review: questions from the method, drills and past incidents, each when it is due."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from lastgood.algorithms.spacing import Memory, answered, answered_at, due_at, fresh, recalled
from lastgood.config import Config, data_home
from lastgood.errors import NoDataError, UsageError
from lastgood.incidents.record import open_record
from lastgood.incidents.state import incident_of
from lastgood.model.clock import Clock
from lastgood.model.review import Confidence, Question, Reviewed
from lastgood.workbench.drill_list import drills, own_drills
from lastgood.workbench.played import played
from lastgood.workbench.review_questions import method_questions, of_drill, of_incident
from lastgood.workbench.room import histories
from lastgood.workbench.whole_file import whole_file

A_DAY = 5  # questions: five minutes


@dataclass(slots=True)
class Deck:
    """One person's questions, and what they remember of each."""

    file: Path
    questions: Mapping[str, Question]
    memories: dict[str, Memory] = field(default_factory=dict)

    def due(self, now: datetime) -> tuple[Question, ...]:
        """Those that are due: seen ones by how little is remembered, then new ones in their order."""
        seen = [
            one
            for key, one in self.questions.items()
            if key in self.memories and due_at(self.memories[key]) <= now
        ]
        new = [one for key, one in self.questions.items() if key not in self.memories]
        return (*sorted(seen, key=lambda one: recalled(self.memories[one.key], now)), *new)

    def next_due(self, now: datetime) -> datetime | None:
        """When the next of the seen ones comes back that is not due yet."""
        times = (due_at(memory) for key, memory in self.memories.items() if key in self.questions)
        return min((time for time in times if time > now), default=None)

    def seen_on(self, now: datetime) -> int:
        """How many were answered on the day of a time, in its zone."""
        times = [answered_at(memory) for key, memory in self.memories.items() if key in self.questions]
        return sum(time is not None and time.astimezone(now.tzinfo).date() == now.date() for time in times)

    def answer(self, key: str, confidence: Confidence, now: datetime) -> Reviewed:
        """When a question comes back after an answer; it is saved.

        Raises:
            UsageError: there is no such question.
            CannotRunError: it could not be saved.
        """
        known(self, key)
        self.memories[key] = answered(self.memories.get(key) or fresh(now), confidence, now)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(self.file) as saved:
            saved.write(json.dumps({"version": 1, "memories": self.memories}, indent=1).encode())
        return Reviewed(key, now, confidence, due_at(self.memories[key]))


def deck(config: Config, clock: Clock, person: str) -> Deck:
    """The questions that a person has, with what was saved of them: the same in the terminal and on the page.

    Raises:
        UsageError: what was saved cannot be read.
    """
    file = data_home() / "lastgood-reviews" / f"{_file_name(person)}.json"
    found = {one.key: one for one in (*method_questions(), *_of_played(), *_of_record(config, clock))}
    if not file.is_file():
        return Deck(file, found)
    try:
        return Deck(file, found, dict(json.loads(file.read_text("utf-8"))["memories"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise UsageError(
            f"{file} cannot be read: {problem}.", hint="Move it away to start anew."
        ) from problem


def _file_name(person: str) -> str:
    """Of letters, digits and _; of two people never the same."""
    plain = "".join(c if c.isalnum() else "_" for c in person)
    return plain if plain == person else f"{plain}-{sha256(person.encode()).hexdigest()[:8]}"


def first_due(found: Deck, now: datetime) -> Question:
    """The question to ask now.

    Raises:
        NoDataError: none is due; says when the next one is.
    """
    if due := found.due(now):
        return due[0]
    later = found.next_due(now)
    raise NoDataError(
        "No question is due.", hint=f"The next one: {later:%Y-%m-%d %H:%M} UTC." if later else ""
    )


def known(found: Deck, key: str) -> Question:
    """The question of a key.

    Raises:
        UsageError: there is none.
    """
    if key not in found.questions:
        raise UsageError(f"There is no question {key!r}.", hint="The keys: lastgood review --list")
    return found.questions[key]


def _of_played() -> Iterator[Question]:
    """One of each drill that was played: the answer of another would give it away."""
    known = played()
    return (of_drill(one, known[one.name].saw) for one in (*drills(), *own_drills()) if one.name in known)


def _of_record(config: Config, clock: Clock) -> Iterator[Question]:
    kind, _, place = config.record.partition(":///")
    if kind == "sqlite" and not Path(place).is_file():
        return
    with open_record(config.record, clock) as record:
        for entries in histories(record):
            if question := of_incident(incident_of(entries), entries):
                yield question


def summary(found: Deck, now: datetime) -> dict[str, Any]:
    """How many there are, are due, and were seen."""
    seen = [key for key in found.questions if key in found.memories]
    later = found.next_due(now)
    return {
        "questions": len(found.questions),
        "due": len(found.due(now)),
        "seen": len(seen),
        "next_due": later,
    }
