"""The miner: learns texts in any number of steps, and gives patterns ids that outlive what is learnt later."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from lastgood.algorithms.patterns.keys import Key, key_of
from lastgood.algorithms.patterns.merging import merge

VERSION = 1  # of the algorithm; ids are comparable within one version
ID_BYTES = 6


class Miner:
    """Patterns of the texts learnt so far. Its state is `ids` and `aliases`: plain data, to be stored.

    The grouping is a function of the set of keys learnt, so steps and order do not matter. A pattern
    gets the hash of its representative key as its id when it is first seen, and keeps the id when it
    grows; of patterns that become one, the oldest id stays and the others become aliases.
    """

    def __init__(
        self, ids: Mapping[Key, str] | None = None, aliases: Mapping[str, str] | None = None
    ) -> None:
        self._ids: dict[Key, str] = dict(ids or {})
        self._aliases: dict[str, str] = dict(aliases or {})
        self._representatives: dict[Key, Key] = {}

    @property
    def ids(self) -> Mapping[Key, str]:
        """The pattern of every key, oldest key first."""
        return self._ids

    @property
    def aliases(self) -> Mapping[str, str]:
        """Retired ids, and which id each went into."""
        return self._aliases

    @property
    def patterns(self) -> dict[str, Key]:
        """The representative key of every pattern, by id."""
        if len(self._representatives) < len(self._ids):
            self._representatives = merge(self._ids)
        return {self._ids[key]: general for key, general in self._representatives.items()}

    def learn(self, texts: Iterable[str]) -> list[Key]:
        """The key of each text, all of them learnt; `ids` then has the pattern of each."""
        keys = [key_of(text) for text in texts]
        fresh = sorted(set(keys) - self._ids.keys())
        if fresh:
            self._name(merge((*self._ids, *fresh)))
        return keys

    def resolve(self, pattern: str) -> str:
        """The id that a pattern has now, for an id from any time."""
        while (into := self._aliases.get(pattern)) is not None:
            pattern = into
        return pattern

    def _name(self, representatives: dict[Key, Key]) -> None:
        owners: dict[str, Key] = {}  # id: the group that keeps it, which is that of its oldest key
        names: dict[Key, str] = {}  # group: its id, which is that of its oldest key
        for key, old in self._ids.items():
            group = representatives[key]
            if owners.setdefault(old, group) == group:
                names.setdefault(group, old)
        self._aliases.update((old, names[group]) for old, group in owners.items() if names[group] != old)
        used = {*owners, *self._aliases}
        for group in sorted(set(representatives.values()) - names.keys()):
            names[group] = _new_id(group, used)
            used.add(names[group])
        self._ids.update((key, names[group]) for key, group in representatives.items())
        self._representatives = representatives


def _new_id(key: Key, used: set[str]) -> str:
    text = "\x1f".join(key)
    name = _hash(text)
    while name in used:
        text += "\x1f"
        name = _hash(text)
    return name


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=ID_BYTES).hexdigest()
