"""The state of an incident, as its entries leave it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured, Recovery
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import (
    Acknowledged,
    Entry,
    Mitigated,
    Noted,
    Opened,
    Payload,
    Reopened,
    Resolved,
    SeveritySet,
    Triaged,
    Unread,
)
from lastgood.model.finding import Verdict
from lastgood.model.follow_up import FollowUpAdded, FollowUpMoved, FollowUpType, Stage
from lastgood.model.incident import Incident, Status
from lastgood.model.message import Audience, Delivered, Message, Updated, UpdateStatus
from lastgood.model.postmortem import Accepted, Closed, Part, Written
from lastgood.model.window import Comparison, Window

START = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def entries(*payloads: Payload) -> tuple[Entry, ...]:
    """Entries a minute apart, after one that opens the incident."""
    every: Sequence[Payload] = (Opened("Checkout failing"), *payloads)
    times = [START + timedelta(minutes=n) for n in range(len(every))]
    return tuple(
        Entry(7, n, "kim", at, at, payload, "", "")
        for n, (at, payload) in enumerate(zip(times, every, strict=True), 1)
    )


def folded(*payloads: Payload) -> Incident:
    """What they come to."""
    return incident_of(entries(*payloads))


def test_a_new_incident_is_open() -> None:
    """By whom and when; nothing is known of it yet."""
    new = folded()

    assert (7, "Checkout failing", Status.OPEN, START, "kim") == (
        new.number, new.title, new.status, new.opened_at, new.opened_by,
    )  # fmt: skip
    assert (None, None, None) == (new.severity, new.since, new.acknowledged_at)


def test_a_severity_is_proposed_until_somebody_decides() -> None:
    """Later answers of the sitrep change the proposal, never the decision."""
    proposal = Triaged("", Verdict.YES, "", severity=SeverityLevel.SEV2, severity_because="many")
    smaller = Triaged("", Verdict.YES, "", severity=SeverityLevel.SEV3, severity_because="few")
    silent = Triaged("", Verdict.UNKNOWN, "no data")

    assert (SeverityLevel.SEV3, False) == _severity(folded(proposal, smaller))
    assert (SeverityLevel.SEV2, False) == _severity(folded(proposal, silent))
    assert (SeverityLevel.SEV1, True) == _severity(
        folded(proposal, SeveritySet(SeverityLevel.SEV1, "the shop is down"), smaller)
    )


def _severity(incident: Incident) -> tuple[SeverityLevel | None, bool]:
    return incident.severity, incident.severity_decided


def test_resolving_without_a_word_on_mitigation_means_both() -> None:
    """The clock of mitigation is never later than that of the end."""
    at_once = folded(Resolved("gone"))
    in_turn = folded(Mitigated("flag off"), Resolved("fixed"))

    assert (START + timedelta(minutes=1),) * 2 == (at_once.mitigated_at, at_once.resolved_at)
    assert timedelta(minutes=1) == _gap(in_turn)


def _gap(incident: Incident) -> timedelta:
    assert incident.mitigated_at is not None
    assert incident.resolved_at is not None
    return incident.resolved_at - incident.mitigated_at


@pytest.mark.parametrize(
    ("effect", "recovery", "seen_until", "expected"),
    [
        (Effect.RECOVERED, Recovery.RECOVERED, 0, 150),
        (Effect.RECOVERED_UNCREDITED, Recovery.UNMEASURED, 0, 150),
        (Effect.RECOVERED, Recovery.RECOVERED, 160, 240),  # affected again since
        (Effect.RECOVERED, Recovery.FAILING, 0, 240),
        (Effect.NO_EFFECT, Recovery.UNMEASURED, 0, 240),
    ],
)
def test_a_measured_recovery_is_when_it_was_mitigated(
    effect: Effect, recovery: Recovery, seen_until: float, expected: float
) -> None:
    """Rather than the time at which a person recorded the end; not where users were affected again after it."""
    bad = Window(START - timedelta(minutes=9), START + timedelta(seconds=seen_until))
    seen = Triaged("", Verdict.YES, "", Comparison(Window(bad.start - bad.length, bad.start), bad))
    well = Window(START + timedelta(seconds=150), START + timedelta(seconds=230))
    begun = ActionBegun("rollback", "inventory", "kim")
    measured = EffectMeasured(3, effect, "0 of 90", windows=(bad, bad, well))
    resolved = folded(seen, begun, measured, Resolved("gone", recovery))

    assert START + timedelta(seconds=expected) == resolved.mitigated_at
    assert resolved.mitigated_at == resolved.ended_at
    late = replace(resolved, mitigated_at=resolved.resolved_at)
    assert START + timedelta(seconds=expected) == late.ended_at


def test_an_end_before_users_were_affected_again_is_none() -> None:
    """Measured, seen or stated: then the person who resolves it says when it ended."""
    first, again = (START + timedelta(seconds=at) for at in (90, 200))
    bad = Window(START - timedelta(minutes=9), first)
    seen = Triaged(
        "", Verdict.YES, "", Comparison(Window(bad.start - bad.length, bad.start), bad), ended=first
    )
    begun = ActionBegun("restart", "inventory", "kim")
    well = EffectMeasured(3, Effect.RECOVERED, "0 of 90", windows=(bad, bad, Window(first, again)))
    for effect in (Effect.NO_EFFECT, Effect.IMPROVING_UNCREDITED):
        worse = EffectMeasured(5, effect, "9 of 90", windows=(bad, bad, Window(first, again)))
        measured = folded(seen, begun, well, begun, worse, Resolved("gone", Recovery.UNMEASURED))
        stated = folded(seen, Mitigated("gone"), begun, begun, worse, Resolved("gone", Recovery.UNMEASURED))
        for one in (measured, stated):
            assert one.resolved_at == one.mitigated_at == one.ended_at


def test_an_action_without_effect_yet_leaves_the_end_to_who_resolves() -> None:
    """Unless the latest data show that users are well."""
    bad = Window(START - timedelta(minutes=9), START)
    begun = ActionBegun("restart", "inventory", "kim")
    well = EffectMeasured(
        2, Effect.RECOVERED, "0 of 90", windows=(bad, bad, Window(START, START + timedelta(seconds=30)))
    )
    early = EffectMeasured(4, Effect.TOO_EARLY, "too early")
    unmeasured, measured = (
        folded(begun, well, begun, early, Resolved("gone", recovery))
        for recovery in (Recovery.UNMEASURED, Recovery.RECOVERED)
    )

    assert unmeasured.resolved_at == unmeasured.ended_at
    assert START == measured.ended_at


BAD = Window(START - timedelta(minutes=9), START)
AFFECTED = Triaged("", Verdict.YES, "17 % fail", Comparison(BAD, BAD), since=BAD.start)


def well_from(minutes: float, effect: Effect = Effect.RECOVERED) -> EffectMeasured:
    """A measurement of the action of entry 3, by which users are well from so many minutes on."""
    at = START + timedelta(minutes=minutes)
    return EffectMeasured(3, effect, "0 of 90", windows=(BAD, BAD, Window(at, at + timedelta(minutes=1))))


def test_a_measured_recovery_is_the_end_before_anyone_records_it() -> None:
    """Not while users may be affected again: after another action, or once it is opened again."""
    begun = ActionBegun("rollback", "inventory", "kim")
    well = folded(AFFECTED, begun, well_from(1))

    assert (START + timedelta(minutes=1), None) == (well.ended_at, well.mitigated_at)
    stated = folded(AFFECTED, begun, well_from(1), Mitigated("rolled back"))
    assert (START + timedelta(minutes=1),) * 2 == (stated.ended_at, stated.mitigated_at)
    assert None is folded(AFFECTED, begun).ended_at
    assert None is folded(AFFECTED, begun, well_from(1, Effect.IMPROVING)).ended_at
    assert None is folded(AFFECTED, begun, well_from(1), begun).ended_at
    assert None is folded(AFFECTED, begun, well_from(1), Resolved("gone"), Reopened("back")).ended_at


def test_what_is_measured_after_it_was_recorded_moves_the_end() -> None:
    """By the latest data as it is resolved, else by the effect of an action that is measured later."""
    begun, since = ActionBegun("rollback", "inventory", "kim"), START + timedelta(seconds=90)
    resolved = folded(AFFECTED, begun, Resolved("gone", Recovery.RECOVERED, since=since))
    later = folded(AFFECTED, begun, Resolved("gone", Recovery.RECOVERED, since=since), well_from(1))
    said = folded(AFFECTED, begun, Mitigated("rolled back"), well_from(1))

    assert (since, since) == (resolved.ended_at, resolved.mitigated_at)
    for one in (later, said):
        assert START + timedelta(minutes=1) == one.ended_at == one.mitigated_at


def test_an_end_that_was_seen_is_none_once_it_is_opened_again() -> None:
    """Nor while an action after it is not measured, or was needed as users were affected before it."""
    seen = replace(AFFECTED, ended=START - timedelta(minutes=2))
    begun = ActionBegun("rollback", "inventory", "kim")

    assert seen.ended == folded(seen).ended_at
    assert None is folded(seen, Resolved("gone"), Reopened("it is back")).ended_at
    resolved = folded(seen, begun, Resolved("gone"))
    assert resolved.resolved_at == resolved.mitigated_at == resolved.ended_at
    measured = folded(seen, begun, well_from(3, Effect.RECOVERED_UNCREDITED), Resolved("gone"))
    assert START + timedelta(minutes=3) == measured.mitigated_at == measured.ended_at
    failing = folded(seen, Resolved("gone", Recovery.FAILING))
    assert failing.resolved_at == failing.ended_at
    assert not failing.recovered


def test_a_reopened_incident_is_open_again() -> None:
    """With its clocks running."""
    again = folded(Mitigated("flag off"), Resolved("fixed"), Reopened("it is back"))

    assert (Status.OPEN, None, None) == (again.status, again.mitigated_at, again.resolved_at)


def test_a_closed_incident_is_closed_until_it_is_opened_again() -> None:
    """Its postmortem is accepted until then."""
    closed = folded(Resolved("fixed"), Accepted("hash"), Closed("all said"))
    again = folded(Resolved("fixed"), Accepted("hash"), Closed("all said"), Reopened("it is back"))

    assert (Status.CLOSED, Status.OPEN) == (closed.status, again.status)
    assert (START + timedelta(minutes=3), None) == (closed.closed_at, again.closed_at)
    assert (START + timedelta(minutes=2), None) == (closed.accepted_at, again.accepted_at)


@pytest.mark.parametrize(
    "later",
    [
        Written(Part.SUMMARY, "Otherwise."),
        Triaged("", Verdict.YES, "6 % fail"),
        SeveritySet(SeverityLevel.SEV1, "all"),
        FollowUpAdded("Alert", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silence"),
    ],
)
def test_what_was_accepted_is_not_what_it_says_now(later: Payload) -> None:
    """A note or a follow-up that is done change nothing of it."""
    accepted = (Resolved("fixed"), Accepted("hash"))

    assert None is folded(*accepted, later).accepted_at
    assert folded(*accepted, Noted("hm"), FollowUpMoved(9, Stage.DONE, "merged")).accepted_at


def test_what_was_seen_stays_seen() -> None:
    """A later answer that all is quiet takes neither the onset nor the impact away."""
    seen = Triaged("", Verdict.YES, "5 % fail", since=START)
    quiet = Triaged("", Verdict.NO, "as usual")
    incident = folded(seen, quiet)

    assert (seen, 2, START) == (incident.confirmed, incident.confirmed_in, incident.since)
    assert quiet is incident.triaged


@pytest.mark.parametrize(
    ("level", "needed"),
    [(SeverityLevel.SEV1, True), (SeverityLevel.SEV2, True), (SeverityLevel.SEV3, False)],
)
def test_the_grave_ones_need_a_postmortem(level: SeverityLevel, needed: bool) -> None:
    """By what people decided, else by what is proposed."""
    assert needed == folded(SeveritySet(level, "so it is")).needs_postmortem
    assert not folded().needs_postmortem


def test_the_first_who_takes_it_on_counts() -> None:
    """A second does not move the clock; what says nothing of the state changes nothing of it."""
    taken = folded(Acknowledged("kim"), Acknowledged("lee"), Noted("hm"), Unread("danced", {}))

    assert ("kim", START + timedelta(minutes=1)) == (taken.acknowledged_by, taken.acknowledged_at)
    assert 5 == taken.entries


def test_the_last_update_to_each_audience_counts() -> None:
    """With the time of the next one; deliveries say nothing of it."""
    to = {audience: Message(UpdateStatus.INVESTIGATING, audience, next_at=START) for audience in Audience}
    reported = folded(
        Updated(to[Audience.TEAM], ""),
        Updated(to[Audience.PUBLIC], ""),
        Updated(replace(to[Audience.TEAM], status=UpdateStatus.IDENTIFIED), ""),
        Delivered(4, "hook", arrived=False, detail="it cannot be reached"),
    )

    last = reported.reported_to(Audience.TEAM)
    assert last
    assert (UpdateStatus.IDENTIFIED, START + timedelta(minutes=3), START) == (
        last.status,
        last.at,
        last.next_at,
    )
    assert 2 == len(reported.reported)
    assert None is reported.reported_to(Audience.STAKEHOLDERS)


def test_a_severity_and_a_status_have_their_own_clocks() -> None:
    """Said again, a severity is as old as it was."""
    raised = SeveritySet(SeverityLevel.SEV1, "all fail")
    now = folded(raised, SeveritySet(SeverityLevel.SEV1, "still"), Mitigated("flag off"))

    assert (START + timedelta(minutes=1), START + timedelta(minutes=3)) == (now.severity_at, now.status_at)


@pytest.mark.parametrize("nothing", [(), (Entry(1, 1, "kim", START, START, Noted("?"), "", ""),)])
def test_what_does_not_open_is_no_incident(nothing: tuple[Entry, ...]) -> None:
    """A record that begins with something else is broken."""
    with pytest.raises(ValueError, match="opened"):
        incident_of(nothing)
