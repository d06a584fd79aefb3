"""Drill: an incident to practise on. Its telemetry is drawn from a text and a seed, and grows while the drill runs."""

import json
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from lastgood.algorithms.drill_score import fits, score
from lastgood.decoding.scenario.course import stretch, world_until
from lastgood.decoding.scenario.world import tables
from lastgood.errors import NoDataError, UsageError
from lastgood.incidents.record import open_record
from lastgood.model.action import ActionBegun
from lastgood.model.clock import Clock
from lastgood.model.drill import ChatLine, Drill, DrillScore, Truth
from lastgood.model.entry import KINDS, Entry, Triaged
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import saved_store
from lastgood.workbench.whole_file import whole_file

STATE = "drill.json"
FIRST_LOOK = timedelta(seconds=30)  # of telemetry after the page
LONGEST_DRILL = timedelta(hours=3)
TAKES = timedelta(minutes=1)  # until a right mitigation works


@dataclass(frozen=True, slots=True)
class Session:
    """A drill that somebody plays, in its folder."""

    folder: Path
    drill: Drill
    paged_at: datetime
    until: datetime  # of the telemetry so far

    @property
    def store(self) -> str:
        """The address of its telemetry."""
        return f"chdb://{self.folder / 'store'}"

    @property
    def record(self) -> str:
        """The address of its record."""
        return f"sqlite:///{self.folder / 'record.db'}"


@cache
def drills() -> tuple[Drill, ...]:
    """All that there are, from easy to hard."""
    folder = files("lastgood.workbench") / "drills"
    found = [_read(one.name.removesuffix(".toml"), one.read_text("utf-8")) for one in folder.iterdir()]
    return tuple(sorted(found, key=lambda one: (one.level, one.name)))


def drill_named(name: str) -> Drill:
    """The drill of a name.

    Raises:
        UsageError: there is none; says which there are.
    """
    for one in drills():
        if one.name == name:
            return one
    raise UsageError(
        f"There is no drill {name!r}.", hint=f"Drills: {', '.join(one.name for one in drills())}."
    )


def start(name: str, folder: Path, now: datetime) -> Session:
    """The session of a drill that is paged now; its telemetry up to the page is in its store.

    Raises:
        UsageError: there is no such drill, or something is in the folder.
    """
    drill = drill_named(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder.", hint="Name another one with --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    session = Session(folder.absolute(), drill, now, now)
    return _grown(session, now + FIRST_LOOK, None, first=True)


def session_in(folder: Path) -> Session:
    """The session of a folder.

    Raises:
        UsageError: no drill was started there.
    """
    try:
        found = json.loads((folder / STATE).read_text("utf-8"))
        paged, until = [datetime.fromisoformat(found[name]) for name in ("paged_at", "until")]
        real = paged.tzinfo is not None and timedelta() <= until - paged <= LONGEST_DRILL
        session = Session(folder.absolute(), drill_named(found["drill"]), paged, until)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise _not_started(folder) from problem
    if not real:  # the file was edited: years of telemetry would be drawn
        raise _not_started(folder)
    return session


def _not_started(folder: Path) -> UsageError:
    return UsageError(f"No drill was started in {folder}.", hint="Start one: lastgood drill start NAME")


def look(session: Session, now: datetime, clock: Clock) -> tuple[Session, tuple[ChatLine, ...]]:
    """The session with telemetry up to now, and the chat lines that have arrived."""
    until = min(now, session.paged_at + LONGEST_DRILL)
    fixed = _fixed_at(session, _entries(session, clock))
    if until > session.until:
        session = _grown(session, until, fixed)
    minutes = (now - session.paged_at).total_seconds() / 60
    return session, tuple(line for line in session.drill.chat if line.after <= minutes)


def scored(session: Session, clock: Clock) -> DrillScore:
    """What the record of a session is worth.

    Raises:
        NoDataError: nothing is recorded.
    """
    entries = _entries(session, clock)
    if not entries:
        raise NoDataError(
            "The drill has no record.", hint="Open the incident first: lastgood incident open TITLE"
        )
    return score(session.drill, entries, session.paged_at)


def saw(session: Session, clock: Clock) -> tuple[str, ...]:
    """What the first sitrep of the record showed; nothing where none was recorded."""
    first = next((e.payload for e in _entries(session, clock) if isinstance(e.payload, Triaged)), None)
    return (first.because,) if first else ()


def _read(name: str, text: str) -> Drill:
    reported: dict[str, Any] = tomllib.loads(text)
    truth = reported.pop("truth")
    whole = {"incident": truth.pop("kind") == "incident", "change": "", "mitigations": [], **truth}
    return msgspec.convert(
        {"name": name, **reported, "truth": msgspec.convert(whole, Truth)}, Drill, from_attributes=True
    )


def _entries(session: Session, clock: Clock) -> tuple[Entry, ...]:
    """Those of all incidents of the session's record, in the order of time."""
    if not (session.folder / "record.db").is_file():
        return ()
    with open_record(session.record, clock) as record:
        return tuple(sorted(record.of_kinds(*KINDS), key=lambda entry: (entry.at, entry.sequence)))


def _fixed_at(session: Session, entries: tuple[Entry, ...]) -> datetime | None:
    """When a right mitigation worked."""
    right = [e.at for e in entries if isinstance(e.payload, ActionBegun) and fits(session.drill, e.payload)]
    return min(right) + TAKES if right else None


def _grown(session: Session, until: datetime, fixed: datetime | None, *, first: bool = False) -> Session:
    """The session with telemetry from where it ended up to a time."""
    drill, since = session.drill, None if first else session.until
    world, shift = world_until(drill.scenario, drill.page_at, session.paged_at, until, fixed)
    with saved_store(session.store) as store:
        writer = Writer(store.engine, f"drill {session.drill.name} {session.until} {until}")
        for table, rows in tables(stretch(world, shift, since, until)):
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
