"""Whether a service of an incident can be rolled back. The reasons: inspections/test_roll_back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.entry import Frozen, Triaged
from lastgood.model.finding import Finding, Verdict
from lastgood.model.rollback import Check, RollBack
from lastgood.model.window import Comparison, Window
from lastgood.workbench.evidence import rerun
from lastgood.workbench.rolling_back import against, asks_version, eligibility, version_of
from lastgood.workbench.store import Store
from rooms import room_in
from scenario_language.asking import written
from worlds import World

pytestmark = pytest.mark.slow  # whole answers, over a store each

SCENARIO = Path(__file__).parents[1] / "scenarios" / "deploy_breaks_checkout.txt"


def triaged(whole: Window, *likely: WeighedChange) -> Triaged:
    """Users are affected in the last quarter."""
    middle = whole.start + timedelta(minutes=30)
    windows = Comparison(Window(whole.start, middle), Window(middle, whole.end))
    return Triaged("", Verdict.YES, "", comparison=windows, changes=likely)


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


def test_the_likely_change_of_the_record_decides_where_it_goes(store: Store, tmp_path: Path) -> None:
    """What the card proposed is what is judged: a deploy after the likely one is taken back with it."""
    later = tmp_path / "later.txt"
    later.write_text(SCENARIO.read_text() + "change  deploy checkout v42 -> v43  id=checkout-v43 at 10:35\n")
    whole = written(store, later).whole
    likely = WeighedChange(
        "checkout-v42", ChangeKind.DEPLOY, "checkout", whole.start, "v42", ChangeVerdict.LIKELY, 0.8, (), ()
    )
    with room_in(tmp_path, now=whole.end) as room:
        room.append(triaged(whole, likely))
        found = eligibility(room, store, "checkout").answer

    assert isinstance(found, RollBack)
    assert ("v43", "v41", "v42") == (found.version, found.previous, found.one_back)


UNDO, BY_VERSION, BY_REVISION = ("undo", "{service}"), ("to", "{version}"), ("to", "{to_revision}")


def judged(one_back: str = "v42", verdict: Verdict = Verdict.UNKNOWN) -> Finding:
    """Of a service whose roll-back goes from v43 to v41."""
    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    checks = (Check("migrations", "not recorded"),)
    answer = RollBack("checkout", "d43", "v43", "v41", at, None, checks, None, None, (), one_back)
    return Finding(verdict, "not recorded", answer=answer)


def test_a_command_that_may_end_at_another_version_needs_a_reason() -> None:
    """Where one deploy back is not where it goes, and the command does not say where."""
    assert "may go back to v42 only" in against(judged(), "checkout", UNDO)
    assert "" == against(judged(""), "checkout", UNDO)
    assert "" == against(judged(), "checkout", BY_VERSION) == against(judged(), "checkout", BY_REVISION)
    assert "" == against(judged(), "checkout", ())  # by hand
    assert "" == against(Finding(Verdict.UNKNOWN, "no deploy is recorded"), "checkout", UNDO)


def test_a_command_is_filled_with_the_version_that_is_judged() -> None:
    """Unless a person gives another."""
    assert {"version": "v41"} == version_of(judged())
    assert {} == version_of(Finding(Verdict.UNKNOWN, "no deploy is recorded"))
    assert asks_version("rollback", BY_VERSION, {})
    assert not asks_version("rollback", BY_VERSION, {"version": "v40"})
    assert not asks_version("restart", BY_VERSION, {})
    assert not asks_version("rollback", UNDO, {})
