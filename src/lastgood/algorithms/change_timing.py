"""The timing of a change against an onset: how well the one precedes the other, by kind of change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.model.judgement import Amount, Time

_KIND = "judgement: a flag acts at once, a roll-out takes minutes, a name is cached for as long as its record says"
# fmt: off
FLAG_HALF_LIFE = Time(3, "min until half of the effects of flag changes have shown", _KIND)
CONFIG_HALF_LIFE = Time(4, "min until half of the effects of config changes have shown", _KIND)
CRON_HALF_LIFE = Time(2, "min until half of the effects of cron changes have shown", _KIND)
CERTIFICATE_HALF_LIFE = Time(10, "min until half of the effects of certificate changes have shown", "judgement: a server reads it when it reloads, and clients meet it when they connect anew")
SCALING_HALF_LIFE = Time(4, "min until half of the effects of scaling changes have shown", _KIND)
MIGRATION_HALF_LIFE = Time(5, "min until half of the effects of migration changes have shown", _KIND)
THIRD_PARTY_HALF_LIFE = Time(15, "min until half of the effects of third party changes have shown", _KIND)
INFRASTRUCTURE_HALF_LIFE = Time(5, "min until half of the effects of infrastructure changes have shown", _KIND)
DEPLOY_HALF_LIFE = Time(5, "min until half of the effects of deploy changes have shown", _KIND)
COMMIT_HALF_LIFE = Time(5, "min until half of the effects of commit changes have shown", _KIND)
DNS_HALF_LIFE = Time(20, "min until half of the effects of dns changes have shown", _KIND)
OTHER_HALF_LIFE = Time(10, "min until half of the effects of other changes have shown", "judgement: between a deploy and a name")
LATE = Amount(0.08, "of weight is left of what lasts, however long ago", "judgement: leaks fill up, caches expire, a rare path is taken late")
GRACE = Time(90, "s after the onset, in which a change may still be its cause", "judgement: clocks of feeds differ, and an onset is an estimate")
IN_GRACE = Amount(0.7, "of weight just after the onset", "judgement: less than just before it")
AT_GRACE = Amount(0.3, "of weight at the end of the grace", "judgement: as heavy as what is not known")
REPORTED_LATE = Time(60, "min after the onset, in which a third party may report its trouble", "judgement: it reports when it has seen it, later than those affected")
REPORTED_AT_ONCE = Amount(0.8, "of weight of a third party's report at the onset", "judgement: less than one before it")
REPORTED_HALF_LIFE = Time(20, "min in which the weight of such a report halves", "judgement: most status pages follow within that")
# fmt: on
# How long after a change of this kind half of its effects have shown: a flag bites at once, a deploy
# rolls out over minutes, a name is cached for as long as its records say.
HALF_LIFE: Mapping[str, timedelta] = {
    "flag": FLAG_HALF_LIFE,
    "config": CONFIG_HALF_LIFE,
    "cron": CRON_HALF_LIFE,
    "certificate": CERTIFICATE_HALF_LIFE,
    "scaling": SCALING_HALF_LIFE,
    "migration": MIGRATION_HALF_LIFE,
    "third_party": THIRD_PARTY_HALF_LIFE,
    "infrastructure": INFRASTRUCTURE_HALF_LIFE,
    "deploy": DEPLOY_HALF_LIFE,
    "commit": COMMIT_HALF_LIFE,
    "dns": DNS_HALF_LIFE,
}
# What stays done may have its effect hours later.
LASTING = frozenset(
    {"flag", "config", "migration", "deploy", "commit", "dns", "third_party", "infrastructure", "certificate"}
)
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
    nothing: at once for reactions, within GRACE for others, within REPORTED_LATE for notices of third parties.
    """
    if at > high:
        return Timing(_after(kind, at - high), low - at, after=True, during=False)
    if until >= low:
        return Timing(1.0, max(low - at, timedelta(0)), after=False, during=until > at)
    gap = low - until
    decay = 0.5 ** (gap / HALF_LIFE.get(kind, OTHER_HALF_LIFE))
    return Timing(max(decay, LATE) if kind in LASTING else decay, low - at, after=False, during=False)


def _after(kind: str, late: timedelta) -> float:
    if kind == "third_party":
        return REPORTED_AT_ONCE * 0.5 ** (late / REPORTED_HALF_LIFE) if late <= REPORTED_LATE else 0.0
    if kind in REACTIONS or late > GRACE:
        return 0.0
    return IN_GRACE - (IN_GRACE - AT_GRACE) * (late / GRACE)
