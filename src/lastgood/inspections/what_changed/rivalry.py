"""What other causes weigh against changes: the heaviest that is not brought about by a change that stands for it."""

from collections.abc import Iterable, Mapping, Sequence

from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import (
    ASKS_MORE,
    CERTIFICATE_KIND,
    DNS_KIND,
    LIMIT_MET,
    MOVES_TRAFFIC,
    REPRESENTED,
)
from lastgood.model.answers import OtherCause
from lastgood.model.failure import Cause, cause_of

# What a change that does such a thing brings about: the cause is no rival of it.
BY_EFFECT = {
    Cause.TRAFFIC: {EffectKind.RATE_RAISED},
    Cause.CERTIFICATE: {EffectKind.CERTIFICATE_CHANGED},
    Cause.DNS: {EffectKind.ENDPOINT_CHANGED},
    # A disk that fills up, a machine that is cut off.
    Cause.INFRASTRUCTURE: {
        EffectKind.CLEARING_REMOVED,
        EffectKind.LOG_LEVEL_RAISED,
        EffectKind.ACCESS_CHANGED,
    },
}
# So does one whose kind, by its files, is that of the trouble.
BY_REASON = ((DNS_KIND, Cause.DNS), (CERTIFICATE_KIND, Cause.CERTIFICATE))


def heaviest_rival(
    suspects: Sequence[Suspect], weights: Mapping[int, float], others: Iterable[OtherCause]
) -> float:
    """The weight of the heaviest other cause that no change of some weight stands for, brings about, or waited for."""
    heavy = [suspect for suspect in suspects if weights.get(suspect.head, 0.0) >= REPRESENTED]
    represented = {cause_of(suspects[n].change.kind) for n, value in weights.items() if value >= REPRESENTED}
    rows = [reason.row for suspect in heavy for reason in suspect.all]
    represented |= {cause for row, cause in BY_REASON if any(one is row for one in rows)}
    done = {effect.kind for suspect in heavy for effect in suspect.content.effects}
    moved, met = (
        any(row is one for row in rows for one in wanted)
        for wanted in ((MOVES_TRAFFIC, ASKS_MORE), (LIMIT_MET,))
    )
    return max(
        (
            one.weight
            for one in others
            if one.cause not in represented and not BY_EFFECT.get(one.cause, set()) & done
            # A morning is what a limit is met with; a surge is a cause of its own.
            if one.cause is not Cause.TRAFFIC or not (moved or (met and not one.shown))
        ),
        default=0.0,
    )
