"""Chance in texts: `{int}`, `{hex12}`, `{user:400}` filled in, and `ANZ:5%,Visa:95%` drawn from."""

import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from uuid import UUID

from lastgood.decoding.scenario.grammar import NOTHING, share

PLACEHOLDER = re.compile(r"\{([a-z_.]+)(\d*)(?::(\d+))?\}")
WORDS = ("amber", "basil", "cedar", "dune", "ember", "fjord", "grove", "heath", "islet", "juniper")


class Words:
    """Texts from one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def fill(self, template: str, carried: Mapping[str, str] = NOTHING) -> str:
        """The template with every placeholder filled; `{name}` of a carried value is that value."""
        return PLACEHOLDER.sub(lambda m: self._one(m[1], m[2], m[3], carried), template)

    def choose(self, options: str, carried: Mapping[str, str] = NOTHING) -> str:
        """One of `a:5%,b:95%`, or of `a,b` with equal chances, with its placeholders filled."""
        names, weights = _options(options)
        chosen = self.chance.choices(names, weights)[0] if weights else self.chance.choice(names)
        return self.fill(chosen, carried) if "{" in chosen else chosen

    def _one(self, kind: str, size: str, limit: str | None, carried: Mapping[str, str]) -> str:
        if kind in carried:
            return carried[kind]
        if make := _KINDS.get(kind):
            return make(self.chance, int(size or limit or 10_000))
        if limit is None:
            raise ValueError(f"there is no placeholder {{{kind}}}")
        return f"{kind}{self.chance.randrange(int(limit)):04d}"


@lru_cache(1024)
def _options(text: str) -> tuple[list[str], list[float]]:
    """What may be chosen, and with which chances; none where all are alike."""
    parts = [option.rpartition(":") for option in text.split(",") if option]
    if all(part[1] and part[2].endswith("%") for part in parts):
        return [part[0] for part in parts], [share(part[2]) for part in parts]
    return text.split(","), []


_KINDS: Mapping[str, Callable[[random.Random, int], str]] = {
    "int": lambda chance, limit: str(chance.randrange(limit)),
    "float": lambda chance, limit: format(chance.uniform(0, limit), ".2f"),
    "hex": lambda chance, size: f"{chance.getrandbits(4 * size):0{size}x}",
    "uuid": lambda chance, _: str(UUID(int=chance.getrandbits(128), version=4)),
    "ip": lambda chance, _: ".".join(["10", *(str(chance.randrange(1, 255)) for _ in range(3))]),
    "word": lambda chance, _: chance.choice(WORDS),
}
