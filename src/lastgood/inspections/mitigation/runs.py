"""Runs of jobs that a change made: they are ended before the change is undone."""

from lastgood.model.answers import ChangesWeighed, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.readings.case import Case


def runs_of(case: Case, likely: WeighedChange) -> list[WeighedChange]:
    """The runs that came of a change, as `what_changed` ties them to it."""
    changes = case.earlier(ChangesWeighed)
    ranked = changes.ranked if changes else ()
    return [one for one in ranked if one.kind is ChangeKind.CRON and one.within == likely.change_id]
