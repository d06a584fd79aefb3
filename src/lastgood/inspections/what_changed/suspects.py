"""Changes as suspects: which came into effect lately, with which deploy each stands or falls, and what each holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lastgood.algorithms.change_lineage import TAGGED, Origin, bare, one_deploy, origins, version_number
from lastgood.algorithms.change_timing import Timing, timing
from lastgood.inspections.what_changed.content import Content, read_content
from lastgood.inspections.what_changed.reach import reach
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.weights import (
    COMMIT_READ,
    DIFFS_READ,
    ROLLED_OUT,
    RULED_OUT_BELOW,
    WORTH_READING,
)
from lastgood.model.change import Change
from lastgood.model.judgement import Reason
from lastgood.readings.case import Case
from lastgood.readings.feed import CHANGES_BEFORE, read_diffs

NO_RUNS: Mapping[str, Change] = {}


@dataclass(slots=True)
class Suspect:
    """A change on its way to a verdict."""

    change: Change
    origin: Origin
    content: Content
    head: int  # the place of the change that it stands or falls with: its deploy, or itself
    alone: bool = False  # it is that change
    timed: Timing | None = None
    circumstances: list[Reason] = field(default_factory=list)
    own: list[Reason] = field(default_factory=list)  # its content

    @property
    def all(self) -> list[Reason]:
        """Every reason."""
        return [*self.circumstances, *self.own]

    @property
    def out(self) -> bool:
        """Whether one of its reasons alone clears it."""
        return any(reason.ratio <= RULED_OUT_BELOW for reason in self.all)


def read_suspects(
    case: Case, changes: Sequence[Change], scene: Scene, runs: Mapping[str, Change] = NO_RUNS
) -> list[Suspect]:
    """The changes that came into effect since a day before, with their content as far as it is worth reading.

    `runs` are first runs of jobs, by the ids of the changes that name them: those came into effect then.
    """
    placed = _origins(changes, scene)
    by_run = {
        place
        for n, (change, origin) in enumerate(zip(changes, placed, strict=True))
        if change.change_id in runs
        for place in (n, origin.carrier)
    }
    kept = [
        change
        for n, (change, origin) in enumerate(zip(changes, placed, strict=True))
        if _lately(case, _carried(change, origin, changes)) or _unplaced(change, origin) or n in by_run
    ]
    first = _origins(kept, scene)
    near = [
        rough(change, runs.get(change.change_id) or _carried(change, origin, kept), origin, scene)
        for change, origin in zip(kept, first, strict=True)
    ]
    wanted = {
        n
        for n in sorted(range(len(kept)), key=lambda n: (-near[n], n))[:DIFFS_READ]
        if near[n] >= WORTH_READING
    }
    diffs = read_diffs(case, {kept[n].change_id for n in wanted})
    contents = [
        read_content(change, diffs.get((change.change_id, change.at), "") if n in wanted else "")
        for n, change in enumerate(kept)
    ]
    bumps = {n: contents[n].libraries for n in wanted if contents[n].libraries}
    found = _origins(kept, scene, bumps) if bumps else first
    heads = one_deploy(kept)
    kept = _rolled_out(kept, heads)
    suspects = [
        Suspect(change, origin, content, heads.get(head, head))
        for n, (change, origin, content) in enumerate(zip(kept, found, contents, strict=True))
        for head in [origin.carrier if origin.carrier is not None else n]
    ]
    return _without_old(case, suspects, runs)


def _origins(
    changes: Sequence[Change], scene: Scene, bumps: Mapping[int, Collection[str]] | None = None
) -> list[Origin]:
    """Where each belongs; what runs its code under another name is touched by it too."""
    found = origins(changes, scene.services, bumps, list(scene.suspects))
    running = (scene.running.get(bare(change.service), frozenset()) for change in changes)
    return [replace(one, touched=one.touched | by) for one, by in zip(found, running, strict=True)]


def _rolled_out(changes: Sequence[Change], heads: Mapping[int, int]) -> list[Change]:
    """The same, a deploy that came in waves lasting from its first to its last."""
    found = list(changes)
    for member, head in sorted(heads.items(), key=lambda pair: changes[pair[0]].at, reverse=True):
        wave = version_number(changes[member].version) == version_number(changes[head].version)
        near = found[head].at - changes[member].until <= ROLLED_OUT
        if wave and near and changes[member].state != TAGGED:
            first, last = found[head], changes[member]
            found[head] = replace(first, at=min(first.at, last.at), until=max(first.until, last.until))
    return found


def _lately(case: Case, change: Change) -> bool:
    return change.until >= case.window.start - CHANGES_BEFORE


def _unplaced(change: Change, origin: Origin) -> bool:
    """A commit that no deploy carried: of a library, or applied by something that left no record."""
    return change.kind == "commit" and origin.carrier is None and not origin.waiting


def _without_old(case: Case, suspects: list[Suspect], runs: Mapping[str, Change]) -> list[Suspect]:
    """Those that turned out to have gone out with nothing lately are left out, and places renumbered."""
    kept = [
        n
        for n, suspect in enumerate(suspects)
        if _lately(case, suspects[suspect.head].change) or suspect.change.change_id in runs
    ]
    places = {n: place for place, n in enumerate(kept)}
    for n in kept:
        suspects[n].head = places.get(suspects[n].head, places[n])
    return [suspects[n] for n in kept]


def _carried(change: Change, origin: Origin, changes: Sequence[Change]) -> Change:
    return changes[origin.carrier] if origin.carrier is not None else change


def rough(change: Change, when: Change, origin: Origin, scene: Scene) -> float:
    """Timing times reach before its content is read; what lasts is worth reading for hours."""
    timed = timing(when.kind, when.at, when.until, scene.low, scene.high)
    unread = COMMIT_READ if change.kind == "commit" else 0.0
    return timed.weight * max(reach(change, origin, scene, frozenset()).ratio, unread)
