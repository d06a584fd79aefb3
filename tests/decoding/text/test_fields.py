"""Fields: what keys mean under their many names, durations with units, ids in one form."""

import pytest

from lastgood.decoding.text.fields import Meaning, duration_ns, meaning, trace_id


@pytest.mark.parametrize(
    ("key", "place", "name"),
    [
        ("@timestamp", "event", "Timestamp"), ("log.level", "event", "SeverityText"), ("levelname", "event", "SeverityText"),
        ("service.name", "event", "ServiceName"), ("ServiceName", "event", "ServiceName"), ("trace.id", "event", "TraceId"),
        ("traceId", "event", "TraceId"), ("x_b3_trace_id", "event", "TraceId"), ("spanID", "event", "SpanId"),
        ("jsonPayload.message", "event", "Body"), ("fields.user_id", "attribute", "user.id"), ("MESSAGE", "event", "Body"),
        ("http.response.status_code", "attribute", "http.response.status_code"), ("statusCode", "attribute", "http.response.status_code"),
        ("req.method", "attribute", "http.request.method"), ("X-Request-Id", "attribute", "request.id"),
        ("kubernetes.pod_name", "resource", "k8s.pod.name"), ("hostname", "resource", "host.name"), ("_HOSTNAME", "resource", "host.name"),
        ("durationMs", "duration", "ms"), ("dur_ms", "duration", "ms"), ("rt", "duration", "s"), ("event.duration", "duration", "ns"), ("request_time", "duration", "s"),
        ("err.stack", "attribute", "exception.stacktrace"), ("card_issuer", "attribute", "card_issuer"),
        ("http_response_status_code", "attribute", "http.response.status_code"), ("url_path", "attribute", "url.path"),
        ("deployment_environment_name", "resource", "deployment.environment.name"), ("scope_name", "event", "ScopeName"),
        ("logging.googleapis.com/trace", "event", "TraceId"), ("dd.trace_id", "event", "TraceId"), ("time_utc", "event", "Timestamp"),
        ("State.StatusCode", "attribute", "http.response.status_code"), ("State.ElapsedMilliseconds", "duration", "ms"),
        ("httpRequest.clientIp", "attribute", "client.address"), ("httpRequest.uri", "attribute", "url.path"),
    ],
)  # fmt: skip
def test_a_key_has_its_meaning(key: str, place: str, name: str) -> None:
    """Its case, dashes and wrappers do not matter; a stranger keeps its own name."""
    found = meaning(key)
    assert (place, name) == (found.place, found.name)


def test_a_field_at_the_top_goes_before_one_in_a_wrapper() -> None:
    """The caller's own `message` inside `fields` does not replace the event's."""
    assert meaning("message").rank < meaning("fields.message").rank
    assert Meaning("attribute", "fields.colour") == meaning("fields.colour")


def test_a_column_of_a_custom_table_ends_in_its_type() -> None:
    """As Azure's Log Analytics names them; what ends so and is a duration has its unit."""
    assert ("Body", "ServiceName", "Timestamp") == tuple(
        meaning(key).name for key in ("Log_s", "ContainerAppName_s", "time_t")
    )
    assert ("duration", "s") == (meaning("duration_s").place, meaning("duration_s").name)
    assert ("attribute", "colour_s") == (meaning("colour_s").place, meaning("colour_s").name)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("12.5", "ms", "12500000"), ("1.5s", "", "1500000000"), ("1m2s", "", "62000000000"), ("250µs", "ms", "250000"),
     ("3", "", ""), ("fast", "s", ""), ("1e-3", "s", "1000000")],
)  # fmt: skip
def test_a_duration_becomes_nanoseconds_when_its_unit_is_known(value: str, unit: str, expected: str) -> None:
    """Otherwise it stays a plain attribute: a guess would be a wrong number."""
    assert expected == duration_ns(value, unit)


def test_ids_have_one_form() -> None:
    """Lower case, no dashes, no path in front."""
    assert "4bf92f3577b34da6a3ce929d0e0e4736" == trace_id(
        "projects/p/traces/4BF92F3577B34DA6A3CE929D0E0E4736"
    )
    assert "4bf92f3577b34da6a3ce929d0e0e4736" == trace_id("4bf92f35-77b3-4da6-a3ce-929d0e0e4736")
    assert "Root=1" == trace_id("Root=1")


@pytest.mark.parametrize(
    ("value", "unit"), [("1e999", "s"), ("9" * 400, "ms"), ("9" * 400 + "s", ""), ("1" + "0" * 20, "s")]
)
def test_a_duration_that_no_column_holds_is_none(value: str, unit: str) -> None:
    """One such line kept its whole file from being read."""
    assert "" == duration_ns(value, unit)
