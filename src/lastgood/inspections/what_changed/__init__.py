"""What changed, and which change is the likely cause?

What it asks
    For every deploy, commit, config change, flag, migration, cron run and other change before and during the
    incident: what supports it as the cause, and what clears it.
Why on-call asks it
    "What changed?" answers most incidents, but blaming the latest deploy is only sometimes right. A change that is
    ruled out with a reason saves an hour.
Reads
    lg_changes from a day before the window to its end (commits of a fortnight, because a deploy may carry older
    ones), with the diffs of suspects. lg_spans by version and by flag. lg_sample and lg_lines for errors that
    increased. lg_points of suspects for slow rises. The builds that spans and lines name, for deploys that no feed tells of. The onset, golden signals, culprits, path and blast radius.
How
    - The weight of a change is the product of its reasons. Each reason has a row below, with its value and source.
    - Weights compete: with each other, with other causes (traffic, third party, certificate …), and with the
      unknown.
    - At most one change is likely (or a deploy with its commit), and only one that is tied to the failing
      component.
    - Timing: full weight at the onset, halved with each half-life of its kind before it. After a short grace for
      clocks, a later change is ruled out. A deploy starts with the first request that its version serves.
    - If memory, disk, pool or queue of a suspect was rising, the start of that rise is an onset too.
    - Reach: the nearer to the culprit, the more. Neighbours count less the more certain the culprit is, unless the
      diff can affect them in this way.
    - Content: whether its diff typically causes these symptoms, and the words that both share.
    - Exposure: versions and flag variants side by side (Wilson intervals). Affected means failed, or slow for the
      service in the sampled traces of the baseline; the limit is stated.
    - Defence: it ran before without this effect, was made elsewhere or everywhere, was undone without effect, or
      others fail too. A commit is weighed with its deploy, and inside it by content.
Stays silent when
    There is no change feed and no new build in telemetry (unknown), or no onset to compare changes with.
Known traps
    A feed that misses a source makes the other changes look guilty. A cause older than a day is not read. Two
    changes at one time and place are both possible at most.
"""

from collections.abc import Iterator

from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.what_changed.scene import read_scene
from lastgood.inspections.what_changed.weighing import weigh
from lastgood.inspections.what_changed.weights import CLEARED_NAMED, EMPTY_FEED
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    Culprits,
    GoldenSignals,
    Onset,
)
from lastgood.model.attributes import SEEN_IN
from lastgood.model.evidence import Absence, ChangeRef, Table
from lastgood.model.failure import FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.feed import CHANGES_MOST, read_changes
from lastgood.readings.risen import read_risen
from lastgood.telemetry.reader import Rows

NO_FEED = "there is no change feed: load deploys, flags, config or a git repository"


@inspection(
    "What changed?",
    stage=Stage.EXPLAIN,
    needs={Signal.CHANGES, Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation, GoldenSignals, Culprits, FailurePath, BlastRadius),
    gives=ChangesWeighed,
)
def what_changed(case: Case) -> Iterator[Finding]:
    """Every change weighed, with reasons for and against it."""
    changes, read = read_changes(case)
    fed = case.has(Signal.CHANGES)
    if not fed and not any(SEEN_IN in one.attributes for one in changes):
        yield Finding(Verdict.UNKNOWN, NO_FEED)
        return
    risen = read_risen(case)
    scene = read_scene(case, risen)
    if scene is None:
        yield Finding(Verdict.UNKNOWN, "there is no onset, so changes cannot be compared with it")
        return
    weighed = weigh(case, changes, scene, risen)
    if not changes:
        nothing = Absence("changes from a day before the window to its end", read.provenance)
        because = "no change is recorded from one day before the window to its end"
        yield Finding(Verdict.NO, because, EMPTY_FEED, weighed, (nothing,))
        return
    yield _said(weighed, read, fed=fed)


def _said(weighed: ChangesWeighed, read: Rows, *, fed: bool) -> Finding:
    ranked = weighed.ranked
    table = Table(
        "Changes, most suspect first",
        ("at", "kind", "service", "title", "verdict", "for", "against"),
        tuple((c.at, c.kind, c.service, c.title, c.verdict.value, "; ".join(c.for_it), "; ".join(c.against_it))
              for c in ranked),
        read.provenance,
    )  # fmt: skip
    limits = (f"only the last {CHANGES_MOST} changes were weighed",) if len(read) >= CHANGES_MOST else ()
    if not fed:
        limits = ("no change feed is loaded, so only changes that telemetry shows were weighed",)
    suspects = [c for c in ranked if c.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE}]
    if not suspects:
        because = f"none of {len(ranked)} changes matches the onset: " + "; ".join(
            f"{c.name}: {', '.join(c.against_it)}" for c in ranked[:CLEARED_NAMED]
        )
        if not fed:
            return Finding(Verdict.UNKNOWN, f"{NO_FEED}; {because}", None, weighed, (table,), limits)
        return Finding(Verdict.NO, because, weighed.unexplained, weighed, (table,), limits)
    first = next((c for c in suspects if c.verdict is ChangeVerdict.LIKELY), suspects[0])
    because = f"{first.name} is {first.verdict.value}: {'; '.join(first.for_it)}"
    evidence = (table, ChangeRef(first.change_id, read.provenance))
    return Finding(Verdict.YES, because, first.confidence, weighed, evidence, limits)
