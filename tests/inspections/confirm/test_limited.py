"""Requests that a rate limit refuses: of few who send most, or of all."""

import pytest

from cases import case_of
from inspections.confirm.test_tested import COMPARISON, YES
from lastgood.inspections.confirm.limited import doubtful_if_limited
from lastgood.inspections.confirm.weights import (
    LIMITED_AGENTS,
    LIMITED_HOLDS,
    LIMITED_SENDERS,
    LIMITED_TIMES,
)
from lastgood.model.finding import Verdict
from lastgood.workbench.store import Store
from tiers import BAD_FROM, Request, Tier

GUESSER = 1000


def verdict(
    store: Store,
    *,
    refused: float = 0.9,
    senders: int = 100,
    each: int = 200,
    agents: int = 1,
    others: int = 0,
    unnamed: int = 0,
) -> Verdict:
    """Of a guesser who sends `each` requests in the bad part, so many of them refused, beside senders of two each.

    The first `unnamed` do not say who sends them.
    """
    bad = BAD_FROM + 1.0
    requests = [
        Request(
            n,
            bad + n / 10,
            0.01,
            "/login",
            429 if n < refused * each else 500 if others else 401,
            GUESSER,
            "free",
        )
        for n in range(each)
    ]
    requests += [
        Request(
            10_000 + 2 * user + n, bad + user + n / 2, 0.01, "/", 500 if user < others else 200, user, "free"
        )
        for user in range(senders)
        for n in range(2)
    ]

    def says(one: Request) -> dict[str, str]:
        if one.number < unnamed:
            return {}
        agent = f"tool/{one.number % agents}" if one.user == GUESSER else "Mozilla/5.0"
        return {"client.address": f"192.0.2.{one.user}", "user_agent.original": agent}

    Tier("web", says=says).put(store, requests)
    return doubtful_if_limited(case_of(store, COMPARISON), YES).verdict


def test_a_limit_that_refuses_one_who_sends_most_is_doubtful(store: Store) -> None:
    """It does what it is for."""
    assert Verdict.UNKNOWN is verdict(store)


@pytest.mark.parametrize(
    "given",
    [
        {"others": int(90 * (1 / LIMITED_HOLDS - 1)) + 20},  # much else fails
        {"senders": int(1 / LIMITED_SENDERS) - 2},  # one of few
        {"each": int(2 * LIMITED_TIMES) - 1},  # who sends no more than others
        {"agents": LIMITED_AGENTS + 1},  # an address of many
        {"refused": 0.0},
        {"refused": 1, "unnamed": 200 - round(200 * LIMITED_HOLDS) + 1},
    ],
)
def test_else_what_was_said_stands(store: Store, given: dict[str, int]) -> None:
    """A limit that is too low refuses those who are served elsewhere."""
    assert Verdict.YES is verdict(store, **given)


@pytest.mark.parametrize(
    "given",
    [
        {"refused": 1, "others": round(100 * (1 / LIMITED_HOLDS - 1))},
        {"refused": 1, "unnamed": 200 - round(200 * LIMITED_HOLDS)},
        {"senders": round(1 / LIMITED_SENDERS) - 1},
        {"each": round(2 * LIMITED_TIMES)},
        {"agents": int(LIMITED_AGENTS)},
    ],
)
def test_exactly_as_much_is_enough(store: Store, given: dict[str, int]) -> None:
    """Of what fails, of the senders, of what others send, and of programs."""
    assert Verdict.UNKNOWN is verdict(store, **given)
