"""Figures in prose: read where the words say what they are, and left alone where they do not."""

import pytest

from outcomes import outcome

TIME = "2026-11-22T14:41:00.123Z"


def reported(message: str) -> dict[str, str]:
    """What is read of a message."""
    (row,) = outcome(f"{TIME} INFO {message}\n".encode(), "pay.log").rows["otel_logs"]
    return dict(row["LogAttributes"])


@pytest.mark.parametrize(
    ("message", "status", "took"),
    [
        ("handled method=POST path=/pay status=503 duration=5006ms", "503", "5006000000"),
        ("POST /pay 503 5006ms", "503", "5006000000"),
        ("request finished with 503 in 5006 ms", "503", "5006000000"),
        ("Completed 500 in 12.5 seconds, request=17", None, "12500000000"),
        ('"GET /cart?id=1 HTTP/1.1" 200 took=2.9s', "200", "2900000000"),
        ("request done TCP_MISS/503 elapsed: 0.25 s", "503", "250000000"),
        ("request served, status_code: 404, latency_ms=17", "404", "17000000"),
        ("503 Service Unavailable: POST - /pay in 5006ms", "503", "5006000000"),
        ("statement took 41 msecs", None, "41000000"),
        ("Sent 500 in 30ms", "500", "30000000"),  # Phoenix
    ],
)
def test_a_status_and_a_duration_in_words_are_read(message: str, status: str | None, took: str) -> None:
    """With their units, whatever stands between."""
    attributes = reported(message)
    assert (status, took) == (attributes.get("http.response.status_code"), attributes.get("lg.duration_ns"))


def test_the_request_is_read_with_its_status() -> None:
    """So that the endpoint is known."""
    attributes = reported('request verb="PUT" uri=/orders/17 status=200 duration=12ms')
    assert ("PUT", "/orders/17") == (attributes["http.request.method"], attributes["url.path"])


@pytest.mark.parametrize(
    "message",
    [
        "calling POST http://stripe.example/charge: response 503",
        "retrying request to bank, status=502",
        "order 503 stored",
        "batch of 200 in 3 parts",
        "Sent 200 mails",
        "exit code 500",
    ],
)
def test_what_is_no_request_of_ones_own_has_no_status(message: str) -> None:
    """A call that was made is the other's request; a number without such a word is a number."""
    assert "http.response.status_code" not in reported(message)


def test_a_level_in_a_pair_is_the_level() -> None:
    """Where nothing else was."""
    text = f"{TIME} app: tick level=warning left=3\n{TIME} app: tick level=error left=0\n"
    assert [13, 17] == [row["SeverityNumber"] for row in outcome(text.encode(), "app.log").rows["otel_logs"]]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("<Error> <HTTP> <web01> <BEA-101020> <Servlet failed>", 17),
        ("INF Registered tunnel connection connIndex=0", 9),
        ("ERR Request failed", 17),
        ("pid=12 tid=gqz class=MailJob elapsed=1.2 WARN: execution expired", 13),
        ("ERR_CONNECTION_REFUSED was seen, INFO: none", 0),
    ],
)
def test_a_level_at_the_front_of_a_message_is_its_level(line: str, number: int) -> None:
    """In angles, abbreviated to three letters, or behind pairs; inside of prose it is a word."""
    content = "".join(f"2026-11-22T14:05:0{second}Z {line}\n" for second in range(3))

    assert {number} == {row["SeverityNumber"] for row in outcome(content.encode(), "a.log").rows["otel_logs"]}
