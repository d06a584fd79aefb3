"""Checks of certificates, as plugins and openssl print them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

PLUGIN = b"""2026-11-22 06:00:00 OK - Certificate 'shop.example' will expire on 2026-11-22 12:00 +0000/UTC.
2026-11-22 10:00:00 WARNING - Certificate 'shop.example' expires in 2 hour(s) (2026-11-22 12:00 +0000/UTC).
2026-11-22 13:00:00 CRITICAL - Certificate 'shop.example' expired on 2026-11-22 12:00 +0000/UTC.
2026-11-22 14:00:00 SSL OK - Certificate 'shop.example' will expire on Sat 20 Feb 2027 11:59:59 PM GMT +0000.
"""
DATES = b"""2026-11-22T06:00:00Z
subject=CN = api.example
notBefore=Aug 26 12:00:00 2026 GMT
notAfter=Nov 24 12:00:00 2026 GMT

2026-11-22T14:00:00Z
subject=CN = api.example
notBefore=Nov 22 13:05:00 2026 GMT
notAfter=Feb 20 13:05:00 2027 GMT
"""
CLIENT = b"""$ openssl s_client -connect 192.0.2.7:443 -servername api.example </dev/null
CONNECTED(00000003)
depth=1 C = US, O = Let's Encrypt, CN = R3
verify error:num=10:certificate has expired
notAfter=Sep 15 16:00:00 2025 GMT
depth=0 CN = api.example
verify error:num=10:certificate has expired
notAfter=Nov 22 12:00:00 2026 GMT
---
Certificate chain
 0 s:CN = api.example
   i:C = US, O = Let's Encrypt, CN = R3
   v:NotBefore: Aug 24 12:00:00 2026 GMT; NotAfter: Nov 22 12:00:00 2026 GMT
 1 s:C = US, O = Let's Encrypt, CN = R3
   i:C = US, O = Internet Security Research Group, CN = ISRG Root X1
   v:NotBefore: Sep  4 00:00:00 2020 GMT; NotAfter: Sep 15 16:00:00 2025 GMT
---
    Verify return code: 10 (certificate has expired)
"""


def at(hour: int, minute: int = 0) -> datetime:
    """A time of the day of the checks."""
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


def told(content: bytes) -> list[tuple[str, datetime, datetime]]:
    """Each change: what, from when to when."""
    found = outcome(content, "checks.txt")
    assert found.balanced
    assert {"certificate"} == {row["Kind"] for row in found.rows["lg_changes"]}
    return [_of(row) for row in found.rows["lg_changes"]]


def _of(row: dict[str, Any]) -> tuple[str, datetime, datetime]:
    return row["State"], row["Timestamp"].to_pydatetime(), row["EndTimestamp"].to_pydatetime()


def test_another_expiry_is_a_renewal_between_two_checks() -> None:
    """And it expired at the time that the checks before state, once."""
    found = outcome(PLUGIN, "checks.log")

    assert [("renewed", at(13), at(14)), ("expired", at(12), at(12))] == told(PLUGIN)
    renewed, _ = found.rows["lg_changes"]
    assert (
        "the certificate of shop.example was renewed between two checks, after it had expired"
        == renewed["Title"]
    )
    assert "2027-02-20 23:59:59Z" == dict(renewed["Attributes"])["certificate.expires"]
    assert ["INFO", "WARN", "ERROR", "INFO"] == [line["SeverityText"] for line in found.rows["otel_logs"]]


def test_openssl_says_when_a_certificate_was_issued() -> None:
    """What still holds did not expire."""
    assert [
        ("issued", datetime(2026, 8, 26, 12, tzinfo=UTC), datetime(2026, 8, 26, 12, tzinfo=UTC)),
        ("issued", at(13, 5), at(13, 5)),
        ("renewed", at(6), at(14)),
    ] == told(DATES)
    assert {"api.example"} == {row["Service"] for row in outcome(DATES, "a.txt").rows["lg_changes"]}


def test_of_a_chain_the_own_certificate_counts() -> None:
    """Though one above it has expired as well."""
    issued, expired = told(CLIENT)

    assert ("issued", "expired") == (issued[0], expired[0])
    assert at(12) == expired[1]
    assert ["api.example"] * 2 == [row["Service"] for row in outcome(CLIENT, "a.txt").rows["lg_changes"]]


def test_the_old_one_may_end_between_two_checks() -> None:
    """Whether it expired before it was renewed is not known, so nothing says that it did."""
    lines = PLUGIN.splitlines(keepends=True)
    found = outcome(lines[0] + lines[3], "checks.log").rows["lg_changes"]

    assert [("renewed", at(6), at(14))] == [_of(row) for row in found]
    assert found[0]["Title"].endswith("between two checks; the old one ends between them")


def test_what_the_last_check_says_is_no_more_than_that() -> None:
    """It was valid then, and it may have been renewed since."""
    (expired,) = outcome(PLUGIN.splitlines()[0], "checks.log").rows["lg_changes"]

    assert ("expired", at(12), at(12)) == _of(expired)
    assert expired["Title"].endswith("expires, unless it was renewed after the last check")


def test_a_date_that_is_none_is_a_reject() -> None:
    """The others are read."""
    found = outcome(DATES.replace(b"Nov 24 12", b"Nov 44 12"), "checks.txt")

    assert found.balanced
    assert [4] == [reject.line for reject in found.rejects]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 06:00:00 INFO up\n2026-11-22 06:00:01 INFO Certificate 'a' will expire on 2026-11-22 12:00 +0000\n" + "2026-11-22 06:00:01 INFO up\n" * 9,
        '{"a": "notAfter=Nov 22 12:00:00 2026 GMT"}',
    ],
)  # fmt: skip
def test_a_log_that_speaks_of_a_certificate_is_a_log(text: str) -> None:
    """Or JSON."""
    claimed = best_claim(Input(None, "a.log", text.encode()))

    assert claimed is None or "certificate_checks" != claimed[0].name
