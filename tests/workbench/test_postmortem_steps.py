"""Steps on the page of the postmortem."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.entry import Opened
from lastgood.model.postmortem import Part
from lastgood.workbench.postmortem_steps import accepted, closed, made, written
from lastgood.workbench.store import Store
from services import service_over


def test_a_part_is_written_and_what_is_lacking_keeps_it_from_being_accepted(
    store: Store, tmp_path: Path
) -> None:
    """An unknown part, and a close without a reason, are refused."""
    with service_over(store, tmp_path) as service:
        service.record.open(Opened("slow"), actor="kim")
        written(service, 1, "summary", "Checkout failed.", actor="kim")
        found, missing = made(service, 1)
        assert {Part.SUMMARY: "Checkout failed."} == found.written
        assert missing
        with pytest.raises(UsageError, match="lacks"):
            accepted(service, 1, lambda _: b"", actor="kim")
        with pytest.raises(UsageError, match="no section"):
            written(service, 1, "poem", "x", actor="kim")
        with pytest.raises(UsageError, match="reason"):
            closed(service, 1, "", without=False, actor="kim")
