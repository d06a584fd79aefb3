"""Edge and origin: which of the two is wrong, and when nothing can be said."""

import pytest

from lastgood.model.figures import spaced
from lastgood.model.probe_report import Attempt, Exchange, Place
from lastgood.outside.probe.origin import compared

OLD, NEW = "Mon, 30 Nov 2026 01:00:00 GMT", "Mon, 30 Nov 2026 02:00:00 GMT"
HIT = "7200"


def attempt(status: int | None = 200, digest: str = "a", **headers: str) -> Attempt:
    """An address that answers so; underscores are dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Attempt(
        "192.0.2.1", exchanges=(Exchange("1.1", status, ended=True, headers=named, digest=digest),)
    )


def said(edge: Attempt, origin: Attempt, again: Attempt | None = None) -> tuple[Place | None, str]:
    """The place and why."""
    found, _ = compared(edge, (origin, again or origin))
    return found or (None, "")


@pytest.mark.parametrize(
    ("edge", "origin", "place", "why"),
    [
        (attempt(403), attempt(), Place.EDGE, "the edge answers with status 403, the origin with 200"),
        (attempt(), attempt(503), Place.ORIGIN, "the origin answers with status 503; the edge still with 200"),
        (attempt(503), attempt(503), None, ""),
        (attempt(content_type="text/html"), attempt(content_type="text/css"), Place.EDGE, "changes content-type"),
        (attempt(302, location="/a"), attempt(302, location="/b"), Place.EDGE, "changes location"),
        (attempt(age=HIT), attempt(cache_control="private"), Place.EDGE, "the origin says private"),
        (attempt(), attempt(cache_control="private"), None, ""),
        (attempt(digest="b", etag='"1"', age=HIT), attempt(etag='"2"'), Place.EDGE, "another copy, 2 h old: ETag 1"),
        (attempt(digest="b", etag='"1-gzip"', age=HIT), attempt(etag='W/"1"'), None, ""),
        (attempt(digest="b", last_modified=OLD, age=HIT), attempt(last_modified=NEW), Place.EDGE, "an older copy, 2 h old"),
        (attempt(digest="b", etag='"1"'), attempt(etag='"2"'), None, ""),
        (attempt(digest="b", x_cache="HIT"), attempt(), Place.EDGE, "other content than the origin"),
    ],
)  # fmt: skip
def test_what_differs_is_of_the_edge_or_of_the_origin(
    edge: Attempt, origin: Attempt, place: Place | None, why: str
) -> None:
    """Another copy is a fault only where the edge says that it kept one."""
    found, because = said(edge, origin)

    assert place is found
    assert why in spaced(because)


@pytest.mark.parametrize(("seconds", "words"), [(3600, "allows only 1 h"), (86_400, "allows up to 1 d")])
def test_whether_the_origin_allows_such_an_age_is_said(seconds: int, words: str) -> None:
    """Past it the cache is wrong; within it a purge was missed."""
    _, because = said(
        attempt(digest="b", etag='"1"', age=HIT), attempt(etag='"2"', cache_control=f"max-age={seconds}")
    )

    assert words in spaced(because)


def test_a_page_that_differs_each_time_tells_nothing() -> None:
    """The origin is asked twice."""
    assert (None, "") == said(attempt(digest="b", age=HIT), attempt(digest="c"), attempt(digest="d"))


@pytest.mark.parametrize(
    "origin", [Attempt("192.0.2.2", network_problem="Connection refused"), attempt(None)]
)
def test_an_origin_that_does_not_answer_is_not_compared(origin: Attempt) -> None:
    """The note says why, and the verdict stays."""
    found, notes = compared(attempt(), (origin, origin))

    assert found is None
    assert "could not be compared: " in notes[0]


def test_headers_that_edges_set_on_purpose_are_notes() -> None:
    """They may be right."""
    found, notes = compared(attempt(cache_control="max-age=60"), (attempt(cache_control="max-age=5"),) * 2)

    assert found is None
    assert ("cache-control differs: max-age=60 at the edge, max-age=5 at the origin",) == notes
