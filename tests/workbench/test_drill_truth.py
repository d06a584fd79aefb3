"""What the record of an incident holds as its truth."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.named_causes import CausesNamed, causes_named
from lastgood.errors import UsageError
from lastgood.model.action import ActionBegun
from lastgood.model.answers import ChangeVerdict, Culprit
from lastgood.model.entry import Mitigated, Resolved, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.postmortem import Part, Written
from lastgood.workbench.drill_fault import fault_on_record
from lastgood.workbench.drill_truth import course_of, drill_of, fixes_of, refuse_unless_over
from own_drills import CHANGE, OPENED, SEEN_THEN, own_incident
from rooms import room_in

MINUTE = timedelta(minutes=1)


def test_culprit_change_onset_and_fix_are_those_of_the_record(tmp_path: Path) -> None:
    """A note that gives the cause away is no chat line."""
    with own_incident(tmp_path) as room:
        drill = drill_of("mine", room.incident, room.entries, fault_on_record(room.incident))
        room.append(Written(Part.MECHANISM, "v42 reads a price\nthat is missing."))
        explained = drill_of(
            "mine", room.incident, room.entries, fault_on_record(room.incident)
        ).truth.explanation
    truth, course = drill.truth, drill.course

    assert ("checkout-v42", ("rollback checkout",), ("SEV2",)) == (
        truth.change,
        truth.mitigations,
        truth.severities,
    )
    assert {"checkout-v42", "v42", "deploy of checkout", "checkout deploy"} == {*truth.cause}
    assert ["anna.larsson: customers call us"] == [line.text for line in drill.chat]
    assert "v42 reads a price that is missing" == explained
    assert course is not None
    assert (OPENED - 6 * MINUTE, OPENED, OPENED + 14 * MINUTE) == (course.onset, course.page, course.turned)
    assert course.start < course.onset < course.page < course.turned <= course.back < course.end


@pytest.mark.parametrize(
    ("verdict", "service", "cause"),
    [
        (
            ChangeVerdict.POSSIBLE,
            "checkout",
            {"checkout-v42", "v42", "deploy of checkout", "checkout deploy"},
        ),
        (ChangeVerdict.RULED_OUT, "checkout", {"stock"}),  # it was seen to be another
        (ChangeVerdict.POSSIBLE, "mail", {"stock"}),  # another was rolled back
    ],
)
def test_a_possible_change_whose_roll_back_ended_it_is_the_cause(
    tmp_path: Path, verdict: ChangeVerdict, service: str, cause: set[str]
) -> None:
    """Neither the first suspect, which may be its victim, nor a rival of the truth."""
    stock = Culprit("stock", None, None, "code", 0.8, "logs errors")
    seen = replace(
        SEEN_THEN, culprits=(stock,), changes=(replace(CHANGE, verdict=verdict, service=service),),
        failure_class=None,
    )  # fmt: skip
    with own_incident(tmp_path, seen=seen) as room:
        truth = drill_of("mine", room.incident, room.entries, fault_on_record(room.incident)).truth

    assert cause == {*truth.cause}
    assert ("stock" in cause) is bool(truth.rivals)


def test_a_change_is_named_as_people_do(tmp_path: Path) -> None:
    """By its version or as the deploy of its service, not by its whole title; another deploy of it is a rival by its version."""
    cause = replace(CHANGE, change_id="changes.ndjson:1", title="checkout v41 -> v42")
    rival = replace(
        CHANGE, change_id="changes.ndjson:2", title="checkout v40 -> v41", verdict=ChangeVerdict.UNLIKELY
    )
    with own_incident(tmp_path, seen=replace(SEEN_THEN, changes=(cause, rival))) as room:
        truth = drill_of("mine", room.incident, room.entries, fault_on_record(room.incident)).truth

    for claim in ("v42 reads a price that is missing", "the checkout deploy"):
        assert causes_named((claim,), truth) == CausesNamed(right=True, others=0)
    assert causes_named(("v41 was slow",), truth) == CausesNamed(right=False, others=1)


def test_an_incident_that_was_none_is_a_drill_too(tmp_path: Path) -> None:
    """The points are for changing nothing."""
    with room_in(tmp_path) as room:
        room.append(Triaged("", Verdict.NO, "at its baseline"))
        room.append(Resolved("not an incident: 0.4 % as on every day"))
        drill = drill_of("mine", room.incident, room.entries, fault_on_record(room.incident))

    assert not drill.truth.incident
    assert "0.4 % as on every day" in drill.truth.explanation


def test_what_fixed_it_has_to_be_on_the_record(tmp_path: Path) -> None:
    """Measured; else the last action before a person recorded the mitigation; else it is refused."""
    with own_incident(tmp_path / "a", fixed=False) as room, pytest.raises(UsageError, match="what fixed it"):
        drill_of("mine", room.incident, room.entries, fault_on_record(room.incident))
    with room_in(tmp_path / "b", now=OPENED) as room:
        room.append(SEEN_THEN)
        with pytest.raises(UsageError, match="is not over"):
            refuse_unless_over(room.incident)
        for what in ("restart", "flag_off"):
            room.append(ActionBegun(what, "checkout", "kim"))
        room.append(Mitigated("the flag is off"))
        room.append(ActionBegun("scale", "checkout", "kim"), at=OPENED + MINUTE)

        assert ["flag_off"] == [one.begun.what for one in fixes_of(room.incident)]
        assert course_of(room.incident, fault_on_record(room.incident)).page == OPENED
