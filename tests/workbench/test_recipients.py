"""Recipients: who is to be notified by severity, and who was, when and how."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.config import Config, Recipient, Settings
from lastgood.errors import UsageError
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import SeveritySet
from lastgood.model.message import Delivered, Occasion
from lastgood.workbench.recipients import recipients, tell
from lastgood.workbench.room import Room
from records import START
from rooms import config_in, room_in

LEAD = Recipient(name="engineering lead", within="15m", sinks=("duty",))
CTO = Recipient(name="CTO", severities=(SeverityLevel.SEV1,), within="30m")
SUPPORT = Recipient(name="support", severities=tuple(SeverityLevel))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings with three recipients."""
    return replace(config_in(tmp_path), settings=Settings(recipient=(LEAD, CTO, SUPPORT)))


def names(room: Room, config: Config) -> list[str]:
    """Who is to be notified."""
    return [one.name for one in recipients(room.incident, room.entries, config)]


def test_recipients_are_those_of_the_severity(tmp_path: Path, config: Config) -> None:
    """Of the one that it may be, until it is known; the time counts from when it became that one."""
    with room_in(tmp_path) as room:
        assert ["engineering lead", "support"] == names(room, config)
        room.append(SeveritySet(SeverityLevel.SEV1, "all"), at=START + timedelta(minutes=5))
        lead, cto, support = recipients(room.incident, room.entries, config)
        assert (START + timedelta(minutes=20), START + timedelta(minutes=35), None) == (
            lead.due,
            cto.due,
            support.due,
        )
        assert lead.late(START + timedelta(minutes=21))
        assert not lead.late(START + timedelta(minutes=19))
        assert not support.late(START + timedelta(days=1))
        room.append(SeveritySet(SeverityLevel.SEV4, "one"))
        assert ["support"] == names(room, config)


def test_what_arrives_at_their_sink_notifies_them(tmp_path: Path, config: Config) -> None:
    """The first time counts; what failed, went elsewhere or only ended a page does not."""
    with room_in(tmp_path) as room:
        for minute, delivered in enumerate(
            (
                Delivered(1, "duty", arrived=False, detail=""),
                Delivered(1, "chat", arrived=True, detail=""),
                Delivered(1, "duty", arrived=True, detail="", what=Occasion.CLEAR),
            )
        ):
            room.append(delivered, at=START + timedelta(minutes=minute))
        assert None is recipients(room.incident, room.entries, config)[0].at
        for minute in (4, 5):
            page = Delivered(1, "duty", arrived=True, detail="", what=Occasion.PAGE)
            room.append(page, at=START + timedelta(minutes=minute))
        (lead, _) = recipients(room.incident, room.entries, config)
    assert (START + timedelta(minutes=4), "by duty") == (lead.at, lead.how)


def test_a_person_can_say_so(tmp_path: Path, config: Config) -> None:
    """By a name of the settings; who was notified stays in sight when the severity falls."""
    with room_in(tmp_path) as room:
        tell(room, config, "cto", "by phone")
        assert "CTO" in names(room, config)
        told = next(one for one in recipients(room.incident, room.entries, config) if one.name == "CTO")
        assert ("by phone, by kim", START, None) == (told.how, told.at, told.due)
        with pytest.raises(UsageError, match="no recipient 'CEO'"):
            tell(room, config, "CEO", "")
