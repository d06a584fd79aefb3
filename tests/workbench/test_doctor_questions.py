"""Questions that lack data are named together, by what would help them."""

from lastgood.inspections._registry import inspections
from lastgood.model.diagnosis import Health
from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.workbench.doctor_questions import examine_questions
from lastgood.workbench.doctor_sources import Examined


def test_what_sources_give_and_what_the_store_holds_counts() -> None:
    """With everything all is well; with metrics alone the questions about lines are named."""
    every = list(examine_questions([Examined((), frozenset(Signal))], []))
    held = Holdings((Holding(Signal.METRICS, 5, None, ()),))
    metrics = list(examine_questions([], [held]))
    lines = [one.name for one in inspections() if one.needs == {Signal.LOGS}]

    assert [Health.GOOD] == [one.health for one in every]
    assert lines
    assert any("without logs" in one.sentence and all(name in one.what for name in lines) for one in metrics)
    assert all(one.remedy for one in metrics)
