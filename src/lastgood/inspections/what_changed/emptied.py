"""Changes that empty a cache, or ask it by another key, where its hits fell: purges, flushes, invalidations."""

import re
from collections.abc import Sequence

from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.inspections.what_changed.content import Content
from lastgood.inspections.what_changed.weights import EMPTIES_CACHE
from lastgood.model.change import OURS, Change
from lastgood.model.judgement import Reason
from lastgood.readings.caches import Cache

# What people and programs call it to empty one.
_EMPTIES = re.compile(
    r"purg(?:e|ed|es|ing)(?![a-z])|\bFLUSH(?:ALL|DB)\b|create_?invalidation|\bban\.url\b"
    r"|(?:flush|invalidat|evict|clear|empt|wip|reset|warm)\w*(?:\W+\w+){0,3}?\W+(?:\w+[-_])?cache|cache\w*(?:\W+\w+){0,3}?\W+(?:flush|invalidat|evict|clear|empt|wip|reset)",
    re.IGNORECASE,
)
_ANOTHER = frozenset({EffectKind.CACHE_REMOVED, EffectKind.CACHE_KEY_CHANGED, EffectKind.TTL_SHORTENED})


def emptying(change: Change, said: str, content: Content, caches: Sequence[Cache]) -> list[Reason]:
    """Whether a change does to a cache what is seen of it."""
    if not caches or change.kind not in OURS:
        return []
    if _EMPTIES.search(said.replace("_", " ")) or any(effect.kind in _ANOTHER for effect in content.effects):
        worst = caches[0]
        return [Reason(EMPTIES_CACHE, service=worst.service, before=worst.before, now=worst.now)]
    return []
