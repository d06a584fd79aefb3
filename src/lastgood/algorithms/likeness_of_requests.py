"""Likeness of requests: which of many a failing one is best compared with, and which failing one says most."""

from collections import Counter
from collections.abc import Sequence

from lastgood.model.replay import CapturedRequest


def tellingest(failing: Sequence[CapturedRequest]) -> CapturedRequest:
    """Of failing requests of a route one with the usual status and most of it captured; the first of equals."""
    usual = Counter(one.status for one in failing).most_common(1)[0][0]
    return max(
        failing,
        key=lambda one: (one.status == usual, one.body is not None, -len(one.missing), len(one.headers)),
    )


def same_request(one: CapturedRequest, other: CapturedRequest) -> bool:
    """Whether the same was sent, as far as it was captured."""
    return (one.method, one.path, one.body, one.headers) == (
        other.method,
        other.path,
        other.body,
        other.headers,
    )


def nearest(failing: CapturedRequest, working: Sequence[CapturedRequest]) -> CapturedRequest | None:
    """The working request with the most captured and the fewest attributes that differ; None where there is none.

    One of the same version goes before others: between versions the code may be the difference, and not the request.
    One that asks for something else goes before what is the same request: that shows no difference.
    """
    return max(
        working,
        key=lambda one: (
            (one.body is None) == (failing.body is None),
            one.method == failing.method,
            one.version == failing.version,
            not same_request(failing, one),
            sum(one.attributes.get(name) == value for name, value in failing.attributes.items()),
            -abs(len(one.body or "") - len(failing.body or "")),
        ),
        default=None,
    )
