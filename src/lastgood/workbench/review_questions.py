"""Review questions: those about the method, of a drill, and of an incident, with the evidence that was kept of it."""

import tomllib
from importlib.resources import files
from itertools import dropwhile, islice, takewhile

from lastgood.incidents.record import Record
from lastgood.model import figures
from lastgood.model.drill import Drill
from lastgood.model.entry import Entry, Frozen, Resolved, Triaged
from lastgood.model.incident import Incident
from lastgood.model.review import Question
from lastgood.workbench.drill_truth import cause_on_record
from lastgood.workbench.similar import helped

DECIDE = "Severity? Likely cause? What do you do first?"


def method_questions() -> tuple[Question, ...]:
    """Those about the method."""
    text = (files("lastgood.workbench") / "method_questions.toml").read_text("utf-8")
    return tuple(
        Question(f"method:{one['key']}", tuple(one["evidence"]), one["ask"], tuple(one["answer"]))
        for one in tomllib.loads(text)["question"]
    )


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
    fixes = [f"helped: {one}" for one in helped(incident, entries) if one != ended.because]
    return Question(
        f"incident:{incident.number}", (incident.opened.title, first.because, *changes), DECIDE,
        (*severity, cause_on_record(incident, entries), *fixes, f"resolved: {ended.because}"),
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
