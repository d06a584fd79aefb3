"""Names that do not resolve: who asks for them is a victim, the name or what resolves it is at fault."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lastgood.algorithms.blame import Sign, Suspicion, combined
from lastgood.algorithms.unresolved_names import DNS, at_fault, unresolved_name


def unresolved(
    found: Sequence[Suspicion], callees: dict[str, set[str]], served: Mapping[str, set[str]]
) -> list[Suspicion]:
    """The same, with errors of name resolution held against what does not resolve; its callers are added to `callees`.

    `served`: by peer, those whose calls go through. A name that others look up without trouble is not at fault.
    """
    told = [one for one in found if one.kind == DNS and one.sign is Sign.FAILS]
    names = {one: unresolved_name(one.because) for one in told}
    if not told or any(served.get(name, set()) - {one.service for one in told} for name in names.values()):
        return list(found)
    guilty = at_fault(list(names.values()))
    askers = sorted({one.service for one in told})
    for asker in askers:
        callees.setdefault(asker, set()).add(guilty)
    worst = max(told, key=lambda one: (one.strength, one.service))
    strengths = (max(one.strength for one in told if one.service == asker) for asker in askers)
    asked = ", ".join(sorted({name for name in names.values() if name})) or "a name"
    against = replace(
        worst,
        service=guilty,
        component=None if guilty == DNS else guilty,
        instance=None,
        strength=combined(strengths),
        caught=False,
        because=f"{', '.join(askers)} cannot look up {asked}: {worst.because}",
        traces=frozenset[int]().union(*(one.traces for one in told)),
        damage=sum(one.damage for one in told),
    )
    mine = [replace(one, caught=True) if one in names else one for one in found if one.service != guilty]
    return [*mine, *(one for one in found if one.service == guilty), against]
