"""The timeline folded from entries."""

from dataclasses import replace
from datetime import timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from incidents.test_state import START, entries
from lastgood.incidents.timeline import timeline_of
from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.entry import (
    Acknowledged,
    FiredAlert,
    Frozen,
    Mitigated,
    Noted,
    Payload,
    Reopened,
    Resolved,
    Triaged,
)
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import HypothesisAdded
from lastgood.model.postmortem import Part, Written
from lastgood.model.timeline import KEY_MOMENTS, Lapse, Moment, Timeline, Uncounted

MINUTE = timedelta(minutes=1)
ONSET = START - 20 * MINUTE
CHANGE = WeighedChange(
    "d1", ChangeKind.DEPLOY, "web", ONSET - MINUTE, "v2", ChangeVerdict.LIKELY, 0.8, (), ()
)
SEEN = Triaged(
    "",
    Verdict.YES,
    "5 % fail",
    since=ONSET,
    since_low=ONSET - MINUTE,
    since_high=ONSET + MINUTE,
    changes=(CHANGE,),
    first_alert=FiredAlert("HighErrors", "web", ONSET + 5 * MINUTE),
)


def folded(*payloads: Payload) -> Timeline:
    """What they come to, a minute apart after the opening."""
    return timeline_of(entries(*payloads))


def seconds(timeline: Timeline) -> list[float | None]:
    """The four durations."""
    return [timeline.seconds(lapse) for lapse in Lapse]


def why(timeline: Timeline) -> list[Uncounted | None]:
    """Why those that are missing are."""
    return [one.why for one in timeline.lapses]


def test_what_the_telemetry_saw_and_what_people_did_are_in_one_order() -> None:
    """Evidence and what is written afterwards are no events."""
    timeline = folded(
        SEEN,
        Frozen("c", "q", "", {}, None, 1, cut_off=False, content=""),
        Acknowledged("lee"),
        Acknowledged("kim"),
        Mitigated("flag off"),
        Resolved("fixed"),
        Written(Part.SUMMARY, "It broke."),
    )

    assert [
        Moment.CHANGE, Moment.ONSET, Moment.ALERTED, Moment.OPENED, Moment.ENTRY, Moment.ACKNOWLEDGED,
        Moment.ENTRY, Moment.MITIGATED, Moment.RESOLVED,
    ] == [event.moment for event in timeline.events]  # fmt: skip
    assert (1200.0, 180.0, 1500.0, 1560.0) == tuple(seconds(timeline))
    assert () == timeline.backwards


def test_a_hypothesis_that_the_sitrep_proposes_is_no_event() -> None:
    """One that a person wrote is."""
    written, proposed = HypothesisAdded("the pool", ()), HypothesisAdded("the deploy", (), about="change:d1")

    assert [1, 3] == [event.entry.sequence for event in folded(proposed, written).events]


def test_a_later_answer_that_all_is_quiet_does_not_take_the_onset_away() -> None:
    """The last one that saw users affected counts."""
    quiet = Triaged("", Verdict.NO, "as usual")

    assert seconds(folded(SEEN, Resolved("x"))) == seconds(folded(SEEN, Resolved("x"), quiet))


def test_what_cannot_be_counted_says_why() -> None:
    """No onset, or not come to that yet."""
    assert [
        Uncounted.NO_ONSET, Uncounted.NOT_YET, Uncounted.NO_ONSET, Uncounted.NO_ONSET,
    ] == why(folded(Noted("hm")))  # fmt: skip
    assert [None, Uncounted.NOT_YET, Uncounted.NOT_YET, Uncounted.NOT_YET] == why(
        folded(SEEN, Mitigated("x"), Resolved("x"), Reopened("it is back"))
    )


def test_resolved_without_a_word_on_mitigation_is_both() -> None:
    """At the same time."""
    timeline = folded(SEEN, Resolved("rolled back"))

    assert timeline.seconds(Lapse.TTM) == timeline.seconds(Lapse.TTR) == 1320.0


def test_a_clock_that_runs_backwards_is_shown() -> None:
    """A mitigation before the onset gives no duration, and is named; one in the onset's interval is at once."""
    opened, seen, mitigated = entries(SEEN, Mitigated("flag off"))
    early = timeline_of([opened, seen, replace(mitigated, at=ONSET - 5 * MINUTE)])
    within = timeline_of([opened, seen, replace(mitigated, at=ONSET - MINUTE / 2)])

    assert Uncounted.BACKWARDS is early.lapses[2].why
    assert [(Moment.ONSET, Moment.MITIGATED)] == [
        (one.first.moment, one.then and one.then.moment) for one in early.backwards
    ]
    assert (0.0, ()) == (within.seconds(Lapse.TTM), within.backwards)


def test_what_was_written_before_it_happened_is_shown() -> None:
    """Some clock was wrong: by more than two machines may differ."""
    opened, note = entries(Noted("in an hour"))
    ahead = replace(note, at=note.written_at + timedelta(hours=1))
    skewed = replace(note, at=note.written_at + timedelta(seconds=30))

    assert [(2, None)] == [
        (one.first.entry.sequence, one.then) for one in timeline_of([opened, ahead]).backwards
    ]
    assert () == timeline_of([opened, skewed]).backwards


def test_zones_change_nothing() -> None:
    """The same instants written in another zone give the same order and durations."""
    every = entries(SEEN, Acknowledged("lee"), Resolved("x"))
    east = timezone(timedelta(hours=9, minutes=30))
    moved = [replace(one, at=one.at.astimezone(east)) for one in every]

    assert seconds(timeline_of(every)) == seconds(timeline_of(moved))
    assert [e.at for e in timeline_of(every).events] == [e.at for e in timeline_of(moved).events]


PAYLOADS = st.sampled_from(
    (SEEN, Noted("x"), Acknowledged("lee"), Mitigated("m"), Resolved("r"), Reopened("o"),
     Triaged("", Verdict.NO, "quiet"), Written(Part.SUMMARY, "s"))
)  # fmt: skip


@given(st.lists(st.tuples(PAYLOADS, st.integers(-300, 300)), max_size=12))
def test_whatever_happens_the_timeline_is_in_order(said: list[tuple[Payload, int]]) -> None:
    """Every event is there once; durations are never negative, and one that is missing says why."""
    every = [
        replace(entry, at=START + timedelta(minutes=minute))
        for entry, (_, minute) in zip(entries(*(p for p, _ in said)), [(None, 0), *said], strict=True)
    ]
    timeline = timeline_of(every)

    times = [event.at for event in timeline.events]
    assert sorted(times) == times
    reported = [e.entry.sequence for e in timeline.events if e.moment not in _TELEMETRY]
    assert sorted(reported) == [e.sequence for e in every if not isinstance(e.payload, Written)]
    for one in timeline.lapses:
        assert (one.seconds is None) == (one.why is not None)
        assert one.seconds is None or one.seconds >= 0
    assert all(event.key == (event.moment in KEY_MOMENTS) for event in timeline.events)


_TELEMETRY = {Moment.CHANGE, Moment.ONSET, Moment.ALERTED, Moment.ENDED}


def test_the_end_by_the_telemetry_is_an_event_of_its_own() -> None:
    """Whatever people say."""
    timeline = folded(replace(SEEN, ended=START))

    assert START == next(e.at for e in timeline.events if e.moment is Moment.ENDED)
    assert None is timeline.seconds(Lapse.TTM)
