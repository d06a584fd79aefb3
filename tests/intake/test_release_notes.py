"""Release notes in Markdown."""

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

NOTES = b"""# Releases of pay

## Unreleased
- soon

## 4.2.0 (2026-11-22 14:02 UTC)
### Changed
- fees per line

## [4.1.9] - 2026-11-19
- fix
"""


def test_a_dated_heading_is_a_deploy() -> None:
    """Of what the title names; a day alone is that from its beginning to its end."""
    found = outcome(NOTES, "RELEASES.md")
    first, second = found.rows["lg_changes"]
    assert ("deploy", "pay", "4.2.0", "pay 4.2.0: fees per line") == (first["Kind"], first["Service"], first["Version"], first["Title"])  # fmt: skip
    assert first["Timestamp"] == first["EndTimestamp"]
    assert ("19 00:00", "19 23:59") == (
        f"{second['Timestamp']:%d %H:%M}",
        f"{second['EndTimestamp']:%d %H:%M}",
    )
    assert found.balanced


def test_a_heading_may_name_the_service() -> None:
    """Before its version."""
    (one,) = outcome(b"# What's new\n\n## cart 3.1, 22 Nov 2026\n\n- a\n", "news.md").rows["lg_changes"]
    assert ("cart", "3.1") == (one["Service"], one["Version"])


def test_other_documents_are_none() -> None:
    """Without a date or a version in a heading, or of another name."""
    for name, text in (
        ("RELEASES.md", b"# Releases\n\n## 4.2.0\n\n- a\n"),
        ("RELEASES.md", b"# Releases\n\nOn 2026-11-22 we released 4.2.0.\n"),
        ("design.md", b"# Design\n\n## 1.2 (2026-11-22)\n\ntext\n"),
    ):
        assert best_claim(Input(None, name, text)) is None
