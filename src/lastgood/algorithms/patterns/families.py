"""Families: patterns that differ in one word only, such as the reasons of one failure."""

from collections.abc import Iterable
from typing import NamedTuple

from lastgood.algorithms.patterns.keys import Key, kind_of_symbol
from lastgood.algorithms.patterns.merging import slots_of
from lastgood.algorithms.patterns.tokens import Kind


class Family(NamedTuple):
    """Patterns that agree but for the symbol at one place."""

    place: int
    members: tuple[Key, ...]


def families(keys: Iterable[Key]) -> tuple[Family, ...]:
    """The families among representative keys, largest first; a key belongs to one at most.

    Only words are parts of a family, and at least two other words must agree: else everything short
    would be related.
    """
    taken: set[Key] = set()
    found: list[Family] = []
    for (place, before, after), members in slots_of(set(keys)):
        free = [key for key in members if key not in taken and kind_of_symbol(key[place]) is Kind.WORD]
        agreeing = sum(1 for symbol in before + after if kind_of_symbol(symbol) is Kind.WORD)
        if len(free) > 1 and agreeing >= 2:
            taken.update(free)
            found.append(Family(place, tuple(free)))
    return tuple(found)
