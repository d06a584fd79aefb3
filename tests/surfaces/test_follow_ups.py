"""Follow-ups in words."""

from dataclasses import replace
from datetime import date

from lastgood.model.follow_up import FollowUp, FollowUpAdded, FollowUpType, Stage
from lastgood.surfaces.card import Tone
from lastgood.surfaces.follow_ups import follow_up_document, follow_up_line, follow_ups_card
from lastgood.surfaces.terminal.text import card_text
from records import START

ADDED = FollowUpAdded("Alert per issuer", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silent refusals")
ONE = FollowUp(7, 12, ADDED, Stage.OPEN, START, "")
DONE = FollowUp(7, 13, replace(ADDED, text="Cap the pool"), Stage.DONE, START, "merged")


def test_what_is_late_comes_first() -> None:
    """What is done and not verified stands apart."""
    sooner = replace(ONE, number=14, added=replace(ADDED, due=date(2026, 11, 1)))
    card = follow_ups_card([ONE, DONE, sooner], date(2026, 11, 3))

    assert ("1 OVERDUE", Tone.BAD) == (card.state, card.tone)
    assert [("OPEN", ["7.14", "7.12"]), ("VERIFY", ["7.13"])] == [
        (section.label, [row.cells[0] for row in section.rows]) for section in card.sections
    ]
    assert "7.14 2026-11-01 (2 days late) kim detect Alert per issuer" in card_text(card)
    assert "3 OPEN" not in card_text(card)


def test_nothing_late_is_no_alarm() -> None:
    """How many are open is said; none is good."""
    assert ("1 OPEN", Tone.PLAIN) == _state([ONE])
    assert ("0 OPEN", Tone.GOOD) == _state([DONE])


def _state(every: list[FollowUp]) -> tuple[str, Tone]:
    card = follow_ups_card(every, date(2026, 11, 3))
    return card.state, card.tone


def test_one_line_says_all_of_it() -> None:
    """Type, owner, due date, and how late it is."""
    assert "7.12 detect, kim, due 2026-12-01, 1 day overdue: Alert per issuer" == follow_up_line(
        ONE, date(2026, 12, 2)
    ).replace("\u00a0", " ")
    assert "overdue" not in follow_up_line(DONE, date(2026, 12, 2))


def test_the_document_has_its_name() -> None:
    """And dates as text."""
    document = follow_up_document(ONE, date(2026, 12, 2))

    assert ("7.12", True, "open", "2026-12-01") == (
        document["id"], document["overdue"], document["stage"], document["added"]["due"],
    )  # fmt: skip
