"""Which request is compared with which."""

from dataclasses import replace

from lastgood.algorithms.likeness_of_requests import nearest, same_request, tellingest
from lastgood.model.replay import CapturedRequest


def request(status: int, body: str | None = None, **attributes: str) -> CapturedRequest:
    """A captured request."""
    return CapturedRequest("POST", "/a", status=status, body=body, attributes=attributes)


def test_the_usual_failure_with_most_captured() -> None:
    """A body counts, but not that of an unusual status."""
    usual = request(500, "x")

    assert usual is tellingest([request(500), usual, request(503, "y"), request(500)])


def test_the_working_request_that_differs_least() -> None:
    """By attributes; the same kind of body comes first; None where none works."""
    failing = request(500, "x", plan="pro", region="eu")
    near = request(200, "z", plan="pro", region="us")

    assert near is nearest(
        failing, [request(200, "z", plan="free"), near, request(200, plan="pro", region="eu")]
    )
    assert None is nearest(failing, [])


def test_a_working_request_of_the_same_version_comes_first() -> None:
    """Even if another one differs less."""
    failing = replace(request(500, "x", plan="pro"), version="v2")
    same, other = (
        replace(request(200, "x"), version="v2"),
        replace(request(200, "x", plan="pro"), version="v1"),
    )

    assert same is nearest(failing, [other, same])
    assert other is nearest(failing, [other])


def test_the_same_request_shows_no_difference() -> None:
    """Another one goes before it, though it is less alike."""
    failing = replace(request(500, query="c=JPY"), path="/price?c=JPY")
    same = replace(failing, status=200)
    other = replace(request(200, query="c=EUR"), path="/price?c=EUR")

    assert other is nearest(failing, [same, other])
    assert same is nearest(failing, [same])
    assert (True, False) == (same_request(failing, same), same_request(failing, other))
