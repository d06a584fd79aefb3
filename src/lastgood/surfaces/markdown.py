"""The card as Markdown, for tickets and chat."""

import re
from collections.abc import Iterator

from lastgood.surfaces.card import Card, Section
from lastgood.surfaces.wording import PLAIN


def card_markdown(card: Card) -> str:
    """The card with a heading and a part for each section."""
    parts = [f"## {escaped(card.headline)}", f"**{card.state}**"]
    parts += ["\n".join(_section(section)) for section in card.sections]
    return "\n\n".join(parts).translate(PLAIN) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<|])", r"\\\1", flat)


def _section(section: Section) -> Iterator[str]:
    yield f"**{section.label.capitalize()}**"
    yield ""
    for row in section.rows:
        yield "- " + " · ".join(escaped(cell) for cell in row.cells)
