"""An incident assessed: the sitrep on the record, with evidence that can be asked again."""

import json
from pathlib import Path

import pytest

from lastgood.errors import NoDataError, QuerySyntaxError, UsageError
from lastgood.model.entry import Frozen, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.workbench.assess import assess
from lastgood.workbench.changes import feed
from lastgood.workbench.evidence import kept, rerun
from lastgood.workbench.pulse import pulse, pulse_of
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from rooms import room_in
from scenario_language.asking import written

pytestmark = pytest.mark.slow  # whole answers, over a store each

SCENARIO = Path(__file__).parents[1] / "scenarios" / "deploy_breaks_checkout.txt"


def document(sitrep: Sitrep) -> bytes:
    """As a surface writes it."""
    return json.dumps(sitrep_document(sitrep)).encode()


def cited(room: Room) -> list[tuple[int, Frozen]]:
    """The evidence on the record."""
    return [(e.sequence, e.payload) for e in room.entries if isinstance(e.payload, Frozen)]


def test_the_sitrep_is_on_the_record_with_what_it_rests_on(store: Store, tmp_path: Path) -> None:
    """Numbers that later entries build on, the whole document, and rows that give themselves again."""
    now = written(store, SCENARIO).whole.end
    with room_in(tmp_path, now=now) as room:
        sitrep = assess(room, store, document)
        said = room.entries[1].payload

        assert isinstance(said, Triaged)
        assert (Verdict.YES, sitrep.onset and sitrep.onset.at) == (said.verdict, said.since)
        assert "checkout-v42" == said.changes[0].change_id
        assert "rollback" == said.mitigations[0].kind
        assert sitrep_document(sitrep) == json.loads(room.record.kept(said.document))
        assert room.incident.severity == said.severity
        evidence = cited(room)
        assert len(evidence) >= 8
        for number, frozen in evidence:
            again = rerun(room, store, number)
            assert ((), ()) == (again.gone, again.new), frozen.question
            assert frozen.rows == again.same == len(kept(room, number).rows)


def test_what_moves_without_harm_has_no_beginning(store: Store, tmp_path: Path) -> None:
    """A service's telemetry is lost: the record and the change feed have no onset, the document says what moved."""
    lost = SCENARIO.with_name("healthy") / "telemetry_of_one_service_is_lost.txt"
    now = written(store, lost).whole.end
    with room_in(tmp_path, now=now) as room:
        sitrep = assess(room, store, document)
        said = room.entries[1].payload

        assert isinstance(said, Triaged)
        assert (Verdict.NO, None, None) == (said.verdict, said.since, said.since_low)
        assert sitrep.onset
        assert "ledger" in sitrep.onset.first_symptom
        assert not json.loads(room.record.kept(said.document))["onset"]["believed"]
    assert feed(store, now=now, limit=9).onset is None


def test_what_charts_and_timelines_need_is_kept(store: Store, tmp_path: Path) -> None:
    """The onset's interval, the first alert, and the pulse, which draws the same series after the telemetry is gone."""
    now = written(store, SCENARIO.with_name("wrong_alert.txt")).whole.end
    with room_in(tmp_path, now=now) as room:
        sitrep = assess(room, store, document)
        said = room.entries[1].payload

        assert isinstance(said, Triaged)
        assert sitrep.onset
        assert sitrep.window
        assert (sitrep.onset.low, sitrep.onset.high) == (said.since_low, said.since_high)
        open_ones = [f for f in sitrep.findings if f.verdict is Verdict.UNKNOWN]
        assert len(open_ones) == len(said.unknown)
        assert all(f.because in text for f, text in zip(open_ones, said.unknown, strict=True))
        rang = {frozen.question: kept(room, number) for number, frozen in cited(room)}
        assert said.alerts == (len(rang["What rang?"].rows) if "What rang?" in rang else 0)
        beat = rang["How did it go over time?"]
        assert beat.frozen.window == sitrep.window
        assert [one.values for one in pulse(store, sitrep.window)] == [one.values for one in pulse_of(beat)]


def test_what_differs_now_is_said(store: Store, tmp_path: Path) -> None:
    """After the telemetry is gone, every row is."""
    now = written(store, SCENARIO).whole.end
    with room_in(tmp_path, now=now) as room:
        assess(room, store, document)
        number = next(number for number, frozen in cited(room) if "lg_changes" in frozen.sql)
        before = len(kept(room, number).rows)
        store.engine.command(f"TRUNCATE TABLE {store.engine.database}.lg_changes")

        again = rerun(room, store, number)

        assert (before, 0, 0) == (len(again.gone), len(again.new), again.same)
        assert before == len(kept(room, number).rows) > 0


def test_a_record_cannot_smuggle_a_query_in(store: Store, tmp_path: Path) -> None:
    """A case from elsewhere is asked again as typed SQL is: nothing but one SELECT, inside the store."""
    with room_in(tmp_path) as room:
        rows = room.record.keep(b'{"columns": [], "rows": []}')
        room.append(Frozen("x", "x", "INSERT INTO lg_changes SELECT 1", {}, None, 0, False, rows))
        room.append(Frozen("x", "x", "SELECT * FROM file('/etc/passwd')", {}, None, 0, False, rows))

        for number in (2, 3):
            with pytest.raises(QuerySyntaxError):
                rerun(room, store, number)


def test_an_entry_that_is_no_evidence_is_said_to_be_none(tmp_path: Path) -> None:
    """With the numbers that are."""
    with room_in(tmp_path) as room, pytest.raises(UsageError, match=r"Entry 1 .* is not evidence") as caught:
        kept(room, 1)
    assert "none yet" in caught.value.hint


def test_without_telemetry_nothing_is_recorded(store: Store, tmp_path: Path) -> None:
    """The incident stays open as it is."""
    with room_in(tmp_path) as room:
        with pytest.raises(NoDataError):
            assess(room, store, document)
        assert 1 == len(room.entries)
