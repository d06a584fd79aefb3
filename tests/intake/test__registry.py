"""Who claims an input."""

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim, sources


def test_nobody_claims_random_bytes() -> None:
    """Better no source than a wrong one."""
    assert best_claim(Input(None, "noise", bytes(range(256)) * 8)) is None


def test_every_source_stands_an_empty_input() -> None:
    """Recognising never fails."""
    assert [] == [s.name for s in sources() if not s.folders and s.recognise(Input(None, "empty", b""))]
