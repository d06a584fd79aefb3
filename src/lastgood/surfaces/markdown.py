"""The card as Markdown, for tickets and chat."""

import re
from collections.abc import Iterator

from lastgood.surfaces.card import Card, Row, Section
from lastgood.surfaces.wording import PLAIN

_START = re.compile(r"^([#>+=~-]|\d+(?=[.)]))")


def card_markdown(card: Card) -> str:
    """The card with a heading and a part for each section."""
    parts = [f"## {escaped(card.headline)}", f"**{card.state}**"]
    parts += ["\n".join(_section(section)) for section in card.sections]
    return "\n\n".join(parts).translate(PLAIN) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, inside a line."""
    flat = " ".join(text.translate(PLAIN).split())
    return re.sub(r"([\\`*_\[\]<|&])", r"\\\1", flat)


def paragraph(text: str) -> str:
    """The same as a paragraph, whose start makes no list, heading or quotation of it."""
    return _START.sub(r"\\\1", escaped(text))


def _section(section: Section) -> Iterator[str]:
    yield f"**{section.label.capitalize()}**"
    yield ""
    for row in section.rows:
        cells = " · ".join(escaped(cell) for cell in row.cells if cell or not row.command)
        yield "- " + ": ".join(part for part in (cells, _code(row)) if part)


def _code(row: Row) -> str:
    """The command of a row, to be copied; its own backticks are no end of it."""
    text = str(row.command or "")
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{text}{fence}" if text else ""
