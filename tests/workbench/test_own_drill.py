"""An incident of the record becomes a drill that is played and scored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.drill_score import score
from lastgood.algorithms.replayed import pieces
from lastgood.errors import NoDataError, UsageError
from lastgood.model.finding import Verdict
from lastgood.telemetry.writer import Writer
from lastgood.workbench.drill_list import drill_named
from lastgood.workbench.drill_recording import played_rows
from lastgood.workbench.investigate import investigate
from lastgood.workbench.own_drill import from_incident
from lastgood.workbench.played import drills_home
from lastgood.workbench.store import Store
from own_drills import fill, own_incident
from players import play_badly, play_well
from records import START
from rooms import room_in

PAGED = datetime(2026, 12, 3, 23, 55, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = ("otel_traces", "otel_logs", "lg_changes", "lg_alerts")
NAMES = ("Bright-Oak", "Elm-Hall", "larsson", "acme.example", "user0")


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Own drills are kept in a folder of the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def texts(store: Store) -> str:
    """All that a store holds, as one text."""
    return " ".join(
        str(store.engine.query(f"SELECT * FROM {store.engine.database}.{name}").rows) for name in EVERY
    )


def replay(store: Store, name: str, since: datetime | None, until: datetime, fixed: datetime | None) -> None:
    """What plays is in the store, and nothing else: a process opens one embedded store."""
    for held in EVERY if since is None else ():
        store.engine.command(f"TRUNCATE TABLE {store.engine.database}.{held}")
    course = drill_named(name).course
    assert course is not None
    writer = Writer(store.engine, f"{since} {until}")
    for table, rows in played_rows(
        drills_home() / name / "telemetry", list(pieces(course, PAGED, since, until, fixed))
    ):
        writer.add(table, rows)
    writer.flush()


def test_an_own_incident_is_played(tmp_path: Path, store: Store) -> None:
    """Without names, with the same culprit, until the action that fixed it; then it is well."""
    fill(store)
    with own_incident(tmp_path) as room:
        made = from_incident(room, store)
        with pytest.raises(UsageError, match="already"):
            from_incident(room, store)
    assert made == drill_named("incident-1")
    assert "Orders of customer-" in made.title
    replay(store, "incident-1", None, PAGED, None)
    _, findings = investigate(store, now=PAGED, only="what_changed")
    text = texts(store)
    assert not [name for name in NAMES if name in text]
    assert "checkout-back" not in text
    assert any("checkout-v42" in str(one.answer) for one in findings if one.verdict is Verdict.YES)

    replay(store, "incident-1", PAGED, PAGED + 40 * MINUTE, PAGED + 21 * MINUTE)
    rows = store.engine.query(
        "SELECT intDiv(toUnixTimestamp(Timestamp) - toUnixTimestamp({page:DateTime('UTC')}), 600) AS part, "
        "countIf(StatusCode = 'Error') / count() AS share, count() = uniqExact(SpanId, TraceId) AS once "
        f"FROM {store.engine.database}.otel_traces WHERE ServiceName = 'web' AND SpanKind = 'Server' "
        "AND Timestamp >= {page:DateTime('UTC')} GROUP BY part ORDER BY part",
        {"page": f"{PAGED:%Y-%m-%d %H:%M:%S}"},
    ).rows
    assert [True, True, False, False] == [row["share"] > 0.2 for row in rows]
    assert all(row["once"] for row in rows)


def test_its_score_tells_good_from_bad(tmp_path: Path, store: Store) -> None:
    """As in the drills that ship; without telemetry there is no drill."""
    with (
        own_incident(tmp_path / "a") as room,
        pytest.raises(NoDataError, match="no telemetry of the fault, from"),
    ):
        from_incident(room, store)
    fill(store)
    with own_incident(tmp_path / "b") as room:
        with pytest.raises(UsageError, match="cannot be named"):
            from_incident(room, store, "../x")
        with pytest.raises(UsageError, match="already"):
            from_incident(room, store, "orders-fail")
        drill = from_incident(room, store, "mine")
    with room_in(tmp_path / "good") as good, room_in(tmp_path / "bad") as bad:
        play_well(good, drill)
        play_badly(bad, drill)
        well, badly = (score(drill, room.entries, START).percent for room in (good, bad))

    assert well > 90
    assert badly < 25
    assert (drills_home() / "mine" / "telemetry" / "otel_traces.parquet").is_file()
