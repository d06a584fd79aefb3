"""Why a canary does not pass although its counts allow it: what was compared does not show that it works.

Counts compare a canary with the baseline. They say nothing where the baseline does not work either, where the canary has
stopped to serve, and of operations that it never served.
"""

from datetime import UTC, datetime

from lastgood.algorithms.always_valid import Counts
from lastgood.inspections.canary.counted import STARTS, Sides, silent_for
from lastgood.model.figures import duration, percent
from lastgood.model.judgement import Amount
from lastgood.readings.case import Case

# fmt: off
UNWELL = Amount(0.5, "of the baseline's requests that fail, from which it is no measure", "judgement: nobody would deploy the baseline either")
COVERED = Amount(0.5, "of the baseline's requests whose operations the canary has to have served", "judgement: health checks and one rare operation are less")
# fmt: on


def withheld(case: Case, sides: Sides, whole: Counts) -> str:
    """Why it may not pass yet, in words; empty where nothing is against it. `whole` are the counts of all failures."""
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
