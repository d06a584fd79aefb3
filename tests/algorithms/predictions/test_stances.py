"""Stances: whether two predictions can both hold."""

import pytest

from lastgood.algorithms.predictions.language import parse
from lastgood.algorithms.predictions.stances import Stance, stance


@pytest.mark.parametrize(
    ("expected", "of", "on"),
    [
        (Stance.SAME, "fails() rises", "fails() rises"),
        (Stance.CONTRARY, "fails() rises", "fails() at baseline"),
        (Stance.SILENT, "fails() rises", "fails(a=b) rises"),
        (Stance.SAME, "fails(a=b, c=d) rises", "fails(c=d, a=b) rises"),
        (Stance.SILENT, "fails(a=b) rises", "fails(a!=b) rises"),
        (Stance.SAME, "fails() > 50%", "fails() > 10%"),
        (Stance.SILENT, "fails() > 10%", "fails() > 50%"),
        (Stance.CONTRARY, "fails() > 50%", "fails() < 10%"),
        (Stance.CONTRARY, "fails() < 10%", "fails() >= 0.1"),
        (Stance.SILENT, "fails() > 50%", "fails() rises"),
        (Stance.SILENT, "fails() rises", "traffic() rises"),
        (Stance.SILENT, "latency(p50) rises", "latency(p99) rises"),
        (Stance.SILENT, "fails() in good < 5%", "fails() < 5%"),
        (Stance.SAME, "onset after 2026-11-22T14:05Z", "onset after 2026-11-22T14:00Z"),
        (Stance.SILENT, "onset after 2026-11-22T14:00Z", "onset after 2026-11-22T14:05Z"),
        (Stance.SILENT, "onset after 2026-11-22T14:00Z", "fails() rises"),
    ],
)
def test_what_one_says_of_another(expected: Stance, of: str, on: str) -> None:
    """Where the first holds, the second must, cannot, or may."""
    assert expected is stance(parse(of), parse(on))
