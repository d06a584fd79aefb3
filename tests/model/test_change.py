"""A change is called by what its feed says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lastgood.model.change import Change, ChangeKind, short_id, title_in_sentence

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_change_is_called_by_its_title_its_version_or_its_id() -> None:
    """The first that there is."""
    named = [
        Change("c-1", ChangeKind.DEPLOY, AT, AT, "shop", "spring sale", "v2"),
        Change("c-1", ChangeKind.DEPLOY, AT, AT, "shop", "", "v2"),
        Change("c-1", ChangeKind.FLAG, AT, AT),
    ]

    assert ["spring sale", "shop v2", "c-1"] == [change.name for change in named]


@pytest.mark.parametrize("state", ["failed", "ERROR", "aborted", "skipped", "rejected", "cancelled"])
def test_what_did_not_end_well_is_not_in_force(state: str) -> None:
    """Whatever word its feed has for it; no word, or one that is unknown, is no reason to doubt it."""
    ended = Change("c-1", ChangeKind.DEPLOY, AT, AT, "shop", state=state)

    assert not ended.took_effect
    assert replace(ended, state="").took_effect
    assert replace(ended, state="succeeded").took_effect


@pytest.mark.parametrize(
    ("kind", "title", "said"),
    [
        ("deploy", "payments v2.46.0", "payments v2.46.0"),
        ("commit", "Retry calls of pricing, and log them", "“Retry calls of pricing”"),
        ("migration", "apply 0087_drop_gift_wrap to orders", "0087_drop_gift_wrap"),
        ("commit", "word " * 40, f"“{'word ' * 11}…”"),
    ],
)
def test_a_title_in_a_sentence(kind: str, title: str, said: str) -> None:
    """Its first clause, quoted where it is a sentence itself; a migration by its numbered name."""
    assert said == title_in_sentence(kind, title)


def test_an_id_in_a_sentence() -> None:
    """A commit's is abbreviated, another is whole."""
    assert ("ab" * 6, "tag/orders/r612") == (short_id("ab" * 20), short_id("tag/orders/r612"))
