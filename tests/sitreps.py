"""Sitreps built by hand, for what is said about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lastgood.model.alert import FiringAlert
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    Culprit,
    Culprits,
    FailureClass,
    FirstOccurrence,
    GoldenSignals,
    Impact,
    ImpactKind,
    Mitigation,
    Mitigations,
    NoChange,
    Onset,
    PatternChanges,
    PatternCount,
    Segment,
    Severity,
    SeverityLevel,
    Shape,
    Trend,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.episode import Episode
from lastgood.model.evidence import Provenance, Series, Table
from lastgood.model.failure import Cause, FailureKind, FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Holdings
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Comparison, Window


def at(text: str) -> datetime:
    """A time of the day of these incidents."""
    return datetime.fromisoformat(f"2026-11-22T{text}").replace(tzinfo=UTC)


WINDOW = Window(at("13:00"), at("15:16"))
COMPARISON = Comparison(Window(at("13:00"), at("14:45:20")), Window(at("14:45:20"), at("15:16:20")))
PROVENANCE = Provenance(
    "SELECT count() FROM lg_requests",
    {"from_ns": 1, "service": "checkout <b>"},
    WINDOW,
    rows=2,
    seconds=0.012,
)
REQUESTS = Series(
    "failing requests",
    "share",
    tuple(at("13:00") + timedelta(minutes=n) for n in range(136)),
    tuple(None if n == 7 else 0.002 if n < 105 else 0.049 for n in range(136)),
    PROVENANCE,
)
SERVICES = Table(
    "failures by service", ("service", "failed"), (("checkout", 847), ("payments", None)), PROVENANCE
)

CHANGES = ChangesWeighed(
    (
        WeighedChange(
            "cl-7", ChangeKind.THIRD_PARTY, "api.stripe.com", at("14:41"), 'changelog "3DS response"', ChangeVerdict.LIKELY,
            0.83, ("it is on the failing hop",), (),
        ),
        WeighedChange(
            "d-46", ChangeKind.DEPLOY, "payments", at("11:02"), "v2.46.0", ChangeVerdict.RULED_OUT, 0.02, (),
            ("old and new instances fail alike",),
        ),
    )
)  # fmt: skip
PATTERNS = PatternChanges(
    new=(
        PatternCount(
            "p1", "Charge failed for <*>: Stripe returned 402", "payments", "error", 847, 0.0, at("14:45:23"),
            "Charge failed for 81: Stripe returned 402",
        ),
    ),
    more=(PatternCount("p2", "retry <*>", "checkout", "warn", 1200, 30.5, at("13:00:01"), "retry 1"),),
    gone=(),
    churn=(PatternCount("p3", "Token expired", "auth", "info", 12, 11.0, at("13:02"), "Token expired"),),
)  # fmt: skip

CONFIRMED = Finding(Verdict.YES, "failures are 24 times their own past, far beyond its noise", 0.99,
    answer=Confirmation(Impact(17280, 847, 0.049, 0.002, 412, ImpactKind.ERRORS), 0.04, 0.055),
    evidence=(REQUESTS, SERVICES), name="confirm", question="Is it real?",
)  # fmt: skip


EXPLAINED = Finding(
    Verdict.YES,
    'none of your changes is likely; the third party changelog "3DS response" is',
    0.83,
    answer=NoChange(Cause.THIRD_PARTY),
    evidence=(SERVICES,),
    name="no_change",
    question="Does no change explain it?",
)
MITIGATIONS = Mitigations(
    (
        Mitigation("failover", "api.stripe.com", 5, True, None, "fail over to another provider, if you have one"),
        Mitigation("restart", "payments", 3, False, "memory of the stopped processes", "restart to free the connections"),
    ),
    "do not roll back: no deploy matches the onset; the third-party change does",
    "requests without card.issuer=ANZ still work",
)  # fmt: skip


def broken() -> Sitrep:
    """A checkout that fails for one card issuer."""
    return Sitrep(
        asked_at=at("15:16:20"),
        seconds=1.834,
        window=WINDOW,
        comparison=COMPARISON,
        holdings=Holdings(()),
        findings=(CONFIRMED,),
        confirmed=CONFIRMED,
        onset=Onset(
            at("14:45:20"), at("14:45:05"), at("14:45:35"), None, Trend.STEADY, "checkout errors", COMPARISON
        ),
        confirmation=Confirmation(Impact(17280, 847, 0.049, 0.002, 412, ImpactKind.ERRORS), 0.04, 0.055),
        signals=GoldenSignals(Shape.FLAT, Shape.FLAT, Shape.UP, None),
        blast_radius=BlastRadius(
            ("checkout", "payments"),
            (Segment({"payment.provider": "stripe", "card.issuer": "ANZ"}, 0.968, 0.051, 820, 881, 0.93),),
            ("cloud.region", "app.version"),
            everyone=False,
        ),
        path=FailurePath("payments", "api.stripe.com", 1204, 1198, external=True),
        culprits=Culprits(
            (
                Culprit(
                    "payments", None, "api.stripe.com", "external", 0.9, "the hop fails, its caller is well"
                ),
            )
        ),
        changes=CHANGES,
        patterns=PATTERNS,
        first_occurrence=FirstOccurrence(
            at("14:45:23"),
            "payments",
            "Charge failed for 81",
            (("payments", at("14:45:23")), ("checkout", at("14:45:24"))),
        ),
        severity=Severity(SeverityLevel.SEV2, "4.9 % of requests fail", 0.052, 0.06, 0.1),
        failure_class=FailureClass(
            FailureKind.DEPENDENCY_CONTRACT,
            "api.stripe.com",
            0.85,
            "98% of failed calls to api.stripe.com return 402; its latency is normal",
            (FailureKind.BAD_DATA,),
        ),
        no_change=EXPLAINED,
        mitigations=MITIGATIONS,
        unknown=("no browser telemetry",),
        next_update=at("15:46"),
    )


OTHERS = (
    Episode(
        at("13:05"), at("13:04:50"), at("13:05:10"), at("13:20"), ("search", "index"), "8 % of search fail",
        Window(at("12:00"), at("13:20:00.5")),
    ),
    Episode(
        at("15:01"), at("15:00:30"), at("15:01:30"), None, ("mail",), "mail: 0 spans per second",
        Window(at("14:45:20"), at("15:16")),
    ),
)  # fmt: skip


def moved() -> Sitrep:
    """A system of which something moved that affects no one."""
    return replace(quiet(), onset=broken().onset, comparison=COMPARISON, changes=CHANGES)


def with_others(*others: Episode, ended: str = "") -> Sitrep:
    """The broken checkout, over or not, with other episodes in its window."""
    sitrep = broken()
    assert sitrep.onset
    return replace(
        sitrep, onset=replace(sitrep.onset, others=others, ended=at(ended) if ended else None, trend=None)
    )


def quiet() -> Sitrep:
    """A system that is as it always was."""
    finding = replace(
        CONFIRMED,
        verdict=Verdict.NO,
        because="no rate of failures, slowness or traffic left its own noise",
        answer=None,
    )
    impact = Impact(17280, 35, 0.002, 0.002, None, None)
    return replace(
        nothing(),
        findings=(finding,),
        confirmed=finding,
        confirmation=Confirmation(impact, -0.001, 0.001),
        signals=GoldenSignals(Shape.FLAT, Shape.FLAT, Shape.FLAT, Shape.FLAT),
        changes=ChangesWeighed(()),
        patterns=PatternChanges((), (), (), ()),
        unknown=(),
    )


def nothing() -> Sitrep:
    """Data that do not decide."""
    finding = Finding(
        Verdict.UNKNOWN, "there are only 12 requests before 14:00", name="confirm", question="Is it real?"
    )
    return replace(
        broken(),
        findings=(finding,),
        confirmed=finding,
        unknown=("when it started: there are only 12 requests before 14:00",),
        comparison=None,
        onset=None,
        confirmation=None,
        signals=None,
        blast_radius=None,
        path=None,
        culprits=None,
        changes=None,
        patterns=None,
        first_occurrence=None,
        severity=None,
        failure_class=None,
        no_change=None,
        mitigations=None,
    )


def ringing(sitrep: Sitrep) -> Sitrep:
    """The same while two alerts fire, of which one says neither whose it is nor how bad, and has recovered."""
    return replace(
        sitrep,
        alerts=(
            FiringAlert("ErrorRate", "checkout", "page", at("14:47"), "errors above 5 %"),
            FiringAlert("Slow", "", "", at("14:50"), recovered=True),
        ),
    )


def without_a_past() -> Sitrep:
    """Requests that all fail from the first data on."""
    because = "100 % of 3,600 requests fail throughout the data; no baseline before 13:00"
    impact = Impact(3600, 3600, 1.0, None, None, ImpactKind.ERRORS)
    start = at("13:00")
    return replace(
        nothing(),
        window=Window(start, at("15:16:20")),
        confirmed=Finding(
            Verdict.YES,
            because,
            0.9,
            Confirmation(impact, 0.99, 1.0),
            (SERVICES,),
            name="confirm",
            question="Is it real?",
        ),
        confirmation=Confirmation(impact, 0.99, 1.0),
        onset=Onset(start, start, start, None, None, "100 % of 3,600 requests fail", None),
    )
