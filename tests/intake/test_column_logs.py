"""Logs that name their columns: W3C, CloudFront, Zeek and VPC flow logs; each row is an event, the header is none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lastgood.decoding.input import Input, Settings
from lastgood.intake._registry import best_claim
from outcomes import NOW, outcome

IIS = b"""#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Date: 2026-11-22 14:41:00
#Fields: time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status time-taken
14:41:00 GET /pay id=7 203.0.113.7 Mozilla/5.0+(X11) 503 15002
#Fields: date time cs-method sc-status
2026-11-22 14:41:01 POST 200
"""
CLOUDFRONT = (
    b"#Version: 1.0\n#Fields: date time x-edge-location c-ip cs-method cs-uri-stem sc-status time-taken\n"
    b"2026-11-22\t14:41:00\tFRA2-C1\t203.0.113.7\tGET\t/a.png\t502\t30.001\n"
)
ZEEK = (
    b"#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tmethod\turi\tstatus_code\n"
    b"1795358460.250000\tCx\t10.0.0.9\t10.0.0.4\tGET\t/pay\t503\n"
)
FLOW = b"2 123456789010 eni-1235b8ca 10.0.0.9 10.0.0.4 20641 5432 6 20 4249 1795358460 1795358520 REJECT OK\n"
START = datetime(2026, 11, 22, 14, 41, tzinfo=UTC)


def test_the_header_names_the_columns_of_a_w3c_log() -> None:
    """Times are UTC, also from the date header; a later header names other columns."""
    found = outcome(IIS, "u_ex261122.log")
    first, second = found.rows["otel_logs"]
    reported = dict(first["LogAttributes"])

    assert found.balanced
    assert [] == found.rejects
    assert "iis" == first["ServiceName"]
    assert START == first["Timestamp"].to_pydatetime()
    assert ("GET", "/pay", "id=7", "503") == tuple(
        reported[name]
        for name in ("http.request.method", "url.path", "url.query", "http.response.status_code")
    )
    assert ("15002000000", "Mozilla/5.0 (X11)") == (
        reported["lg.duration_ns"],
        reported["user_agent.original"],
    )
    assert "200" == dict(second["LogAttributes"])["http.response.status_code"]


def test_fractions_are_seconds() -> None:
    """CloudFront's rows are separated by tabs under a header with blanks."""
    (row,) = outcome(CLOUDFRONT, "E1.log").rows["otel_logs"]
    assert ("cloudfront", "30001000000") == (row["ServiceName"], dict(row["LogAttributes"])["lg.duration_ns"])


def test_zeek_counts_since_1970() -> None:
    """The columns are separated by tabs."""
    (row,) = outcome(ZEEK, "http.log").rows["otel_logs"]
    assert START.replace(microsecond=250_000) == row["Timestamp"].to_pydatetime(warn=False)
    assert "503" == dict(row["LogAttributes"])["http.response.status_code"]


def test_a_flow_log_is_known_with_and_without_its_header() -> None:
    """The time is the start's, never the number of the account."""
    header = b"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n"
    for content in (FLOW, header + FLOW):
        found = outcome(content, "flow.log")
        (row,) = found.rows["otel_logs"]
        assert found.balanced
        assert START == row["Timestamp"].to_pydatetime()
        assert "REJECT" == dict(row["LogAttributes"])["action"]


def test_a_row_with_other_columns_is_rejected() -> None:
    """With how many it has."""
    found = outcome(CLOUDFRONT + b"2026-11-22\t14:41:00\n", "E1.log")
    assert found.balanced
    assert ["2 values where the header has 8"] == [reject.reason for reject in found.rejects]


def test_columns_of_local_time_are_a_time_in_the_zone_passed() -> None:
    """IIS Advanced Logging; a local time of day without its date is refused, as the header's day is that of UTC."""
    header = b"#Software: IIS Advanced Logging Module\n#Start-Date: 2026-11-18 00:00:00.128\n#Fields:  date-local time-local cs-method sc-status\n"
    (row,) = outcome(
        header + b"2026-11-22 15:41:00.000 GET 503\n",
        "a.log",
        settings=Settings(NOW, ZoneInfo("Europe/Berlin")),
    ).rows["otel_logs"]
    assert START == row["Timestamp"].to_pydatetime()

    both = b"#Fields: date-local time-local date-utc time-utc cs-method\n2026-11-22 15:41:00 2026-11-22 14:41:00 GET\n"
    (row,) = outcome(both, "a.log", settings=Settings(NOW, ZoneInfo("America/New_York"))).rows["otel_logs"]
    assert START == row["Timestamp"].to_pydatetime()

    undated = Input(None, "a.log", b"#Date: 2026-11-22\n#Fields: time-local cs-method\n15:41:00 GET\n")
    assert best_claim(undated) is None
