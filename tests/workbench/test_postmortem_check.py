"""What keeps a postmortem from being accepted, and an incident from being closed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.incidents.chain import Fault
from lastgood.model.answers import Impact, SeverityLevel
from lastgood.model.entry import Payload, Resolved, SeveritySet
from lastgood.model.follow_up import FollowUpMoved, Stage
from lastgood.model.incident import Status
from lastgood.model.postmortem import Accepted, Closed, Part, Written
from lastgood.model.window import Window
from lastgood.workbench.postmortem import Postmortem, postmortem
from lastgood.workbench.postmortem_check import Gap, accept, close, lacks
from postmortems import ANSWER, ASSESSED, FOLLOW_UP, made, over
from rooms import config_in, room_in


def gaps(found: Postmortem) -> list[Gap]:
    """What is missing."""
    return [lack.gap for lack in lacks(found)]


def test_a_whole_postmortem_lacks_nothing(tmp_path: Path) -> None:
    """Without its answer or its action items it does."""
    whole = made(tmp_path, FOLLOW_UP, ANSWER)

    assert [] == gaps(whole)
    assert [Gap.AGAIN] == gaps(replace(whole, written={}))
    assert [Gap.AGAIN] == gaps(replace(whole, written={Part.AGAIN: "No."}))
    assert [Gap.NO_FOLLOW_UP] == gaps(replace(whole, follow_ups=()))
    assert [Gap.MECHANISM] == gaps(replace(whole, links=()))
    assert [] == gaps(
        replace(whole, links=(), written={**whole.written, Part.MECHANISM: "Entry 4 shows it."})
    )
    assert [Gap.RECORD] == gaps(replace(whole, faults=(Fault(3, "its content is not what was written"),)))


def test_an_impact_must_be_measured_to_its_end_or_written(tmp_path: Path) -> None:
    """Or no one knows how large it was."""
    whole = made(tmp_path, FOLLOW_UP, ANSWER)
    assert whole.measured
    half = replace(whole, measured=Window(whole.measured.start, whole.measured.end - timedelta(minutes=5)))

    assert [Gap.PARTLY_MEASURED] == gaps(half)
    assert [] == gaps(replace(half, written={**half.written, Part.IMPACT: "110 users could not pay."}))
    nothing = Impact(None, None, None, None, None, None)
    for said in (None, replace(ASSESSED, impact=nothing)):
        unseen = replace(whole, incident=replace(whole.incident, confirmed=said), measured=None)
        assert [Gap.IMPACT] == gaps(unseen)


def test_follow_ups_that_ask_for_care_are_refused(tmp_path: Path) -> None:
    """Also those that came in with another person's case; a dropped one is no one's task."""
    careful = replace(FOLLOW_UP, text="Be more careful with flags")
    found = made(tmp_path, FOLLOW_UP, careful, ANSWER)

    assert [(Gap.CARE, "1.11: be more careful with flags")] == [(one.gap, one.words) for one in lacks(found)]
    dropped = made(tmp_path / "b", FOLLOW_UP, careful, ANSWER, FollowUpMoved(11, Stage.DROPPED, "no system"))
    assert [] == gaps(dropped)


def test_only_what_is_over_and_whole_is_accepted(tmp_path: Path) -> None:
    """As it is written then; other words afterwards are not accepted yet."""
    with room_in(tmp_path) as room:
        with pytest.raises(UsageError, match="lacks"):
            accept(room, postmortem(room, config_in(tmp_path)), b"# It")
        assert Gap.NOT_OVER in gaps(postmortem(room, config_in(tmp_path)))
    with over(tmp_path / "b", FOLLOW_UP, ANSWER) as room:
        accept(room, postmortem(room, config_in(tmp_path)), b"# It")
        last = room.entries[-1].payload

        assert isinstance(last, Accepted)
        assert b"# It" == room.record.kept(last.document)
        assert room.incident.accepted_at
        room.append(Written(Part.SUMMARY, "Otherwise."))
        assert None is room.incident.accepted_at


@pytest.mark.parametrize("level", ["SEV1", "SEV2"])
def test_a_grave_incident_needs_its_postmortem_or_a_decision(tmp_path: Path, level: str) -> None:
    """The decision is on the record."""
    with room_in(tmp_path) as room:
        room.append(SeveritySet(SeverityLevel(level), "all"))
        room.append(Resolved("rolled back"))
        with pytest.raises(UsageError, match="closed with an accepted postmortem"):
            close(room, "done", without_postmortem=False)
        close(room, "a drill, nobody was affected", without_postmortem=True)

        assert Closed("a drill, nobody was affected", without_postmortem=True) == room.entries[-1].payload
        assert Status.CLOSED is room.incident.status
        with pytest.raises(UsageError, match="closed already"):
            close(room, "again", without_postmortem=True)


def test_a_small_one_is_closed_without(tmp_path: Path) -> None:
    """Not before it is over."""
    with room_in(tmp_path) as room:
        with pytest.raises(UsageError, match="is open, so it cannot be closed"):
            close(room, "done", without_postmortem=False)
        for payload in _small():
            room.append(payload)
        close(room, "done", without_postmortem=True)

        assert Closed("done", without_postmortem=False) == room.entries[-1].payload


def _small() -> tuple[Payload, ...]:
    return (SeveritySet(SeverityLevel.SEV4, "cosmetic"), Resolved("fixed"))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Part.SUMMARY, "Checkout failed. Kim forgot to check the format."),
        (Part.LESSONS, "The on-call engineer should have known."),
    ],
)
def test_blame_is_found_in_what_was_written(tmp_path: Path, part: Part, text: str) -> None:
    """With its sentence and a question about the system."""
    (lack,) = lacks(made(tmp_path, FOLLOW_UP, ANSWER, Written(part, text)))

    assert (Gap.BLAME, part) == (lack.gap, lack.part)
    assert text.rsplit(". ", maxsplit=1)[-1] == lack.words
    assert lack.question


def test_systems_may_fail(tmp_path: Path) -> None:
    """Also those whose names look like people's."""
    reported = Written(Part.SUMMARY, "payments failed to parse the new format and web answered 500.")

    assert [] == gaps(made(tmp_path, FOLLOW_UP, ANSWER, reported))
