"""Layers: a directed graph in columns, so that arrows lead to the right and cross seldom.

The method of Sugiyama, Tagawa and Toda (1981): longest paths give the columns, medians of neighbours the order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

SWEEPS = 4  # of ordering, to the right and back


def layers(edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Each node once, by columns. An edge leads to a later column, unless it closes a circle."""
    ahead: dict[str, list[str]] = defaultdict(list)
    nodes = dict[str, None]()
    for source, target in edges:
        nodes |= {source: None, target: None}
        if source != target:
            ahead[source].append(target)
    kept = _without_circles(nodes, ahead)
    column = _columns(nodes, kept)
    found: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        found[column[node]].append(node)
    return _ordered(found, kept)


def _without_circles(nodes: Iterable[str], ahead: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """The edges but those that lead back to where a walk came from; walks begin where nothing leads to."""
    entered = {target for targets in ahead.values() for target in targets}
    kept, done = list[tuple[str, str]](), set[str]()
    for start in sorted(nodes, key=lambda node: node in entered):
        walk, above = [(start, iter(ahead.get(start, ())))] if start not in done else [], {start}
        done.add(start)
        while walk:
            node, rest = walk[-1]
            target = next(rest, None)
            if target is None:
                above.discard(node)
                walk.pop()
            elif target not in above:
                kept.append((node, target))
                if target not in done:
                    done.add(target)
                    above.add(target)
                    walk.append((target, iter(ahead.get(target, ()))))
    return kept


def _columns(nodes: Iterable[str], edges: list[tuple[str, str]]) -> dict[str, int]:
    """The longest path that leads to each."""
    before, column = defaultdict[str, int](int), dict.fromkeys(nodes, 0)
    ahead: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        before[target] += 1
        ahead[source].append(target)
    ready = [node for node in column if not before[node]]
    while ready:
        node = ready.pop()
        for target in ahead[node]:
            column[target] = max(column[target], column[node] + 1)
            before[target] -= 1
            if not before[target]:
                ready.append(target)
    return column


def _ordered(found: list[list[str]], edges: list[tuple[str, str]]) -> list[list[str]]:
    beside: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        beside[source].append(target)
        beside[target].append(source)
    place = {node: float(n) for column in found for n, node in enumerate(column)}
    for sweep in range(SWEEPS):
        for n in range(len(found)) if sweep % 2 == 0 else reversed(range(len(found))):
            near = {
                *(found[n - 1] if sweep % 2 == 0 and n else ()),
                *(found[n + 1] if sweep % 2 and n + 1 < len(found) else ()),
            }
            wanted = {
                node: median([place[one] for one in beside[node] if one in near] or [place[node]])
                for node in found[n]
            }
            found[n].sort(key=lambda node: wanted[node])
            place |= {node: float(at) for at, node in enumerate(found[n])}
    return found
