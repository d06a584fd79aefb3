"""Verdicts from statuses."""

from lastgood.algorithms.replay_verdict import verdict_of
from lastgood.model.replay import CapturedRequest, HttpAnswer, Replayed

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


def test_a_working_request_that_is_answered_both_ways_is_noise() -> None:
    """And no sign that the target differs."""
    _, why = verdict_of(BAD, answers(500, 500), answers(200, 500))

    assert "answers differently each time: the working request with 200 and 500" in why
