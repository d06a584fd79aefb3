"""What changed, and which of it can be blamed?

What it asks
    For every deploy, commit, config change, flag, migration, cron run and other change before and during
    the incident: what speaks for it as the cause, what against it.
Why on-call asks it
    "What changed?" answers most incidents, and blaming the latest deploy is right only sometimes. A
    change that is ruled out with a reason saves an hour.
Reads
    lg_changes from a day before the window to its end (commits of a fortnight, for a deploy may carry older
    ones), with the diffs of those that come into question;
    lg_spans by version and by flag; lg_sample and lg_lines for errors that became more; lg_points of the
    suspects for slow rises; the onset, the golden signals, the culprits, the path and the blast radius.
How
    A change's weight is the product of its reasons (lastgood.algorithms.rivals), and weights are rivals: each
    becomes its share of all of them and of the causes that are no change (traffic, third party, certificate …;
    0.3 for what nobody knows). Half is likely, an eighth possible; so at most one is likely, but for a deploy
    and the commit in it, and only what is tied to where it breaks: on a neighbour it is possible at most.
    The confidence is the share with its odds squared. Where nothing is confirmed, every change weighs a
    quarter. Timing: 1 within the onset interval, before it halved with the half-life of its kind
    (flag 3 min, deploy 5 min, dns 20 min), 0.08 for whatever stays done; up to 90 s after it 0.7 to 0.3, for
    clocks differ, but not for reactions; later is ruled out. A deploy's time is that of the first request
    that its version served. Where the suspect's memory, disk, pool or queue had been rising, the beginning of
    the rise is an onset too. A lifetime bites when it ends, what fills up within hours. Reach: 1 on the
    culprit, its component or the first bad hop, and for what names the part that is hit; less on other
    suspects, callees, callers, victims, and a third of that once the culprit is sure; 0.05 elsewhere; 0.7 on a caller whose calls alone fail, or whose diff does
    such a thing to those it calls. Content: a diff whose effect typically makes this trouble 4,
    at times 1.3, another 0.7; one that touches nothing that serves 0.05, that changes log lines alone 0.3; three times as much for a name that it took
    away and that what fails asks for; words shared with the symptom, weighed by
    rarity over the changes, up to 2.5. Exposure: versions and flag variants side by side (Wilson intervals; hurt is
    what failed, or took over 1.5 times the p98 of its service in the traces read of the good window: the limit is said)
    4, or ruled out where both are hurt alike; a version that served well for minutes before 0.35. Defence: it
    went by before without the effect, was made elsewhere, or for all where one part is hit; was undone, and
    nothing changed; is a platform's word for a sick process; others that call the failing party, and were not
    changed, are hit alike. A commit is weighed with the deploy that carried it, and inside it by its content, where a diff
    that does nothing known counts 0.4; one of an infrastructure repository is applied by itself. As many failing as a flag is for, 1.8; an effect
    that fills up what rises, 2.
Stays silent when
    There is no change feed (unknown), or no onset to line changes up with.
Known traps
    A feed that misses a source makes the rest look guilty. A cause older than a day is not read. Two
    changes at one time at one place are each possible at most.
"""

from collections.abc import Iterator

from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.what_changed.scene import read_scene
from lastgood.inspections.what_changed.weighing import weigh
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    Culprits,
    FailurePath,
    GoldenSignals,
    Onset,
)
from lastgood.model.evidence import Absence, ChangeRef, Table
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.feed import MOST, read_changes
from lastgood.readings.risen import read_risen
from lastgood.telemetry.reader import Rows


@inspection(
    "What changed?",
    stage=Stage.EXPLAIN,
    needs={Signal.CHANGES, Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation, GoldenSignals, Culprits, FailurePath, BlastRadius),
    gives=ChangesWeighed,
)
def what_changed(case: Case) -> Iterator[Finding]:
    """Every change weighed, with reasons for and against it."""
    if not case.has(Signal.CHANGES):
        yield Finding(
            Verdict.UNKNOWN,
            "there is no change feed: load deploys, flags, config or a git repository",
        )
        return
    risen = read_risen(case)
    scene = read_scene(case, risen)
    if scene is None:
        yield Finding(Verdict.UNKNOWN, "there is no onset to line changes up with")
        return
    changes, read = read_changes(case)
    weighed = weigh(case, changes, scene, risen)
    if not changes:
        nothing = Absence("changes from a day before the window to its end", read.provenance)
        because = "the change feed holds nothing from a day before to the end"
        yield Finding(Verdict.NO, because, 0.7, weighed, (nothing,))
        return
    yield _said(weighed, read)


def _said(weighed: ChangesWeighed, read: Rows) -> Finding:
    ranked = weighed.ranked
    table = Table(
        "Changes, most suspect first",
        ("at", "kind", "service", "title", "verdict", "for", "against"),
        tuple((c.at, c.kind, c.service, c.title, c.verdict.value, "; ".join(c.for_it), "; ".join(c.against_it))
              for c in ranked),
        read.provenance,
    )  # fmt: skip
    limits = (f"only the last {MOST} changes were weighed",) if len(read) >= MOST else ()
    suspects = [c for c in ranked if c.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE}]
    if not suspects:
        because = f"none of {len(ranked)} changes lines up: " + "; ".join(
            f"{c.kind} {c.service or ''} {c.title}: {', '.join(c.against_it)}" for c in ranked[:3]
        )
        return Finding(Verdict.NO, because, weighed.unexplained, weighed, (table,), limits)
    first = next((c for c in suspects if c.verdict is ChangeVerdict.LIKELY), suspects[0])
    because = (
        f"{first.kind} {first.title or first.change_id} is {first.verdict.value}: {'; '.join(first.for_it)}"
    )
    evidence = (table, ChangeRef(first.change_id, read.provenance))
    return Finding(Verdict.YES, because, first.confidence, weighed, evidence, limits)
