"""Notices of third parties: what they report late is as heavy as what is seen of them."""

from collections.abc import MutableMapping, Sequence

from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import AT_FAULT
from lastgood.model.answers import OtherCause
from lastgood.model.failure import Cause


def as_observed(
    suspects: Sequence[Suspect], weights: MutableMapping[int, float], others: Sequence[OtherCause]
) -> None:
    """A notice of the third party that fails is as heavy as its failing: it is reported late, and is no cause by itself."""
    seen = max((one.weight for one in others if one.cause is Cause.THIRD_PARTY), default=0.0)
    for n, suspect in enumerate(suspects):
        timed, reached = suspect.timed, suspect.circumstances[1]
        mine = suspect.change.kind == "third_party" and reached.row is AT_FAULT
        if n in weights and mine and timed and timed.after and timed.weight > 0:
            weights[n] = max(weights[n], seen)
