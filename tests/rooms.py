"""Rooms for tests: a record in a temporary folder, a given clock, and an incident in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lastgood.config import Config, configured
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
    with opened(config_in(folder), ticking(), what, actor="kim", now=now) as room:
        yield room
