"""Drill: an incident to practise on. Its telemetry grows while it runs: drawn from a text, or recorded once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from lastgood.algorithms.drill_score import fits
from lastgood.algorithms.replayed import pieces
from lastgood.decoding.scenario.course import stretch, world_until
from lastgood.decoding.scenario.world import tables
from lastgood.errors import UsageError
from lastgood.incidents.record import open_record
from lastgood.model.action import ActionBegun
from lastgood.model.clock import Clock
from lastgood.model.drill import ChatLine, Drill
from lastgood.model.entry import KINDS, Entry
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.tables import StoreTable
from lastgood.telemetry.writer import Writer
from lastgood.workbench.drill_list import OWN_TELEMETRY, drill_named
from lastgood.workbench.drill_recording import played_rows
from lastgood.workbench.played import drills_home
from lastgood.workbench.store import saved_store
from lastgood.workbench.whole_file import whole_file

STATE = "drill.json"
FIRST_LOOK = timedelta(seconds=30)  # of telemetry after the page
LONGEST_DRILL = timedelta(hours=3)
TAKES = timedelta(seconds=45)  # until a right mitigation works: soon enough to be credited without a template


@dataclass(frozen=True, slots=True)
class Session:
    """A drill that a person plays, in its folder."""

    folder: Path
    drill: Drill
    paged_at: datetime
    until: datetime  # of the telemetry so far

    @property
    def store(self) -> str:
        """The address of its telemetry."""
        return store_in(self.folder)

    @property
    def record(self) -> str:
        """The address of its record."""
        return f"sqlite:///{self.folder / 'record.db'}"


def start(name: str, folder: Path, now: datetime) -> Session:
    """The session of a drill that is paged now; its telemetry up to the page is in its store.

    Raises:
        UsageError: there is no such drill, or something is in the folder.
    """
    drill = drill_named(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder.", hint="Name another one with --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    session = Session(folder.absolute(), drill.played_at(now), now, now)
    with saved_store(session.store) as store:
        return _grown(session, store.engine, now + FIRST_LOOK, None, first=True)


def store_in(folder: Path) -> str:
    """The address of the telemetry of a drill in a folder."""
    return f"chdb://{folder / 'store'}"


def session_in(folder: Path) -> Session:
    """The session of a folder.

    Raises:
        UsageError: no drill was started there.
    """
    try:
        found = json.loads((folder / STATE).read_text("utf-8"))
        paged, until = [datetime.fromisoformat(found[name]) for name in ("paged_at", "until")]
        real = paged.tzinfo is not None and timedelta() <= until - paged <= LONGEST_DRILL
        session = Session(folder.absolute(), drill_named(found["drill"]).played_at(paged), paged, until)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise _not_started(folder) from problem
    if not real:  # the file was edited: years of telemetry would be drawn
        raise _not_started(folder)
    return session


def _not_started(folder: Path) -> UsageError:
    return UsageError(f"No drill was started in {folder}.", hint="Start one: lastgood drill start NAME")


def look(session: Session, now: datetime, clock: Clock) -> tuple[Session, tuple[ChatLine, ...]]:
    """The session with telemetry up to now, and the chat lines that have arrived."""
    if now > session.until:
        with saved_store(session.store) as store:
            session = grown(session, store.engine, entries_of(session, clock), now)
    return session, arrived(session, now)


def arrived(session: Session, now: datetime) -> tuple[ChatLine, ...]:
    """The chat lines up to now."""
    minutes = (now - session.paged_at).total_seconds() / 60
    return tuple(line for line in session.drill.chat if line.after <= minutes)


def grown(session: Session, engine: Engine, entries: Sequence[Entry], now: datetime) -> Session:
    """The session with telemetry up to now in an open store; a right action among the entries ends the impact."""
    until = min(now, session.paged_at + LONGEST_DRILL)
    return _grown(session, engine, until, _fixed_at(session, entries)) if until > session.until else session


def entries_of(session: Session, clock: Clock) -> tuple[Entry, ...]:
    """Those of all incidents of the session's record, in the order of time."""
    if not (session.folder / "record.db").is_file():
        return ()
    with open_record(session.record, clock) as record:
        return tuple(sorted(record.of_kinds(*KINDS), key=lambda entry: (entry.at, entry.sequence)))


def _fixed_at(session: Session, entries: Sequence[Entry]) -> datetime | None:
    """When a right mitigation worked."""
    right = [e.at for e in entries if isinstance(e.payload, ActionBegun) and fits(session.drill, e.payload)]
    return min(right) + TAKES if right else None


def _grown(
    session: Session, engine: Engine, until: datetime, fixed: datetime | None, *, first: bool = False
) -> Session:
    """The session with telemetry from where it ended up to a time."""
    since = None if first else session.until
    writer = Writer(engine, f"drill {session.drill.name} {session.until} {until}")
    for table, rows in _rows(session, since, until, fixed):
        writer.add(table, rows)
    writer.flush()
    state = {
        "drill": session.drill.name,
        "paged_at": session.paged_at.isoformat(),
        "until": until.isoformat(),
    }
    with whole_file(session.folder / STATE) as file:
        file.write(json.dumps(state).encode())
    return Session(session.folder, session.drill, session.paged_at, until)


def _rows(
    session: Session, since: datetime | None, until: datetime, fixed: datetime | None
) -> Iterator[tuple[StoreTable, pa.Table]]:
    """Telemetry of a stretch of time: from the recording of an own incident, else drawn from the scenario."""
    drill = session.drill
    if drill.course:
        recording = drills_home() / drill.name / OWN_TELEMETRY
        return played_rows(recording, list(pieces(drill.course, session.paged_at, since, until, fixed)))
    world, shift = world_until(drill.scenario, drill.page_at, session.paged_at, until, fixed)
    return tables(stretch(world, shift, since, until))
