"""What a person predicts, and the windows that it is held against."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import QuerySyntaxError
from lastgood.workbench.assess import assess
from lastgood.workbench.predictions import measuring_for, predicted, scene_of, typed
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from rooms import room_in
from scenario_language.asking import written
from workbench.test_assess import document

SCENARIOS = Path(__file__).parents[1] / "scenarios"


@pytest.mark.slow
def test_the_bad_window_goes_on_to_now(store: Store, tmp_path: Path) -> None:
    """While the incident does, and as far as the data reach; the onset is the interval of the sitrep."""
    now = written(store, SCENARIOS / "one_card_issuer.txt").whole.end
    with room_in(tmp_path, now=now - timedelta(minutes=5)) as room:
        assess(room, store, document)
        then = scene_of(room, store)
        later = scene_of(Room(room.record, room.entries, "kim", now), store)

        assert then
        assert later
        assert room.incident.triaged
        assert room.incident.triaged.since
        assert then.comparison.good == later.comparison.good
        assert later.comparison.bad.end >= then.comparison.bad.end
        assert later.onset
        assert later.onset[0] < room.incident.triaged.since < later.onset[1]


def test_without_a_sitrep_nothing_can_be_measured(store: Store, tmp_path: Path) -> None:
    """There are no windows to measure in; what is written down then stays as it is written."""
    with room_in(tmp_path) as room:
        assert (None, None) == (scene_of(room, store), measuring_for(room, store))
    assert "fails(plan=free) > 50%" == predicted("fails( plan = free ) > 50 %", None).normal


def test_a_typed_query_reads_and_has_a_rule() -> None:
    """Anything but one SELECT is refused, and so is a rule that is none."""
    assert "SELECT" in typed("SELECT count() AS value FROM lg_lines", "value > 5").sql
    for sql, rule in (("DROP TABLE x", "value > 5"), ("SELECT 1 AS value", "soon")):
        with pytest.raises(QuerySyntaxError):
            typed(sql, rule)
