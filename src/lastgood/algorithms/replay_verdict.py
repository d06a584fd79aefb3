"""Replay verdict: whether a failure that was recorded is there at a target, from the statuses of its answers.

It is there where every answer to the failing request fails as it did then, and none to the working one fails. A request
without the credentials that it had is refused or sent to a log-in, whether the failure is there or not.
"""

from collections.abc import Sequence

from lastgood.model.replay import UNSENT, CapturedRequest, HttpAnswer, Replayed

NOT_SERVED = frozenset({404, 405})  # what any server says of a path of another one
REFUSED = frozenset({401, 403})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def verdict_of(
    failing: CapturedRequest,
    answers: Sequence[HttpAnswer],
    beside: Sequence[HttpAnswer],
    working: CapturedRequest | None = None,
) -> tuple[Replayed, str]:
    """Whether the failure is there, and why."""
    statuses = [one.status for one in answers]
    shown = " and ".join(dict.fromkeys(str(one) for one in statuses))
    works = " and ".join(dict.fromkeys(str(one.status) for one in beside))
    then = f" (recorded: {failing.status})" if failing.status else ""
    if answers[-1].status is None:
        return Replayed.INCONCLUSIVE, f"the target gave no answer: {answers[-1].problem}"
    if len({_fails(failing, one) for one in statuses}) > 1:
        count = sum(_fails(failing, one) for one in statuses)
        return (
            Replayed.INCONCLUSIVE,
            f"the target answers differently each time: {count} of {len(statuses)} fail",
        )
    failed = {one.status is None or one.status >= 400 for one in beside}
    if True in failed:
        what = f"the working request fails there as well ({works}), so the target differs"
        if False in failed:
            what = f"the target answers differently each time: the working request with {works}"
        return Replayed.INCONCLUSIVE, what
    if undecided := _undecided(failing, statuses[0], working):
        return Replayed.INCONCLUSIVE, f"the failing request {undecided}: {shown}{then}"
    if _fails(failing, statuses[0]):
        also = f", the working request {works}" if beside else ""
        return Replayed.REPRODUCED, f"the failing request is answered {shown}{then}{also}"
    return Replayed.NOT_REPRODUCED, f"the failing request is answered {shown}{then}"


def _undecided(failing: CapturedRequest, status: int | None, working: CapturedRequest | None) -> str:
    """Why a status is given to a request with the failure and to one without it."""
    if status in REFUSED and any(UNSENT in one for one in failing.missing):
        return "is refused without the credentials that were captured, pass --header"
    if status in NOT_SERVED and working is None:
        return "may be unknown to this target, give a working request as well"
    then = working.status if working else None
    if status in REDIRECTS and then not in REDIRECTS and failing.status not in REDIRECTS:
        return "is redirected, such as to a log-in, which is not followed"
    otherwise = status is not None and status >= 400 and not _fails(failing, status)
    return "fails otherwise" if otherwise else ""


def _fails(failing: CapturedRequest, status: int | None) -> bool:
    """As it did then: by the same status, or by one of the server's errors as well; else by any server error."""
    if status is None:
        return False
    if failing.status and failing.status >= 400:
        return status == failing.status or min(status, failing.status) >= 500
    return status >= 500
