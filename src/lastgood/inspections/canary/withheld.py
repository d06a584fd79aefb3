"""Why a canary does not pass although its counts allow it: what was compared does not show that it works.

Counts compare a canary with the baseline. They say nothing where the baseline does not work either, where the canary has
stopped to serve, of operations that it never served, of how long requests take where no durations were recorded, and of
now where the data are old.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from lastgood.algorithms.always_valid import Counts
from lastgood.inspections.canary.counted import FEWEST_TELLING, KEY_VALUES, STARTS, Sides, silent_for
from lastgood.model.canary import CanaryAsked
from lastgood.model.figures import count, duration, percent
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case

# fmt: off
UNWELL = Amount(0.5, "of the baseline's requests that fail, from which it is no measure", "judgement: nobody would deploy the baseline either")
COVERED = Amount(0.5, "of the baseline's requests whose operations the canary has to have served", "judgement: health checks and one rare operation are less")
STALE_CANARY = Count(900, "s before now of the last request of both sides, from which data are old unless a time was named", "judgement: logs and spans arrive within minutes, and a step of a rollout is seldom longer")
# fmt: on
OPERATIONS_SHOWN = 3  # of each side
NOT_CHECKED = "slowness was not checked"
RUN_LONGER = "Run it longer"
SERVED = """
SELECT operation, {side} AS side, sum(weight) AS n FROM ({requests})
WHERE side != '' AND toUnixTimestamp(ts) >= {{start:UInt64}} GROUP BY operation, side ORDER BY n DESC, operation LIMIT 5000"""
TIMED = "SELECT {side} AS side, countIf(duration_ns > 0) AS timed FROM ({requests}) WHERE side != '' GROUP BY side"


def withheld(case: Case, sides: Sides, whole: Counts) -> str:
    """Why it may not pass yet, in words; empty where nothing is against it. `whole` are the counts of all failures."""
    if unknown := _no_segments(case, sides):
        return f"no request carries {' or '.join(unknown)}, named by --segment"
    failing = whole.baseline_bad.sum() / max(whole.baseline_all.sum(), 1.0)
    if failing >= UNWELL:
        return f"{percent(failing)} of the baseline's requests fail, so it is no measure"
    starts = {row["side"]: row for row in sides.ask(case, STARTS).dicts()}
    silent = silent_for(starts, "canary", "baseline")
    if silent is not None:
        last = datetime.fromtimestamp(starts["canary"]["last"], UTC)
        return f"the canary has served nothing since {last:%H:%M:%S} UTC ({duration(silent)})"
    of = whole.baseline_all.sum(axis=0)
    shared = of[whole.canary_all.sum(axis=0) > 0].sum() / max(of.sum(), 1.0)
    if shared < COVERED:
        return f"the canary has served only operations of {percent(shared)} of the baseline's requests"
    return ""


def _no_segments(case: Case, sides: Sides) -> list[str]:
    """The segments that were asked for and that no request carries."""
    asked = case.earlier(CanaryAsked)
    if asked is None or not asked.segments or sides.metrics:
        return []
    carried = {row["key"] for row in sides.ask(case, KEY_VALUES).dicts()}
    return [name for name in asked.segments if name not in carried]


def stale(case: Case, sides: Sides) -> str:
    """That the last request of both sides is long before now, and what to pass; empty where it is not."""
    last = max((float(row["last"]) for row in sides.ask(case, STARTS).dicts()), default=None)
    if last is None or (behind := case.now.timestamp() - last) < STALE_CANARY:
        return ""
    at = datetime.fromtimestamp(last, UTC)
    return (
        f"the last request was at {at:%Y-%m-%d %H:%M:%S} UTC, {duration(behind)} before now: the data may be of an earlier "
        "deploy. Load newer data. To judge the old ones, pass --since, --from and --to, or --now"
    )


def none_shared(case: Case, sides: Sides, whole: Counts, start: int) -> str:
    """That both sides served, but no operation in common; what each served, and what would help. Else empty."""
    canary, baseline = whole.canary_all.sum(axis=0), whole.baseline_all.sum(axis=0)
    if not canary.any() or not baseline.any() or ((canary > 0) & (baseline > 0)).any():
        return ""
    rows = sides.ask(case, SERVED, start=start).dicts()
    served = (
        f"the {side} served {_listed([(row['operation'], row['n']) for row in rows if row['side'] == side])}"
        for side in ("canary", "baseline")
    )
    return (
        f"baseline and canary have no operation in common: {'; '.join(served)}. More time does not help. "
        "Route requests of the same operations to both, or name other sides with --baseline and --canary"
    )


def unchecked(case: Case, sides: Sides) -> tuple[str, str]:
    """Why it was not checked whether requests are slow, where no durations are compared, and what would help."""
    if sides.metrics:
        return f"{NOT_CHECKED}: no histogram is of both sides", "Add one, or pass --untimed"
    timed = {row["side"]: int(row["timed"]) for row in sides.ask(case, TIMED).dicts()}
    both = (("canary", sides.canary), ("baseline", sides.baseline))
    without = [str(one) for side, one in both if not timed.get(side)]
    if without:
        return (
            f"{NOT_CHECKED}: requests of {' and '.join(without)} have no durations",
            "Add them, or pass --untimed",
        )
    return (
        f"{NOT_CHECKED}: fewer than {count(FEWEST_TELLING)} timed requests of the baseline come before those to compare",
        RUN_LONGER,
    )


def _listed(operations: Sequence[tuple[str, float]]) -> str:
    shown = [f"{name} ({count(int(n))})" for name, n in operations[:OPERATIONS_SHOWN]]
    rest = len(operations) - len(shown)
    return ", ".join(shown) + (f" and {count(rest)} more" if rest else "")
