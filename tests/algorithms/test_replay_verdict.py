"""Verdicts from statuses."""

import pytest

from lastgood.algorithms.replay_verdict import INVALID, OF_GATEWAYS, verdict_of
from lastgood.model.replay import OF_BODY, UNSENT, CapturedRequest, HttpAnswer, Replayed

BAD = CapturedRequest("POST", "/orders", status=500)


def answers(*statuses: int) -> list[HttpAnswer]:
    """Answers with nothing but a status."""
    return [HttpAnswer(status, {}, "", 0.01) for status in statuses]


def test_what_does_not_decide_is_inconclusive() -> None:
    """Answers that change, a working request that fails as well, another failure."""
    assert Replayed.INCONCLUSIVE == verdict_of(BAD, answers(500, 200), answers(200, 200))[0]
    assert "1 of 2" in verdict_of(BAD, answers(500, 200), [])[1]
    assert Replayed.INCONCLUSIVE == verdict_of(BAD, answers(500, 500), answers(401, 401))[0]
    assert Replayed.INCONCLUSIVE == verdict_of(BAD, answers(401, 401), [])[0]
    assert Replayed.REPRODUCED == verdict_of(BAD, answers(500, 500), [])[0]
    assert Replayed.NOT_REPRODUCED == verdict_of(BAD, answers(200, 200), [])[0]


def test_an_answer_before_the_failing_code_decides_nothing() -> None:
    """A redirect to a log-in, and a refusal of a request whose credentials are not sent, say nothing of the failure."""
    seen = CapturedRequest("POST", "/orders", status=303)
    assert Replayed.INCONCLUSIVE == verdict_of(BAD, answers(302, 302), [])[0]
    assert Replayed.INCONCLUSIVE == verdict_of(BAD, answers(302, 302), answers(302, 302), BAD)[0]
    assert Replayed.NOT_REPRODUCED == verdict_of(BAD, answers(303, 303), answers(303, 303), seen)[0]
    refused = CapturedRequest(
        "GET", "/a", status=403, missing=(f"header authorization {UNSENT}: pass --header",)
    )
    assert Replayed.INCONCLUSIVE == verdict_of(refused, answers(403, 403), [])[0]
    assert (
        Replayed.REPRODUCED == verdict_of(CapturedRequest("GET", "/a", status=403), answers(403, 403), [])[0]
    )


def test_any_server_says_404() -> None:
    """Only beside a working request it is this failure."""
    missing, works = CapturedRequest("GET", "/a", status=404), CapturedRequest("GET", "/b", status=200)

    assert Replayed.INCONCLUSIVE == verdict_of(missing, answers(404, 404), [])[0]
    assert Replayed.REPRODUCED == verdict_of(missing, answers(404, 404), answers(200, 200), works)[0]


def test_a_working_request_that_is_answered_both_ways_is_noise() -> None:
    """And no sign that the target differs."""
    _, why = verdict_of(BAD, answers(500, 500), answers(200, 500))

    assert "answers differently each time: the working request with 200 and 500" in why


@pytest.mark.parametrize("status", sorted(OF_GATEWAYS))
@pytest.mark.parametrize("recorded", [None, 500, 503])
def test_a_gateway_whose_service_is_down_reproduces_nothing(status: int, recorded: int | None) -> None:
    """It answers so to any request; only where a working one succeeds beside it, it is of the failing one."""
    failing = CapturedRequest("POST", "/orders", status=recorded)
    works = CapturedRequest("POST", "/orders", status=201)
    alone, why = verdict_of(failing, answers(status, status), [])
    mixed = verdict_of(failing, answers(500, status), [])[0]

    assert (Replayed.INCONCLUSIVE, Replayed.INCONCLUSIVE) == (alone, mixed)
    assert "give a working request as well" in why
    assert Replayed.INCONCLUSIVE == verdict_of(failing, answers(status), answers(302), works)[0]
    assert Replayed.REPRODUCED == verdict_of(failing, answers(status), answers(201), works)[0]


@pytest.mark.parametrize("status", sorted(INVALID))
def test_a_refusal_of_other_credentials_in_a_body_is_not_the_failure(status: int) -> None:
    """Forms that check a password answer 400 or 422 too."""
    bare = CapturedRequest("POST", "/sessions", status=status)
    replaced = CapturedRequest("POST", "/sessions", status=status, missing=(f"{OF_BODY}$.password {UNSENT}",))

    assert Replayed.REPRODUCED == verdict_of(bare, answers(status), [])[0]
    assert Replayed.INCONCLUSIVE == verdict_of(replaced, answers(status), [])[0]
