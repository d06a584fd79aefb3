"""Replay verdict: whether a failure that was recorded is there at a target, from the statuses of its answers.

It is there where every answer to the failing request fails as it did then, and none to the working one fails. A request
without the credentials that it had is refused or sent to a log-in, whether the failure is there or not. A gateway answers any
request with 502, 503 or 504 while the service behind it is down: that is the failure only where a working request works beside it.
"""

from collections.abc import Sequence

from lastgood.model.replay import OF_BODY, UNSENT, CapturedRequest, HttpAnswer, Replayed

NOT_SERVED = frozenset({404, 405})  # what any server says of a path of another one
REFUSED = frozenset({401, 403})
INVALID = frozenset({400, 422})  # a form that checks its credentials answers them too
OF_GATEWAYS = frozenset(
    {502, 503, 504}
)  # what a proxy says of any path while the service behind it is down (RFC 9110, 15.6)
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
    if undecided := _undecided(failing, statuses, working, control=_works(beside, working)):
        return Replayed.INCONCLUSIVE, f"the failing request {undecided}: {shown}{then}"
    if _fails(failing, statuses[0]):
        also = f", the working request {works}" if beside else ""
        return Replayed.REPRODUCED, f"the failing request is answered {shown}{then}{also}"
    return Replayed.NOT_REPRODUCED, f"the failing request is answered {shown}{then}"


def _undecided(
    failing: CapturedRequest,
    statuses: Sequence[int | None],
    working: CapturedRequest | None,
    *,
    control: bool,
) -> str:
    """Why the statuses are given to a request with the failure and to one without it."""
    status = statuses[0]
    if why := _without_credentials(failing, status):
        return why
    if status in NOT_SERVED and working is None:
        return "may be unknown to this target, give a working request as well"
    if OF_GATEWAYS & {*statuses} and not control:
        return "may be answered by a gateway whose service is down, give a working request as well"
    then = working.status if working else None
    if status in REDIRECTS and then not in REDIRECTS and failing.status not in REDIRECTS:
        return "is redirected, such as to a log-in, which is not followed"
    otherwise = status is not None and status >= 400 and not _fails(failing, status)
    return "fails otherwise" if otherwise else ""


def _without_credentials(failing: CapturedRequest, status: int | None) -> str:
    """Why a refusal may be for what was not sent; empty where it may not."""
    unsent = [one for one in failing.missing if UNSENT in one]
    if status in REFUSED and unsent:
        return "is refused without the credentials that were captured, pass --header or --field"
    if status in INVALID and any(one.startswith(OF_BODY) for one in unsent):
        return "may be refused for the credentials in its body that were replaced, pass --field"
    return ""


def _works(beside: Sequence[HttpAnswer], working: CapturedRequest | None) -> bool:
    """Whether a working request succeeds beside it; a redirect is no success, unless it was one then."""
    then = working.status if working else None
    return bool(beside) and all(
        one.status is not None and (200 <= one.status < 300 or one.status == then) for one in beside
    )


def _fails(failing: CapturedRequest, status: int | None) -> bool:
    """As it did then: by the same status, or by one of the server's errors as well; else by any server error."""
    if status is None:
        return False
    if failing.status and failing.status >= 400:
        return status == failing.status or min(status, failing.status) >= 500
    return status >= 500
