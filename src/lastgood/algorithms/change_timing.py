"""The timing of a change against an onset: how well the one precedes the other, by kind of change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# How long after a change of this kind half of its effects have shown: a flag bites at once, a deploy
# rolls out over minutes, a name is cached for as long as its records say.
HALF_LIFE = {
    "flag": timedelta(minutes=3),
    "config": timedelta(minutes=4),
    "cron": timedelta(minutes=2),
    "certificate": timedelta(minutes=2),
    "scaling": timedelta(minutes=4),
    "migration": timedelta(minutes=5),
    "third_party": timedelta(minutes=15),
    "infrastructure": timedelta(minutes=5),
    "deploy": timedelta(minutes=5),
    "commit": timedelta(minutes=5),
    "dns": timedelta(minutes=20),
}
# Leaks fill up, caches expire, a rare path is taken late: what stays done may bite hours later.
LASTING = frozenset(
    {"flag", "config", "migration", "deploy", "commit", "dns", "third_party", "infrastructure", "certificate"}
)
LATE = 0.08  # what is left of what lasts, however long ago
# Clocks of feeds are those of people and of other machines, and an onset is an estimate.
GRACE = timedelta(seconds=90)
AT_GRACE = 0.3  # the weight at its end; it begins at IN_GRACE
IN_GRACE = 0.7
# Whoever runs a third party tells of trouble when they have seen it: later than those who are hit.
TOLD_LATE = timedelta(minutes=60)
# What systems and people do about trouble comes soon after it: no grace.
REACTIONS = frozenset({"scaling", "cron"})


@dataclass(frozen=True, slots=True)
class Timing:
    """How well a change precedes the onset, 0..1, and by how much; negative `lead` is after it."""

    weight: float
    lead: timedelta
    after: bool
    during: bool  # it went on for a while, and the onset lies in that


def timing(kind: str, at: datetime, until: datetime, low: datetime, high: datetime) -> Timing:
    """The timing of a change from `at` to `until` against an onset that lies between `low` and `high`.

    One within the interval or under way weighs 1. Before it the weight halves with every half-life of its
    kind, down to LATE for changes that last and to nothing for those that pass. After `high` it falls to
    nothing: at once for reactions, within GRACE for others, within TOLD_LATE for notices of third parties.
    """
    if at > high:
        return Timing(_after(kind, at - high), low - at, after=True, during=False)
    if until >= low:
        return Timing(1.0, max(low - at, timedelta(0)), after=False, during=until > at)
    gap = low - until
    decay = 0.5 ** (gap / HALF_LIFE.get(kind, timedelta(minutes=10)))
    return Timing(max(decay, LATE) if kind in LASTING else decay, low - at, after=False, during=False)


def _after(kind: str, late: timedelta) -> float:
    if kind == "third_party":
        return 0.8 * 0.5 ** (late / timedelta(minutes=20)) if late <= TOLD_LATE else 0.0
    if kind in REACTIONS or late > GRACE:
        return 0.0
    return IN_GRACE - (IN_GRACE - AT_GRACE) * (late / GRACE)
