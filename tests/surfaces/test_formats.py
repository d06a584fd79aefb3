"""Formats."""

from lastgood.surfaces.formats import CardOutput, Output


def test_a_card_can_be_written_as_every_answer_can() -> None:
    """And in more ways."""
    assert set(map(str, Output)) < set(map(str, CardOutput))
