"""What was asked outside, on the record."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.clock import system_clock
from lastgood.workbench.asked_outside import Answered, keep, keep_failure, room_for
from lastgood.workbench.evidence import kept, rerun
from lastgood.workbench.store import Store
from records import START
from rooms import config_in, room_in

ANSWERED = Answered("1 row", "lastgood sql sqlite:///x", "sqlite:///x", ("a",), ((1,),))


def test_the_answer_is_evidence_that_the_telemetry_cannot_repeat(tmp_path: Path, store: Store) -> None:
    """Its rows are kept; a rerun says how to ask again."""
    with room_in(tmp_path) as room:
        entry = keep(room, ANSWERED)
        assert entry
        assert ((1,),) == kept(room, entry.sequence).rows
        with pytest.raises(UsageError, match="was asked of sqlite:///x") as refused:
            rerun(room, store, entry.sequence)
        keep_failure(room, "sqlite:///x", "it was locked")
        assert "note" == room.entries[-1].kind

    assert "lastgood sql sqlite:///x" in refused.value.hint
    assert keep(None, ANSWERED) is None


def test_the_only_ongoing_incident_is_taken(tmp_path: Path) -> None:
    """None where there are none, or several; the one that is named in any case."""
    config = config_in(tmp_path)

    def number(incident: int | None = None) -> int | None:
        with room_for(config, system_clock, incident, actor="kim", now=START) as room:
            return room.number if room else None

    assert number() is None
    with room_in(tmp_path):
        assert 1 == number()
    with room_in(tmp_path):
        assert [None, 2] == [number(), number(2)]
