"""Which services end before the others."""

from datetime import timedelta

from cases import case_of
from lastgood.inspections.confirm.ended import ended
from lastgood.inspections.confirm.weights import ENDED_WITHOUT
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import Compared, Counted, compared_requests
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from telemetry.rows import put_lines_from
from worlds import START, World

GIVEN = Comparison(
    Window(START, START + timedelta(seconds=1800)),
    Window(START + timedelta(seconds=1800), START + timedelta(seconds=3600)),
    given=True,
)


def test_a_service_with_enough_missing_requests_has_ended(store: Store) -> None:
    """Ten times as many as chance could leave out; one that is too rare to tell has not ended, as far as anyone knows."""
    often = ENDED_WITHOUT * 10 / 1200
    World(rate=often, service="web", seconds=2400).store_spans(store)
    World(rate=often / 100, service="rare", seconds=2400, seed=3).store_spans(store)
    World(rate=1, service="pay", seed=2).store_spans(store)
    case, _ = investigate(store, now=GIVEN.bad.end, only="onset", comparison=GIVEN)

    found = ended(case, GIVEN, compared_requests(case)[0])

    assert {"web"} == set(found)
    assert abs((found["web"] - START).total_seconds() - 2400) < 60


def test_a_pause_is_an_end_where_enough_requests_are_missing(store: Store) -> None:
    """ENDED_WITHOUT of them, at their rate of before; one fewer is a pause."""
    put_lines_from(store, START, 1, "web")
    put_lines_from(store, GIVEN.bad.start, 1, "pay")
    case = case_of(store, GIVEN)

    def gone(missing: int) -> bool:
        return "web" in ended(case, GIVEN, (Compared((("web", ""),), Counted(missing), Counted()),))

    assert (True, False) == (gone(ENDED_WITHOUT), gone(ENDED_WITHOUT - 1))
