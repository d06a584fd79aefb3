"""Entries: every kind has a name of its own."""

from typing import get_args

from lastgood.model.entry import KINDS, Entry, Noted, Payload, Unread
from records import START


def test_every_kind_can_be_found_by_its_name() -> None:
    """All but the one for kinds that are not known."""
    assert set(get_args(Payload)) - {Unread} == set(KINDS.values())


def test_an_entry_is_of_its_payloads_kind() -> None:
    """Also one that this version does not know."""
    assert "note" == Entry(1, 1, "kim", START, START, Noted("seen"), "", "").kind
    assert "danced" == Entry(1, 1, "kim", START, START, Unread("danced", {}), "", "").kind
