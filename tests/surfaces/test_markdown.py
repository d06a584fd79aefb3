"""The card as Markdown."""

from pathlib import Path

from lastgood.surfaces.card import card_of
from lastgood.surfaces.markdown import card_markdown, escaped
from sitreps import broken


def test_the_card_reads_so() -> None:
    """Headline, state, and a list for each section."""
    expected = (Path(__file__).parent / "expected" / "broken.md").read_text("utf-8")

    assert expected == card_markdown(card_of(broken()))


def test_log_text_cannot_format() -> None:
    """Stars, brackets and line ends in a line stay what they are."""
    assert "a \\*b\\* \\[c\\](d) \\<e" == escaped("a *b*\n[c](d) <e")
