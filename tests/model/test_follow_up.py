"""A follow-up by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime

from lastgood.model.follow_up import FollowUp, FollowUpAdded, FollowUpType, Stage

ONE = FollowUp(
    7, 2, FollowUpAdded("Alert per issuer", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silent refusals"),
    Stage.OPEN, datetime(2026, 11, 22, tzinfo=UTC), "",
)  # fmt: skip


def test_its_name_is_its_own_over_all_incidents() -> None:
    """Incident and entry."""
    assert "7.2" == ONE.name


def test_only_what_is_open_is_overdue() -> None:
    """From the day after it was due."""
    assert [False, True] == [ONE.overdue(date(2026, 12, day)) for day in (1, 2)]
    assert not replace(ONE, stage=Stage.DONE).overdue(date(2027, 1, 1))
