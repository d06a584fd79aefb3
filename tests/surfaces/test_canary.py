"""The verdict on a canary in text and JSON."""

from dataclasses import replace

from lastgood.model.canary import CanaryVerdict, Check, Measure, Outcome
from lastgood.model.finding import Finding, Verdict
from lastgood.surfaces.canary import canary_document, canary_text, exit_status, verdict_of

BAD = Check(Measure.FAILURES, "plan=free", 40, 200, 10, 900, 0.2, 0.011, 20.0, 7.4, 250.0, passed=False)
FINE = Check(Measure.FAILURES, "", 50, 5000, 45, 5000, 0.01, 0.009, 0.5, 5.5, None, passed=True)
FINDING = Finding(
    Verdict.UNKNOWN, "20\u00a0% fail",
    answer=CanaryVerdict(Outcome.FAIL, "version=1.0", "version=1.1", (FINE, BAD), 600.0),
)  # fmt: skip


def test_the_strongest_evidence_comes_first() -> None:
    """Shares of both sides, evidence and the threshold that it has to reach."""
    first, who, head, bad, fine = canary_text(FINDING).splitlines()

    assert ("FAIL: 20 % fail", "canary version=1.1, baseline version=1.0, 10 min of data") == (first, who)
    assert "CHECK" == head.split()[0]
    assert ["plan=free", "20", "%", "of", "200", "1.1", "%", "of", "900"] == bad.split()[1:10]
    assert bad.endswith("FAILS")
    assert "over 1 000 000" in bad
    assert fine.endswith("passes")


def test_a_resource_is_shown_by_its_means() -> None:
    """With the unit; where a metric that was named has no values, that is said."""
    used = Check(Measure.RESOURCES, "rss", 19, 20, 0, 20, 640.0, 310.0, 10.0, 7.6, 300.0, unit="MB")
    none = Check(Measure.RESOURCES, "queue", 0, 0, 0, 0, 0.0, 0.0, 0.0, 7.6, passed=False)
    finding = replace(FINDING, answer=replace(verdict_of(FINDING), checks=(used, none)))
    text = canary_text(finding).replace("\u00a0", " ")

    assert "rss    640 MB     310 MB" in text
    assert "queue  no values" in text


def test_a_check_that_was_not_made_shows_no_share() -> None:
    """No durations are not 0 % of slow requests."""
    none = Check(Measure.SLOW, "", 0, 0, 0, 0, 0.0, 0.0, 0.0, 6.5, passed=False)
    text = canary_text(replace(FINDING, answer=replace(verdict_of(FINDING), checks=(none,))))

    assert ["slow", "requests", "not", "checked"] == text.splitlines()[-1].split()[:4]


def test_json_and_status_say_the_same() -> None:
    """1 fail, 3 inconclusive; without an answer too."""
    nothing = Finding(Verdict.UNKNOWN, "no requests")

    assert ("fail", "20 % fail") == (canary_document(FINDING)["outcome"], canary_document(FINDING)["because"])
    assert [1, 3] == [exit_status(FINDING), exit_status(nothing)]
    assert Outcome.INCONCLUSIVE is verdict_of(nothing).outcome
    assert canary_text(nothing).startswith("INCONCLUSIVE, because no requests")
