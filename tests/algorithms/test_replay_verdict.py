"""Verdicts from statuses."""

from lastgood.algorithms.replay_verdict import verdict_of
from lastgood.model.replay import UNSENT, CapturedRequest, HttpAnswer, Replayed

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
    assert Replayed.REPRODUCED == verdict_of(BAD, answers(502, 502), [])[0]
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
