"""A mapping is proposed for what is named."""

from pathlib import Path

from lastgood.workbench.propose import proposed_for

GERMAN = b"Zeitpunkt;Dienst;Stufe;Text\n22.11.2026 15:03:11;zahlung;FEHLER;Karte abgelehnt\n"
NUMBERS = b"When,cpu_busy,mem used\n2026-11-22T14:03:11Z,0.5,812\n2026-11-22T14:03:21Z,0.6,815\n"


def test_only_what_was_not_recognised_is_proposed_for(tmp_path: Path) -> None:
    """Unless everything was."""
    (tmp_path / "a.csv").write_bytes(GERMAN)
    (tmp_path / "b.csv").write_bytes(NUMBERS)

    assert ["a.csv"] == [
        name for name in ("a.csv", "b.csv") if name in proposed_for([tmp_path], {str(tmp_path / "a.csv")})
    ]
    assert 2 == proposed_for([tmp_path], ()).count("[[file]]")
