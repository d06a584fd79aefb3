"""Log lines confirm that it is real where there are no requests."""

from collections import Counter
from datetime import timedelta
from math import ceil

from lastgood.inspections.confirm.louder import Lines, _as_at_this_hour, _clients, _more_than, by_lines
from lastgood.inspections.confirm.weights import CLIENT_LINES, CONFIRM_SURE, LOUDER_AS_USUAL, LOUDER_TIMES
from lastgood.model.answers import Confirmation, ImpactKind
from lastgood.model.evidence import Provenance, Table
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import COMPARED_FEWEST
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, step

GIVEN = Comparison(
    Window(START, START + timedelta(seconds=1800)),
    Window(START + timedelta(seconds=1800), START + timedelta(seconds=3600)),
    given=True,
)


def said(store: Store, share: float) -> Finding:
    """What lines say of an error share that changes to this one in the bad window."""
    World(rate=2.0, errors=step(1800, 0.01, share)).store_lines(store)
    case, _ = investigate(store, now=START + timedelta(hours=1), only="onset", comparison=GIVEN)
    return by_lines(case, GIVEN)


def test_more_error_lines_confirm_it(store: Store) -> None:
    """Ten times as many: real, by errors, and it is said that requests could not be judged."""
    finding = said(store, 0.1)

    assert (Verdict.YES, CONFIRM_SURE) == (finding.verdict, finding.confidence)
    assert isinstance(finding.answer, Confirmation)
    assert ImpactKind.ERRORS is finding.answer.impact.kind
    assert "there are no requests in the data" in finding.limits[0]
    assert "so do" not in finding.because


def test_as_many_error_lines_decide_nothing(store: Store) -> None:
    """Unknown: lines alone do not show whether requests succeed."""
    assert Verdict.UNKNOWN is said(store, 0.01).verdict


def test_errors_of_a_database_that_no_client_reports_decide_nothing(store: Store) -> None:
    """Its clients may expect them; while they are silent too, or there are none, it is real."""
    World(rate=2.0, errors=step(1800, 0.01, 0.1), service="postgresql").store_lines(store)
    case, _ = investigate(store, now=START + timedelta(hours=1), only="onset", comparison=GIVEN)
    alone = by_lines(case, GIVEN).verdict
    World(rate=2.0, errors=step(1800, 0.0, 0.0), service="ledger", seed=2).store_lines(store)
    case, _ = investigate(store, now=START + timedelta(hours=1), only="onset", comparison=GIVEN)

    assert (Verdict.YES, Verdict.UNKNOWN) == (alone, by_lines(case, GIVEN).verdict)


def counted(errors: int, of: int = 1000, before: int = 100, ratio: float = 1.1) -> Lines:
    """A service with so many error lines of so many."""
    good, bad = ({"n": n, "errors": wrong, "users": 0} for n, wrong in ((1000, before), (of, errors)))
    return Lines("shop", good, bad, before, ratio)


def test_error_lines_are_more_where_the_work_does_not_account_for_them() -> None:
    """LOUDER_TIMES as many."""
    most = ceil(LOUDER_TIMES * 100)

    assert (True, False) == (counted(most).louder, counted(most - 1).louder)


def test_a_rate_that_may_be_the_same_is_not_louder() -> None:
    """Where the interval of the ratio begins at one."""
    assert not counted(1000, ratio=1.0).louder


def test_few_error_lines_at_this_hour_say_nothing() -> None:
    """COMPARED_FEWEST of other days, of which today's are as many."""
    found = [_more_than(usual, usual, 1) for usual in (COMPARED_FEWEST - 1, COMPARED_FEWEST)]

    assert [True, False] == found


def test_a_client_is_known_to_be_silent_by_its_lines() -> None:
    """CLIENT_LINES while bad."""
    assert [True, False] == [_clients([counted(0, n)]) for n in (CLIENT_LINES, CLIENT_LINES - 1)]


def test_as_loud_as_at_this_hour_of_other_days_is_no_harm_as_far_as_lines_show() -> None:
    """LOUDER_AS_USUAL."""
    table = Table("lines", (), (), Provenance("", {}, None, 0, 0.0))
    finding = _as_at_this_hour([counted(300)], Counter({"shop": 600}), 2, table)

    assert (Verdict.NO, LOUDER_AS_USUAL) == (finding.verdict, finding.confidence)
