"""Review: questions from the method, drills and past incidents, each when it is due."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from itertools import dropwhile, islice, takewhile
from pathlib import Path
from typing import Any

from lastgood.algorithms.spacing import Memory, answered, answered_at, due_at, fresh, recalled
from lastgood.config import Config, data_home
from lastgood.errors import NoDataError, UsageError
from lastgood.incidents.record import Record, open_record
from lastgood.incidents.state import incident_of
from lastgood.model import figures
from lastgood.model.clock import Clock
from lastgood.model.drill import Drill
from lastgood.model.entry import Entry, Frozen, Resolved, Triaged
from lastgood.model.incident import Incident
from lastgood.model.review import Confidence, Question, Reviewed
from lastgood.workbench.drill_list import drills, own_drills
from lastgood.workbench.played import played
from lastgood.workbench.room import histories
from lastgood.workbench.similar import helped
from lastgood.workbench.whole_file import whole_file

A_DAY = 5  # questions: five minutes
DECIDE = "Severity? Likely cause? What do you do first?"


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

    def next_due(self) -> datetime | None:
        """When the next of the seen ones comes back."""
        return min(
            (due_at(memory) for key, memory in self.memories.items() if key in self.questions), default=None
        )

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
    """The questions that somebody has, with what was saved of them: the same in the terminal and on the page.

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
    later = found.next_due()
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


def method_questions() -> tuple[Question, ...]:
    """Those about the method."""
    text = (files("lastgood.workbench") / "method_questions.toml").read_text("utf-8")
    return tuple(
        Question(f"method:{one['key']}", tuple(one["evidence"]), one["ask"], tuple(one["answer"]))
        for one in tomllib.loads(text)["question"]
    )


def _of_played() -> Iterator[Question]:
    """One of each drill that was played: the answer of another would give it away."""
    known = played()
    return (of_drill(one, known[one.name].saw) for one in (*drills(), *own_drills()) if one.name in known)


def of_drill(drill: Drill, saw: tuple[str, ...] = ()) -> Question:
    """The question of a drill: its page, what triage showed, chat and changes; then its truth and a good run."""
    said = tuple(f"{line.who}, {figures.number(line.after, 0)} min later: {line.text}" for line in drill.chat)
    changes = tuple(
        " ".join(line.split()) for line in drill.scenario.splitlines() if line.startswith("change ")
    )
    answer = (f"{drill.truth.explanation}.", *(step.text for step in drill.good))
    return Question(
        f"drill:{drill.name}", (f"PAGE {drill.page_at} {drill.page}", *saw, *said, *changes), DECIDE, answer
    )


def of_incident(incident: Incident, entries: tuple[Entry, ...]) -> Question | None:
    """The question of an incident that is over: what was known at first, then what helped. None without a sitrep."""
    first = next((entry.payload for entry in entries if isinstance(entry.payload, Triaged)), None)
    ended = next((entry.payload for entry in reversed(entries) if isinstance(entry.payload, Resolved)), None)
    if first is None or ended is None:
        return None
    changes = tuple(f"change: {one.change_id}" for one in first.changes[:5])
    severity = (f"severity: {incident.severity.value}",) if incident.severity else ()
    return Question(
        f"incident:{incident.number}", (incident.opened.title, first.because, *changes), DECIDE,
        (*severity, *(f"helped: {one}" for one in helped(incident, entries)), f"resolved: {ended.because}"),
    )  # fmt: skip


def evidence_then(record: Record, question: Question) -> tuple[tuple[int, int, str], ...]:
    """What was kept with the first sitrep of the incident that a question is about: incident, entry, claim."""
    kind, _, number = question.key.partition(":")
    if kind != "incident":
        return ()
    entries = iter(record.entries(int(number)))
    after = dropwhile(lambda entry: not isinstance(entry.payload, Triaged), entries)
    kept = takewhile(lambda entry: isinstance(entry.payload, Frozen), islice(after, 1, None))
    return tuple(
        (one.incident, one.sequence, one.payload.claim) for one in kept if isinstance(one.payload, Frozen)
    )


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
    later = found.next_due()
    return {
        "questions": len(found.questions),
        "due": len(found.due(now)),
        "seen": len(seen),
        "next_due": later,
    }
