"""The timing of a change against an onset: how well the one precedes the other, by kind of change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# How long after a change of this kind half of its effects have shown: a flag bites at once, a deploy
# rolls out over minutes, a name is cached for as long as its records say.
HALF_LIFE = {
    "flag": timedelta(minutes=3),
    "config": timedelta(minutes=5),
    "cron": timedelta(minutes=2),
    "certificate": timedelta(minutes=2),
    "scaling": timedelta(minutes=5),
    "migration": timedelta(minutes=10),
    "third_party": timedelta(minutes=15),
    "infrastructure": timedelta(minutes=10),
    "deploy": timedelta(minutes=15),
    "commit": timedelta(minutes=15),
    "dns": timedelta(minutes=20),
}
# Leaks fill up, caches expire, a rare path is taken late: what stays done may bite hours later.
LASTING = frozenset(
    {"flag", "config", "migration", "deploy", "commit", "dns", "third_party", "infrastructure"}
)
LATE = 0.25


@dataclass(frozen=True, slots=True)
class Timing:
    """How well a change precedes the onset, 0..1, and by how much; negative `lead` is after it."""

    weight: float
    lead: timedelta
    after: bool
    during: bool  # it went on for a while, and the onset lies in that


def timing(kind: str, at: datetime, until: datetime, low: datetime, high: datetime) -> Timing:
    """The timing of a change from `at` to `until` against an onset that lies between `low` and `high`.

    A change that begins after `high` cannot be the cause: weight 0. One within the interval or under way
    weighs 1. Before it the weight halves with every half-life of its kind, down to LATE for changes that
    last and to nothing for those that pass.
    """
    if at > high:
        return Timing(0.0, low - at, after=True, during=False)
    if until >= low:
        return Timing(1.0, max(low - at, timedelta(0)), after=False, during=until > at)
    gap = low - until
    decay = 0.5 ** (gap / HALF_LIFE.get(kind, timedelta(minutes=10)))
    return Timing(max(decay, LATE) if kind in LASTING else decay, low - at, after=False, during=False)
