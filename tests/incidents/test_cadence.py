"""Cadence: who is owed an update by when, and which status one may have."""

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.test_state import START, entries
from lastgood.incidents.cadence import UNSURE, dues, every, next_update, refused, status_of
from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Mitigated, Payload, Reopened, Resolved, SeveritySet, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.incident import Incident
from lastgood.model.message import Audience, Message, Notify, Rhythm, Updated, UpdateStatus
from lastgood.model.postmortem import Closed

MINUTE = timedelta(minutes=1)
RHYTHM = Rhythm(
    {level: minutes * MINUTE for level, minutes in zip(SeverityLevel, (15, 30, 60, 240), strict=True)},
    (
        Notify(SeverityLevel.SEV1, Audience.TEAM, 5 * MINUTE),
        Notify(SeverityLevel.SEV1, Audience.PUBLIC, 30 * MINUTE),
        Notify(SeverityLevel.SEV2, Audience.TEAM, 5 * MINUTE),
    ),
)
AFFECTED = Triaged("", Verdict.YES, "5 % fail", since=START)
ACT = ActionBegun("rollback", "checkout", "kim")
WELL = EffectMeasured(5, Effect.RECOVERED, "0.2 % fail")
SEV1 = SeveritySet(SeverityLevel.SEV1, "all fail")


def after(*payloads: Payload) -> Incident:
    """The incident after entries a minute apart, the first one a minute after it was opened."""
    return incident_of(entries(*payloads))


def said(status: UpdateStatus, audience: Audience = Audience.TEAM, next_at: int | None = None) -> Updated:
    """An update, with the next one promised some minutes after the start."""
    return Updated(
        Message(status, audience, next_at=None if next_at is None else START + next_at * MINUTE), ""
    )


def owed(*payloads: Payload) -> list[tuple[Audience, int]]:
    """Who is owed an update, how many minutes after the start."""
    return [(due.audience, int((due.at - START) / MINUTE)) for due in dues(after(*payloads), RHYTHM)]


def test_an_unknown_severity_is_taken_for_the_higher() -> None:
    """No one has been informed of a new incident; the team is owed the first message."""
    assert [(Audience.TEAM, 5)] == owed()
    assert 30 * MINUTE == every(after(), RHYTHM)


@pytest.mark.parametrize("severity", [None, *SeverityLevel])
def test_one_law_for_the_next_update(severity: SeverityLevel | None) -> None:
    """What a message promises is when the board says that the next one is due: to the minute, never at once."""
    rhythm = Rhythm({one: (place + 1) * 7 * MINUTE for place, one in enumerate(SeverityLevel)}, ())
    sent = START + timedelta(minutes=2, seconds=40)
    decided = [SeveritySet(severity, "x")] if severity else []

    promised = next_update(sent, severity, rhythm)

    assert (0, 0) == (promised.second, promised.microsecond)
    assert timedelta(0) <= sent + rhythm.every[severity or UNSURE] - promised < MINUTE
    message = Message(UpdateStatus.INVESTIGATING, Audience.TEAM, next_at=promised)
    (due,) = dues(after(*decided, Updated(message, "")), rhythm)
    assert promised == due.at
    assert next_update(sent, severity, Rhythm({**rhythm.every, severity or UNSURE: timedelta(0)}, ())) > sent


def test_the_matrix_counts_from_when_it_became_that_bad() -> None:
    """Raised to SEV1 a minute after it was opened."""
    assert [(Audience.TEAM, 6), (Audience.PUBLIC, 31)] == owed(SEV1)


def test_whoever_was_reported_is_owed_what_was_promised() -> None:
    """Without a promise, what the severity asks."""
    assert [(Audience.TEAM, 21)] == owed(said(UpdateStatus.INVESTIGATING, next_at=21))
    assert [(Audience.TEAM, 31)] == owed(said(UpdateStatus.INVESTIGATING))


def test_a_raised_severity_shortens_the_wait() -> None:
    """Raised at minute 2, after a promise for minute 31."""
    assert (Audience.TEAM, 17) == owed(said(UpdateStatus.INVESTIGATING, next_at=31), SEV1)[0]


@pytest.mark.parametrize("change", [Mitigated("flag off"), Resolved("gone")])
def test_a_change_of_status_is_reported_promptly(change: Payload) -> None:
    """Five minutes after it, at minute 2."""
    assert [(Audience.TEAM, 7)] == owed(said(UpdateStatus.INVESTIGATING, next_at=31), change)


def test_the_end_is_reported_to_all_who_were_reported_and_then_nothing_is_owed() -> None:
    """Those never informed need not hear of it."""
    over = (said(UpdateStatus.INVESTIGATING), Resolved("gone"))

    assert [] == owed(Resolved("gone"))
    assert [] == owed(*over, said(UpdateStatus.RESOLVED))
    assert [(Audience.TEAM, 9)] == owed(*over, said(UpdateStatus.RESOLVED), Reopened("back"))


@pytest.mark.parametrize(
    ("status", "payloads", "supported"),
    [
        (UpdateStatus.INVESTIGATING, (), False),
        (UpdateStatus.IDENTIFIED, (), True),
        (UpdateStatus.MONITORING, (Mitigated("flag off"),), True),
        (UpdateStatus.RESOLVED, (Resolved("gone"),), False),
    ],
)
def test_the_usual_status_is_that_of_the_record(
    status: UpdateStatus, payloads: tuple[Payload, ...], supported: bool
) -> None:
    """A cause is identified once a hypothesis is supported, until something is done."""
    assert status is status_of(after(*payloads), supported=supported)


@pytest.mark.parametrize(
    ("reason", "status", "payloads"),
    [
        ("impact is still measured", UpdateStatus.RESOLVED, (AFFECTED, Resolved("looks fine"), AFFECTED)),
        ("impact is still measured", UpdateStatus.RESOLVED, (AFFECTED,)),
        ("impact is still measured", UpdateStatus.RESOLVED, (AFFECTED, Mitigated("flag off"), AFFECTED, ACT)),
        ("not resolved on the record", UpdateStatus.RESOLVED, (Mitigated("flag off"),)),
        ("nothing on the record has ended", UpdateStatus.MONITORING, (AFFECTED,)),
        ("is resolved", UpdateStatus.INVESTIGATING, (Resolved("gone"),)),
        ("no hypothesis about the cause is supported", UpdateStatus.IDENTIFIED, (AFFECTED,)),
    ],
)
def test_a_status_that_the_record_contradicts_is_refused(
    reason: str, status: UpdateStatus, payloads: tuple[Payload, ...]
) -> None:
    """With what to do instead."""
    found = refused(after(*payloads), status, supported=False)

    assert found
    assert reason in found[0]
    assert "lastgood" in found[1]


@pytest.mark.parametrize(
    ("status", "payloads"),
    [
        (UpdateStatus.RESOLVED, (AFFECTED, Resolved("flag off"))),
        (
            UpdateStatus.RESOLVED,
            (AFFECTED, Mitigated("flag off"), AFFECTED, ACT, WELL, Resolved("rolled back")),
        ),
        (UpdateStatus.MONITORING, (AFFECTED, Mitigated("flag off"))),
        (UpdateStatus.IDENTIFIED, (AFFECTED,)),
        (UpdateStatus.INVESTIGATING, (AFFECTED, Resolved("gone"), Reopened("back"))),
    ],
)
def test_a_status_that_fits_is_not(status: UpdateStatus, payloads: tuple[Payload, ...]) -> None:
    """Measured before it ended, mitigated, identified, reopened."""
    assert None is refused(after(*payloads), status, supported=True)


def test_a_closed_incident_owes_nothing() -> None:
    """Whoever was not informed that it is over is the postmortem's to name; a resolved one is still owed it."""
    reported = said(UpdateStatus.MONITORING, next_at=30)

    assert [Audience.TEAM] == [audience for audience, _ in owed(reported, Mitigated("m"), Resolved("r"))]
    assert [] == owed(reported, Mitigated("m"), Resolved("r"), Closed("done"))


def test_a_recovery_does_not_outlive_a_reopening() -> None:
    """Harm that was measured before it counts again; a recovery that is not credited counts as one."""
    harm = replace(AFFECTED, comparison=None)
    uncredited = replace(WELL, begun=3, effect=Effect.RECOVERED_UNCREDITED)
    ended = (harm, ACT, uncredited)

    assert (
        refused(after(*ended, Mitigated("m"), Resolved("r")), UpdateStatus.RESOLVED, supported=True) is None
    )
    again = after(*ended, Reopened("it is back"))
    assert again.actions[0].outlived
    assert (
        "impact is still measured" in (refused(again, UpdateStatus.RESOLVED, supported=True) or ("", ""))[0]
    )


def test_impact_that_ended_by_the_telemetry_is_monitored() -> None:
    """No one has said that it is mitigated, and the last measurement says that it ended."""
    ended = replace(AFFECTED, ended=START + MINUTE)

    assert refused(after(AFFECTED), UpdateStatus.MONITORING, supported=False) is not None
    assert refused(after(ended), UpdateStatus.MONITORING, supported=False) is None
