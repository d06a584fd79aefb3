"""Logs of requests in columns without a header: the values say what each column is."""

from datetime import UTC, datetime

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from lastgood.intake.request_columns import FEWEST, LONGEST
from outcomes import outcome

TABS = b"".join(
    f'2026-11-22T14:41:0{n}.100Z\tAMS\t203.0.113.{n}\tPOST\t/pay/{n}\t{status}\t2144\t0.0{n + 1}\tMISS\tpay\t"Shop/9.{n} (iPhone; iOS 19)"\n'.encode()
    for n, status in enumerate((200, 200, 503, 200))
)


def test_the_values_say_what_each_column_is() -> None:
    """An unknown field is kept under its place."""
    found = outcome(TABS, "edge.log")

    assert "columns of requests" == found.claim.format
    assert found.balanced
    row = found.rows["otel_logs"][2]
    said = dict(row["LogAttributes"])
    assert datetime(2026, 11, 22, 14, 41, 2, 100_000, tzinfo=UTC) == row["Timestamp"].to_pydatetime()
    assert ("POST", "/pay/2", "503", "203.0.113.2") == tuple(
        said[name]
        for name in ("http.request.method", "url.path", "http.response.status_code", "client.address")
    )
    assert ("30000000", "Shop/9.2 (iPhone; iOS 19)") == (said["lg.duration_ns"], said["user_agent.original"])
    assert ("AMS", "2144", "MISS", "pay") == tuple(said[f"column_{n}"] for n in (2, 7, 9, 10))


def test_fractions_that_are_too_large_are_no_seconds() -> None:
    """Of what counts something else nothing is said."""
    wide = TABS.replace(b"\t0.0", f"\t{LONGEST + 1:.0f}.0".encode())
    said = dict(outcome(wide, "edge.log").rows["otel_logs"][0]["LogAttributes"])
    assert "lg.duration_ns" not in said
    assert "column_8" in said


def test_a_line_of_another_width_is_rejected() -> None:
    """The lines behind it keep their numbers."""
    found = outcome(TABS * 60 + b"cut off\there\n\n" + TABS, "edge.log")
    assert [(241, "2 values where others have 11")] == [(one.line, one.reason) for one in found.rejects]
    assert 244 == len(found.rows["otel_logs"])
    assert found.balanced


def test_without_a_method_a_path_or_a_status_it_is_none() -> None:
    """Columns of figures are no requests, and so are few columns."""
    for text in (
        TABS.replace(b"POST", b"pay"),
        TABS.replace(b"/pay", b"pay"),
        b"\t".join([b"1"] * (FEWEST - 1)) + b"\n",
    ):
        claimed = best_claim(Input(None, "edge.log", text))
        assert claimed is None or "request_columns" != claimed[0].name


def test_a_line_that_is_no_row_spoils_no_other() -> None:
    """A quoted value beyond the limit of a cell is a reject; so large a fraction is no duration."""
    line = TABS.splitlines(keepends=True)[0]
    broken = line.replace(
        b"/pay/0", b'"' + b'a""' * 200_000
    )  # beyond what the library takes, or never closed
    found = outcome(TABS * 500 + broken + line.replace(b"0.01", b"9" * 400 + b".0") + line, "edge.log")

    assert 1 == len(found.rejects)
    assert found.balanced
    assert 2_002 == len(found.rows["otel_logs"])
