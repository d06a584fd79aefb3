"""Merging: which keys are one pattern, from the keys alone, by hashing instead of comparing pairs.

The result is a function of the *set* of keys. Neither order of arrival, nor batches, nor counts can
change it; so mining in steps equals mining at once. The thresholds are flat (docs/decisions/0004-patterns.md).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from re import compile as pattern

from lastgood.algorithms.patterns.keys import Key, kind_of_symbol, squeeze
from lastgood.algorithms.patterns.tokens import WILDCARD, Kind

ROUNDS = 4  # a merge makes others visible
MERGED_WORDS = 5  # so many plain words in one slot make it a variable
FIRST_WORDS = 10  # the same for the first word, which carries identity
CODED_WORDS = 4  # the same for words with a short number: eth0, eth1
BRACKETED_WORDS = 3  # the same for a lone word in quotes or brackets
NAMED_WORDS = 2  # the same after a word such as user or host
DOTTED_NAMES = 3  # the same for packages, classes and domains
LONGEST_SPAN = 7  # symbols that one wildcard may stand for

_NAMING = frozenset({"user", "username", "account", "login", "host", "hostname", "users"})
_ENCLOSING = frozenset({("[", "]"), ("(", ")"), ("{", "}"), ('"', '"'), ("'", "'"), ("<", ">")})
_is_word = pattern(r"[A-Za-z_]{2,}").fullmatch

Slot = tuple[int, Key, Key]  # place, what is before, what is after


def merge(keys: Iterable[Key]) -> dict[Key, Key]:
    """The representative key of every key; keys with one representative are one pattern."""
    groups = _Groups(keys)
    for _ in range(ROUNDS):
        if not groups.join(_joined_by_slots(groups.live)):
            break
    groups.join(_joined_by_notes(groups.live))
    groups.join(_joined_by_names(groups.live))
    groups.join(_absorbed(groups.live))
    return groups.representative


def slots_of(keys: Iterable[Key]) -> list[tuple[Slot, list[Key]]]:
    """Slots in which at least two keys differ while they agree everywhere else; fullest first."""
    found: dict[tuple[int, int, int], list[Key]] = defaultdict(list)
    for key in sorted(keys):
        before, after = _hashes(key), _hashes(key[::-1])[::-1]
        for place, symbol in enumerate(key):
            if kind_of_symbol(symbol) is not Kind.MARK:
                found[place, before[place], after[place + 1]].append(key)
    shared = [
        ((place, members[0][:place], members[0][place + 1 :]), members)
        for (place, _, _), members in found.items()
        if len(members) > 1
    ]
    return sorted(shared, key=lambda item: (-len(item[1]), item[0]))


def _hashes(symbols: Key) -> list[int]:
    """The hash of every beginning, so that a slot costs no copy of the key around it."""
    return list(accumulate(symbols, lambda so_far, symbol: hash((so_far, symbol)), initial=0))


class _Groups:
    """Keys with their representatives so far."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.representative = {key: key for key in keys}

    @property
    def live(self) -> set[Key]:
        return set(self.representative.values())

    def join(self, changes: Mapping[Key, Key]) -> bool:
        """Let representatives be replaced; whether there was anything to do."""
        final = {key: _followed(key, changes) for key in changes}
        for key, current in self.representative.items():
            self.representative[key] = final.get(current, current)
        return bool(changes)


def _followed(key: Key, changes: Mapping[Key, Key]) -> Key:
    seen = {key}
    while (after := changes.get(key)) is not None and after not in seen:
        seen.add(after)
        key = after
    return key


def _words(key: Sequence[str]) -> int:
    return sum(1 for symbol in key if _is_word(symbol))


def _joined_by_slots(live: set[Key]) -> dict[Key, Key]:
    changes: dict[Key, Key] = {}
    for (place, before, after), members in slots_of(live):
        free = [key for key in members if key not in changes]
        if len(free) > 1 and _is_variable(before, after, [key[place] for key in free]):
            general = tuple(squeeze((*before, WILDCARD, *after)))
            changes.update((key, general) for key in free if key != general)
    return changes


def _is_variable(before: Key, after: Key, values: Sequence[str]) -> bool:
    constant_words = _words(before) + _words(after)
    if constant_words == 0 or after[:1] == ("=",):
        return False
    kinds = Counter(kind_of_symbol(value) for value in values)
    if not before:
        valued = kinds[Kind.VALUE] + kinds[Kind.DOTTED] == len(values)
        return constant_words >= 2 and (valued or len(values) >= FIRST_WORDS)
    if kinds[Kind.VALUE]:
        return True
    if kinds[Kind.DOTTED]:
        return len(values) >= DOTTED_NAMES or constant_words >= DOTTED_NAMES
    return len(values) >= _words_needed(before, after, coded=kinds[Kind.CODED] == len(values))


def _words_needed(before: Key, after: Key, *, coded: bool) -> int:
    if coded:
        return CODED_WORDS
    if before[-1].lower() in _NAMING:
        return NAMED_WORDS
    return BRACKETED_WORDS if _is_enclosed(before, after) else MERGED_WORDS


def _is_enclosed(before: Key, after: Key) -> bool:
    return (before[-1:] + after[:1]) in _ENCLOSING


def _joined_by_notes(live: set[Key]) -> dict[Key, Key]:
    """Join keys that are equal without their `( <*> )` notes."""
    alike: dict[Key, list[Key]] = defaultdict(list)
    for key in live:
        alike[_without_notes(key)].append(key)
    changes: dict[Key, Key] = {}
    for bare, members in alike.items():
        if len(members) > 1 and _words(bare) >= 2:
            longest = max(members, key=lambda key: (len(key), key))
            changes.update((key, longest) for key in members if key != longest)
    return changes


def _without_notes(key: Key) -> Key:
    if "(" not in key:
        return key
    out: list[str] = []
    place = 0
    while place < len(key):
        if place and key[place : place + 3] == ("(", WILDCARD, ")"):
            place += 3
        else:
            out.append(key[place])
            place += 1
    return tuple(squeeze(out))


def _joined_by_names(live: set[Key]) -> dict[Key, Key]:
    """Join keys that differ in several dotted names at once."""
    alike: dict[Key, list[Key]] = defaultdict(list)
    for key in live:
        names = [place for place, symbol in enumerate(key) if kind_of_symbol(symbol) is Kind.DOTTED]
        if len(names) >= 2 and names[0] > 0:
            alike[tuple(WILDCARD if place in names else s for place, s in enumerate(key))].append(key)
    return {
        key: general for general, members in alike.items() if len(members) >= DOTTED_NAMES for key in members
    }


def _absorbed(live: set[Key]) -> dict[Key, Key]:
    """Let a key with a wildcard take in those that have a short odd span in its place."""
    holders = {
        (key[:place], key[place + 1 :]): key
        for key in sorted(live)
        if _words(key) >= 2
        for place, symbol in enumerate(key)
        if symbol == WILDCARD
    }
    heads = {before for before, _ in holders}
    changes = {key: _holder_of(key, holders, heads) for key in sorted(live)}
    return {key: holder for key, holder in changes.items() if holder is not None}


def _holder_of(key: Key, holders: Mapping[tuple[Key, Key], Key], heads: set[Key]) -> Key | None:
    for start in range(len(key)):
        if key[:start] not in heads:
            continue
        for end in range(start + 1, min(len(key), start + LONGEST_SPAN) + 1):
            holder = holders.get((key[:start], key[end:]))
            if holder not in {None, key} and _can_be_a_value(key, start, end):
                return holder
    return None


def _can_be_a_value(key: Key, start: int, end: int) -> bool:
    span = key[start:end]
    if span == (WILDCARD,) or "=" in span or (start == 0 and len(span) > 5):
        return False
    if start and _is_enclosed(key[:start], key[end:]):
        return True
    marking = [kind_of_symbol(symbol) is Kind.MARK for symbol in span]
    valued = any(
        not mark and kind_of_symbol(s) is not Kind.WORD for mark, s in zip(marking, span, strict=True)
    )
    neighbours = any(not here and not there for here, there in pairwise(marking))
    return valued and not neighbours
