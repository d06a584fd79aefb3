"""What a record promises, held by the same tests on SQLite and on a real PostgreSQL."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

import postgres
from lastgood.errors import NoIncidentError, RecordFailedError, RecordMovedError, UsageError
from lastgood.incidents.chain import faults
from lastgood.incidents.database import open_database
from lastgood.incidents.record import Record, open_record
from lastgood.model.clock import system_clock
from lastgood.model.entry import Noted, Opened, Unread
from records import START, ticking, writer

WITHIN = 300  # seconds for whatever another process does; a busy machine is no failure


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """One PostgreSQL for the run."""
    with postgres.cluster() as folder:
        yield folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kept/record.db"
    return postgres.new_database(request.getfixturevalue("cluster"))


@pytest.fixture
def record(url: str) -> Iterator[Record]:
    """An empty record with a clock of its own."""
    with open_record(url, ticking()) as opened:
        yield opened


def test_what_was_appended_comes_back(record: Record) -> None:
    """In order, with both times, whoever wrote it, and a chain that holds."""
    first = record.open(Opened("Checkout failing", ("app.log",)), actor="kim")
    record.append(first.incident, Noted("ANZ confirmed ✓ \x00"), actor="lee", at=START - timedelta(minutes=4))

    entries = record.entries(first.incident)

    assert [1, 2] == [entry.sequence for entry in entries]
    assert ["kim", "lee"] == [entry.actor for entry in entries]
    assert (Opened("Checkout failing", ("app.log",)), Noted("ANZ confirmed ✓ \x00")) == tuple(
        entry.payload for entry in entries
    )
    assert START - timedelta(minutes=4) == entries[1].at
    assert START + timedelta(seconds=1) == entries[1].written_at
    assert entries[0].hash == entries[1].previous
    assert [] == list(faults(record.lines(first.incident)))


def test_incidents_are_numbered_from_one(record: Record) -> None:
    """Each with its own sequence and an identity of its own."""
    first, second = (record.open(Opened(title), actor="kim") for title in ("one", "two"))

    assert (1, 2) == (first.incident, second.incident) == record.incidents()
    assert (1, 1) == (first.sequence, second.sequence)
    assert first.previous != second.previous


def test_an_unknown_incident_is_said_to_be(record: Record) -> None:
    """On reading and on writing alike, with the last one there is."""
    record.open(Opened("only"), actor="kim")

    for act in (lambda: record.entries(7), lambda: record.append(7, Noted("?"), actor="kim")):
        with pytest.raises(NoIncidentError, match="no incident 7") as caught:
            act()
        assert "The last one is 1" in caught.value.hint


def test_the_database_refuses_to_change_the_past(record: Record, url: str) -> None:
    """Also to a person who comes by another way than this program."""
    record.open(Opened("kept"), actor="kim")
    record.keep(b"rows")
    record.adopt([replace(line, previous="0" * 64) for line in record.lines(1)])  # as from elsewhere
    database = open_database(url)
    changes = [
        "UPDATE lastgood_entries SET actor = 'nobody'",
        "DELETE FROM lastgood_entries",
        "UPDATE lastgood_contents SET content = ''",
        "DELETE FROM lastgood_contents",
        "UPDATE lastgood_imported SET sequence = 2",
        "DELETE FROM lastgood_imported",
    ]

    for change in changes:
        with pytest.raises(RecordFailedError, match="append-only"), database.writing() as transaction:
            transaction.run(change)
    database.close()
    assert "kim" == record.entries(1)[0].actor


def test_who_looked_before_others_wrote_is_reported(record: Record) -> None:
    """With `after`, an entry that others could have made wrong is not written."""
    record.open(Opened("raced"), actor="kim")
    record.append(1, Noted("first"), actor="kim", after=1)

    with pytest.raises(RecordMovedError, match="1 new entries"):
        record.append(1, Noted("second"), actor="lee", after=1)

    assert 2 == len(record.entries(1))


def test_times_of_two_zones_are_one_time(record: Record) -> None:
    """Whatever zone a time is given in, it is kept in UTC; one without a zone is refused."""
    sydney = timezone(timedelta(hours=11))
    record.open(Opened("zones"), actor="kim", at=START.astimezone(sydney))

    assert START == record.entries(1)[0].at
    assert "2026-11-22T14:45:00.000000Z" == record.lines(1)[0].at
    with pytest.raises(UsageError, match="with a zone"):
        record.append(1, Noted("when?"), actor="kim", at=START.replace(tzinfo=None))


def test_a_clock_that_runs_backwards_changes_no_order(url: str) -> None:
    """The order is the sequence; both times are kept as they were."""
    with open_record(url, ticking(step=timedelta(minutes=-1))) as record:
        record.open(Opened("backwards"), actor="kim")
        record.append(1, Noted("later"), actor="kim")

        first, second = record.entries(1)
        assert (1, 2) == (first.sequence, second.sequence)
        assert second.written_at < first.written_at
        assert [] == list(faults(record.lines(1)))


def test_an_entry_of_a_newer_version_is_kept_as_it_is(record: Record) -> None:
    """Its kind is unknown here; it is read, shown and verified all the same."""
    record.open(Opened("newer"), actor="kim")
    record.append(1, Unread("teleported", {"to": "mars", "at": [1, 2.5, None]}), actor="kim")

    assert Unread("teleported", {"to": "mars", "at": [1, 2.5, None]}) == record.entries(1)[1].payload
    assert [] == list(faults(record.lines(1)))


def test_contents_are_kept_by_their_hash(record: Record) -> None:
    """The same content twice is one content."""
    names = {record.keep(b"\x00rows\xff") for _ in range(2)}

    assert 1 == len(names)
    assert b"\x00rows\xff" == record.kept(names.pop())


def test_a_record_opened_by_many_at_once_is_made_once(url: str) -> None:
    """All of them find its tables, whoever was first."""
    opened, problems = [], []
    barrier = threading.Barrier(8)

    def open_it() -> None:
        barrier.wait()
        try:
            with open_record(url, system_clock) as record:
                opened.append(record.open(Opened("rush"), actor="kim").incident)
        except Exception as problem:  # noqa: BLE001 - it is what the test asserts on
            problems.append(problem)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN)

    assert [] == problems
    assert list(range(1, 9)) == sorted(opened)


@pytest.mark.slow
def test_eight_writers_at_once_lose_nothing(url: str) -> None:
    """8 processes with 500 entries each: all there, none twice, without gaps, every chain link in place."""
    with open_record(url, system_clock) as record:
        incident = record.open(Opened("storm"), actor="kim").incident
        writers = [writer(url, incident, f"writer{number}", 500) for number in range(8)]
        acknowledged = [process.communicate(timeout=WITHIN)[0].split() for process in writers]
        lines = record.lines(incident)

    assert [0] * 8 == [process.returncode for process in writers]
    assert list(range(1, 4002)) == [line.sequence for line in lines]
    assert list(range(2, 4002)) == sorted(int(number) for reported in acknowledged for number in reported)
    wanted = {f"writer{number} {count}" for number in range(8) for count in range(500)}
    assert wanted == {line.payload["text"] for line in lines if line.kind == "note"}
    assert [] == list(faults(lines))


@pytest.mark.slow
def test_a_writer_that_is_killed_loses_nothing_acknowledged(url: str) -> None:
    """Kill -9 in a storm of writes, 50 times: what was acknowledged is there, whole, and the chain holds."""
    acknowledged: list[int] = []
    with open_record(url, system_clock) as record:
        incident = record.open(Opened("kills"), actor="kim").incident
        for round_ in range(50):
            process = writer(url, incident, f"round{round_}", 1_000_000)
            assert process.stdout is not None
            acknowledged += [int(process.stdout.readline()) for _ in range(1 + round_ % 7)]
            process.kill()
            acknowledged += [int(line) for line in process.stdout.read().split("\n")[:-1]]
            process.wait(WITHIN)
            process.stdout.close()
            assert set(acknowledged) <= {line.sequence for line in record.lines(incident)}
        lines = record.lines(incident)
        assert [] == list(faults(lines))
        assert list(range(1, len(lines) + 1)) == [entry.sequence for entry in record.entries(incident)]
