"""Updates as they are composed: their frame and their sending."""

from datetime import timedelta
from pathlib import Path

from lastgood.model.entry import Acknowledged, Opened
from lastgood.model.message import Audience, Updated, UpdateStatus
from lastgood.surfaces.outgoing import outgoing
from lastgood.workbench import update_steps
from lastgood.workbench.store import Store
from services import service_over


def test_the_next_time_is_a_whole_minute_ahead_and_flaws_need_a_reason(store: Store, tmp_path: Path) -> None:
    """Nothing is recorded where the check refuses it."""
    with service_over(store, tmp_path) as service:
        service.record.open(Opened("slow"), actor="kim")
        room, board = update_steps.room_and_board(service, 1, "lee")
        message = update_steps.frame(room, service, Audience.TEAM, UpdateStatus.INVESTIGATING)
        assert () == board.hypotheses
        assert message.next_at is not None
        assert 0 == message.next_at.second
        assert message.next_at > room.now + timedelta(seconds=30)
        assert "" == message.owner  # it is not acknowledged

        found = update_steps.checked(service, room, message, "Investigating\n\nWe are on it.\n")
        assert found.flaws
        assert update_steps.sent(service, room, found, "", outgoing) is None
        assert 1 == len(service.record.entries(1))
        assert update_steps.sent(service, room, found, "nothing is measured yet", outgoing) is not None
        assert any(isinstance(e.payload, Updated) for e in service.record.entries(1))

        room.append(Acknowledged("lee"))
        assert "lee" == update_steps.frame(room, service, Audience.TEAM).owner
