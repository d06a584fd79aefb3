"""Rooms for tests: a record in a temporary folder, a given clock, and an incident in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from lastgood.config import Config, configured
from lastgood.incidents.database import open_database
from lastgood.model.entry import Opened
from lastgood.workbench.room import Room, opened
from records import START, ticking


def config_in(folder: Path) -> Config:
    """Settings with the record in a folder, whatever the machine's own are."""
    return replace(
        configured(), record=f"sqlite:///{folder / 'record.db'}", store=f"chdb://{folder / 'store'}"
    )


@contextmanager
def room_in(
    folder: Path, title: str = "Checkout failing", *inputs: Path, now: datetime = START
) -> Iterator[Room]:
    """The room of a new incident."""
    what = Opened(title, tuple(map(str, inputs)))
    if not (record := folder / "record.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        record.write_bytes(_new_record())
    with opened(config_in(folder), ticking(), what, actor="kim", now=now) as room:
        yield room


@cache
def _new_record() -> bytes:
    """A record with its tables and nothing in them: to migrate takes longer than most tests."""
    with TemporaryDirectory() as folder:
        open_database(f"sqlite:///{folder}/record.db").close()
        return (Path(folder) / "record.db").read_bytes()
