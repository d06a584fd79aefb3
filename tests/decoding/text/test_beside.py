"""Fields beside each other: times under any name, durations without a unit, owners in paths."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from lastgood.decoding.text import beside
from outcomes import outcome

START = datetime(2026, 11, 22, 14, 41, tzinfo=UTC)


def read(**fields: Any) -> dict[str, Any]:
    """The event of a line of JSON."""
    (row,) = outcome(json.dumps(fields).encode() + b"\n", "x.json").rows["otel_logs"]
    return row


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("started_at", 1795358460000), ("deliveryTime", "2026-11-22T14:41:00Z"), ("ingest_ts", 1795358460),
        ("occurredOn", "2026-11-22T15:41:00+01:00"), ("EdgeStartTimestamp", 1795358460000000000),
    ],
)  # fmt: skip
def test_the_only_field_that_can_be_a_time_is_it(name: str, value: object) -> None:
    """Whatever its name."""
    assert START == read(**{name: value}, message="x", n=17)["Timestamp"].to_pydatetime(warn=False)


def test_no_number_of_another_age_is_a_time() -> None:
    """Nor is a number that is none by its name."""
    assert (
        read(time="2026-11-22T14:41:00Z", account_at=123456789010, order=1795358460, msg="x")["Timestamp"]
        == START
    )


def test_an_end_gives_the_duration() -> None:
    """As the edge of a network tells it."""
    row = read(RequestStartTime="2026-11-22T14:41:00Z", RequestEndTime="2026-11-22T14:41:01.5Z", status=200)
    assert "1500000000" == dict(row["LogAttributes"])["lg.duration_ns"]


def test_a_duration_has_the_unit_of_the_time() -> None:
    """Fractions of seconds beside fractions of seconds; otherwise a guess would be a wrong number."""
    assert (
        "20000000" == dict(read(ts=1795358460.25, msg="x", duration=0.02)["LogAttributes"])["lg.duration_ns"]
    )
    assert "lg.duration_ns" not in dict(
        read(ts="2026-11-22T14:41:00Z", msg="x", duration=0.02)["LogAttributes"]
    )


def test_the_host_of_a_request_is_no_machine() -> None:
    """It is what was asked for."""
    row = read(ts=1795358460.25, msg="handled", request={"host": "shop.example", "remote_ip": "10.0.0.7"})
    assert {} == dict(row["ResourceAttributes"])
    assert ("shop.example", "10.0.0.7") == tuple(
        dict(row["LogAttributes"])[name] for name in ("url.domain", "client.address")
    )


def test_an_object_in_a_text_is_opened() -> None:
    """Azure writes properties so, and whose they are as the path of a resource."""
    properties = json.dumps({"CsMethod": "GET", "ScStatus": "502"})
    path = "/SUBSCRIPTIONS/1/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.WEB/SITES/CHECKOUT"
    row = read(time="2026-11-22T14:41:00Z", resourceId=path, properties=properties)
    assert "CHECKOUT" == row["ServiceName"]
    assert "502" == dict(row["LogAttributes"])["http.response.status_code"]


def test_a_status_that_is_a_level_is_the_level() -> None:
    """As Datadog calls it; one of a request is none."""
    assert 17 == read(time="2026-11-22T14:41:00Z", status="error", message="x")["SeverityNumber"]
    assert 0 == read(time="2026-11-22T14:41:00Z", status=200, message="x")["SeverityNumber"]


@pytest.mark.parametrize(
    ("fields", "time"),
    [
        ({"date": "2026-11-22", "time": "15:41:00", "tz": "+0100"}, START),
        ({"date": "2026-11-22", "time": "14:41:00"}, START),
        ({"date": "2026-11-21", "time": "14:41:00", "eventtime": "1795358460000000000"}, START),
        ({"time": "2026-11-22T14:41:00Z", "date": "2026-11-20"}, START),
        ({"timestamp": 1795358400, "timestamp_ns": 1795358460000000000}, START),
    ],
)  # fmt: skip
def test_half_of_a_time_is_joined_or_gives_way(fields: dict[str, Any], time: datetime) -> None:
    """As firewalls write date and time apart: a time of day alone would be today's."""
    assert time == read(**fields, msg="x")["Timestamp"].to_pydatetime(warn=False)


def test_the_word_of_a_level_goes_before_its_number() -> None:
    """Which counts on a scale of the logger's own."""
    assert 17 == read(time="2026-11-22T14:41:00Z", level=4, levelName="ERROR", message="x")["SeverityNumber"]


@pytest.mark.parametrize(
    ("more", "service"), [({"proto": "tcp", "src": "192.0.2.7"}, ""), ({"proto": "6", "srcip": "192.0.2.7"}, ""), ({"proto": "tcp"}, "http"), ({"proto": "tcp", "src": "192.0.2.7", "service.name": "pay"}, "pay")]
)  # fmt: skip
def test_the_service_of_traffic_is_its_protocol(more: dict[str, str], service: str) -> None:
    """As firewalls and Zeek use the word."""
    row = read(time="2026-11-22T14:41:00Z", service="http", message="x", **more)
    assert service == row["ServiceName"].removesuffix("x")
    assert ("http" if not service else None) == dict(row["LogAttributes"]).get("network.protocol.name")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("GET /v1/shifts?x=1 HTTP/2.0", ("GET", "/v1/shifts", "x=1")),
        ("POST /login HTTP/1.1", ("POST", "/login", None)),
        ("GET https://www.shop.example/a", ("GET", "https://www.shop.example/a", None)),
        ("get the order", None),
        ("-", None),
    ],
)
def test_a_requests_first_line_is_taken_apart(line: str, parts: tuple[str, str, str | None] | None) -> None:
    """Into its method, path and query; another text is left."""
    attributes = {"request": line}

    assert beside.request_line(attributes) == (parts is not None)
    found = tuple(attributes.get(name) for name in ("http.request.method", "url.path", "url.query"))
    assert found == (parts or (None, None, None))
    assert ("request" in attributes) == (parts is None)


@pytest.mark.parametrize(
    ("fields", "version"),
    [
        ({"v": "3.5.0"}, "3.5.0"), ({"ver": "v2.31"}, "v2.31"), ({"v": "2026.11-4"}, "2026.11-4"), ({"ver": "x", "v": "1.2.3"}, "1.2.3"),
        ({"v": 0}, None),  # of Bunyan's form of a line
        ({"ver": "1.1"}, None),  # of HTTP
        ({"ver": "TLSv1.2"}, None),
        ({"v": "3.5.0", "version": "4.0.0"}, "4.0.0"),
    ],
)  # fmt: skip
def test_a_short_field_that_looks_like_a_version_is_the_version(
    fields: dict[str, Any], version: str | None
) -> None:
    """It stays under its own name else, also beside another version."""
    row = read(time="2026-11-22T14:41:00Z", msg="x", **fields)

    assert version == dict(row["ResourceAttributes"]).get("service.version")
    left = {name for name in ("v", "ver") if name in dict(row["LogAttributes"])}
    assert left == {name for name in ("v", "ver") if name in fields and str(fields[name]) != version}


def test_traefik_counts_nanoseconds() -> None:
    """Known by any of what only it names, as fields can be dropped."""
    for known in ("Overhead", "DownstreamContentSize", "StartUTC"):
        row = read(time="2026-11-22T14:41:00Z", DownstreamStatus=502, Duration=5_006_112_000, **{known: "7"})
        assert "5006112000" == dict(row["LogAttributes"])["lg.duration_ns"]
    row = read(time="2026-11-22T14:41:00Z", msg="x", Duration=5006)
    assert "lg.duration_ns" not in dict(row["LogAttributes"])


def test_rails_and_sidekiq_have_their_own_unit() -> None:
    """Lograge counts milliseconds and Sidekiq seconds; alone these names say nothing."""
    own = {"time": "2026-11-22T14:41:00Z", "msg": "x"}
    for fields, taken in (
        (
            {"duration": 31.02, "controller": "PaysController", "action": "create", "format": "json"},
            "31020000",
        ),
        ({"ctx": {"class": "PayJob", "jid": "0b9c", "elapsed": 5.006}}, "5006000000"),
        ({"duration": 31.02, "controller": "PaysController"}, None),
        ({"ctx": {"elapsed": 5.006}}, None),
    ):
        assert taken == dict(read(**own, **fields)["LogAttributes"]).get("lg.duration_ns")


def test_what_stands_for_a_service_that_is_not_known_is_no_service() -> None:
    """Of Loki and of OpenTelemetry; Elasticsearch writes its layout there, and names itself by its cluster."""
    own = {"time": "2026-11-22T14:41:00Z", "msg": "x"}
    for name in ("unknown_service", "unknown_service:node"):
        assert name != read(**own, service_name=name)["ServiceName"]
    for fields in ({"service.name": "ES_ECS"}, {"elasticsearch.cluster.name": "logs"}):
        assert "elasticsearch" == read(**own, **fields)["ServiceName"]
    older = read(**own, **{"type": "server", "cluster.name": "logs", "node.name": "es-1"})
    assert "elasticsearch" == older["ServiceName"]


def test_a_balancer_of_google_names_itself_and_who_is_behind_it() -> None:
    """By its map of addresses, and its backend."""
    labels = {"url_map_name": "shop", "backend_service_name": "pay"}
    row = read(
        time="2026-11-22T14:41:00Z", msg="x", resource={"type": "http_load_balancer", "labels": labels}
    )

    assert ("shop", "pay") == (row["ServiceName"], dict(row["LogAttributes"])["service.peer.name"])


@pytest.mark.parametrize(
    ("group", "service"), [("123456789012:/ecs/payments", "payments"), ("/aws/lambda/charge", "charge")]
)
def test_a_group_of_logs_names_their_service(group: str, service: str) -> None:
    """Where nothing else does."""
    for name in ("@log", "logGroup"):
        assert service == read(**{name: group}, time="2026-11-22T14:41:00Z", msg="x")["ServiceName"]
    assert "cart" == read(logGroup=group, service="cart", time="2026-11-22T14:41:00Z", msg="x")["ServiceName"]


@pytest.mark.parametrize(("number", "severity"), [(0, 1), (1, 9), (2, 13), (3, 17), (4, 21)])
def test_application_insights_counts_levels_from_zero(number: int, severity: int) -> None:
    """OpenTelemetry's numbers under other names stay theirs."""
    own = {"TimeGenerated": "2026-11-22T14:41:00Z", "Message": "x"}
    assert severity == read(**own, SeverityLevel=number)["SeverityNumber"]
    assert severity == read(**own, properties={"severityLevel": number})["SeverityNumber"]
    assert number == read(**own, severityNumber=number)["SeverityNumber"]


@pytest.mark.parametrize("written", ["/Date(1795358460000)/", "/Date(1795358460000+0100)/"])
def test_a_time_as_dotnet_writes_it(written: str) -> None:
    """The offset only says how to show it."""
    assert START == read(Timestamp=written, Message="x")["Timestamp"].to_pydatetime(warn=False)


REQUEST: dict[str, Any] = {"time": "2026-11-22T14:41:00Z", "severity": "INFO"}


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"httpRequest": {"requestMethod": "POST", "requestUrl": "https://kiosk.example/hooks", "status": 200, "latency": "0.0057s"}},
         "POST 200 https://kiosk.example/hooks in 6 ms"),
        ({"method": "GET", "uri": "/free", "status": 204, "request_time": 1.25}, "GET 204 /free in 1250 ms"),
        ({"method": "GET", "path": "/free", "response_code": 503, "response_flags": "UF", "response_code_details": "connection_timeout"},
         "GET 503 /free: UF: connection_timeout"),
        ({"method": "GET", "path": "/free", "response_code": 200, "response_flags": "-"}, "GET 200 /free"),
        ({"name": "GET /free", "url": "https://kiosk.example/free", "resultCode": "200"}, "GET 200 https://kiosk.example/free"),
        ({"req": "GET /free", "status": 200, "rt": 0.059}, "GET 200 /free in 59 ms"),
        ({"request": {"method": "GET", "uri": "/free"}, "response": {"status": 200}, "latency": 172.6, "apisix_latency": 1.0}, "GET 200 /free in 173 ms"),
        ({"method": "GET", "url": "/free", "status": 200, "time_elapsed_us": 92542}, "GET 200 /free in 93 ms"),
        ({"path": "/free", "status": 200, "ms": 90.0}, "200 /free in 90 ms"),
        ({"method": "GET", "route": "/seats/{id}", "status": 503, "durationMs": 54}, "GET 503 /seats/{id} in 54 ms"),
        ({"resourcePath": "/seats", "httpMethod": "GET", "status": "504", "responseLatency": "10000", "integrationError": "timeout"}, "GET 504 /seats in 10000 ms: timeout"),
        ({"routeKey": "POST /seats/{id}", "status": "200", "responseLatency": "45", "integrationLatency": "41"}, "POST 200 /seats/{id} in 45 ms"),
        ({"method": "GET", "path": "/free", "status": 500, "msg": "no seat"}, "no seat"),
    ],
)  # fmt: skip
def test_a_request_without_a_message_is_written_as_one(fields: dict[str, Any], body: str) -> None:
    """As people read it, and with the reason if it failed; a message comes first."""
    assert body == read(**REQUEST, **fields)["Body"]


def test_what_is_no_whole_request_stays_as_it_came() -> None:
    """Nothing of a line is left out of its text but for a request."""
    assert read(**REQUEST, method="GET", status=200)["Body"].startswith("{")


def test_the_time_of_a_request_may_be_written_as_in_the_common_log_format() -> None:
    """API Gateway writes it so, in a field whose name is that of a duration elsewhere."""
    row = read(requestTime="22/Nov/2026:15:41:00 +0100", httpMethod="GET", path="/free", status=200)

    assert START == row["Timestamp"].to_pydatetime(warn=False)


@pytest.mark.parametrize("sign", ["response_flags", "response_code_details", "itemType"])
def test_who_is_known_counts_in_milliseconds(sign: str) -> None:
    """Envoy and Application Insights; without what only they name the unit is not known."""
    fields = {"time": "2026-11-22T14:41:00Z", "msg": "x", "duration": 72}

    assert "72000000" == dict(read(**fields, **{sign: "request"})["LogAttributes"])["lg.duration_ns"]
    assert "lg.duration_ns" not in dict(read(**fields)["LogAttributes"])


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        ("upstream", "licences.example", "service.peer.name"),
        ("fields.upstream_host", "cart", "service.peer.name"),
        ("upstream", "10.0.0.4:8080", "server.address"),
        ("upstream", "cart:8080", "server.address"),
        ("upstream", "10.0.0.4", "server.address"),
        ("server.address", "shop.example", "server.address"),
    ],
)
def test_a_host_that_a_proxy_asked_is_the_name_of_its_upstream(path: str, value: str, name: str) -> None:
    """With a port, or as a number, it is one of the servers; a service's own address names no one else."""
    assert name == beside.name_of("server.address", path, value)


@pytest.mark.parametrize(
    ("status", "location", "kept"),
    [(302, "https://app.example/login", False), (302, "Berlin", True), (200, "/berlin", True)],
)
def test_where_an_answer_sends_elsewhere_is_of_its_header(status: int, location: str, *, kept: bool) -> None:
    """A place where people are stays one."""
    attributes = dict(
        read(**REQUEST, method="GET", path="/free", status=status, location=location)["LogAttributes"]
    )

    assert kept is ("location" in attributes)
    assert kept is not ("http.response.header.location" in attributes)


def test_a_request_is_read_from_what_its_proxy_reports() -> None:
    """As Vercel has it, below `proxy`."""
    proxy = {
        "method": "POST",
        "path": "/hook",
        "statusCode": 400,
        "userAgent": ["Stripe/1.0"],
        "clientIp": "192.0.2.7",
        "host": "app.example",
    }
    attributes = dict(read(timestamp=1795725663333, path="/hook", message="no", proxy=proxy)["LogAttributes"])

    assert ("POST", "400", "192.0.2.7", "Stripe/1.0") == tuple(
        attributes[name]
        for name in (
            "http.request.method",
            "http.response.status_code",
            "client.address",
            "user_agent.original",
        )
    )
