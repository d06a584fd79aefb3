"""Drill budget: how much of it a run has used, from the page to the first action that ends the impact."""

from collections.abc import Iterable
from datetime import datetime

from lastgood.algorithms.drill_score import fits
from lastgood.model.action import ActionBegun
from lastgood.model.drill import BudgetUsed, Drill
from lastgood.model.entry import Entry, Resolved


def used(drill: Drill, entries: Iterable[Entry], paged_at: datetime, now: datetime) -> BudgetUsed | None:
    """Up to the action, the resolution of a drill without an incident, or now; None of a drill without a budget."""
    if drill.budget is None:
        return None
    ends = [
        one.at
        for one in entries
        if (isinstance(one.payload, ActionBegun) and fits(drill, one.payload))
        or (isinstance(one.payload, Resolved) and not drill.truth.incident)
    ]
    return BudgetUsed(drill.budget, (min([*ends, now]) - paged_at).total_seconds() / 60)
