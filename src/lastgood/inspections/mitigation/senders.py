"""Those who send requests: one who sends too many, and what still works for those who are affected."""

from lastgood.inspections.mitigation.catalogue import PARTS
from lastgood.inspections.mitigation.weights import REFUSABLE_FAILS, REFUSABLE_HOLDS
from lastgood.model.answers import BlastRadius, ChangesWeighed, OtherCause
from lastgood.model.attributes import VERSIONS
from lastgood.readings.case import Case


def sender_of(case: Case) -> OtherCause | None:
    """Who sends most of what is more, where that is what explains it."""
    changes = case.earlier(ChangesWeighed)
    first = changes.others[0] if changes and changes.others else None
    return first if first and first.shown and first.subject else None


def workaround(case: Case) -> str | None:
    """What still works for those who are affected: the rest of an attribute that a user may choose."""
    radius = case.earlier(BlastRadius)
    if not radius or not radius.segments:
        return None
    segment = radius.segments[0]
    if (
        segment.share_of_failures < REFUSABLE_HOLDS
        or segment.failure_share < REFUSABLE_FAILS
        or set(segment.where) & {*PARTS, *VERSIONS}
    ):
        return None
    chosen = sorted((name, value) for name, value in segment.where.items() if name not in segment.of_route)
    described = " and ".join(f"{name}={value}" for name, value in chosen)
    return f"requests without {described} still work" if chosen else None
