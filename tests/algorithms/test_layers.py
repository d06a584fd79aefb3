"""A graph in columns."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.layers import layers

NAMES = st.sampled_from("abcdefgh")


def test_a_chain_and_a_fork() -> None:
    """Each callee is right of its callers, in the order of its neighbours."""
    assert [["web"], ["shop"], ["pay", "stock"], ["db"]] == layers(
        [("web", "shop"), ("shop", "pay"), ("shop", "stock"), ("stock", "db"), ("shop", "db")]
    )
    assert [["a", "b"], ["x", "y"]] == layers([("a", "x"), ("b", "y")])
    assert [["a", "b"], ["y", "x"]] == layers([("a", "y"), ("b", "x"), ("a", "y")])
    assert [] == layers([])


def test_a_circle_is_cut_where_it_closes() -> None:
    """It begins with what nothing else calls."""
    assert [["web"], ["a"], ["b"]] == layers([("b", "a"), ("a", "b"), ("web", "a"), ("a", "a")])


@given(st.lists(st.tuples(NAMES, NAMES), max_size=25))
def test_every_node_has_one_place(edges: list[tuple[str, str]]) -> None:
    """Whatever the graph."""
    placed = [node for column in layers(edges) for node in column]
    assert sorted({node for edge in edges for node in edge}) == sorted(placed)
    assert all(layers(edges))


@given(st.lists(st.tuples(NAMES, NAMES).filter(lambda edge: edge[0] < edge[1]), max_size=25))
def test_without_circles_every_edge_leads_to_the_right(edges: list[tuple[str, str]]) -> None:
    """By one column at least."""
    column = {node: n for n, nodes in enumerate(layers(edges)) for node in nodes}
    assert all(column[source] < column[target] for source, target in edges)
