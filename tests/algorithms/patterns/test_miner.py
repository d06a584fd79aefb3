"""The miner: steps and order make no difference, and ids outlive what is learnt later."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.patterns.miner import Miner
from lastgood.algorithms.patterns.templates import template

_FILLED = st.builds(
    str.format,
    st.sampled_from(
        [
            "order {} paid in {} ms", "order {} refused: {}", "user {} signed in from {}", "cache {} is {}",
            "{} of {} shards answer", "moved {} to {}", "job {}: {}", "state={} next={}",
        ]
    ),
    st.one_of(st.integers(0, 10**9), st.sampled_from(["ann", "bob", "cid", "dan", "eva", "fay"])),
    st.one_of(st.integers(0, 10**9), st.sampled_from(["a.b.c", "x.y.z", "eth0", "", "idle", "busy", "/a/b"])),
)  # fmt: skip
BATCHES = st.lists(st.lists(_FILLED, max_size=12), max_size=6)


def _groups(miner: Miner) -> set[frozenset[tuple[str, ...]]]:
    groups: dict[str, set[tuple[str, ...]]] = {}
    for key, pattern in miner.ids.items():
        groups.setdefault(pattern, set()).add(key)
    return {frozenset(members) for members in groups.values()}


def _learnt(batches: list[list[str]]) -> Miner:
    miner = Miner()
    for batch in batches:
        miner.learn(batch)
    return miner


@given(BATCHES)
def test_any_batching_equals_one_shot(batches: list[list[str]]) -> None:
    """Patterns are those of all texts at once, and in reverse order."""
    at_once = _learnt([[text for batch in batches for text in batch]])
    assert _groups(at_once) == _groups(_learnt(batches))
    assert _groups(at_once) == _groups(_learnt(batches[::-1]))


@given(BATCHES)
def test_one_shot_ids_do_not_depend_on_order(batches: list[list[str]]) -> None:
    """The id is the hash of what the pattern is, not of when it came."""
    texts = [text for batch in batches for text in batch]
    assert dict(_learnt([texts]).ids) == dict(_learnt([texts[::-1]]).ids)


@given(BATCHES)
def test_every_id_ever_given_leads_to_a_pattern(batches: list[list[str]]) -> None:
    """An id resolves to a pattern that exists, and no two patterns share one."""
    miner = Miner()
    given_out: set[str] = set()
    for batch in batches:
        miner.learn(batch)
        given_out |= set(miner.ids.values())
    living = set(miner.ids.values())
    assert {miner.resolve(pattern) for pattern in given_out} <= living
    assert len(_groups(miner)) == len(living) == len(miner.patterns)


@given(BATCHES)
def test_learning_again_changes_nothing(batches: list[list[str]]) -> None:
    """Known texts leave ids and aliases as they are."""
    miner = _learnt(batches)
    before = dict(miner.ids), dict(miner.aliases)
    for batch in batches:
        miner.learn(batch)
    assert before == (dict(miner.ids), dict(miner.aliases))


@given(BATCHES)
def test_the_state_can_be_stored(batches: list[list[str]]) -> None:
    """A miner made from stored ids and aliases goes on as the first one would have."""
    whole = _learnt(batches)
    resumed = Miner()
    for batch in batches:
        resumed = Miner(resumed.ids, resumed.aliases)
        resumed.learn(batch)
    assert (dict(whole.ids), dict(whole.aliases)) == (dict(resumed.ids), dict(resumed.aliases))
    assert whole.patterns == resumed.patterns


def test_the_older_id_stays_when_patterns_become_one() -> None:
    """Five names show that the slot was a variable; the first id goes on, the others are aliases."""
    miner = Miner()
    steps = [
        miner.ids[miner.learn([f"asked {name} for help"])[0]] for name in ("ann", "bob", "cid", "dan", "eva")
    ]
    assert all(one != other for one, other in pairwise(steps[:4]))
    assert {steps[0]} == set(miner.ids.values())
    assert {steps[0]} == {miner.resolve(step) for step in steps}


def test_ids_are_the_same_in_every_process() -> None:
    """48 bits in hexadecimal, from the text alone."""
    miner = Miner()
    (key,) = miner.learn(["order 7 paid"])
    assert "b96ed7bac6b4" == miner.ids[key]


@pytest.mark.parametrize(
    "unit", ["ab:", "a=b,", ". ", "((", "/a?b=", "a.b-c/", "\\", "00:", "'a=", "[1 ", "Jan 1 ", "é"]
)
def test_repetitive_texts_are_bounded(unit: str) -> None:
    """Texts made to nest, to backtrack or to align badly are mined like any other."""
    text = unit * 3000
    miner = Miner()
    assert 2 == len(miner.learn([text, f"x{text}"]))
    assert template([text, f"q{text}", text[:90]])
