"""What the record itself shows to have gone well or to have cost time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidents.test_state import START, entries
from incidents.test_timeline import ONSET, PAYLOADS, SEEN
from lastgood.config import Postmortems
from lastgood.incidents.lessons import lessons
from lastgood.incidents.timeline import timeline_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Entry, FiredAlert, Mitigated, Noted, Payload, Resolved, SeveritySet
from lastgood.model.lesson import Lesson, Topic
from lastgood.model.message import Audience, Message, Notify, Rhythm, Updated, UpdateStatus

LIMITS = Postmortems()
RHYTHM = Rhythm({level: timedelta(minutes=45) for level in SeverityLevel}, ())


def learned(*payloads: Payload) -> dict[Topic, Lesson]:
    """By topic, of entries a minute apart."""
    return _of(entries(*payloads))


def _of(every: tuple[Entry, ...]) -> dict[Topic, Lesson]:
    return {one.topic: one for one in lessons(every, timeline_of(every), LIMITS, RHYTHM)}


def test_late_detection_is_reported_with_its_time_and_what_was_wanted() -> None:
    """Twenty minutes, where five are wanted."""
    late = learned(SEEN)[Topic.DETECTION]
    soon = learned(replace(SEEN, since=START - timedelta(minutes=4)))[Topic.DETECTION]

    assert (False, 1200.0, 300.0) == (late.good, late.seconds, late.limit)
    assert (True, 240.0) == (soon.good, soon.seconds)


def test_whether_an_alert_rang_before_a_person_saw_it() -> None:
    """Four minutes before; two minutes after; never; and nothing is said where no alerts are known."""
    alert, soon = (FiredAlert("HighErrors", "web", START + timedelta(minutes=n)) for n in (2, -4))
    reported = [
        learned(one).get(Topic.ALERT)
        for one in (
            replace(SEEN, alerts=1, first_alert=soon),
            replace(SEEN, alerts=1, first_alert=alert),
            replace(SEEN, alerts=0, first_alert=None),
            replace(SEEN, alerts=None, first_alert=None),
        )
    ]

    assert [(True, 240.0), (False, 120.0), (False, None), None] == [
        one and (one.good, one.seconds) for one in reported
    ]
    assert all(one is None or one.entries == (2,) for one in reported)


def test_an_alert_that_nobody_heard_is_no_good_news() -> None:
    """It rang fifteen minutes before, where five are wanted until a person comes."""
    reported = learned(replace(SEEN, alerts=1))

    assert (False, 900.0, "HighErrors") == (
        reported[Topic.UNHEARD].good, reported[Topic.UNHEARD].seconds, reported[Topic.UNHEARD].what,
    )  # fmt: skip
    assert Topic.ALERT not in reported


def test_a_severity_is_decided_soon_late_or_never() -> None:
    """Fifteen minutes are wanted."""
    opened, decided = entries(SeveritySet(SeverityLevel.SEV1, "all"))
    late = replace(decided, at=START + timedelta(minutes=16))

    assert (True, 60.0) == _severity((opened, decided))
    assert (False, 960.0) == _severity((opened, late))
    assert (False, None) == _severity((opened,))


def _severity(every: tuple[Entry, ...]) -> tuple[bool, float | None]:
    one = _of(every)[Topic.SEVERITY]
    return one.good, one.seconds


def test_the_longest_silence_is_reported() -> None:
    """Between the opening and the end; forty minutes, where thirty are borne."""
    opened, note, mitigated = entries(Noted("looking at the pool"), Mitigated("rolled back"))
    note = replace(note, at=START + timedelta(minutes=10))
    over = replace(mitigated, at=START + timedelta(minutes=50))
    sooner = replace(mitigated, at=START + timedelta(minutes=40))

    silence = _of((opened, note, over))[Topic.SILENCE]
    assert (2400.0, note.at, over.at) == (silence.seconds, silence.start, silence.end)
    assert Topic.SILENCE not in _of((opened, note, sooner))


def test_what_could_not_be_answered_is_reported_as_it_was_said() -> None:
    """With the entry of the answer; a likely change in the feed is good news."""
    reported = learned(replace(SEEN, unknown=("Who is affected? requests have no attributes to compare",)))

    assert "Who is affected? requests have no attributes to compare" == reported[Topic.UNANSWERED].what
    assert (True, "v2", (2,)) == (
        reported[Topic.CHANGE].good, reported[Topic.CHANGE].what, reported[Topic.CHANGE].entries,
    )  # fmt: skip


def test_a_clock_that_runs_backwards_is_reported() -> None:
    """With both entries."""
    opened, seen, mitigated = entries(SEEN, Mitigated("flag off"))
    early = replace(mitigated, at=ONSET - timedelta(minutes=5))

    assert (2, 3) == _of((opened, seen, early))[Topic.CLOCK].entries


@given(st.lists(PAYLOADS, max_size=10))
def test_nothing_is_both_good_and_bad(payloads: list[Payload]) -> None:
    """And whatever is compared with a limit is on its side of it."""
    every = entries(*payloads)

    for one in lessons(every, timeline_of(every), LIMITS, RHYTHM):
        assert one.seconds is None or one.seconds >= 0
        if one.limit is not None and one.seconds is not None:
            assert one.good == (one.seconds <= one.limit)
    assert sum(1 for _ in _topics(every, good=True)) == len(set(_topics(every, good=True)))


def _topics(every: tuple[Entry, ...], *, good: bool) -> Iterator[Topic]:
    return (one.topic for one in lessons(every, timeline_of(every), LIMITS, RHYTHM) if one.good is good)


def test_the_longest_time_without_an_update_is_reported() -> None:
    """As often as one is owed at this severity; from the opening to the end of the harm."""
    opened, sent, over = entries(
        Updated(Message(UpdateStatus.INVESTIGATING, Audience.TEAM), "x"), Mitigated("m")
    )
    sent, over = (
        replace(sent, at=START + timedelta(minutes=20)),
        replace(over, at=START + timedelta(minutes=70)),
    )

    updates = _of((opened, sent, over))[Topic.UPDATES]
    assert (3000.0, 2700.0, sent.at, over.at) == (updates.seconds, updates.limit, updates.start, updates.end)
    assert Topic.UPDATES not in _of((opened, sent, replace(over, at=START + timedelta(minutes=60))))


def test_an_action_that_nobody_measured_is_reported() -> None:
    """One with a settled effect is not."""
    begun = ActionBegun("rollback", "checkout", "kim")
    measured = EffectMeasured(2, Effect.RECOVERED, "back at 0.2 %")

    assert ("rollback checkout", (2,)) == (
        learned(begun)[Topic.UNMEASURED].what, learned(begun)[Topic.UNMEASURED].entries,
    )  # fmt: skip
    assert Topic.UNMEASURED not in learned(begun, measured)


def sent(audience: Audience, status: UpdateStatus, next_at: int | None = None) -> Updated:
    """An update that promises the next one some minutes after the start."""
    due = None if next_at is None else START + timedelta(minutes=next_at)
    return Updated(Message(status, audience, next_at=due), "x")


def test_audiences_that_got_no_update_are_named() -> None:
    """Whom the severity asks for and who got none; an update that was due and late, one that never came; no end reported."""
    rhythm = replace(
        RHYTHM,
        notify=(
            Notify(SeverityLevel.SEV2, Audience.TEAM, timedelta(minutes=5)),
            Notify(SeverityLevel.SEV2, Audience.STAKEHOLDERS, timedelta(minutes=15)),
        ),
    )
    every = entries(
        SeveritySet(SeverityLevel.SEV2, "5 % fail"),
        sent(Audience.TEAM, UpdateStatus.INVESTIGATING, 3),
        Noted("a"), Noted("b"), Noted("c"),
        sent(Audience.TEAM, UpdateStatus.MONITORING, 8),
        Noted("d"), Noted("e"), Noted("f"), Mitigated("m"), Resolved("r"),
    )  # fmt: skip
    found = {one.topic: one for one in lessons(every, timeline_of(every), LIMITS, rhythm)}

    assert (Audience.STAKEHOLDERS, 900.0) == (found[Topic.UNREPORTED].what, found[Topic.UNREPORTED].limit)
    assert (180.0, (3, 7)) == (found[Topic.LATE].seconds, found[Topic.LATE].entries)
    assert START + timedelta(minutes=8) == found[Topic.MISSED].start
    assert (7,) == found[Topic.UNREPORTED_END].entries


def test_kept_promises_are_no_lesson() -> None:
    """In time, and informed that it is over; what was due after the end is no miss."""
    every = entries(
        sent(Audience.TEAM, UpdateStatus.INVESTIGATING, 30), Mitigated("m"), Resolved("r"),
        sent(Audience.TEAM, UpdateStatus.RESOLVED),
    )  # fmt: skip
    topics = {one.topic for one in lessons(every, timeline_of(every), LIMITS, RHYTHM)}

    assert set() == topics & {Topic.UNREPORTED, Topic.LATE, Topic.MISSED, Topic.UNREPORTED_END}
