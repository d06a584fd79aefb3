"""The reasons of both sides, and the odds that they come to."""

from pathlib import Path

import pytest

from cases import FAILING, case_of, reported
from lastgood.inspections.us_or_them import weights as w
from lastgood.inspections.us_or_them.gathered import gathered
from lastgood.inspections.us_or_them.natures import Failing, Nature
from lastgood.inspections.us_or_them.reasons import Weighing, sides, weighed_at
from lastgood.model.judgement import Reason, Weight
from lastgood.workbench.store import Store

HOST = "api.pay.example"
WORLD = """scenario  a host and its callers
time      2026-11-20 10:00 .. 10:40
seed      3

service   shop instances=shop-1,shop-2
service   subs instances=subs-1

spans     shop "POST /pay" rate=1/s latency=7ms
call      shop "POST /pay" -> api.pay.example "POST /charges" external latency=90ms errors=0%{shop}
spans     subs "POST /renew" rate={rate}/s latency=7ms
call      subs "POST /renew" -> api.pay.example "POST /charges" external latency=90ms errors=0%
"""
FAILS = " then errors=60% status=503 at 10:20"


def weighing(store: Store, folder: Path, shop: str, rate: float = 1.0) -> Weighing:
    """The reasons of a world."""
    case = case_of(store, reported(store, folder, WORLD.format(shop=shop, rate=rate), 20), FAILING)
    return weighed_at(case, gathered(case))


def test_reasons_multiply() -> None:
    """From the odds before anything is seen; each side's heaviest first."""
    found = Weighing((Reason(w.AT_THE_HOST, host=HOST), Reason(w.WRONG, host=HOST, status="404")), None, None)

    assert pytest.approx(w.OUTSIDE_FIRST * w.AT_THE_HOST * w.WRONG) == found.odds
    assert (f"requests break at {HOST}",) == found.said(theirs=True)
    assert (f"{HOST} refuses the requests as wrong (404)",) == found.said(theirs=False)


def test_rows_are_told_apart_though_their_numbers_are_equal() -> None:
    """A reason is its row, not its weight."""
    found = Weighing((Reason(w.ANSWERS_5XX, host=HOST, status="503", share=1.0),), None, None)

    assert w.ANSWERS_5XX == w.UNCHANGED_CALLER
    assert found.has(w.ANSWERS_5XX)
    assert not found.has(w.UNCHANGED_CALLER)


@pytest.mark.parametrize(
    ("never", "rows", "nature"),
    [
        (False, (), Nature.FAULT),
        (True, (), Nature.DENIED),
        (False, (w.STATUS_PAGE,), Nature.DENIED),
        (True, (w.OWN_POSSIBLE,), Nature.FAULT),
        (False, (w.OWN_POSSIBLE, w.UNCHANGED_CALLER), Nature.FAULT),
        (True, (w.OWN_LIKELY, w.UNCHANGED_CALLER), Nature.FAULT),
        (True, (w.ONE_VERSION, w.STATUS_PAGE), Nature.FAULT),
    ],
)
def test_what_keeps_the_host_from_being_named(never: bool, rows: tuple[Weight, ...], nature: Nature) -> None:
    """One version alone, a likely change, a possible one or a refusal without a witness."""
    found = Weighing(tuple(Reason(row) for row in rows), Failing(nature, 1.0, ""), None)

    assert never is found.never_them


def test_another_caller_has_to_call_often_enough_to_be_well(store: Store, tmp_path: Path) -> None:
    """Of too few calls nothing is known of it."""
    enough = weighing(store, tmp_path, FAILS)

    assert enough.has(w.ONE_CALLER)
    assert not weighing_of_few(store, tmp_path).has(w.ONE_CALLER)


def weighing_of_few(store: Store, folder: Path) -> Weighing:
    """The other caller calls a little less often than it takes."""
    case = case_of(store, reported(store, folder, WORLD.format(shop=FAILS, rate=1), 20), FAILING)
    found = gathered(case)
    few = found.called.by("service", host=HOST)["subs",]
    for row in found.called.rows:
        if row["service"] == "subs" and row["phase"] == "bad":
            row["calls"] = w.FAIR_CALLS - 1
    assert few.bad >= w.FAIR_CALLS
    return weighed_at(case, found)


def test_who_fails_and_who_is_well(store: Store, tmp_path: Path) -> None:
    """By caller."""
    case = case_of(store, reported(store, tmp_path, WORLD.format(shop=FAILS, rate=1), 20), FAILING)

    assert (["shop"], ["subs"]) == sides(gathered(case), HOST)
