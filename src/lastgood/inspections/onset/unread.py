"""Metrics whose meaning is not known, where none that is known counts failures: quiet ones then tell nothing of them."""

from collections.abc import Iterable

from lastgood.algorithms.metric_meaning import Role
from lastgood.inspections.onset.weights import UNREAD_NAMED
from lastgood.model.attributes import OUTCOME_LABELS
from lastgood.model.figures import count
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.readings.case import Case
from lastgood.readings.levels import Level
from lastgood.readings.resource_use import uses
from lastgood.telemetry.derived import first_of

_NAMES = f"""
SELECT metric, max({first_of(["attributes"], OUTCOME_LABELS)} != '') AS apart FROM lg_points
GROUP BY metric ORDER BY metric"""


def unread(case: Case, metrics: Iterable[Level]) -> Finding | None:
    """That failures may be in metrics that are not understood, where metrics are all there is; else None."""
    levels = list(metrics)
    if any(one.meant.role in {Role.FAILURES, Role.SUCCESS} for one in levels):
        return None
    rows = case.query(_NAMES).dicts()
    known = {one.metric for one in levels}.union(*(use.metrics for use in uses(case)))
    others = [row["metric"] for row in rows if row["metric"] not in known]
    if not others or any(row["apart"] for row in rows):
        return None
    more = f" and {count(len(others) - UNREAD_NAMED)} more" if len(others) > UNREAD_NAMED else ""
    return Finding(
        Verdict.UNKNOWN,
        f"no metric that is understood counts failures; not understood: {', '.join(others[:UNREAD_NAMED])}{more}",
        limits=(Check("look whether one of these has left its usual level"),),
    )
