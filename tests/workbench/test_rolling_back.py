"""Whether a service of an incident can be rolled back. The reasons: inspections/test_roll_back."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.model.entry import Frozen, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.rollback import RollBack
from lastgood.model.window import Comparison, Window
from lastgood.workbench.evidence import rerun
from lastgood.workbench.rolling_back import eligibility
from lastgood.workbench.store import Store
from rooms import room_in
from scenario_language.asking import written
from worlds import World

pytestmark = pytest.mark.slow  # whole answers, over a store each

SCENARIO = Path(__file__).parents[1] / "scenarios" / "deploy_breaks_checkout.txt"


def triaged(whole: Window) -> Triaged:
    """Users are affected in the last quarter."""
    middle = whole.start + timedelta(minutes=30)
    return Triaged(
        "", Verdict.YES, "", comparison=Comparison(Window(whole.start, middle), Window(middle, whole.end))
    )


def test_the_versions_of_the_incident_decide(store: Store, tmp_path: Path) -> None:
    """On the record where it is about to be done, with rows that give themselves again; else nothing is written."""
    whole = written(store, SCENARIO).whole
    with room_in(tmp_path, now=whole.end) as room:
        room.append(triaged(whole))
        looked = eligibility(room, store, "checkout")
        assert 2 == len(room.entries)

        decided = eligibility(room, store, "checkout", record=True)
        kept = [e.sequence for e in room.entries if isinstance(e.payload, Frozen)]
        again = [rerun(room, store, number) for number in kept]

    answer = decided.answer
    assert isinstance(answer, RollBack)
    assert ("v42", "v41", True) == (answer.version, answer.previous, answer.checks[0].holds)
    assert looked.verdict is decided.verdict is Verdict.UNKNOWN  # nothing tells of migrations
    assert len(kept) == 2
    assert [] == [one for one in again if one.gone or one.new]


def test_what_cannot_be_judged_is_unknown_with_its_reason(store: Store, tmp_path: Path) -> None:
    """No telemetry, no one affected, no deploy on record."""
    with room_in(tmp_path) as room:
        assert "no measurement on the record" in eligibility(room, store, "checkout").because
        room.append(triaged(Window(room.now - timedelta(minutes=40), room.now)))
        assert "cannot be read" in eligibility(room, None, "checkout").because
        World().store_spans(store)
        finding = eligibility(room, store, "checkout")

    assert "no deploy of checkout is recorded" in finding.because
    assert finding.answer is None
