"""The board without a measurement: how long nothing is supported."""

from datetime import timedelta
from pathlib import Path

from lastgood.workbench.board import search_of
from rooms import config_in, room_in


def test_the_time_box(tmp_path: Path) -> None:
    """Half an hour without a supported hypothesis is said; not before, and not once it is over."""
    with room_in(tmp_path) as room:
        config, start = config_in(tmp_path), room.now
        assert None is search_of(room, config).unexplained
        room.now = start + timedelta(minutes=31)
        assert timedelta(minutes=31) == search_of(room, config).unexplained
