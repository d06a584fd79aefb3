"""The services of one failing request: from its entry to the break, or nothing where it does not lead there."""

from lastgood.inspections.path.route import routed
from lastgood.model.evidence import Provenance, TraceExcerpt
from lastgood.model.failure import FailurePath

OUTSIDE = FailurePath("payments", "bank", 9, 9, external=True)
INSIDE = FailurePath("cart", "stock", 9, 9, external=False)


def shown(*spans: tuple[int, str, float, bool]) -> tuple[TraceExcerpt, ...]:
    """The spans of one trace: depth, service, milliseconds, failed."""
    rows = tuple((depth, service, "call", ms, failed) for depth, service, ms, failed in spans)
    return (TraceExcerpt("abc", rows, Provenance("SELECT 1", {}, None, len(rows), 0.1)),)


def test_it_leads_from_the_entry_to_the_peer() -> None:
    """Spans of one service in a row are one hop; the peer has no span."""
    found = routed(OUTSIDE, shown((0, "web", 9, True), (1, "web", 8, True), (2, "payments", 7, True)))

    assert (("web", "payments", "bank"), "abc") == (found.route, found.example)


def test_of_several_ways_the_one_that_fails_is_taken() -> None:
    """Stock is called twice; the call through the cart that fails is the break, though the other is slower."""
    spans = (0, "web", 9, True), (1, "cart", 8, False), (2, "stock", 8, False), (1, "shop", 5, True)
    again = (2, "cart", 4, True), (3, "stock", 3, True)

    assert ("web", "shop", "cart", "stock") == routed(INSIDE, shown(*spans, *again)).route


def test_a_trace_that_does_not_lead_there_gives_none() -> None:
    """Its caller is another service, or it was cut off before the break."""
    assert INSIDE == routed(INSIDE, shown((0, "web", 9, True), (1, "stock", 8, True)))
    assert OUTSIDE == routed(OUTSIDE, shown((0, "web", 9, True)))
    assert INSIDE == routed(INSIDE, ())


def test_where_no_caller_is_known_it_ends_at_the_first_bad_hop() -> None:
    """The entry itself breaks."""
    entry = FailurePath(None, "web", 9, 9, external=False)

    assert ("web",) == routed(entry, shown((0, "web", 9, True), (1, "cart", 3, False))).route
