"""Steps on the board."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.entry import Opened
from lastgood.workbench.board_steps import added, board_now, reopened, ruled_out
from lastgood.workbench.store import Store
from services import service_over


def test_a_reason_and_words_are_needed(store: Store, tmp_path: Path) -> None:
    """Without them nothing is on the board."""
    with service_over(store, tmp_path) as service:
        service.record.open(Opened("slow"), actor="kim")
        with pytest.raises(UsageError, match="no words"):
            added(service, 1, "", "fails(a=b) > 50%", actor="kim")
        with pytest.raises(UsageError):
            added(service, 1, "the provider", "\n \n", actor="kim")
        assert () == board_now(service, 1).hypotheses
        one = added(
            service, 1, "the provider", "fails(a=b) > 50%\nonset after 2026-11-22T14:00:00Z", actor="kim"
        )
        assert 2 == len(one.added.predictions)
        for step in (ruled_out, reopened):
            with pytest.raises(UsageError, match="reason"):
                step(service, 1, 1, "", actor="kim")
