"""The timeline: what the telemetry shows and what people did, in one order and on one axis."""

from dataclasses import replace
from datetime import datetime, timedelta

from lastgood.incidents.timeline import timeline_of
from lastgood.model.action import ActionBegun
from lastgood.model.answers import ChangeVerdict
from lastgood.model.entry import Entry, FiredAlert, Frozen, Noted, Opened, Payload, Triaged
from lastgood.model.finding import Verdict
from lastgood.surfaces.web.timeline_view import LONGEST_BEFORE, MOST_ENTRIES, History, history_of
from records import START
from surfaces.test_updates import AFFECTED

AT = START + timedelta(minutes=30)
ONSET = START + timedelta(minutes=10)


def minutes(number: float) -> datetime:
    return START + timedelta(minutes=number)


def written(*payloads: tuple[float, Payload]) -> list[Entry]:
    """Entries by the minute in which they happened."""
    found = ((minutes(at), payload) for at, payload in payloads)
    return [Entry(1, n, "kim", at, at, payload, "", "") for n, (at, payload) in enumerate(found, 1)]


def shown(*payloads: tuple[float, Payload]) -> History:
    entries = written((15, Opened("checkout fails")), *payloads)
    return history_of(timeline_of(entries), entries, AT, AT)


def answer(change_at: float) -> Triaged:
    """Users affected since minute 10, an alert at 12, and one likely change."""
    (change, *_) = AFFECTED.changes
    moved = replace(change, at=minutes(change_at), verdict=ChangeVerdict.LIKELY)
    return replace(
        AFFECTED,
        verdict=Verdict.YES,
        since=ONSET,
        since_low=ONSET,
        since_high=ONSET,
        ended=None,
        first_alert=FiredAlert("Errors", "web", minutes(12)),
        changes=(moved,),
    )


def test_onset_alert_and_changes_stand_among_the_entries() -> None:
    """The newest first, by the time of what happened; onset and alert are bold."""
    found = shown((16, answer(8)), (18, ActionBegun("rollback", "web", "kim")), (20, Noted("it helps")))

    kinds = [one.kind for one in found.lines]
    assert ["", "action", "", "", "alert", "onset", "change"] == kinds
    assert ["alert", "onset"] == [one.kind for one in found.lines if one.strong]
    assert found.lines[-1].text.startswith("Likely: ")
    assert "kim" not in {one.actor for one in found.lines if not one.sequence}


def test_they_are_in_lanes_of_one_axis() -> None:
    """Each in order along it, none outside."""
    found = shown((16, answer(8)), (18, ActionBegun("rollback", "web", "kim")))

    assert found.axis is not None
    lanes = {lane.name: [tick.along for tick in lane.ticks] for lane in found.axis.lanes}
    (change,), (onset, alert), (action,) = lanes["Changes"], lanes["Onset, alert"], lanes["Actions"]
    assert 0 < change < onset < alert < action < 100
    assert [] == lanes["Updates"]


def test_a_change_long_before_is_at_the_edge() -> None:
    """It does not make a point of all the rest."""
    early = 10 - 2 * LONGEST_BEFORE / timedelta(minutes=1)
    found = shown((16, answer(early)))

    assert found.axis is not None
    (tick,) = next(lane.ticks for lane in found.axis.lanes if lane.name == "Changes")
    assert (0, True) == (tick.along, tick.earlier)


def test_without_an_answer_there_is_no_axis() -> None:
    """Only that it was opened."""
    found = shown()

    assert found.axis is None
    assert ["opened: checkout fails"] == [one.text for one in found.lines]


def test_evidence_crowds_nothing_out() -> None:
    """It is listed apart; of other entries the newest are shown, and the number of the rest."""
    kept = Frozen("claim", "question", "SELECT 1", {}, None, 1, cut_off=False, content="x")
    found = shown(*((16, kept) for _ in range(MOST_ENTRIES + 1)))
    assert (1, MOST_ENTRIES) == (len(found.lines), len(found.evidence))

    noted = shown(*((16, Noted("again")) for _ in range(MOST_ENTRIES)))
    assert (MOST_ENTRIES, 1) == (len(noted.lines), noted.left_out)
