"""An incident as it is printed."""

from pathlib import Path

from lastgood.surfaces.room_page import ready_in, room_page, room_page_document
from lastgood.surfaces.terminal.text import card_text
from rooms import config_in, room_in


def test_a_room_is_printed_with_what_comes_next(tmp_path: Path) -> None:
    """As text and as JSON, with incidents that are like it."""
    config = config_in(tmp_path)
    with room_in(tmp_path) as room:
        assert "lastgood incident assess" in card_text(room_page(room, config))
        document = room_page_document(room, config)
        assert (room.number,) == ready_in(room, config).ongoing
    assert ([], 1) == (document["similar"], len(document["record"]))
