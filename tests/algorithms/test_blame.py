"""Blame: who is explained away by whom, and a strict order."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms import blame
from lastgood.algorithms.blame import (
    Suspicion,
    beliefs,
    combined,
    overlap,
    own_damage,
    reachable,
    suspects,
)
from lastgood.algorithms.components import components

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


def strength_along_paths(
    service: str,
    found: list[Suspicion],
    below: Mapping[str, frozenset[str]],
    above: tuple[str, ...] = (),
) -> float:
    """What is left of a service's suspicions, its callees judged first along every path: factorial in cycles."""
    left: dict[str, float] = {}
    callees = below.get(service, frozenset()) & {s.service for s in found}
    rivals = {
        callee: strength_along_paths(callee, found, below, (*above, service))
        for callee in callees - {service, *above}
    }
    for symptom in (s for s in found if s.service == service):
        shares = [
            min(strength, max(overlap(symptom, own) * own.strength for own in found if own.service == rival))
            for rival, strength in rivals.items()
        ]
        kept = symptom.strength * (1 - (max(shares, default=0.0) if symptom.caught else 0.0))
        left[symptom.kind] = max(kept, left.get(symptom.kind, 0.0))
    return combined(left.values())


@given(SUSPICIONS, GRAPHS)
def test_where_at_most_two_call_each_other_every_path_is_as_if_followed(
    found: list[Suspicion], graph: dict[str, frozenset[str]]
) -> None:
    """Without cycles, and in those of two, condensing changes nothing."""
    below = reachable(graph)
    suspected = {s.service for s in found}
    if any(len(suspected.intersection(members)) > 2 for members in components(graph)):
        return

    ranked = {s.service: s.strength for s in suspects(found, graph)}

    expected = {service: strength_along_paths(service, found, below) for service in suspected}
    assert pytest.approx({name: much for name, much in expected.items() if much > 0}) == ranked


def test_in_a_cycle_own_evidence_is_named_before_the_symptoms_of_the_others() -> None:
    """Five call each other in a ring; all fail, and the processor of one is at its limit."""
    ring = {f"s{n}": {f"s{(n + 1) % 5}"} for n in range(5)}
    fails = [Suspicion(name, "errors", 0.7, "fails", caught=True) for name in ring]

    ranked = suspects([*fails, Suspicion("s3", "cpu", 0.8, "busy")], ring)

    assert "s3" == ranked[0].service
    assert 0.8 <= ranked[0].strength
    assert all(other.explained_by == "s3" and other.strength < 0.2 for other in ranked[1:])


@pytest.mark.parametrize("called", [1, 199], ids=["ring", "clique"])
def test_cycles_of_two_hundred_are_judged_in_few_steps(called: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not more than each symptom with each other service's twice; along every path it would be factorial."""
    names = [f"s{n:03}" for n in range(200)]
    graph = {
        name: [names[(place + step) % 200] for step in range(1, called + 1)]
        for place, name in enumerate(names)
    }
    compared = 0

    def counted(symptom: Suspicion, cause: Suspicion) -> float:
        nonlocal compared
        compared += 1
        assert compared <= 2 * 200 * 199
        return overlap(symptom, cause)

    monkeypatch.setattr(blame, "overlap", counted)
    found = [
        Suspicion(name, "errors", 0.3 + place / 1000, "fails", caught=True, traces=frozenset({place}))
        for place, name in enumerate(names)
    ]

    assert 200 == len(suspects(found, graph))


def test_a_chain_of_any_length_is_judged() -> None:
    """Longer than Python recurses: only the last is at fault."""
    chain = {f"s{n:04}": {f"s{n + 1:04}"} for n in range(1500)}
    found = [Suspicion(f"s{n:04}", "errors", 0.9, "fails", caught=True) for n in (0, 700, 1500)]

    assert "s1500" == suspects(found, chain)[0].service


def test_reachable_follows_cycles_once() -> None:
    """A cycle ends, and no one is below himself."""
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
    """Alone a strong one is more than its strength, for no one else is suspected; beside an equal less than half."""
    assert 0.88 == pytest.approx(beliefs([0.75])[0], abs=0.01)
    assert beliefs([0.35])[0] < 0.4
    assert beliefs([0.75, 0.5])[0] < beliefs([0.75, 0.2])[0] < beliefs([0.9, 0.2])[0]
    assert beliefs([0.9, 0.9])[0] < 0.5
    assert beliefs([0.9, 0.9])[0] == beliefs([0.9, 0.9])[1]
