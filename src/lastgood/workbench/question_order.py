"""Question order: which questions are asked, and after which others, by the answers that they use and give."""

from collections.abc import Iterable

from lastgood.inspections._registry import Inspection, inspections
from lastgood.model.answers import Onset


def wanted(only: str | None) -> tuple[Inspection, ...]:
    """Every question but those about an action; or the one of a name, with those that it builds on."""
    every = inspections()
    if only is None:
        return tuple(i for i in every if i.handed is None)
    chosen = {i.name for i in every if i.name == only}
    while True:
        used = {kind for i in every if i.name in chosen for kind in i.uses}
        grown = chosen | {i.name for i in every if i.gives in used}
        if grown == chosen:
            return tuple(i for i in every if i.name in chosen)
        chosen = grown


def ordered(questions: Iterable[Inspection]) -> list[Inspection]:
    """The same, each after all that give what it uses.

    Raises:
        RuntimeError: two questions wait for each other.
    """
    waiting = list(questions)
    given = {i.gives for i in waiting}
    done: set[type] = set()
    in_order: list[Inspection] = []
    while waiting:
        ready = [i for i in waiting if (i.uses & given) <= done]
        if not ready:
            raise RuntimeError(f"Questions wait for each other: {[i.name for i in waiting]}")
        first = ready[0]
        waiting.remove(first)
        in_order.append(first)
        if all(i.gives is not first.gives for i in waiting):
            done.add(first.gives)
    return in_order


def builds_on(question: Inspection) -> set[type]:
    """The kinds of answer that must be there first; every question but the onset compares its windows."""
    return set(question.uses) | ({Onset} if question.gives is not Onset else set())
