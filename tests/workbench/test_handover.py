"""The lead of an incident goes to another person."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.entry import Acknowledged, HandedOver, Resolved
from lastgood.workbench.handover import hand_over, known
from rooms import config_in, room_in


def test_the_lead_goes_over_with_the_briefing(tmp_path: Path) -> None:
    """Whoever acknowledges it first leads it; the briefing is kept as it was read."""
    config = config_in(tmp_path)
    with room_in(tmp_path) as room:
        room.append(Acknowledged("kim"))
        room.append(Acknowledged("jo"))
        assert "kim" == room.incident.lead
        entry = hand_over(
            room, config, " lee  chen ", "end of shift", lambda found: f"to {found.incident.lead}"
        )
        assert HandedOver("lee chen", "to kim", "end of shift") == entry.payload
        assert ("lee chen", "kim") == (room.incident.lead, room.incident.acknowledged_by)
        assert known(room, config).owed


@pytest.mark.parametrize("to", ["", "  ", "x" * 101, "kim"])
def test_a_handover_needs_a_new_name(tmp_path: Path, to: str) -> None:
    """Neither to no one nor to the lead."""
    with room_in(tmp_path) as room:
        room.append(Acknowledged("kim"))
        with pytest.raises(UsageError):
            hand_over(room, config_in(tmp_path), to, "", lambda _: "")


def test_what_is_over_is_not_handed_over(tmp_path: Path) -> None:
    """It has no clock any more."""
    with room_in(tmp_path) as room:
        room.append(Resolved("flag off"))
        with pytest.raises(UsageError, match="resolved"):
            hand_over(room, config_in(tmp_path), "lee", "", lambda _: "")
