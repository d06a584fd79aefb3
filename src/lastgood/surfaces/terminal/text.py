"""The card as text: labels in a column, rows wrapped, colour only when a person can see it."""

import os
import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import IO

from lastgood.surfaces.card import Card, Row, Section, Tone
from lastgood.surfaces.invocation import Command
from lastgood.surfaces.wording import PLAIN

WIDTH = 100  # when nothing says how wide it is
MARGIN = 10

_STYLES = {
    Tone.PLAIN: "",
    Tone.BAD: "bold red",
    Tone.WARN: "yellow",
    Tone.GOOD: "green",
    Tone.QUIET: "dim",
}

_PHRASE_OR_BREAK = re.compile(r'"(?:\\.|[^"\\])*"|( )(?=(?:AND|TO) )')
Piece = tuple[str, Tone, bool]  # text, how it is meant, whether it is a label


def card_text(card: Card, width: int = WIDTH) -> str:
    """The card in plain characters."""
    lines = ("".join(text for text, _, _ in line).rstrip() for line in _lines(card, width))
    return "\n".join(lines).translate(PLAIN) + "\n"


def write_card(card: Card, out: IO[str]) -> None:
    """Write the card, in colour and as wide as the terminal when `out` is one."""
    if not (out.isatty() or os.environ.get("FORCE_COLOR")):
        out.write(card_text(card, WIDTH))
        return
    from rich.console import Console  # noqa: PLC0415 - only where a person looks
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out, highlight=False, soft_wrap=True)
    for line in _lines(card, max(60, min(console.width, 140))):
        pieces = [
            (text.translate(PLAIN), _STYLES[tone] or ("bold" if label else "")) for text, tone, label in line
        ]
        console.print(Text.assemble(*pieces))


def _lines(card: Card, width: int) -> Iterator[list[Piece]]:
    yield from _head(card, width)
    for section in card.sections:
        yield from _section(section, width)


def _head(card: Card, width: int) -> Iterator[list[Piece]]:
    lines = wrap(card.headline, width - len(card.state) - 2) or [""]
    gap = width - len(lines[0]) - len(card.state)
    yield [(lines[0], Tone.PLAIN, True), (" " * gap, Tone.PLAIN, False), (card.state, card.tone, True)]
    for line in lines[1:]:
        yield [(line, Tone.PLAIN, True)]


def _section(section: Section, width: int) -> Iterator[list[Piece]]:
    label = section.label.ljust(MARGIN)
    widths = _widths(section.rows)
    for row in section.rows:
        for line in _row(row, widths, width - MARGIN):
            yield [(label, Tone.PLAIN, True), (line, row.tone, False)]
            label = " " * MARGIN


def _widths(rows: tuple[Row, ...]) -> list[int]:
    """The widths of the columns before the last, which wraps."""
    columns = max(len(row.cells) for row in rows)
    fixed = [row for row in rows if len(row.cells) == columns]
    return [max(len(row.cells[i]) for row in fixed) for i in range(columns - 1)]


def _row(row: Row, widths: list[int], room: int) -> Iterator[str]:
    fixed = row.cells[:-1]
    start = "".join(cell.ljust(size) + " " for cell, size in zip(fixed, widths, strict=False))
    if len(start) > room // 2:  # columns too wide for this screen: let everything wrap
        start, last = "", " ".join(row.cells)
    else:
        last = row.cells[-1]
    lines = _filled(last, row.command, room - len(start))
    yield start + lines[0]
    for line in lines[1:]:
        yield " " * len(start) + line


def _filled(text: str, command: Command | None, room: int) -> list[str]:
    """The text wrapped, and the command below it: alone on its lines, so that it can be pasted."""
    if command is None:
        return wrap(text, room, break_long_words=True) or [""]
    return [*(wrap(f"{text}:", room) if text else ()), *continued(command.shell, room)]


def continued(words: Sequence[str], room: int) -> list[str]:
    """A command over several lines, as a shell reads it when it is pasted; a word that is too long stays whole.

    A query in quotes may end a line before AND and TO: white space there means nothing.
    """
    pieces = [piece for word in _together(words) for piece in _breakable(word)]
    lines, line = [], ""
    for piece, inside in pieces:
        end = "" if inside else " \\"
        if line and len(line) + 1 + len(piece) + 2 > room:
            lines.append(line + end)
            line = "  " + piece
        else:
            line = f"{line} {piece}" if line else piece
    return [*lines, line]


def _together(words: Sequence[str]) -> Iterator[str]:
    """An option with its value; every other word by itself."""
    option = ""
    for word in words:
        if option or not word.startswith("--"):
            yield f"{option} {word}".lstrip()
            option = ""
        else:
            option = word
    if option:
        yield option


def _breakable(word: str) -> Iterator[tuple[str, bool]]:
    """A word in pieces between which a line may end; whether a piece begins inside of quotes."""
    if not word.startswith("'") or "'" in word[1:-1]:
        yield word, False
        return
    start = 0
    for found in _PHRASE_OR_BREAK.finditer(word):
        if found[1]:
            yield word[start : found.start()], start > 0
            start = found.end()
    yield word[start:], start > 0
