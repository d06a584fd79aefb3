"""Probes of the network by hand."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import probes
from outcomes import outcome


def test_ping_with_times() -> None:
    """An answer has a round trip; a probe that is lost is a failure, and said."""
    found = outcome(
        b"PING gw.example (192.0.2.7) 56(84) bytes of data.\n[1794304920.1] 64 bytes from gw.example (192.0.2.7): icmp_seq=1 ttl=57 time=20.5 ms\n"
        b"[1794304921.1] no answer yet for icmp_seq=2\n[1794304922.1] From 10.0.0.1 icmp_seq=3 Destination Host Unreachable\n^C\n"
        b"--- gw.example ping statistics ---\n3 packets transmitted, 1 received, 66% packet loss, time 2000ms\n"
    )

    points = [
        (row["MetricName"], row["Value"], row["ServiceName"]) for row in found.rows["otel_metrics_gauge"]
    ]
    succeeded = [("probe_success", value, "gw.example") for value in (1.0, 0.0, 0.0)]
    assert [succeeded[0], ("probe_icmp_duration_seconds", 0.0205, "gw.example"), *succeeded[1:]] == points
    assert ["no answer yet for icmp_seq=2", "From 10.0.0.1 icmp_seq=3 Destination Host Unreachable"] == [
        row["Body"] for row in found.rows["otel_logs"]
    ]
    assert ("ping", (7, 3, 4, 0), []) == (found.claim.format, found.tally, found.rejects)


def test_dig() -> None:
    """Whose time is at its end; the name server is the one that was asked."""
    found = outcome(
        b";; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 41822\n;; QUESTION SECTION:\n;db.example.\tIN\tA\n\n;; Query time: 2003 msec\n"
        b";; SERVER: 10.0.0.10#53(10.0.0.10) (UDP)\n;; WHEN: Tue Nov 10 10:02:00 UTC 2026\n"
    )

    points = {row["MetricName"]: row["Value"] for row in found.rows["otel_metrics_gauge"]}
    assert {"probe_success": 0.0, "probe_dns_lookup_time_seconds": 2.003} == points
    assert "the name server 10.0.0.10 answered SERVFAIL for db.example" == found.rows["otel_logs"][0]["Body"]


def test_curl() -> None:
    """The server's date is the time."""
    found = outcome(
        b"> GET /cart HTTP/1.1\n> Host: shop.example\n>\n< HTTP/1.1 503 Service Unavailable\n< Date: Tue, 10 Nov 2026 10:02:00 GMT\n<\n"
    )

    (line,) = found.rows["otel_logs"]
    assert ("GET /cart HTTP/1.1 503 Service Unavailable", "shop.example") == (
        line["Body"],
        line["ServiceName"],
    )
    assert "503" == dict(line["LogAttributes"])["http.response.status_code"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PING gw (192.0.2.7) 56(84) bytes\n64 bytes from gw (192.0.2.7): icmp_seq=1 ttl=57 time=20.5 ms\n",
        b"2026-11-10 10:02:00 INFO pinged the gateway\n",
    ],
)  # fmt: skip
def test_what_is_no_probe(content: bytes) -> None:
    """Without a time, or prose."""
    assert None is probes.recognise(Input(None, "x.txt", content))


def test_a_probe_without_a_time_among_others_is_a_reject() -> None:
    """With what would give one."""
    line = b"64 bytes from gw (192.0.2.7): icmp_seq=1 ttl=57 time=20.5 ms\n"
    found = outcome(b"[1794304920.1] " + line + line)
    assert ["there is no time in it: ping -D gives one"] == [reject.reason for reject in found.rejects]


def test_a_lost_probe_without_a_time_is_of_the_one_before_it() -> None:
    """MacOS prints no time where no answer came."""
    found = outcome(
        b"PING gw (192.0.2.7): 56 data bytes\n10:02:00.123456 64 bytes from 192.0.2.7: icmp_seq=0 ttl=57 time=20.5 ms\nRequest timeout for icmp_seq 1\n"
    )
    answered, _, lost = found.rows["otel_metrics_gauge"]
    assert (1.0, 0.0, answered["TimeUnix"]) == (answered["Value"], lost["Value"], lost["TimeUnix"])
