"""Drill score: what a trainee's record is worth, for method as well as result. Entries in, points out.

Points are a judgement: half of them for what protects users (confirm, severity, message, mitigation), the rest for what
makes the result reliable (hypotheses, one change at a time, evidence, cause, postmortem).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from lastgood.algorithms.messages.check import sentences_of, style_flaws
from lastgood.algorithms.named_causes import causes_named
from lastgood.algorithms.vigilance import asked_of_people
from lastgood.model import figures
from lastgood.model.action import ActionBegun, Captured, EffectMeasured
from lastgood.model.drill import Criterion, Drill, DrillScore
from lastgood.model.entry import Entry, Frozen, Noted, Resolved, SeveritySet, Triaged
from lastgood.model.follow_up import FollowUpAdded
from lastgood.model.hypothesis import (
    HypothesisAdded,
    HypothesisChecked,
    HypothesisReopened,
    HypothesisRuledOut,
)
from lastgood.model.message import FlawKind, Updated
from lastgood.model.postmortem import Part, Written
from lastgood.model.prediction import Outcome

IN_TIME, TOO_LATE = 5.0, 15.0  # minutes: full points until, none from
SLOW = 3.0  # times the good time, from which a mitigation is worth nothing
NOT_DONE = "not done"


class Run:
    """A trainee's record, with times in minutes after the page."""

    def __init__(self, drill: Drill, entries: Sequence[Entry], paged_at: datetime) -> None:
        self.drill, self.entries, self.paged_at = drill, entries, paged_at

    def of(self, *kinds: type) -> list[tuple[float, Entry]]:
        """Entries of these kinds with their minute, in the order of time."""
        found = [entry for entry in self.entries if isinstance(entry.payload, kinds)]
        return sorted(((self.minute(entry.at), entry) for entry in found), key=lambda one: one[0])

    def minute(self, at: datetime) -> float:
        """Minutes after the page."""
        return (at - self.paged_at).total_seconds() / 60

    def claims(self) -> list[str]:
        """What the trainee states to be the cause: standing hypotheses, the last mechanism, and why it is over."""
        parts = [e for _, e in self.of(Written) if isinstance(e.payload, Written)]
        mechanisms = [_words(e) for e in parts if getattr(e.payload, "part", None) is Part.MECHANISM]
        resolved = [_words(e) for _, e in self.of(Resolved)]
        return [*self._standing(), *mechanisms[-1:], *resolved[-1:]]

    def asides(self) -> list[str]:
        """What else the trainee wrote: notes, and the other parts of a postmortem."""
        return [_words(entry) for _, entry in self.of(Noted, Written)]

    def _standing(self) -> list[str]:
        """Own hypotheses that no one and no check ruled out."""
        added = list[HypothesisAdded]()
        out = set[int]()
        for _, entry in self.of(HypothesisAdded, HypothesisChecked, HypothesisRuledOut, HypothesisReopened):
            match entry.payload:
                case HypothesisAdded() as one:
                    added.append(one)
                case HypothesisChecked(number, results=results) if any(
                    each.decisive and each.checked.outcome is Outcome.REFUTED for each in results
                ):
                    out.add(number)
                case HypothesisRuledOut(number):
                    out.add(number)
                case HypothesisReopened(number):
                    out.discard(number)
                case _:
                    pass
        return [
            f"{one.text} {one.change or ''}"
            for number, one in enumerate(added, 1)
            if number not in out and not one.about
        ]


def score(drill: Drill, entries: Sequence[Entry], paged_at: datetime) -> DrillScore:
    """The points of a record; without entries, of nothing done."""
    run = Run(drill, entries, paged_at)
    checks = _FOR_INCIDENT if drill.truth.incident else _FOR_NONE
    return DrillScore(drill.name, tuple(check(run) for check in checks))


def fits(drill: Drill, begun: ActionBegun) -> bool:
    """Whether an action is one of those that end the impact."""
    for wanted in drill.truth.mitigations:
        kind, _, target = wanted.partition(" ")
        if begun.what == kind and target in begun.target:
            return True
    return False


def _words(entry: Entry) -> str:
    match entry.payload:
        case Noted(text) | Resolved(text):
            return text
        case Written() as written:
            return written.text
        case _:
            return ""


def timed(name: str, of: float, minute: float | None, good: str, latest: tuple[float, float]) -> Criterion:
    """Full points until the first time, none from the second, and a straight line between."""
    if minute is None:
        return Criterion(name, 0, of, NOT_DONE, good)
    full, none = latest
    share = min(1.0, max(0.0, (none - minute) / (none - full)))
    return Criterion(name, of * share, of, f"after {figures.number(minute, 1)} min", good)


def _first(found: Sequence[tuple[float, Entry]]) -> float | None:
    return found[0][0] if found else None


def _confirm(run: Run) -> Criterion:
    return timed(
        "confirm", 10, _first(run.of(Triaged)), "triage within 5 min of the page", (IN_TIME, TOO_LATE)
    )


def _severity(run: Run) -> Criterion:
    wanted = " or ".join(run.drill.truth.severities)
    found = run.of(SeveritySet)
    if not found or not isinstance(found[-1][1].payload, SeveritySet):
        return Criterion("severity", 0, 10, NOT_DONE, wanted)
    level = found[-1][1].payload.level.value
    return Criterion("severity", 10 if level in run.drill.truth.severities else 0, 10, level, wanted)


def _message(run: Run) -> Criterion:
    good = "within 5 min of the page, with impact and the next update"
    return timed("first update", 10, _first(run.of(Updated)), good, (IN_TIME, TOO_LATE))


def _mitigation(run: Run) -> Criterion:
    good = f"one of: {', '.join(run.drill.truth.mitigations)}"
    begun = [entry.payload for _, entry in run.of(ActionBegun) if isinstance(entry.payload, ActionBegun)]
    if not begun:
        return Criterion("mitigation", 0, 15, NOT_DONE, good)
    right = [fits(run.drill, one) for one in begun]
    wrong = right.index(True) if any(right) else len(right)
    points = max(0.0, 15.0 - 5 * wrong) if any(right) else 0.0
    return Criterion("mitigation", points, 15, ", ".join(f"{one.what} {one.target}" for one in begun), good)


def _speed(run: Run) -> Criterion:
    within = run.drill.truth.within
    right = [
        minute for minute, entry in run.of(ActionBegun)
        if isinstance(entry.payload, ActionBegun) and fits(run.drill, entry.payload)
    ]  # fmt: skip
    good = f"mitigated within {figures.number(within, 0)} min, before the cause is proven"
    return timed("mitigate first", 10, right[0] if right else None, good, (within, SLOW * within))


def _hypotheses(run: Run) -> Criterion:
    good = "a hypothesis of your own with predictions, then checked"
    own = [
        e.payload
        for _, e in run.of(HypothesisAdded)
        if isinstance(e.payload, HypothesisAdded) and not e.payload.about
    ]
    checked = bool(run.of(HypothesisChecked))
    predicted = sum(bool(one.predictions) for one in own)
    if not own:
        return Criterion(
            "hypotheses",
            4 if checked else 0,
            10,
            "the proposed ones were checked" if checked else NOT_DONE,
            good,
        )
    seen = f"{predicted} of {len(own)} with predictions{', checked' if checked else ''}"
    return Criterion("hypotheses", 6 * predicted / len(own) + (4 if checked else 0), 10, seen, good)


def _one_at_a_time(run: Run) -> Criterion:
    good = "the effect of each action is measured before the next"
    found = run.of(ActionBegun, EffectMeasured)
    unmeasured = waiting = 0
    for _, entry in found:
        if isinstance(entry.payload, ActionBegun):
            unmeasured += waiting
            waiting = 1
        elif isinstance(entry.payload, EffectMeasured) and entry.payload.effect.settled:
            waiting = 0  # too early, or without data, measures nothing
    actions = sum(isinstance(entry.payload, ActionBegun) for _, entry in found)
    if not actions:
        return Criterion("one change at a time", 0, 10, NOT_DONE, good)
    points = max(0.0, 10 - 5 * (unmeasured + waiting))
    seen = f"{actions - unmeasured - waiting} of {figures.counted(actions, 'action')} measured"
    return Criterion("one change at a time", points, 10, seen, good)


def _clear(run: Run) -> Criterion:
    good = "each update says what fails, for whom, and when the next one comes"
    sent = [entry.payload for _, entry in run.of(Updated) if isinstance(entry.payload, Updated)]
    if not sent:
        return Criterion("clear messages", 0, 5, NOT_DONE, good)
    flawed = sum(bool(one.overridden) for one in sent)  # what is vague, guessed or blaming is refused first
    return Criterion(
        "clear messages",
        5 * (1 - flawed / len(sent)),
        5,
        f"{flawed} of {len(sent)} sent as refused",
        good,
    )


def _evidence(run: Run) -> Criterion:
    good = "evidence is kept before the first action"
    first = _first(run.of(ActionBegun))
    if first is None:  # opening an incident keeps evidence by itself: points for that alone are for nothing
        return Criterion("evidence kept", 0, 5, "no action taken", good)
    kept = [minute for minute, _ in run.of(Frozen, Captured) if minute <= first]
    return Criterion(
        "evidence kept",
        5 if kept else 0,
        5,
        f"{figures.counted(len(kept), 'piece')} before the first action",
        good,
    )


def _cause(run: Run) -> Criterion:
    """A specific claim: each other cause that is named beside it takes a share. Notes count where nothing else names one."""
    truth = run.drill.truth
    claims = run.claims()
    found = causes_named(claims, truth)
    if not found.any:
        claims = run.asides()
        found = causes_named(claims, truth)
    first = next((text for text in claims if causes_named((text,), truth).right), "")
    seen = f"named: {' '.join(first.split())}" if found.right else "not named"
    beside = (
        f"; beside {figures.counted(found.others, 'other cause')}" if found.right and found.others else ""
    )
    return Criterion("cause", 10 * found.share, 10, f"{seen}{beside}", truth.explanation)


def _postmortem(run: Run) -> Criterion:
    good = "mechanism and whether it can happen again, a follow-up that changes a system, no blame"
    parts = {e.payload.part for _, e in run.of(Written) if isinstance(e.payload, Written) and e.payload.text}
    promised = [e.payload for _, e in run.of(FollowUpAdded) if isinstance(e.payload, FollowUpAdded)]
    systems = any(asked_of_people(one.text) is None for one in promised)
    texts = [_words(entry) for _, entry in run.of(Written, Noted, Resolved)]
    blamed = any(_blames(texts))
    points = 3.0 * (Part.MECHANISM in parts) + 2.0 * (Part.AGAIN in parts) + 5.0 * systems
    seen = f"{figures.counted(len(parts), 'part')}, {figures.counted(len(promised), 'follow-up')}{', blame' if blamed else ''}"
    return Criterion("blameless postmortem", 0 if blamed else points, 10, seen, good)


def _blames(texts: Iterable[str]) -> Iterable[bool]:
    for text in texts:
        for sentence in sentences_of(text):
            yield any(flaw.kind is FlawKind.BLAME for flaw in style_flaws(sentence))


def _hands_off(run: Run) -> Criterion:
    done = len(run.of(ActionBegun))
    seen = f"{figures.counted(done, 'action')} taken"
    return Criterion("nothing changed", 0 if done else 30, 30, seen, "no action without an incident")


def _called_off(run: Run) -> Criterion:
    good = "closed as not an incident, with the numbers"
    found = run.of(Resolved)
    named = any(word in _words(entry).lower() for _, entry in found for word in run.drill.truth.cause)
    if not named:
        return Criterion("called off", 0, 30, "resolved" if found else NOT_DONE, good)
    return timed(
        "called off", 30, found[-1][0], good, (run.drill.truth.within, SLOW * run.drill.truth.within)
    )


_FOR_INCIDENT: tuple[Callable[[Run], Criterion], ...] = (
    _confirm, _severity, _message, _mitigation, _speed, _hypotheses, _one_at_a_time, _clear, _evidence, _cause, _postmortem,
)  # fmt: skip
_FOR_NONE: tuple[Callable[[Run], Criterion], ...] = (_confirm, _hands_off, _called_off, _clear)
