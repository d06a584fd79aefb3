"""Names that do not resolve: who asks for them is a victim, the name or what resolves it is at fault."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lastgood.algorithms.blame import Sign, Suspicion, combined
from lastgood.algorithms.unresolved_names import DNS, at_fault, unresolved_name
from lastgood.inspections.culprit.weights import NAME_BY_CALLER, NAME_ITSELF
from lastgood.readings.suspicions import Suspicions


def unresolved(
    calls: Suspicions, found: Sequence[Suspicion], callees: dict[str, set[str]]
) -> list[Suspicion]:
    """The same, with errors of name resolution held against what does not resolve; its callers are added to `callees`.

    `calls` tell who calls whom. A name that others call without trouble is not at fault. One that a single service asks
    for, and was not seen to call before, may be missing or may never have been: both are suspects, half as sure.
    """
    names = {one: unresolved_name(one.because) for one in found if one.kind == DNS and one.sign is Sign.FAILS}
    reported = {one.service for one in names}
    # Who calls another of them passes on what that one said.
    askers = sorted(one for one in reported if not callees.get(one, set()) & (reported - {one})) or sorted(
        reported
    )
    if not names or any(calls.served.get(name, set()) - set(askers) for name in names.values()):
        return list(found)
    guilty = at_fault(list(names.values()))
    against = _against(guilty, names, askers)
    others = [one for one in found if one not in names]
    passed = [replace(one, caught=True) for one in names if one.service not in (*askers, guilty)]
    if len(askers) == 1 and guilty != DNS and guilty not in calls.before:
        mine = (one for one in names if one.service in askers)
        either = [replace(one, strength=NAME_BY_CALLER * one.strength, caught=False) for one in mine]
        return [*others, *passed, *either, replace(against, strength=NAME_ITSELF * against.strength)]
    for asker in askers:
        callees.setdefault(asker, set()).add(guilty)
    return [*others, *passed, *(replace(one, caught=True) for one in names if one.service in askers), against]


def _against(guilty: str, names: Mapping[Suspicion, str], askers: Sequence[str]) -> Suspicion:
    """The suspicion against what does not resolve, of all who ask for it."""
    worst = max(names, key=lambda one: (one.strength, one.service))
    asked = ", ".join(sorted({name for name in names.values() if name})) or "a name"
    return replace(
        worst,
        service=guilty,
        component=None if guilty == DNS else guilty,
        instance=None,
        strength=combined(max(one.strength for one in names if one.service == asker) for asker in askers),
        caught=False,
        because=f"{', '.join(askers)} cannot look up {asked}: {worst.because}",
        traces=frozenset[int]().union(*(one.traces for one in names)),
        damage=sum(one.damage for one in names),
    )
