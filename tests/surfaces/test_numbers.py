"""Numbers of a record as they are written and read."""

from dataclasses import replace

import pytest

from incidents.test_state import entries
from lastgood.errors import UsageError
from lastgood.model.action import ActionBegun
from lastgood.model.entry import Frozen, Noted
from lastgood.surfaces import numbers

KEPT = Frozen("5 % fail", "?", "", {}, None, 1, cut_off=False, content="")


def test_each_entry_is_cited_by_what_it_is() -> None:
    """Evidence by its letter, an action and any other entry by its word; one that is not there is an entry."""
    every = entries(KEPT, ActionBegun("rollback", "shop", "kim"), Noted("x"), replace(KEPT, claim="z"))

    assert "E2, action 3, entry 4, E5, entry 99" == numbers.cited([2, 3, 4, 5, 99], every)
    assert "evidence E2" == numbers.evidence_range(2, 2)
    assert "evidence E2 to E9" == numbers.evidence_range(2, 9)


@pytest.mark.parametrize("text", ["E12", "e12", "12"])
def test_a_number_is_read_with_its_letter_or_without(text: str) -> None:
    """As it is printed, and as it always was."""
    assert 12 == numbers.numbered(text, numbers.EVIDENCE)


@pytest.mark.parametrize("text", ["H12", "E", "", "-1", "E1x", "\u0663", "E 3"])
def test_the_number_of_something_else_is_refused(text: str) -> None:
    """A hypothesis is no evidence."""
    with pytest.raises(UsageError, match="E3"):
        numbers.numbered(text, numbers.EVIDENCE)
