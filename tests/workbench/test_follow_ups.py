"""Follow-ups are added with all they need, and move one stage after the other."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.follow_up import FollowUpAdded, FollowUpType, Stage
from lastgood.workbench.follow_ups import add, all_follow_ups, move, named
from records import ticking
from rooms import config_in, room_in

ALERT = FollowUpAdded("Alert per issuer", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silent refusals")


def test_those_of_all_incidents_are_listed(tmp_path: Path) -> None:
    """By names that no other incident has."""
    with room_in(tmp_path) as room:
        add(room, ALERT)
    with room_in(tmp_path, "Search is slow") as room:
        add(room, replace(ALERT, owner="lee"))

    assert [("1.2", "kim"), ("2.2", "lee")] == [
        (one.name, one.added.owner) for one in all_follow_ups(config_in(tmp_path), ticking())
    ]


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (replace(ALERT, owner=" "), "owner"),
        (replace(ALERT, removes=""), "class of failure"),
        (replace(ALERT, text=""), "what is to be done"),
        (replace(ALERT, text="Remind everyone to be careful"), "asks people for care"),
    ],
)
def test_what_lacks_something_is_refused(tmp_path: Path, lacking: FollowUpAdded, said: str) -> None:
    """Nothing is recorded; what is only care gets a better question."""
    with room_in(tmp_path) as room:
        with pytest.raises(UsageError, match=said) as caught:
            add(room, lacking)

        assert 1 == len(room.entries)
        assert ("What in the system" in caught.value.hint) == ("care" in said)


def test_done_is_not_verified(tmp_path: Path) -> None:
    """One comes after the other."""
    with room_in(tmp_path) as room:
        one = add(room, ALERT)
        with pytest.raises(UsageError, match="is open, so it cannot become verified") as caught:
            move(room, one.number, Stage.VERIFIED, "trust me")
        assert "lastgood actions done 1.2" in caught.value.hint
        move(room, one.number, Stage.DONE, "merged")

        assert Stage.VERIFIED is move(room, one.number, Stage.VERIFIED, "it fired in a drill").stage
        with pytest.raises(UsageError, match="cannot become dropped"):
            move(room, one.number, Stage.DROPPED, "never mind")
        assert Stage.OPEN is move(room, one.number, Stage.OPEN, "it does not fire any more").stage


def test_what_is_none_cannot_be_moved(tmp_path: Path) -> None:
    """With the names of those that there are."""
    with room_in(tmp_path) as room:
        with pytest.raises(UsageError, match="Entry 1 of incident 1 is not a follow-up") as none:
            move(room, 1, Stage.DONE, "x")
        add(room, ALERT)
        with pytest.raises(UsageError, match="not a follow-up") as some:
            move(room, 9, Stage.DONE, "x")

    assert ("It has none yet.", "Its follow-ups are 1.2.") == (none.value.hint, some.value.hint)


def test_a_name_is_of_an_incident_or_of_the_current_one() -> None:
    """Anything else is refused."""
    assert ((12, 34), (None, 34)) == (named("12.34"), named("34"))
    for wrong in ("", "12.", "a.b", "1.2.3", "-1"):
        with pytest.raises(UsageError, match="names no follow-up"):
            named(wrong)
