"""Strongly connected components: the cycles of a directed graph, each taken as one, callees before callers.

Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1(2), 1972; with a stack of its own
instead of recursion, so that a chain of any length can be followed. Linear in nodes and edges.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Search:
    edges: Mapping[str, list[str]]
    number: dict[str, int] = field(default_factory=dict)  # in order of being met
    lowest: dict[str, int] = field(default_factory=dict)  # met first, of those that a node reaches
    path: list[str] = field(default_factory=list)  # met, and not yet in a component
    on_path: set[str] = field(default_factory=set)


def components(edges: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Every node of a graph in exactly one component, sorted; what a component leads to comes before it."""
    search = _Search({node: sorted(set(into)) for node, into in edges.items()})
    found: list[tuple[str, ...]] = []
    for node in sorted(search.edges):
        if node not in search.number:
            found += _from(node, search)
    return found


def _from(start: str, search: _Search) -> Iterator[tuple[str, ...]]:
    waiting = [(start, iter(_met(start, search)))]
    while waiting:
        node, further = waiting[-1]
        for into in further:
            if into not in search.number:
                waiting.append((into, iter(_met(into, search))))
                break
            if into in search.on_path:
                search.lowest[node] = min(search.lowest[node], search.number[into])
        else:
            waiting.pop()
            if waiting:
                above = waiting[-1][0]
                search.lowest[above] = min(search.lowest[above], search.lowest[node])
            if search.lowest[node] == search.number[node]:
                yield _closed(node, search)


def _met(node: str, search: _Search) -> list[str]:
    search.number[node] = search.lowest[node] = len(search.number)
    search.path.append(node)
    search.on_path.add(node)
    return search.edges.get(node, [])


def _closed(first: str, search: _Search) -> tuple[str, ...]:
    members = [search.path.pop()]
    while members[-1] != first:
        members.append(search.path.pop())
    search.on_path.difference_update(members)
    return tuple(sorted(members))
