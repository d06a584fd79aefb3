"""Notices of third parties, which come late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inspections.scenes import change
from lastgood.algorithms.change_lineage import Origin
from lastgood.algorithms.change_timing import Timing
from lastgood.inspections.what_changed.content import read_content
from lastgood.inspections.what_changed.notices import as_observed
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import AT_FAULT, BEFORE_ONSET, OUTSIDE_UNUSED
from lastgood.model.answers import OtherCause
from lastgood.model.failure import Cause
from lastgood.model.judgement import Reason

SEEN = [OtherCause(Cause.THIRD_PARTY, 0.9, "it fails", shown=True)]


def notice(
    kind: str = "third_party", row: float = AT_FAULT, *, after: bool = True, weight: float = 0.5
) -> Suspect:
    """A notice of the party that fails, after the onset; but for what is given."""
    one = change("n", kind, -5)
    timed = Timing(weight, timedelta(minutes=-5), after=after, during=False)
    when = Reason(BEFORE_ONSET, lead=timedelta(minutes=1))
    suspect = Suspect(one, Origin(None, frozenset(), shared=False), read_content(one, ""), 0, timed=timed)
    return replace(suspect, circumstances=[when, Reason(row, name="x")])  # type: ignore[arg-type]


def test_a_late_notice_is_as_heavy_as_what_is_seen() -> None:
    """It comes after those affected have noticed."""
    weights = {0: 0.2}
    as_observed([notice()], weights, SEEN)
    assert {0: 0.9} == weights


@pytest.mark.parametrize(
    ("one", "others"),
    [
        (notice("deploy"), SEEN),
        (notice(row=OUTSIDE_UNUSED), SEEN),
        (notice(after=False), SEEN),
        (notice(), []),
        (notice(weight=0.0), SEEN),
    ],
)
def test_other_changes_keep_their_weight(one: Suspect, others: list[OtherCause]) -> None:
    """What is not about the party that fails, or came before, is weighed by itself."""
    weights = {0: 0.2}
    as_observed([one], weights, others)
    assert {0: 0.2} == weights
