"""What was played."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.drill import Criterion, DrillScore
from lastgood.workbench.played import drills_home, note_played, played
from records import START


def test_the_best_score_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the time and the sight of the last run; a broken file is named."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert {} == played()
    for minutes, points in ((0, 80.0), (9, 30.0)):
        score = DrillScore("no-stock", (Criterion("cause", points, 100, "", ""),))
        note_played(score, (f"seen {minutes}",), START + timedelta(minutes=minutes))
    found = played()["no-stock"]

    assert (80, ("seen 9",), START + timedelta(minutes=9)) == (found.percent, found.saw, found.at)
    (drills_home() / "played.json").write_text("[")
    with pytest.raises(UsageError, match="cannot be read"):
        played()
