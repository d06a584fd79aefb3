"""A probe in text and JSON."""

from datetime import UTC, datetime

from lastgood.model.probe_report import Attempt, Exchange, Hop, Place, ProbeReport, Resolved
from lastgood.surfaces.probe import exit_status, probe_document, probe_text

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
REPORT = ProbeReport(
    "https://a.test/", NOW,
    (Resolved("192.0.2.53", ("192.0.2.1", "192.0.2.2"), 60, "", 0.01),),
    (
        Attempt("192.0.2.1", 0.01, "", 0.02, "TLSv1.3", None, "", (Exchange("1.1", 200, 0.03, 0.04, 5120, ended=True, headers={"age": "1"}),)),
        Attempt("192.0.2.2", network_problem="Connection refused\x1b[31m"),
    ),
    (Hop("https://b.test/", 200),), Place.ONE_ADDRESS, "1 address of 2 fails", ("statuses differ",),
)  # fmt: skip


def test_the_verdict_comes_first_then_what_it_rests_on() -> None:
    """A line for each resolver, address and redirect; nothing steers the terminal."""
    lines = probe_text(REPORT).splitlines()

    assert "ONE ADDRESS: 1 address of 2 fails" == lines[0]
    assert "  DNS 192.0.2.53: 192.0.2.1, 192.0.2.2, TTL 1 min, 10 ms" == lines[2]
    assert ["192.0.2.1", "10", "ms", "20", "ms", "1.1", "200", "30", "ms", "40", "ms", "5", "120"] == lines[
        4
    ].split()
    assert ["192.0.2.2", "Connection", "refused\ufffd[31m"] == lines[5].split()
    assert "  redirect https://b.test/: 200" in lines
    assert "  note: statuses differ" == lines[-1]


def test_json_and_status_say_the_same() -> None:
    """1: a fault was located."""
    document = probe_document(REPORT)

    assert ("one address", "2026-11-22T15:00:00Z") == (document["place"], document["at"])
    assert 1 == exit_status(REPORT)
