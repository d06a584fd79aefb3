"""The card as text, compared whole with files that people can read."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shlex import split

import pytest

from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.card import card_of
from lastgood.surfaces.terminal.text import card_text, write_card
from sitreps import OTHERS, broken, nothing, quiet, with_others, without_a_past

EXPECTED = Path(__file__).parents[1] / "expected"


@pytest.mark.parametrize("sitrep", [broken, quiet, nothing])
def test_the_card_reads_so(sitrep: Callable[[], Sitrep]) -> None:
    """A broken system, a quiet one, and one that cannot be judged, at 80 columns."""
    expected = (EXPECTED / f"{sitrep.__name__}.txt").read_text("utf-8")

    assert expected == card_text(card_of(sitrep()), 80)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_asked(width: int) -> None:
    """Rows wrap at every width."""
    lines = card_text(card_of(broken()), width).splitlines()

    assert max(len(line) for line in lines) <= width


def test_a_file_gets_no_colour() -> None:
    """What is not a terminal gets plain characters."""
    out = io.StringIO()

    write_card(card_of(broken()), out)

    assert "\x1b" not in out.getvalue()
    assert out.getvalue().startswith("SEV2 proposed · checkout failing")


def test_a_terminal_gets_colour_unless_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR keeps the words and drops the colours."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured, refused = io.StringIO(), io.StringIO()

    write_card(card_of(broken()), coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    write_card(card_of(broken()), refused)

    assert "\x1b[1;31m" in coloured.getvalue()
    assert "\x1b[1;31m" not in refused.getvalue()


def test_data_cannot_steer_the_terminal() -> None:
    """An escape sequence in a log line reaches the card as a mark."""
    hostile = replace(broken(), unknown=("a\x1b[31mb",))

    assert "\x1b" not in card_text(card_of(hostile))


@pytest.mark.parametrize("sitrep", [broken, lambda: with_others(*OTHERS), without_a_past])
@pytest.mark.parametrize("width", [60, 100, 200])
def test_a_command_stands_alone_on_its_lines(sitrep: Callable[[], Sitrep], width: int) -> None:
    """Nothing is before it or behind it, so whole lines can be pasted; a shell reads it as it is meant."""
    card = card_of(sitrep())
    lines = [line.strip() for line in card_text(card, width).splitlines()]
    pieces = {
        tuple(lines[start:end]) for start in range(len(lines)) for end in range(start + 1, len(lines) + 1)
    }
    pasted = {words(piece) for piece in pieces if piece[0].startswith("lastgood ")}

    for one in card.commands():
        assert words((str(one),)) in pasted


def words(lines: tuple[str, ...]) -> tuple[str, ...]:
    """What a shell reads of some lines; nothing where a quote is open. White space in a query means nothing."""
    try:
        return tuple(" ".join(word.split()) for word in split("\n".join(lines)))
    except ValueError:
        return ()
