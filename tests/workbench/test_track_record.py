"""The track record over all incidents."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Mitigated, Resolved, SeveritySet
from lastgood.model.follow_up import FollowUpMoved, Stage
from lastgood.model.timeline import Lapse
from lastgood.workbench.track_record import TrackRecord, track_record
from postmortems import ASSESSED, FOLLOW_UP, over
from records import START, ticking
from rooms import config_in, room_in

TODAY = date(2026, 12, 5)


def reported(folder: Path) -> TrackRecord:
    """As of a day in December."""
    return track_record(config_in(folder), ticking(), TODAY)


def test_durations_are_those_of_the_timelines(tmp_path: Path) -> None:
    """Each with how many have it: an incident that no one assessed has none."""
    with over(tmp_path, FOLLOW_UP, FOLLOW_UP, FollowUpMoved(11, Stage.DONE, "merged")):
        pass
    with room_in(tmp_path, "Search is slow") as room:
        room.append(SeveritySet(SeverityLevel.SEV4, "cosmetic"))
        room.append(Resolved("gone"))
    track = reported(tmp_path)

    assert (2, ["SEV2", "SEV4"], ["2026-11"]) == (
        track.whole.incidents, [one.name for one in track.severities], [one.name for one in track.months],
    )  # fmt: skip
    ttm = next(one for one in track.whole.spreads if one.lapse is Lapse.TTM)
    assert (1, 1800.0, 1800.0, 1800.0, None) == (ttm.known, ttm.median, ttm.low, ttm.high, ttm.trend)
    assert (1, 1, 1, (1,)) == (
        track.open_follow_ups, track.overdue, track.unverified, track.without_postmortem,
    )  # fmt: skip


def test_a_trend_takes_ten(tmp_path: Path) -> None:
    """Two minutes less every month."""
    for month in range(10):
        with room_in(tmp_path, now=START + timedelta(days=30 * month)) as room:
            room.append(ASSESSED)
            onset = ASSESSED.since
            assert onset
            room.append(Mitigated("x"), at=onset + timedelta(days=3000, minutes=40 - 2 * month))
    ttm = next(one for one in reported(tmp_path).whole.spreads if one.lapse is Lapse.TTM)

    assert ttm.trend
    assert -120.0 == pytest.approx(ttm.trend.slope)
    assert ttm.trend.chance < 0.01


def test_an_empty_record_has_nothing(tmp_path: Path) -> None:
    """And no figures."""
    track = reported(tmp_path)

    assert (0, (), ()) == (track.whole.incidents, track.severities, track.months)
    assert {None} == {one.median for one in track.whole.spreads}
