"""Findings in words and as JSON."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lastgood.model.evidence import Absence, ChangeRef, Evidence, LogSample, Provenance, Table, TraceExcerpt
from lastgood.model.finding import Finding, Verdict
from lastgood.surfaces.findings import (
    aligned,
    evidence_document,
    evidence_title,
    exit_status,
    finding_document,
    finding_text,
    sparkline,
)
from lastgood.surfaces.invocation import Invocation
from sitreps import CONFIRMED, PROVENANCE, at, nothing, quiet, with_others
from sitreps import OTHERS as EPISODES

OTHERS: tuple[Evidence, ...] = (
    LogSample("first lines", ((at("14:45:23"), "payments", "Charge failed"),), PROVENANCE),
    TraceExcerpt(
        "ab12", ((0, "checkout", "POST /pay", 12.5, True), (1, "payments", "charge", 9.0, True)), PROVENANCE
    ),
    ChangeRef("d-46", PROVENANCE),
    Absence("no spans from email", PROVENANCE),
)


def test_a_finding_in_words() -> None:
    """Verdict, reason, evidence in short."""
    text = finding_text(CONFIRMED)

    assert text.startswith("Is it real? YES (99 % confidence)\nfailures are 24 times")
    assert "  checkout  847" in text
    assert "from 2 rows in 12 ms; -o json has the query" in text


def test_an_onset_names_the_other_episodes() -> None:
    """In its words with the command, and as values."""
    finding = replace(CONFIRMED, answer=with_others(*EPISODES).onset)

    text = finding_text(finding, 400, Invocation(paths=("logs",)))
    assert (
        "also 13:05:00 ±10 s to 13:20:00, ended: 8 % of search fail · in search, index; by itself:\n"
        "  lastgood triage logs --from 2026-11-22T12:00:00Z --to 2026-11-22T13:20:01Z\n"
    ) in text
    assert "also since 15:01:00 ±30 s, ongoing: mail: 0 spans" in text
    first, _ = finding_document(finding)["answer"]["others"]
    assert ["search", "index"] == first["services"]


def test_a_finding_can_be_run_again() -> None:
    """SQL, parameters and window come with each piece of evidence."""
    document = finding_document(CONFIRMED)

    again = document["evidence"][0]["provenance"]
    assert "SELECT count() FROM lg_requests" == again["sql"]
    assert {"from_ns": 1, "service": "checkout <b>"} == again["parameters"]
    assert {"from": "2026-11-22T13:00:00Z", "to": "2026-11-22T15:16:00Z"} == again["window"]
    assert "errors" == document["answer"]["impact"]["kind"]
    json.dumps(document, allow_nan=False)


def test_each_kind_of_evidence_has_a_title_and_a_document() -> None:
    """Samples, traces, changes and absences."""
    assert ["first lines", "trace ab12", "change d-46", "nothing: no spans from email"] == [
        evidence_title(evidence) for evidence in OTHERS
    ]
    assert ["log_sample", "trace_excerpt", "change", "absence"] == [
        evidence_document(e)["kind"] for e in OTHERS
    ]


@given(st.lists(st.none() | st.floats(0, 1e9), max_size=300))
def test_a_sparkline_is_as_wide_as_asked(values: list[float | None]) -> None:
    """Any number of values fits, and gaps are dots."""
    line = sparkline(values, 60)

    assert len(line) <= 60
    assert bool(values) == bool(line)


def test_a_gap_is_not_a_zero() -> None:
    """No data and nothing look different."""
    assert "▁·█" == sparkline([0.0, None, 5.0])


def test_exit_statuses() -> None:
    """A confirmed problem is a finding, an undecided one is no success."""
    assert [1, 0, 3, 3] == [
        exit_status(found) for found in ((CONFIRMED,), quiet().findings, nothing().findings, ())
    ]


def test_columns_that_are_too_wide_are_cut_with_a_mark() -> None:
    """The widest first, so that counts beside a long text stay readable."""
    rows: list[tuple[str, ...]] = [("payments", "x" * 200, "107")]
    lines = list(aligned(("service", "text", "failures"), rows, 60))

    assert all(len(line) <= 60 for line in lines)
    assert lines[0].endswith("failures")
    assert lines[1].endswith("107")
    assert "x…" in lines[1]


def test_a_table_without_rows_says_so() -> None:
    """What was looked at is not left blank."""
    table = Table("Time", ("service", "ms"), (), Provenance("SELECT 1", {}, None, 20, 0.1))
    text = finding_text(Finding(Verdict.NO, "nothing is slower", evidence=(table,)))

    assert "Time\n  none\n  from 20 rows" in text.replace("\u00a0", " ")
