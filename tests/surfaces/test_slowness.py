"""Who is slow is said only of whom it was measured."""

import pytest

from lastgood.model.answers import Impact, ImpactKind
from lastgood.surfaces.slowness import also_slow, slowness

SLOWER = "p95 5 s, 0.1 s before"


@pytest.mark.parametrize(
    ("others", "slower", "expected"),
    [
        (True, SLOWER, f"others are slower ({SLOWER})"),
        (False, SLOWER, f"those that fail take long (all together {SLOWER})"),
        (None, SLOWER, f"requests are slower ({SLOWER})"),
        (None, "", "requests are slower than usual"),
    ],
)
def test_others_are_slower_only_where_they_are(others: bool | None, slower: str, expected: str) -> None:
    """What runs into a timeout is slow because it fails; those that work need not be."""
    impact = Impact(9, 3, 0.3, 0.0, None, ImpactKind.BOTH, slower=slower, others_slower=others)

    assert expected == also_slow(impact)
    past = also_slow(impact, over=True)
    assert ("took long" if others is False else " were slower") in past
    assert slowness(impact) in {f"slower ({SLOWER})", "slower than usual"}
