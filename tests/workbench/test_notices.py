"""Notices: which pages and tickets are owed, by what a person set and how much time has passed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lastgood.config import Config, Github, Pagerduty, Settings
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Mitigated, Reopened, SeveritySet, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.follow_up import FollowUpAdded, FollowUpMoved, FollowUpType, Stage
from lastgood.model.message import Delivered, Notice, Occasion
from lastgood.workbench.notices import MOST_TRIES, calls, key_of, notices
from lastgood.workbench.room import Room
from records import START
from rooms import config_in, room_in

DUTY = Pagerduty(name="duty", key="$K", timebox=True)
ISSUES = Github(name="issues", repository="shop/web", token="$T")  # noqa: S106 - the name of a variable
SEV1 = SeveritySet(SeverityLevel.SEV1, "a third of orders fail")
FOLLOW_UP = FollowUpAdded("an alert", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silent declines")


def configured(folder: Path, *sinks: Any) -> Config:
    """Settings with these sinks."""
    return replace(config_in(folder), settings=Settings(sink=sinks or (DUTY, ISSUES)))


def owed(room: Room, config: Config, **how: bool) -> list[tuple[str, Occasion]]:
    """Sinks and occasions."""
    return [(one.sink, one.occasion) for one in notices(room, config, **how)]


def came(room: Room, notice: Notice, *, arrived: bool = True, unsure: bool = False) -> None:
    """Put on the record what came of a notice."""
    reference = "url" if notice.occasion is Occasion.TICKET else notice.key
    room.append(Delivered(notice.about, notice.sink, arrived, "", notice.occasion, reference, unsure))


def test_without_such_sinks_nothing_is_owed(tmp_path: Path) -> None:
    """Whatever was set."""
    with room_in(tmp_path) as room:
        room.append(SEV1)

        assert not calls(config_in(tmp_path))
        assert () == notices(room, config_in(tmp_path))


def test_a_page_is_for_a_severity_that_a_person_set(tmp_path: Path) -> None:
    """Not for one that is only proposed, nor for one that is not its own; once, until users are well."""
    with room_in(tmp_path) as room:
        config = configured(tmp_path)
        room.append(Triaged("", Verdict.YES, "5 % fail", severity=SeverityLevel.SEV1))
        assert [] == owed(room, config)
        room.append(SeveritySet(SeverityLevel.SEV3, "few"))
        assert [] == owed(room, config)

        room.append(SEV1)
        (page,) = notices(room, config)
        assert ("duty", Occasion.PAGE, key_of(room), "severity SEV1") == (
            page.sink,
            page.occasion,
            page.key,
            page.because,
        )
        came(room, page)
        assert [] == owed(room, config)

        room.append(Mitigated("flag off"))
        (clear,) = notices(room, config)
        assert (Occasion.CLEAR, page.key) == (clear.occasion, clear.key)
        came(room, clear)
        assert [] == owed(room, config)

        room.append(Reopened("it is back"))
        assert [("duty", Occasion.PAGE)] == owed(room, config)


def test_what_called_nobody_is_not_ended(tmp_path: Path) -> None:
    """An incident that ends before its page arrived."""
    with room_in(tmp_path) as room:
        room.append(SEV1)
        room.append(Mitigated("flag off"))

        assert [] == owed(room, configured(tmp_path))


def test_the_end_of_the_time_box_calls_by_a_key_of_its_own(tmp_path: Path) -> None:
    """Where no hypothesis is supported by then, and the sink is for it."""
    with room_in(tmp_path) as room:
        config = configured(tmp_path)
        room.now = START + config.timebox - timedelta(seconds=1)
        assert [] == owed(room, config)
        room.now = START + config.timebox
        (page,) = notices(room, config)
        assert key_of(room) != page.key
        assert "time box" in page.because
        assert [] == owed(room, configured(tmp_path, Pagerduty(name="duty", key="$K")))


def test_tickets_are_for_low_severity_and_follow_ups(tmp_path: Path) -> None:
    """Each one once; none for what is done already, or where they are not wanted."""
    with room_in(tmp_path) as room:
        config = configured(tmp_path)
        room.append(SeveritySet(SeverityLevel.SEV4, "one user"))
        added = room.append(FOLLOW_UP)
        first, second = notices(room, config)
        assert (key_of(room), key_of(room, str(added.sequence))) == (first.key, second.key)

        came(room, second)
        assert [first] == [*notices(room, config)]
        came(room, first)
        room.append(SeveritySet(SeverityLevel.SEV4, "still one"))
        assert [] == owed(room, config)

        done = room.append(FOLLOW_UP)
        assert [] == owed(room, configured(tmp_path, replace_follow_ups()))
        room.append(FollowUpMoved(done.sequence, Stage.DONE, "built"))
        assert [] == owed(room, config)


def replace_follow_ups() -> Github:
    """A tracker that is not for follow-ups."""
    return Github(name="issues", repository="shop/web", token="$T", follow_ups=False)  # noqa: S106


def test_it_is_tried_with_bounds(tmp_path: Path) -> None:
    """A few times by itself; what may have arrived only when a person asks for it."""
    with room_in(tmp_path) as room:
        config = configured(tmp_path)
        room.append(SEV1)
        for _ in range(MOST_TRIES):
            (page,) = notices(room, config)
            came(room, page, arrived=False)
        assert [] == owed(room, config)
        assert [("duty", Occasion.PAGE)] == owed(room, config, again=True)

        room.append(FOLLOW_UP)
        came(room, notices(room, config)[0], arrived=False, unsure=True)
        assert [] == owed(room, config)
        assert ("issues", Occasion.TICKET) in owed(room, config, again=True)
