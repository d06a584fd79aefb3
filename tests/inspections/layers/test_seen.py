"""What was seen at a layer: counts, and what points at the suspect."""

import pytest

from lastgood.inspections.layers.places import Tally
from lastgood.inspections.layers.seen import counted_at, rated, with_suspect
from lastgood.inspections.layers.weights import LAYER_FAILED, LAYER_REQUESTS
from lastgood.model.boundary import Layer, LayerSeen, LayerState

FAILS, FINE, NOT_SEEN = LayerState.FAILS, LayerState.FINE, LayerState.NOT_SEEN


@pytest.mark.parametrize(
    ("tally", "state"),
    [
        (Tally(), NOT_SEEN),
        (Tally(0, LAYER_REQUESTS - 1, 0, 900), NOT_SEEN),
        (Tally(0, LAYER_REQUESTS, 0, 900), FINE),
        (Tally(LAYER_FAILED, LAYER_REQUESTS, 0, 900), FAILS),
    ],
)
def test_counts_say_what_is_known(tally: Tally, state: LayerState) -> None:
    """Of too few nothing is known."""
    assert state is counted_at(Layer.APPLICATION, "web", tally, "requests").state


def test_reports_of_errors_alone_are_compared_with_how_many_there_were() -> None:
    """All lines are errors in both windows: the number tells."""
    assert not Tally(900, 900, 10, 10).fails
    assert rated(Tally(900, 900, 10, 10)).fails
    assert Tally(9, 20, 0, 20) == rated(Tally(9, 20, 0, 20))


@pytest.mark.parametrize(
    ("state", "database", "named"),
    [
        (NOT_SEEN, FAILS, True),
        (FINE, FINE, True),
        (FINE, FAILS, False),
    ],
)
def test_what_points_at_the_suspect_stands_at_its_layer(
    state: LayerState, database: LayerState, *, named: bool
) -> None:
    """Not where counts there are as before, and those of another layer are not."""
    seen = (LayerSeen(Layer.APPLICATION, state, "counted"), LayerSeen(Layer.STORE, database, "counted"))
    (found, other) = with_suspect(seen, Layer.APPLICATION, "its errors began")

    assert seen[1] == other
    assert ("by what points at it: its errors began" if named else "counted") == found.because
    assert (found.state is FAILS) is named
    assert seen == with_suspect(seen, None, "")
