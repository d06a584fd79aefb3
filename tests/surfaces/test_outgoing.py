"""Messages as they leave: their parts, from the very text that was checked."""

from dataclasses import replace
from pathlib import Path

from lastgood.model.message import Audience, Message, Updated, UpdateStatus
from lastgood.surfaces.outgoing import outgoing, parts
from records import START
from rooms import room_in

TEXT = (
    "Identified · SEV2 · Checkout failing\n\nWe turn\nthe flag off.\n\nImpact: 5 %\nNext update: 15:46 UTC\n"
)


def test_a_text_has_its_parts() -> None:
    """The headline, the writer's own words, the labelled lines."""
    assert (
        "Identified · SEV2 · Checkout failing",
        "We turn\nthe flag off.",
        (("Impact", "5 %"), ("Next update", "15:46 UTC")),
    ) == parts(TEXT)


def test_every_part_is_redacted(tmp_path: Path) -> None:
    """Title, headline and fields, as the text."""
    with room_in(tmp_path, "Ask kim@example.com") as room:
        update = Updated(
            Message(UpdateStatus.IDENTIFIED, Audience.TEAM), TEXT.replace("5 %", "kim@example.com")
        )
        entry = replace(room.entries[0], payload=update)
        out = outgoing(entry, update, room.incident, lambda text: text.replace("kim@example.com", "…"))

    assert "Ask …" == out.title
    assert ("Impact", "…") == out.fields[0]
    assert "kim@example.com" not in repr(out)
    assert (UpdateStatus.IDENTIFIED, START) == (out.status, out.at)
