"""Whether something other than your changes explains it."""

from datetime import timedelta

import pytest

from cases import FAILING, OPEN, finding_of
from lastgood.inspections.no_change import no_change
from lastgood.model.answers import (
    Answer,
    ChangesWeighed,
    ChangeVerdict,
    FailureClass,
    NoChange,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.failure import FailureKind, FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import UNDECIDED
from lastgood.telemetry.tables import CHANGES
from lastgood.workbench.store import Store
from worlds import START, World, put

WINDOWS = Comparison(
    Window(START, START + timedelta(minutes=5)),
    Window(START + timedelta(minutes=5), START + timedelta(minutes=10)),
)
OVERLOAD = FailureClass(FailureKind.OVERLOAD, "orders", 0.7, "traffic is up, and with it latency")
DOWN = FailureClass(FailureKind.DEPENDENCY_DOWN, "api.pay.example", 0.8, "all calls fail")
OUTSIDE = FailurePath("orders", "api.pay.example", 40, 40, external=True)


def change(kind: str, verdict: ChangeVerdict) -> ChangesWeighed:
    """One change, weighed."""
    return ChangesWeighed(
        (WeighedChange("c-1", ChangeKind(kind), "orders", START, "a change", verdict, 0.8, (), ()),)
    )


def asked(store: Store, *answers: Answer) -> Finding:
    """The finding about a failing shop with one deploy on record."""
    World(seconds=600, rate=1).store_spans(store)
    put(store, CHANGES, {"Id": ["c-1"], "Timestamp": [START], "Kind": ["deploy"]}, "one change")
    return finding_of(store, no_change, WINDOWS, FAILING, *answers)


LIKELY, POSSIBLE, OUT = ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE, ChangeVerdict.RULED_OUT


@pytest.mark.parametrize(
    ("answers", "verdict", "cause"),
    [
        ((change("deploy", LIKELY), OVERLOAD), Verdict.NO, None),
        ((change("third_party", LIKELY),), Verdict.YES, "third_party"),
        ((change("deploy", OUT), OVERLOAD), Verdict.UNKNOWN, "traffic"),
        ((change("deploy", OUT), DOWN, OUTSIDE), Verdict.YES, "third_party"),
        ((change("deploy", OUT), DOWN), Verdict.UNKNOWN, None),
        ((change("deploy", OUT),), Verdict.UNKNOWN, None),
        ((change("deploy", POSSIBLE), OVERLOAD), Verdict.UNKNOWN, None),
    ],
)
def test_the_verdict_follows_the_suspects(
    store: Store, answers: tuple[Answer, ...], verdict: Verdict, cause: str | None
) -> None:
    """Our own likely change explains it; else what is shown to. A class alone shows no cause, and none is made up."""
    finding = asked(store, *answers)

    reported = finding.answer.cause if isinstance(finding.answer, NoChange) else None
    assert (verdict, cause) == (finding.verdict, reported)


def test_while_the_impact_is_open_there_may_be_nothing_to_explain(store: Store) -> None:
    """Neither a change nor its absence explains what may not be."""
    for answers in ((change("third_party", LIKELY),), (change("deploy", OUT), DOWN, OUTSIDE)):
        finding = asked(store, *answers, OPEN)

        assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer)
        assert finding.because.startswith(UNDECIDED)


def test_without_a_feed_it_is_not_known(store: Store) -> None:
    """No changes on record are not the same as no changes."""
    World(seconds=600, rate=1).store_spans(store)

    finding = finding_of(store, no_change, WINDOWS, FAILING)

    assert (Verdict.UNKNOWN, "there is no change feed to rule changes out with") == (
        finding.verdict,
        finding.because,
    )
