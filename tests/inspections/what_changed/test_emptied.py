"""Changes that empty a cache whose hits fell."""

from dataclasses import replace

import pytest

from inspections.scenes import change
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.inspections.what_changed.content import read_content
from lastgood.inspections.what_changed.emptied import emptying
from lastgood.inspections.what_changed.weights import EMPTIES_CACHE
from lastgood.readings.caches import Cache

LOST = [Cache("edge", 0.9, 0.3, 1.0, 7.0)]
NOTHING = read_content(change("c", "config", 0), "")


@pytest.mark.parametrize(
    ("said", "empties"),
    [
        ("purge all of tiles.example", True), ("service.purge_all", True), ("FLUSHALL on store-2", True), ("clear the whole cache", True),
        ("cache of pages invalidated", True), ("CreateInvalidation E2X", True), ("purger 2.1 with a new logo", False),
        ("a larger cache", False), ("delete old users", False),
    ],
)  # fmt: skip
def test_people_and_programs_say_that_a_cache_is_emptied(said: str, empties: bool) -> None:
    """It weighs where a cache lost what it held, and nothing elsewhere."""
    one = change("c", "config", 1, "", title=said)

    assert ([EMPTIES_CACHE] if empties else []) == [r.row for r in emptying(one, said, NOTHING, LOST)]
    assert [] == emptying(one, said, NOTHING, [])


def test_a_diff_may_do_the_same() -> None:
    """Another key, a shorter life; what a provider outside does is not ours."""
    content = replace(NOTHING, effects=(Effect(EffectKind.CACHE_KEY_CHANGED, "a.py", "key", what="key"),))
    one = change("c", "commit", 1)

    assert [EMPTIES_CACHE] == [reason.row for reason in emptying(one, "", content, LOST)]
    assert [] == emptying(change("c", "third_party", 1), "purge all", NOTHING, LOST)
