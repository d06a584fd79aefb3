"""The postmortem put together from the record."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.config import Slo
from lastgood.model.answers import ImpactKind
from lastgood.model.entry import Noted
from lastgood.model.postmortem import Part, Written
from lastgood.model.timeline import Lapse
from lastgood.workbench.postmortem import budget, postmortem, written_parts
from lastgood.workbench.postmortem_check import Gap, lacks
from lastgood.workbench.room import enter
from postmortems import ANSWER, ASSESSED, BAD, END, FOLLOW_UP, ONSET, made, over
from records import START, ticking
from rooms import config_in, room_in


def test_its_numbers_are_those_of_the_record(tmp_path: Path) -> None:
    """Times, durations and counts, to the last digit."""
    found = made(tmp_path, FOLLOW_UP, ANSWER, slo=Slo(target=99.9))

    assert ASSESSED.impact == found.impact
    assert (ONSET, END) == (found.affected and (found.affected.start, found.affected.end))
    assert (1200.0, 1800.0) == (found.timeline.seconds(Lapse.TTD), found.timeline.seconds(Lapse.TTM))
    assert (("kim",), ("kim",), ()) == (found.authors, found.responders, found.faults)
    assert [FOLLOW_UP] == [one.added for one in found.follow_ups]
    errors, latency, traffic = found.pulse
    assert ((0.5, 0.0, None), (30.0, None, None), (4 / 60, 4 / 60, 0.0)) == (
        errors.values, latency.values, traffic.values,
    )  # fmt: skip
    assert found.budget
    assert 0.0555 * BAD.seconds / (0.001 * 30 * 86_400) == pytest.approx(found.budget.burnt)


def test_the_last_words_count(tmp_path: Path) -> None:
    """Empty ones take a part out."""
    with room_in(tmp_path) as room:
        for text in ("First.", "Second. "):
            room.append(Written(Part.SUMMARY, text))
        room.append(Written(Part.LESSONS, "Learned."))
        room.append(Written(Part.LESSONS, " "))

        assert {Part.SUMMARY: "Second."} == written_parts(room.entries)


def test_a_budget_needs_a_target_and_failures() -> None:
    """A service has its own where it is set; latency burns none that is known."""
    impact = ASSESSED.impact
    assert impact
    assert None is budget(impact, BAD, Slo())
    assert None is budget(None, BAD, Slo(target=99.9))
    assert None is budget(impact, None, Slo(target=99.9))
    assert None is budget(replace(impact, kind=ImpactKind.LATENCY), BAD, Slo(target=99.9))
    own = budget(impact, BAD, Slo(target=99.9, services={"web": 99.0}))
    assert own
    assert ("web", 99.0) == (own.service, own.target)


def test_what_was_never_assessed_has_gaps_not_numbers(tmp_path: Path) -> None:
    """A postmortem can be made all the same."""
    with room_in(tmp_path) as room:
        room.append(Noted("it is slow"), at=room.now + timedelta(minutes=1))
        found = postmortem(room, config_in(tmp_path))

    assert (None, None, None, (), ()) == (
        found.impact,
        found.affected,
        found.budget,
        found.links,
        found.pulse,
    )


def test_an_edited_record_is_no_base_for_a_postmortem(tmp_path: Path) -> None:
    """It can be made, so that one can look at it; the entry is named, and it cannot be accepted."""
    with over(tmp_path, FOLLOW_UP, ANSWER):
        pass
    connection = sqlite3.connect(tmp_path / "record.db")
    connection.execute("DROP TRIGGER lastgood_entries_no_UPDATE")
    connection.execute(
        "UPDATE lastgood_entries SET at = '2026-11-22T14:46:00.000000Z' WHERE kind = 'mitigated'"
    )
    connection.commit()
    connection.close()

    with enter(config_in(tmp_path), ticking(), actor="lee", now=START) as room:
        found = postmortem(room, config_in(tmp_path))
        assert [8] == [fault.sequence for fault in found.faults]
        assert [Gap.RECORD] == [lack.gap for lack in lacks(found)][:1]
