"""When a change began to work: against the onset, against a slow rise, and by what its effect takes."""

from datetime import timedelta

from inspections.scenes import ONSET, SCENE, change
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.inspections.what_changed.exposure import Exposure
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.timed import timed_reason
from lastgood.model.change import Change
from lastgood.model.judgement import Reason

SECOND = timedelta(seconds=1)
UNSERVED = Exposure({}, ONSET - timedelta(hours=1), ONSET + timedelta(minutes=20), SCENE.low)
QUIET = Symptoms(frozenset(), {})


def before(time: timedelta, kind: str = "deploy") -> Change:
    """A change so long before the onset's interval."""
    return change("c", kind, (ONSET - SCENE.low + time) / timedelta(minutes=1))


def timed(
    one: Change, *effects: Effect, rises: list[SlowRise] | None = None, symptoms: Symptoms = QUIET
) -> Reason:
    """Its reason."""
    return timed_reason(one, list(effects), SCENE, UNSERVED, rises or [], symptoms)[1]


def effect(kind: EffectKind, what: str = "x", seconds: float | None = None) -> Effect:
    """What a diff does."""
    return Effect(kind, what, "a.py", "", seconds)
