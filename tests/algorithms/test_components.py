"""Strongly connected components of graphs of calls."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.components import components

NAMES = st.sampled_from("abcdefg")
GRAPHS = st.dictionaries(NAMES, st.frozensets(NAMES, max_size=4), max_size=7)


def below(graph: dict[str, frozenset[str]], start: str) -> set[str]:
    """Every node that a path of at least one edge leads to, by trying."""
    seen: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        if (node := waiting.pop()) not in seen:
            seen.add(node)
            waiting += graph.get(node, ())
    return seen


def test_a_cycle_is_one_and_what_it_calls_comes_before_it() -> None:
    """The ring of three stands between its callee and its caller; a node that nothing maps is one as well."""
    graph = {"front": ["a"], "a": ["b"], "b": ["c"], "c": ["a", "store"]}

    assert [("store",), ("a", "b", "c"), ("front",)] == components(graph)


def test_a_chain_of_any_length_is_followed() -> None:
    """Deeper than Python recurses."""
    chain = {f"s{n:05}": [f"s{n + 1:05}"] for n in range(20_000)}

    assert [("s20000",), ("s19999",)] == components(chain)[:2]


@given(GRAPHS)
def test_members_reach_each_other_and_nobody_after_them(graph: dict[str, frozenset[str]]) -> None:
    """Each node in one component; two are in one if each leads to the other; all edges lead to the same or earlier ones."""
    found = components(graph)

    nodes = graph.keys() | set().union(*graph.values())
    place = {node: n for n, members in enumerate(found) for node in members}
    assert sorted(nodes) == sorted(node for members in found for node in members)
    for one in nodes:
        for other in nodes - {one}:
            mutual = other in below(graph, one) and one in below(graph, other)
            assert mutual == (place[one] == place[other])
        assert all(place[into] <= place[one] for into in graph.get(one, ()))
