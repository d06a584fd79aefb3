"""The request at hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider

from lastgood_kit import context

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADER = f"00-{TRACE}-00f067aa0ba902b7-01"


def test_a_trace_is_carried_on() -> None:
    """The caller's trace, a span id of this service, and the caller's request id."""
    request = context.arriving(HEADER, "order-7")

    assert (TRACE, "order-7", True) == (request.trace_id, request.request_id, request.sampled)
    assert request.span_id != "00f067aa0ba902b7"


def test_an_unsampled_trace_stays_unsampled() -> None:
    """The flag goes out as it came in."""
    with context.serving(context.arriving(HEADER[:-2] + "00")):
        assert "-00" == context.outgoing()["traceparent"][-3:]


@pytest.mark.parametrize(
    "header",
    ["", "x", HEADER.upper(), f"ff{HEADER[2:]}", f"{HEADER}-more", f"00-{'0' * 32}-00f067aa0ba902b7-01"],
)
def test_a_header_that_is_not_valid_begins_a_trace(header: str) -> None:
    """As the specification says; the new trace id is also the request's id."""
    request = context.arriving(header)

    assert TRACE != request.trace_id
    assert request.trace_id == request.request_id


def test_a_later_version_may_say_more() -> None:
    """Only what is known of it is read."""
    assert TRACE == context.arriving(f"01{HEADER[2:]}-more").trace_id


@given(st.text())
def test_a_request_id_can_be_logged_and_sent(given_id: str) -> None:
    """Whatever arrives, what is kept has no line break, and fits into a header."""
    kept = context.arriving("", given_id).request_id

    assert kept == given_id or 32 == len(kept)
    assert kept.isprintable()
    assert len(kept) <= 128


def test_fields_are_bound_for_a_while() -> None:
    """Inner ones are added to outer ones, and gone afterwards."""
    with context.bound(a=1), context.bound(b=2):
        request = context.current()
        assert request is not None
        assert {"a": 1, "b": 2} == request.fields

    assert context.current() is None


def test_what_goes_out_comes_in() -> None:
    """The next service is in the same trace, and knows the same request."""
    with context.serving(context.arriving(HEADER, "order-7")):
        headers = context.outgoing()
    arrived = context.arriving(headers["traceparent"], headers["x-request-id"])

    assert (TRACE, "order-7") == (arrived.trace_id, arrived.request_id)


def test_outside_of_requests_nothing_goes_out() -> None:
    """No header is made up."""
    assert {} == context.outgoing()


def test_opentelemetry_is_asked_first() -> None:
    """Its current span is the one that traces have."""
    tracer = TracerProvider().get_tracer("test")
    with context.serving(context.arriving(HEADER)), tracer.start_as_current_span("work") as span:
        assert f"{span.get_span_context().trace_id:032x}" == context.ids()[0]
        assert context.ids()[0] == context.arriving().trace_id


def test_what_was_bound_before_the_edge_stays_bound() -> None:
    """Middleware outside of it may know who is served."""
    with context.bound(**{"user.id": "u1"}):
        assert {"user.id": "u1"} == context.arriving(HEADER).fields
