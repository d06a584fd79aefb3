"""Follow-ups folded from entries."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from incidents.test_state import START, entries
from lastgood.incidents.follow_ups import follow_ups
from lastgood.model.entry import Noted, Payload
from lastgood.model.follow_up import FollowUpAdded, FollowUpMoved, FollowUpType, Stage

ADDED = FollowUpAdded("Alert per issuer", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silent refusals")


def test_a_follow_up_is_open_until_it_is_moved() -> None:
    """With the reason and the time of the last move."""
    opened, moved = follow_ups(
        entries(
            ADDED, ADDED, FollowUpMoved(3, Stage.DONE, "merged"), FollowUpMoved(3, Stage.VERIFIED, "fired")
        )
    )

    assert ("7.2", Stage.OPEN, "") == (opened.name, opened.stage, opened.because)
    assert ("7.3", Stage.VERIFIED, "fired") == (moved.name, moved.stage, moved.because)
    assert (moved.since - START).total_seconds() == 240


def test_the_same_number_in_two_incidents_is_two() -> None:
    """A move is of the incident that it is in."""
    here = entries(ADDED, FollowUpMoved(2, Stage.DONE, "x"))
    there = [replace(entry, incident=8) for entry in entries(ADDED)]

    assert [("7.2", Stage.DONE), ("8.2", Stage.OPEN)] == [
        (one.name, one.stage) for one in follow_ups([*here, *there])
    ]


def test_what_is_moved_must_be_there() -> None:
    """A move of something else changes nothing."""
    assert [] == list(follow_ups(entries(Noted("x"), FollowUpMoved(2, Stage.DONE, "x"))))


@given(
    st.lists(
        st.one_of(
            st.just(ADDED), st.builds(FollowUpMoved, st.integers(1, 9), st.sampled_from(Stage), st.just("x"))
        )
    )
)
def test_none_is_lost(payloads: list[Payload]) -> None:
    """There are as many as were added, each at the stage of its last move."""
    every = entries(*payloads)
    found = follow_ups(every)

    assert [e.sequence for e in every if e.payload is ADDED] == [one.number for one in found]
    for one in found:
        moves = [
            e.payload.to
            for e in every
            if isinstance(e.payload, FollowUpMoved)
            and e.payload.follow_up == one.number
            and e.sequence > one.number
        ]
        assert one.stage is (moves[-1] if moves else Stage.OPEN)
