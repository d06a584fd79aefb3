"""What stands below the first screen of an incident: log patterns, suspects, hypotheses and actions, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from lastgood.model import figures
from lastgood.model.action import Action, Effect, Tally
from lastgood.model.failure import FAILURES, FailureKind
from lastgood.model.hypothesis import Board, Hypothesis, PredictionResult, Standing
from lastgood.model.incident import Incident
from lastgood.model.naming import part_named
from lastgood.model.prediction import Outcome
from lastgood.surfaces import wording
from lastgood.surfaces.actions import EFFECTS, run_line
from lastgood.surfaces.hypotheses import STANDINGS, no_check_line, separation_line
from lastgood.surfaces.web.answer_view import sentence
from lastgood.surfaces.web.plots import spark

PATTERN_WORDS = (
    ("new", "new", "bad"),
    ("more", "more", "bad"),
    ("gone", "gone", "due"),
    ("churn", "usual", ""),
)
MOST_LISTED_PATTERNS, MOST_LISTED_SUSPECTS = 8, 5
_STANDING_SHAPES = {
    Standing.SUPPORTED: "likely",
    Standing.INCONCLUSIVE: "possible",
    Standing.OPEN: "open",
    Standing.RULED_OUT: "out",
}
_OUTCOME_SHAPES = {
    Outcome.SUPPORTED: "likely",
    Outcome.REFUTED: "out",
    Outcome.INCONCLUSIVE: "possible",
    Outcome.UNTESTABLE: "untestable",
}


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A log pattern that changed."""

    word: str
    tone: str
    service: str
    template: str
    count: str
    usual: str  # how many there would be at the usual rate
    first: str
    sample: str
    spark: Markup
    query: str  # of the logs that it stands for


@dataclass(frozen=True, slots=True)
class SuspectRow:
    """A component that may be at fault."""

    name: str
    kind: str
    confidence: str
    shape: str
    because: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A prediction, and what was measured of it."""

    word: str
    shape: str
    text: str
    because: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """A hypothesis as it stands on the board."""

    number: int
    text: str
    word: str
    shape: str
    by: str
    because: str
    alive: bool
    results: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action, and what it did to affected requests."""

    number: int
    text: str
    by: str
    word: str
    shape: str
    because: str
    tallies: tuple[tuple[str, str, str], ...]  # of which time, share, events of requests
    open: bool


def pattern_rows(document: Mapping[str, Any], since: str, until: str) -> Iterator[PatternRow]:
    """The patterns that are new, more frequent or gone, and those at their usual rate."""
    found = document.get("patterns") or {}
    for key, word, tone in PATTERN_WORDS:
        for one in (found.get(key) or [])[:MOST_LISTED_PATTERNS]:
            first = datetime.fromisoformat(one["first"])
            asked = {"q": f'service:"{one["service"]}" AND level:>={one["level"] or "info"}'}
            yield PatternRow(
                word,
                tone,
                one["service"],
                " ".join(one["template"].split()),
                figures.count(one["count"]),
                figures.count(round(one["expected"])) if "expected" in one else "",
                figures.clock(first, first),
                one["sample"],
                spark(*(one.get("over_time") or {"good": (), "bad": ()}).values()),
                urlencode({**asked, "from": since, "to": until, "view": "patterns"}),
            )


def suspect_rows(document: Mapping[str, Any]) -> Iterator[SuspectRow]:
    """The components that may be at fault, most likely first."""
    for place, one in enumerate((document.get("culprits") or [])[:MOST_LISTED_SUSPECTS]):
        confidence = round(one["confidence"], 2)
        shape = "likely" if confidence >= 0.5 else "possible" if place == 0 else "unlikely"
        yield SuspectRow(
            part_named(one["service"], one["instance"], one["component"]),
            wording.plain(one["kind"]),
            figures.percent(confidence),
            shape,
            sentence(one["because"]),
        )


def class_words(document: Mapping[str, Any]) -> str:
    """The class of failure as the card has it; empty where none is known."""
    found = document.get("failure_class")
    return f"{FAILURES[FailureKind(found['name'])].words}: {found['because']}" if found else ""


def hypothesis_rows(board: Board, now: datetime) -> Iterator[HypothesisRow]:
    """Those alive first, what is ruled out at the end."""
    for one in sorted(board.hypotheses, key=lambda one: (not one.alive, one.number)):
        by = "proposed by Lastgood" if one.added.about else one.by
        checked = f", checked {figures.clock(one.checked_at, now)}" if one.checked_at else ""
        yield HypothesisRow(
            one.number,
            one.added.text,
            STANDINGS[one.standing],
            _STANDING_SHAPES[one.standing],
            f"{by}, {figures.clock(one.at, now)}{checked}",
            one.because,
            one.alive,
            tuple(_results(one)),
        )


def next_check(board: Board) -> str:
    """The check that would tell most, or what is missing for one."""
    if board.separation:
        return sentence(separation_line(board, board.separation).replace("`", ""))
    missing = no_check_line(board)
    return sentence(missing) if missing else ""


def _results(one: Hypothesis) -> Iterator[ResultRow]:
    for place, said in enumerate(one.added.predictions):
        reported, result = said.sql or said.normal, one.result(place)
        untested = "untestable" if said.lacks else "not checked"
        yield _result(reported, result) if result else ResultRow(untested, "open", reported, said.lacks, ())
    for result in one.results:
        if result.prediction is None:
            yield _result(result.checked.prediction, result)


def _result(reported: str, result: PredictionResult) -> ResultRow:
    outcome = result.checked.outcome
    return ResultRow(
        outcome.value, _OUTCOME_SHAPES[outcome], reported, result.checked.because, result.evidence
    )


def action_rows(incident: Incident, now: datetime) -> Iterator[ActionRow]:
    """The last one first."""
    for one in reversed(incident.actions):
        word, shape, because = _effect(one)
        how = "by hand" if one.begun.elsewhere else "by command"
        yield ActionRow(
            one.number,
            f"{wording.plain(one.begun.what)} {one.begun.target}",
            f"{one.begun.by}, {how}, {figures.clock(one.begun_at, now)}",
            word,
            shape,
            because,
            tuple(_tallies(one)),
            one.open,
        )


def _effect(one: Action) -> tuple[str, str, str]:
    effect = one.effect
    if effect is None:
        ended = sentence(run_line(one.ended.run)) if one.ended else ""
        lost = "Nothing says that it ended. " if one.lost else ""
        return "not measured", "open", f"{lost}{ended}"
    shape = "likely" if effect.effect.well else "possible" if effect.effect.credited else "open"
    if effect.effect in {Effect.NO_EFFECT, Effect.WORSE}:
        shape = "out"
    return EFFECTS[effect.effect], shape, sentence(effect.because)


def _tallies(one: Action) -> Iterator[tuple[str, str, str]]:
    effect = one.effect
    for name, tally in (
        (("baseline", effect.good), ("before", effect.before), ("after", effect.after)) if effect else ()
    ):
        if tally is not None:
            yield name, figures.percent(min(tally.share, 1.0)), _of(tally)


def _of(tally: Tally) -> str:
    return f"{figures.count(tally.events)} of {figures.count(tally.of)}"
