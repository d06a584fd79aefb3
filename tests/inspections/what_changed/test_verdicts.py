"""Shares of weights become verdicts."""

from datetime import timedelta

from inspections.scenes import ONSET, SCENE, change
from lastgood.algorithms.causation import TIMELY
from lastgood.algorithms.change_lineage import Origin
from lastgood.algorithms.change_timing import Timing
from lastgood.inspections.what_changed import weights
from lastgood.inspections.what_changed.content import Content
from lastgood.inspections.what_changed.exposure import Exposure
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.verdicts import _at_fault, _level
from lastgood.inspections.what_changed.weights import (
    AT_FAULT,
    MAY_BE_UNNAMED,
)
from lastgood.model.answers import (
    ChangeVerdict,
)
from lastgood.model.judgement import Reason, Weight

ORIGIN = Origin(None, frozenset(), shared=False)
CONTENT = Content(
    (),
    read=False,
    idle=False,
    logged=False,
    lines={},
    gone=frozenset(),
    reported=frozenset(),
    words=frozenset(),
)
UNSERVED = Exposure({}, ONSET - timedelta(hours=1), ONSET + timedelta(minutes=20), SCENE.low)
LIKELY, POSSIBLE, UNLIKELY, OUT = (
    ChangeVerdict.LIKELY,
    ChangeVerdict.POSSIBLE,
    ChangeVerdict.UNLIKELY,
    ChangeVerdict.RULED_OUT,
)


def test_a_share_of_all_weight_has_a_name() -> None:
    """From weights.LIKELY and from weights.POSSIBLE on, whatever its share unless it is ruled out."""
    shares = (weights.LIKELY, weights.LIKELY - 0.01, weights.POSSIBLE, weights.POSSIBLE - 0.01)

    assert [LIKELY, POSSIBLE, POSSIBLE, UNLIKELY] == [_level(share, out=False) for share in shares]
    assert OUT is _level(weights.LIKELY, out=True)


def test_a_name_without_telemetry_is_a_tie_only_at_a_close_time() -> None:
    """TIMELY; any other tie holds whenever it was."""

    def tied(row: Weight, close: float) -> bool:
        timed = Timing(close, timedelta(minutes=1), after=False, during=False)
        reached = [Reason(AT_FAULT), Reason(row, name="cart")]
        return _at_fault(
            Suspect(change("c", "deploy", 1), ORIGIN, CONTENT, 0, timed=timed, circumstances=reached), SCENE
        )

    assert tied(MAY_BE_UNNAMED, TIMELY)
    assert not tied(MAY_BE_UNNAMED, TIMELY - 0.01)
    assert tied(AT_FAULT, TIMELY - 0.01)
