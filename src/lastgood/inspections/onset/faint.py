"""Faint evidence: what is not sure by itself, what that means for the windows, and when something else may be meant."""

from datetime import datetime

from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.episodes import strength
from lastgood.inspections.onset.weights import LATELY, SURE_CHANCE
from lastgood.model.figures import duration
from lastgood.model.finding import Check
from lastgood.readings.series import Symptom


def faint(symptom: Candidate) -> bool:
    """Whether less direct signals could change what is reported."""
    return strength(symptom)[0] > SURE_CHANCE


def compared_until(symptom: Candidate, ended: datetime | None) -> datetime:
    """The end of what is bad: weak evidence that has just stopped has not ended, it has not come again yet.

    A level that is measured all the time, and is as usual again, has.
    """
    end = symptom.series.grid.window.end
    level = symptom.series.symptom is Symptom.LEVEL
    return end if ended is None or (not level and faint(symptom) and end - ended <= LATELY) else ended


def long_over(symptom: Candidate, ended: datetime | None, end: datetime) -> tuple[Check, ...]:
    """What to do where faint evidence ended long before `end`, that of the data: whoever asks may mean something else."""
    if ended is None or not faint(symptom) or end - ended <= LATELY:
        return ()
    before = duration((end - ended).total_seconds())
    return (
        Check(
            f"pass --since with the time of the page: this evidence is weak and ended {before} before the data"
        ),
    )
