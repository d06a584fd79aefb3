"""The audit of a sitrep: what it says is held against its own numbers, and what does not agree is left out and reported.

Each rule gives a sentence for every part that contradicts the rest, and the sitrep without that part.
"""

from collections.abc import Iterator
from dataclasses import replace

from lastgood.model.answers import ChangeVerdict, ImpactKind, Segment, WeighedChange
from lastgood.model.boundary import Layers, LayerState
from lastgood.model.change import OUTSIDE
from lastgood.model.figures import count, percent
from lastgood.model.finding import Verdict
from lastgood.model.judgement import Amount, Time
from lastgood.model.sitrep import Sitrep

Defects = Iterator[str]
# fmt: off
HOP_AGREED = Amount(0.5, "of the failing traces agree, to name a hop", "judgement: with less, other hops are as likely")
CLOCKS_APART = Time(2, "min that clocks may be apart, and a feed late", "judgement: machines agree within seconds, people type minutes")
SHARES_ALIKE = Amount(0.01, "by which two shares may differ", "judgement: they are rounded on their way")
# fmt: on


def audited(sitrep: Sitrep) -> Sitrep:
    """The sitrep without what contradicts its own numbers, and with a defect for each part that did."""
    found: list[str] = []
    for rule in (_path, _segments, _changes, _layers):
        sitrep, defects = rule(sitrep)
        found += defects
    for check in (_impact, _severity):
        found += check(sitrep)
    return replace(sitrep, defects=tuple(found))


def _path(sitrep: Sitrep) -> tuple[Sitrep, list[str]]:
    """A hop is known where at least half of the traces that show it agree."""
    path = sitrep.path
    if path is None or path.traces >= path.agree >= HOP_AGREED * path.traces > 0:
        return sitrep, []
    reported = (
        f"path: {count(path.agree)} of {count(path.traces)} {path.how} traces agree on {path.first_bad}"
    )
    return replace(sitrep, path=None), [reported]


def _segments(sitrep: Sitrep) -> tuple[Sitrep, list[str]]:
    """Who is hit has more of the failures than of the traffic, and "everyone alike" goes with no segment."""
    radius = sitrep.blast_radius
    if radius is None:
        return sitrep, []
    sound = tuple(one for one in radius.segments if _tells_apart(one))
    found = [
        f"segment {_where(one)}: {percent(one.share_of_failures)} of the failures and {percent(one.share_of_traffic)} of the traffic"
        for one in radius.segments
        if not _tells_apart(one)
    ]
    everyone = radius.everyone and not sound
    if radius.everyone and sound:
        found.append(f"everyone alike, and yet {_where(sound[0])}")
    return replace(sitrep, blast_radius=replace(radius, segments=sound, everyone=everyone)), found


def _tells_apart(one: Segment) -> bool:
    within = 0 <= one.share_of_failures <= 1 and 0 <= one.share_of_traffic <= 1
    return within and one.share_of_failures > one.share_of_traffic and one.failures <= one.requests


def _where(one: Segment) -> str:
    return " and ".join(f"{name}={value}" for name, value in sorted(one.where.items()))


def _changes(sitrep: Sitrep) -> tuple[Sitrep, list[str]]:
    """No reason stands twice, or on both sides; a likely change did not begin after the onset."""
    if sitrep.changes is None:
        return sitrep, []
    found, ranked = [], []
    for change in sitrep.changes.ranked:
        both = set(change.for_it) & set(change.against_it)
        found += [
            f"change {change.change_id}: “{reason}” is said for and against it" for reason in sorted(both)
        ]
        if _too_late(sitrep, change):
            found.append(f"change {change.change_id}: likely, although it started after the onset")
            change = replace(change, verdict=ChangeVerdict.POSSIBLE)  # noqa: PLW2901 - the one that is kept
        ranked.append(change)
    return replace(sitrep, changes=replace(sitrep.changes, ranked=tuple(ranked))), found


def _layers(sitrep: Sitrep) -> tuple[Sitrep, list[str]]:
    """The layer that is named is one where failures were seen, and it is said by what."""
    found = sitrep.layers
    if found is None or not isinstance(found.answer, Layers) or found.answer.verdict is None:
        return sitrep, []
    named = found.answer.verdict
    state, because = next(
        ((one.state, one.because) for one in found.answer.seen if one.layer is named),
        (LayerState.NOT_SEEN, ""),
    )
    if state is LayerState.FAILS and because:
        return sitrep, []
    open_ = replace(
        found,
        verdict=Verdict.UNKNOWN,
        because=f"inconclusive: nothing was seen to fail at the layer {named.value}",
        confidence=None,
        answer=replace(found.answer, verdict=None, why=""),
    )
    findings = tuple(open_ if one is found else one for one in sitrep.findings)
    lacks = "nothing is said of it" if state is LayerState.FAILS else f"is {state.value.replace('_', ' ')}"
    return replace(sitrep, findings=findings), [f"layers: {named.value} is named, and {lacks}"]


def _too_late(sitrep: Sitrep, change: WeighedChange) -> bool:
    onset = sitrep.onset
    if onset is None or change.verdict is not ChangeVerdict.LIKELY or change.kind in OUTSIDE:
        return False
    return change.at > onset.high + max(onset.high - onset.low, CLOCKS_APART)


def _impact(sitrep: Sitrep) -> Defects:
    """Counts, shares and users of the impact agree."""
    impact = sitrep.confirmation.impact if sitrep.confirmation else None
    if impact is None or impact.requests is None:
        return
    failed = impact.failed or 0
    if failed > impact.requests:
        yield f"impact: {count(failed)} of {count(impact.requests)} requests failed"
    elif impact.requests and impact.failure_share is not None:
        share = failed / impact.requests
        if abs(share - impact.failure_share) > SHARES_ALIKE:
            yield f"impact: {percent(impact.failure_share)} fail, which is not {count(failed)} of {count(impact.requests)}"
    if impact.users is not None and impact.kind is ImpactKind.ERRORS and impact.users > failed:
        yield f"impact: {count(impact.users)} users by {count(failed)} failed requests"


def _severity(sitrep: Sitrep) -> Defects:
    """A severity for failures has failures for its reason."""
    severity, impact = sitrep.severity, sitrep.confirmation.impact if sitrep.confirmation else None
    if severity is None or impact is None or impact.kind is not ImpactKind.ERRORS or impact.requests is None:
        return
    if max(severity.requests_share, severity.worst_share, severity.users_share or 0.0) <= 0:
        yield f"severity: {severity.proposed} for {severity.because}"
