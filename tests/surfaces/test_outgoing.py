"""Messages as they leave: their parts, from the very text that was checked."""

from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.message import Audience, Message, Updated, UpdateStatus
from lastgood.surfaces.outgoing import outgoing, parts
from records import START
from rooms import room_in
from surfaces.test_updates import AFFECTED, drafted, text_of

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


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("kind", [None, ImpactKind.ERRORS])
def test_what_is_not_slow_is_not_called_slower(audience: Audience, kind: ImpactKind | None) -> None:
    """Failures without a share are more than usual."""
    said = replace(AFFECTED, impact=Impact(None, None, None, None, None, kind), segments=(), changes=())
    text = text_of(drafted(audience, said), said)
    assert "slower" not in text
    assert ("more requests than usual fail" in text) is (kind is ImpactKind.ERRORS)
