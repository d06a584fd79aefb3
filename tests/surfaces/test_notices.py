"""Notices in words."""

from datetime import date
from pathlib import Path

from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import SeveritySet
from lastgood.model.follow_up import FollowUpAdded, FollowUpType
from lastgood.model.message import Notice, Occasion
from lastgood.surfaces.notices import notice_message
from lastgood.workbench.notices import TIMEBOX, key_of
from rooms import room_in


def test_a_page_says_what_is_wrong_and_why_it_calls(tmp_path: Path) -> None:
    """The headline says when it is the time box; the end says that it is one."""
    with room_in(tmp_path) as room:
        entry = room.append(SeveritySet(SeverityLevel.SEV1, "all"))
        page = Notice("duty", Occasion.PAGE, entry.sequence, key_of(room), "severity SEV1")
        late = Notice("duty", Occasion.PAGE, 1, key_of(room, TIMEBOX), "the time box ended")
        clear = Notice("duty", Occasion.CLEAR, entry.sequence, key_of(room), "the incident is mitigated")
        heads = [notice_message(one, room, str).headline for one in (page, late, clear)]
        found = notice_message(page, room, str)

    assert [
        "#1 SEV1 · Checkout failing",
        "#1 SEV1 · Checkout failing: the time box ended",
        "Ended: #1 SEV1 · Checkout failing",
    ] == heads
    assert (page.key, SeverityLevel.SEV1) == (found.key, found.severity)
    assert {"Because": "severity SEV1", "Impact": "not measured yet"}.items() <= dict(found.fields).items()


def test_a_ticket_of_a_follow_up_says_who_and_by_when(tmp_path: Path) -> None:
    """And leads to its incident; every text of it is redacted."""
    added = FollowUpAdded("ask kim@example.com", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silence")
    with room_in(tmp_path) as room:
        entry = room.append(added)
        notice = Notice("issues", Occasion.TICKET, entry.sequence, key_of(room, "2"), "follow-up")
        found = notice_message(notice, room, lambda text: text.replace("kim@example.com", "…"))

    assert "ask …" == found.headline
    assert [("Owner", "kim"), ("Due", "2026-12-01"), ("Type", "detect"), ("Removes", "silence")] == [
        *found.fields[:4]
    ]
    assert "Checkout failing" in found.fields[4][1]
