"""Each source is asked a few cheap questions; what it gives counts only if it can be asked."""

from datetime import UTC, datetime

from lastgood.config import SourceOf
from lastgood.model.diagnosis import Health
from lastgood.model.signal import Signal
from lastgood.workbench.doctor_sources import BOUNDS, examine
from systems import System, loki, running

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)


def test_sources_are_examined_in_their_order() -> None:
    """One that is down gives nothing; an empty one can be asked."""
    system = loki([(1, "web", "x")])
    empty = System(
        {"/api/v2/status": lambda _: {"versionInfo": {"version": "0.25"}}, "/api/v2/alerts": lambda _: []}
    )
    with running(system) as url, running(empty) as other:
        found = examine(
            [SourceOf(name="p", kind="loki", url=url), SourceOf(name="p", kind="jaeger", url="http://127.0.0.1:9"),
             SourceOf(name="p", kind="alertmanager", url=other)],
            lambda: NOW,
        )  # fmt: skip

    assert [frozenset({Signal.LOGS}), frozenset(), frozenset({Signal.ALERTS})] == [one.gives for one in found]
    assert [Health.GOOD, Health.BROKEN, Health.GOOD] == [one.findings[0].health for one in found]
    assert "0 alerts now (version 0.25)" in found[2].findings[0].sentence
    assert BOUNDS.requests >= len(system.asked)
