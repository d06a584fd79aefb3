"""Blame: who is explained away by whom, and a strict order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.blame import Suspicion, beliefs, combined, own_damage, reachable, suspects

NAMES = st.sampled_from(["a", "b", "c", "d"])
SUSPICIONS = st.lists(
    st.builds(
        Suspicion, NAMES, st.sampled_from(["cpu", "code"]), st.floats(0, 1), st.just("because"), st.booleans()
    ),
    max_size=12,
)
GRAPHS = st.dictionaries(NAMES, st.frozensets(NAMES, max_size=3), max_size=4)


def test_a_caller_is_not_guilty_of_what_its_callee_shows() -> None:
    """The front end breaks off more surely, but in the traces in which payments breaks off itself."""
    found = suspects(
        [
            Suspicion("front", "code", 0.8, "breaks off", caught=True, traces=frozenset({1, 2, 3})),
            Suspicion("payments", "code", 0.7, "breaks off", caught=True, traces=frozenset({1, 2, 3, 4})),
        ],
        {"front": {"checkout"}, "checkout": {"payments"}},
    )

    assert ["payments", "front"] == [s.service for s in found]
    assert "payments" == found[1].explained_by


def test_a_symptom_in_other_traces_is_not_explained() -> None:
    """What payments shows elsewhere is no excuse."""
    found = suspects(
        [
            Suspicion("front", "code", 0.8, "breaks off", caught=True, traces=frozenset({1, 2, 3})),
            Suspicion("payments", "code", 0.7, "breaks off", caught=True, traces=frozenset({7, 8})),
        ],
        {"front": {"payments"}},
    )

    assert ["front", "payments"] == [s.service for s in found]


def test_ones_own_processor_is_nobody_elses_fault() -> None:
    """Evidence that cannot be caught stays in full."""
    found = suspects(
        [
            Suspicion("front", "cpu", 0.6, "busy"),
            Suspicion("payments", "code", 0.5, "breaks off", caught=True),
        ],
        {"front": {"payments"}},
    )

    assert "front" == found[0].service


def test_equals_are_ordered_by_damage_then_name() -> None:
    """The order never depends on the order of the input."""
    three = [
        Suspicion("b", "cpu", 0.5, "x"),
        Suspicion("a", "cpu", 0.5, "x"),
        Suspicion("c", "cpu", 0.5, "x", damage=2),
    ]

    assert (
        ["c", "a", "b"]
        == [s.service for s in suspects(three, {})]
        == [s.service for s in suspects(three[::-1], {})]
    )


@given(SUSPICIONS, GRAPHS)
def test_strengths_stay_shares_whatever_the_graph(
    found: list[Suspicion], graph: dict[str, frozenset[str]]
) -> None:
    """Cycles and self-calls included: each service once, strength within what its suspicions allow."""
    ranked = suspects(found, graph)

    assert len({s.service for s in ranked}) == len(ranked)
    for suspect in ranked:
        allowed = combined(x.strength for x in found if x.service == suspect.service)
        assert 0 < suspect.strength <= allowed + 1e-9


def test_reachable_follows_cycles_once() -> None:
    """A cycle ends, and nobody is below himself."""
    assert {"a": {"b", "c"}, "b": {"a", "c"}} == reachable({"a": {"b"}, "b": {"a", "c"}})


def test_own_damage_leaves_out_what_callees_lost() -> None:
    """The front end waits for checkout, which waits for the database; gains of a callee do not count."""
    lost = {"front": 12.0, "checkout": 11.0, "database": 10.0, "cache": -5.0}

    assert {"front": 1.0, "checkout": 1.0, "database": 10.0, "cache": -5.0} == pytest.approx(
        own_damage(lost, {"front": {"checkout"}, "checkout": {"database", "cache"}})
    )


@given(st.lists(st.floats(0, 1), max_size=6))
def test_beliefs_fall_and_stay_shares(drawn: list[float]) -> None:
    """In the order of the strengths, and nothing is certain."""
    strengths = sorted(drawn, reverse=True)
    sure = beliefs(strengths)

    assert len(strengths) == len(sure)
    assert sure == sorted(sure, reverse=True)
    assert all(0 <= one < 1 for one in sure)


def test_a_rival_takes_belief_away_and_strength_gives_it() -> None:
    """Alone a strong one is more than its strength, for nobody else is suspected; beside an equal less than half."""
    assert 0.88 == pytest.approx(beliefs([0.75])[0], abs=0.01)
    assert beliefs([0.35])[0] < 0.4
    assert beliefs([0.75, 0.5])[0] < beliefs([0.75, 0.2])[0] < beliefs([0.9, 0.2])[0]
    assert beliefs([0.9, 0.9])[0] < 0.5
    assert beliefs([0.9, 0.9])[0] == beliefs([0.9, 0.9])[1]
