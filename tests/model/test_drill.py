"""The score of a drill."""

from lastgood.model.drill import Criterion, DrillScore


def test_the_score_is_of_the_points_that_can_be_had() -> None:
    """As a percentage; of nothing, nothing."""
    parts = (Criterion("a", 5, 10, "", ""), Criterion("b", 5, 5, "", ""))

    assert 66 < DrillScore("x", parts).percent < 67
    assert 0 == DrillScore("x", ()).percent
