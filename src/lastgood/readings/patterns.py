"""Patterns of log lines: which one a shape belongs to, and how it reads.

Shapes whose pattern is stored are taken from there. The others (all of them, on a cluster that is only
read) are mined on the fly, on top of what is stored, from two samples of each; nothing is written.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from lastgood.algorithms.patterns.families import families
from lastgood.algorithms.patterns.keys import Key
from lastgood.algorithms.patterns.miner import VERSION, Miner
from lastgood.algorithms.patterns.scanning import MAX_CHARACTERS
from lastgood.algorithms.patterns.templates import template
from lastgood.model.judgement import Count
from lastgood.telemetry.reader import Rows

MOST_SHAPES = Count(
    100_000, "shapes that are mined at once", "judgement: more come of free text, and would cost seconds"
)
ALARMING = frozenset({"warn", "error", "fatal"})
FAILURE = re.compile(r"error|exception|fail|fatal|panic|timed? ?out|refused|denied|traceback", re.IGNORECASE)
FEW_SHAPES = Count(
    1000, "shapes that are named in a query", "judgement: for more of them, samples of all are read"
)

STORED = """
SELECT service, shape, pattern, key, first_seen, low, high
FROM lg_shapes WHERE miner = {miner:UInt16} ORDER BY first_seen, service, shape"""
ALIASES = "SELECT service, old, new FROM lg_pattern_aliases ORDER BY service, old"
SAMPLES = f"""
SELECT service, shape, min(ts) AS first_seen,
       leftUTF8(min(body), {MAX_CHARACTERS}) AS low, leftUTF8(max(body), {MAX_CHARACTERS}) AS high
FROM lg_lines WHERE empty({{shapes:Array(UInt64)}}) OR has({{shapes:Array(UInt64)}}, shape)
GROUP BY service, shape ORDER BY count() DESC, service, shape LIMIT {{most:UInt32}}"""

PRESENT = "SELECT DISTINCT service, shape FROM lg_lines"

ShapeId = tuple[str, int]  # service and shape: patterns are never merged across services


class Query(Protocol):
    """Rows of SQL over relations, as `Case.query` gives them."""

    def __call__(self, sql: str, /, **parameters: object) -> Rows:
        """The rows, with the parameters bound."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Lines of one service that are equal but for numbers: their pattern, and two samples."""

    service: str
    shape: int
    pattern: str
    key: Key
    first_seen: datetime
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of all shapes known, and what of that is not stored yet."""

    shapes: Mapping[ShapeId, Shape]
    unstored: tuple[Shape, ...] = ()  # new ones, and those whose pattern has another id now
    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)  # service and old id: new id

    def of(self, service: str, shape: int) -> str | None:
        """The pattern's id; None for a shape that was left out, of more than MOST_SHAPES."""
        found = self.shapes.get((service, shape))
        return found.pattern if found else None

    def templates(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The templates of patterns, each given as service and id."""
        samples: dict[tuple[str, str], list[str]] = {pattern: [] for pattern in wanted}
        for shape in self.shapes.values():
            if (shape.service, shape.pattern) in samples:
                samples[shape.service, shape.pattern] += (shape.low, shape.high)
        return {pattern: template(sorted(texts)) for pattern, texts in samples.items()}


def is_alarming(level: str, text: str) -> bool:
    """Whether a person on call would stop at a line."""
    return level in ALARMING or bool(FAILURE.search(text))


def family_names(templates: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Of patterns that differ from others of their service in one word: what they share, with `…` for it."""
    by_service: dict[str, dict[Key, tuple[str, str]]] = defaultdict(dict)
    for pattern, text in templates.items():
        by_service[pattern[0]][tuple(text.split())] = pattern
    names: dict[tuple[str, str], str] = {}
    for known in by_service.values():
        for family in families(known):
            words = family.members[0]
            shared = " ".join((*words[: family.place], "…", *words[family.place + 1 :]))
            names.update((known[member], shared) for member in family.members)
    return names


def shapes_present(query: Query) -> list[ShapeId]:
    """Service and shape of everything that was logged."""
    return [(row["service"], row["shape"]) for row in query(PRESENT).dicts()]


def read_patterns(query: Query, wanted: Collection[ShapeId]) -> Patterns:
    """The patterns of the wanted shapes and of every stored one."""
    stored = [_shape(row) for row in query(STORED, miner=VERSION).dicts()]
    known = {(shape.service, shape.shape) for shape in stored}
    missing = {shape for shape in wanted if shape not in known}
    fresh = _sampled(query, missing) if missing else []
    aliases: dict[str, dict[str, str]] = defaultdict(dict)
    for row in query(ALIASES).dicts() if fresh else ():
        aliases[row["service"]][row["old"]] = row["new"]
    return _mined(stored, fresh, aliases)


def _shape(row: Mapping[str, object]) -> Shape:
    values = {"pattern": "", "key": (), **row}
    return Shape(**{**values, "key": tuple(values["key"])})  # type: ignore[arg-type] # columns of our SQL


def _sampled(query: Query, missing: Collection[ShapeId]) -> list[Shape]:
    numbers = {shape for _, shape in missing}
    named = sorted(numbers) if len(numbers) <= FEW_SHAPES else []
    rows = query(SAMPLES, shapes=named, most=MOST_SHAPES).dicts()
    return [_shape(row) for row in rows if (row["service"], row["shape"]) in missing]


def _mined(
    stored: Iterable[Shape], fresh: Iterable[Shape], aliases: Mapping[str, Mapping[str, str]]
) -> Patterns:
    old, new = _by_service(stored), _by_service(fresh)
    shapes = {(shape.service, shape.shape): shape for known in old.values() for shape in known}
    unstored: list[Shape] = []
    retired: dict[tuple[str, str], str] = {}
    for service, added in sorted(new.items()):
        known = old.get(service, [])
        before = aliases.get(service, {})
        miner = Miner({shape.key: shape.pattern for shape in known}, before)
        keys = miner.learn(shape.low for shape in added)
        named = [replace(shape, key=key) for shape, key in zip(added, keys, strict=True)]
        renamed = [replace(shape, pattern=miner.ids[shape.key]) for shape in (*known, *named)]
        changed = [now for now, was in zip(renamed, (*known, *named), strict=True) if now != was]
        unstored += changed
        shapes.update(((shape.service, shape.shape), shape) for shape in changed)
        retired.update(((service, o), n) for o, n in miner.aliases.items() if before.get(o) != n)
    return Patterns(shapes, tuple(unstored), retired)


def _by_service(shapes: Iterable[Shape]) -> dict[str, list[Shape]]:
    grouped: dict[str, list[Shape]] = defaultdict(list)
    for shape in shapes:
        grouped[shape.service].append(shape)
    return grouped
