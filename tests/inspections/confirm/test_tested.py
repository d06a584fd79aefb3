"""Requests of load generators."""

from datetime import timedelta
from typing import Any

import pytest

from cases import case_of
from lastgood.inspections.confirm.tested import doubtful_if_tested
from lastgood.inspections.confirm.weights import NOTICED_TIMES, TESTED_MORE, TESTED_SHARE
from lastgood.model.evidence import Provenance, Table
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.store import Store
from tiers import BAD_FROM, Request, Tier
from worlds import START

BREAK = START + timedelta(seconds=BAD_FROM)
COMPARISON = Comparison(Window(START, BREAK), Window(BREAK, START + timedelta(hours=1)), given=True)
TABLE = Table("requests", ("n",), ((1,),), Provenance("SELECT 1", {}, None, 0, 0.0))
YES = Finding(Verdict.YES, "many requests fail", 0.9, evidence=(TABLE,))
TOOL_USER = 1000  # users from here on are the tool


def verdict(
    store: Store, tested: float, *, before: float = 0.0, others_fail: bool = False, times: float = 1.0,
    agent: str = "k6/0.54.0 (https://k6.io/)", others: str = "Mozilla/5.0",
) -> Verdict:  # fmt: skip
    """Of an hour with ten requests a second in its bad part, so many of them by a tool, a tenth of whose requests fail."""
    requests = []
    for n in range(3600):
        late = n >= BAD_FROM
        share = tested if late else before
        tool = (n % 100) < 100 * share
        fails = late and n % 10 == 0 and (tool or others_fail)
        lasts = 0.2 * (times if late else 1.0)
        user = TOOL_USER if tool else n % 90
        requests.append(Request(n, float(n), lasts, "/", 429 if fails else 200, user, "free"))
    named = {"user_agent.original": others} if others else {}
    Tier("shop", says=lambda one: {"user_agent.original": agent} if one.user == TOOL_USER else named).put(
        store, requests
    )
    return doubtful_if_tested(case_of(store, COMPARISON), YES).verdict


def test_a_load_test_that_hurts_nobody_else_is_doubtful(store: Store) -> None:
    """By the user agent of its tool."""
    assert Verdict.UNKNOWN is verdict(store, TESTED_SHARE + 0.05)


@pytest.mark.parametrize(
    "given",
    [
        {"tested": TESTED_SHARE - 0.05},
        {"tested": 0.5, "before": 0.5 / TESTED_MORE + 0.05},
        {"tested": 0.5, "others_fail": True},
        {"tested": 0.5, "times": NOTICED_TIMES * 1.5},
        {"tested": 0.5, "agent": "Mozilla/5.0 (k)"},
        {"tested": TESTED_SHARE + 0.05, "others_fail": True, "others": ""},
    ],
)
def test_else_what_was_said_stands(store: Store, given: dict[str, Any]) -> None:
    """Where few requests are of the tool, as many before, or others are affected as well."""
    assert Verdict.YES is verdict(store, **given)


def test_exactly_the_share_is_enough(store: Store) -> None:
    """Of all requests, and so many times that of before."""
    assert Verdict.UNKNOWN is verdict(store, TESTED_SHARE)


def test_exactly_so_many_times_as_before_is_enough(store: Store) -> None:
    """What tests all the time is less."""
    assert Verdict.UNKNOWN is verdict(store, 0.5, before=0.5 / TESTED_MORE)


def test_others_that_wait_exactly_so_many_times_as_long_notice(store: Store) -> None:
    """Both medians lie at one place of their bins, so that their ratio is exact."""
    assert Verdict.YES is verdict(store, 0.5, times=NOTICED_TIMES)


def test_half_of_the_requests_may_name_no_agent(store: Store) -> None:
    """More of them could be of the tool as well."""
    assert Verdict.UNKNOWN is verdict(store, 0.5, others="")
