"""Predictions: what a person writes down, with names as the store has them, and the windows it is held against."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson

from lastgood.algorithms.predictions.language import parse_pass
from lastgood.hypotheses.predictions import Scene, completions, missing, written
from lastgood.model.hypothesis import Predicted
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measuring import Measuring
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store


def scene_of(room: Room, store: Store) -> Scene | None:
    """The windows that predictions are held against: those of the sitrep, the bad one up to now while it goes on.

    None where the sitrep found none.
    """
    said = room.incident.triaged
    if said is None or said.comparison is None:
        return None
    comparison, holdings = said.comparison, store.survey()[0]
    held = holdings.telemetry_window
    if said.ended is None and not comparison.given and held:
        end = max(comparison.bad.end, min(room.now, held.end))
        comparison = Comparison(comparison.good, Window(comparison.bad.start, end))
    return Scene(comparison, _onset(room, said.document, said.since))


def measuring_for(room: Room, store: Store) -> Measuring | None:
    """A way to measure what the incident is about; None where no windows are known to compare."""
    scene = scene_of(room, store)
    return store.measuring(scene.comparison) if scene else None


def predicted(text: str, measuring: Measuring | None) -> Predicted:
    """What a person predicts, with names as the store has them.

    Raises:
        QuerySyntaxError: it cannot be parsed, or a name could be several attributes.
    """
    prediction = written(text, measuring)
    return Predicted(text, str(prediction), lacks=(missing(prediction, measuring) or "") if measuring else "")


def doubts(said: Iterable[Predicted]) -> Iterator[str]:
    """What keeps predictions from being tested with the data at hand."""
    for one in said:
        if one.lacks:
            yield f"cannot be tested with the data at hand: {one.text}: {one.lacks}"


def completed(room: Room, store: Store, text: str) -> tuple[str, ...]:
    """Every way in which a prediction may go on."""
    return tuple(one.text for one in completions(text, measuring_for(room, store)))


def typed(sql: str, rule: str) -> Predicted:
    """A query that a user typed, and the rule that its value must pass.

    Raises:
        QuerySyntaxError: the rule is none, or the query is not one SELECT that stays inside the store.
    """
    from lastgood.telemetry.sandbox import checked_select  # noqa: PLC0415 - its parser costs 0.6 s

    limit = parse_pass(rule)
    return Predicted(rule, f"value {limit}", checked_select(sql))


def _onset(room: Room, document: str, since: datetime | None) -> tuple[datetime, datetime] | None:
    """When it began, as an interval: as the kept sitrep says, else the one time that the record has."""
    if since is None:
        return None
    reported = orjson.loads(room.record.kept(document)).get("onset") or {}
    try:
        return datetime.fromisoformat(reported["low"]), datetime.fromisoformat(reported["high"])
    except (KeyError, ValueError, TypeError):
        return since, since
