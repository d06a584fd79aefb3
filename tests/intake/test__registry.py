"""Who claims an input."""

import hypothesis
import pytest
from hypothesis import strategies as st

from intake.seeds import SEEDS, spoiled
from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim, sources
from outcomes import outcome


def test_nobody_claims_random_bytes() -> None:
    """Better no source than a wrong one."""
    assert best_claim(Input(None, "noise", bytes(range(256)) * 8)) is None


def test_every_source_stands_an_empty_input() -> None:
    """Recognising never fails."""
    assert [] == [s.name for s in sources() if not s.folders and s.recognise(Input(None, "empty", b""))]


@hypothesis.given(st.integers(0, 10**9))
def test_no_mishap_of_an_input_escapes_its_source(seed: int) -> None:
    """Cut off, flipped, nested, huge numbers, odd bytes: rejects, and an account that adds up."""
    name, content = spoiled(seed)
    claim = best_claim(Input(None, name, SEEDS[name]))
    if claim is not None:
        assert outcome(content, name, by=claim).balanced


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_an_input(name: str) -> None:
    """Else spoiling it would test nothing."""
    found = outcome(SEEDS[name], f"{name}.crontab" if name == "crontab" else name)

    assert found.balanced
    assert 0 < found.tally[1]
    assert [] == found.rejects
