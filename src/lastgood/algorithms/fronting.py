"""Fronting: which of several places that write requests down stands in front of which others.

A request that passes a proxy and a service is written down at both. Two places are linked by an id that both write
for the same requests, or else, where the requests of one and the same second agree in number for every call and status,
far better than those of two places with equal traffic could. Which is in front is determined by how long requests take (who
waits for whom takes longer), by who names an upstream, and by who has requests that the other never saw.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from lastgood.algorithms.same_requests import (
    FRONT_ALIKE,
    FRONT_LEAST,
    Floats,
    Place,
    agreeing,
    with_paths_alike,
    without,
)
from lastgood.algorithms.user_names import tail

ONE_EACH = 0.8  # of a place's requests: an id of one request alone
FRONT_SHARED = 0.05  # of a place's ids
NEARLY_ALL = 0.97  # edges of a sample cut some requests in two
FRONTED_WITHIN = 60.0  # seconds between two lines of one request, at most
FRONT_CLEAR = 0.9  # of requests, to say which place takes longer
ROUNDED = 0.0011  # seconds: proxies write whole milliseconds
OTHERS = 10  # distinct clients or users, to say that they are others
STRANGERS = 0.1  # of them known to both, below which they are others
MORE = 1.5  # times as many lines as spans, to take these for a sample
AROUND = 0.05  # seconds, between a line and its span
SHIFTS = (17, 43, 101)  # seconds, by which spans are moved to see what is found by chance
FRONT_CHANCE = 0.25
ONLY_IN_FRONT = frozenset({429, 499, 502, 503, 504})  # statuses that a proxy gives by itself
PROXY_NAMES = re.compile(
    r"nginx|haproxy|envoy|traefik|caddy|apache|httpd|ingress|gateway|edge|proxy|\blb\b|balancer",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Front:
    """One place in front of another."""

    outer: str
    inner: str
    outer_id: str | None = None  # the attribute with the id that both write; None: they agree in number
    inner_id: str | None = None
    covered: float = 1.0  # of the requests of the inner place, by all that stand in front of it
    one_each: bool = False  # the id is of one request alone
    counted_inside: bool = False  # at the inner place, and only what it never saw at the outer one
    own: tuple[int, ...] = ()  # statuses that the outer place gives by itself, then
    prefix: str = ""  # of paths at one of them, which the other does not have
    alike: tuple[str, ...] = ()  # attributes that both places write with the same values, then


def fronts(places: Sequence[Place]) -> tuple[Front, ...]:
    """Who stands in front of whom; never in a circle."""
    found: list[Front] = []
    for a, b in combinations([place for place in places if len(place) >= FRONT_LEAST], 2):
        if a.spans and b.spans:
            continue  # what spans are of one request they say themselves
        one = _by_id(a, b) or _by_number(a, b) or _some_of(a, b) or _some_of(b, a)
        if one is not None and not _reaches(found, one.inner, one.outer):
            found.append(one)
    by_name = {place.name: place for place in places}
    return tuple(_counted([replace(one, covered=_covered(one, found, by_name)) for one in found], by_name))


def _reaches(found: Iterable[Front], outer: str, inner: str) -> bool:
    behind = defaultdict(set)
    for one in found:
        behind[one.outer].add(one.inner)
    seen, waiting = set[str](), [outer]
    while waiting:
        name = waiting.pop()
        if name == inner:
            return True
        if name not in seen:
            seen.add(name)
            waiting += behind[name]
    return False


def _by_id(a: Place, b: Place) -> Front | None:
    """The link by the id that most requests of both have in common."""
    options = (
        (len(shared), key_a, key_b, shared)
        for key_a, ids_a in sorted(a.by_id.items())
        for key_b, ids_b in sorted(b.by_id.items())
        if len(shared := ids_a.keys() & ids_b.keys()) >= FRONT_LEAST
        and len(shared) >= FRONT_SHARED * min(len(ids_a), len(ids_b))
    )
    many, key_a, key_b, shared = max(options, key=lambda one: one[:3], default=(0, "", "", set[str]()))
    if not many:
        return None
    at_a, at_b = (
        np.array([ids[value] for value in sorted(shared)]) for ids in (a.by_id[key_a], b.by_id[key_b])
    )
    near = np.abs(a.requests.times[at_a] - b.requests.times[at_b]) <= FRONTED_WITHIN
    if near.mean() < FRONT_CLEAR:
        return None
    keys = {a.name: key_a, b.name: key_b}
    outer, inner = _ordered(a, b, _longer(a, b, at_a, at_b), _wider(a, b, key_a, key_b))
    values = inner.requests.ids[keys[inner.name]]
    known = outer.by_id[keys[outer.name]]
    covered = sum(value in known for value in values) / len(values)
    of_one = all(
        len(place.by_id[keys[place.name]]) >= ONE_EACH * sum(map(bool, place.requests.ids[keys[place.name]]))
        for place in (a, b)
    )
    return Front(outer.name, inner.name, keys[outer.name], keys[inner.name], covered, of_one)


def _longer(a: Place, b: Place, at_a: npt.NDArray[np.int64], at_b: npt.NDArray[np.int64]) -> float:
    """Above 0 where requests take longer at `a` than at `b`, below where at `b`, 0 where that is open."""
    first, second = a.requests.durations[at_a], b.requests.durations[at_b]
    known = (first > 0) & (second > 0)
    if known.sum() < FRONT_LEAST:
        return 0.0
    gap = (first - second)[known]
    return _clearly(float((gap >= -ROUNDED).mean()), float((gap <= ROUNDED).mean()))


def _wider(a: Place, b: Place, key_a: str, key_b: str) -> float:
    """Above 0 where `a` has nearly all requests of `b` and more."""
    ids_a, ids_b = a.by_id[key_a].keys(), b.by_id[key_b].keys()
    return _clearly(len(ids_a & ids_b) / len(ids_b), len(ids_a & ids_b) / len(ids_a))


def _clearly(first: float, second: float) -> float:
    return first - second if max(first, second) >= FRONT_CLEAR and abs(first - second) >= 0.01 else 0.0


def _ordered(a: Place, b: Place, *signs: float) -> tuple[Place, Place]:
    """The outer and the inner one, by the first sign that says so: above 0 it is `a` that is outside."""
    longer, *others = signs
    every = (
        float(b.name in a.upstreams) - float(a.name in b.upstreams),
        longer if abs(longer) >= 0.5 else 0.0,
        float(a.proxy) - float(b.proxy),
        *others,
        longer,
        float(bool(PROXY_NAMES.search(a.name))) - float(bool(PROXY_NAMES.search(b.name))),
        float(len(set(a.requests.clients)) - len(set(b.requests.clients))),
        float(len(a) - len(b)),
    )
    return (a, b) if next((sign for sign in every if sign), 1.0) > 0 else (b, a)


def _by_number(a: Place, b: Place) -> Front | None:
    """The link by equal numbers of the same calls at the same time."""
    if _strangers(a.requests.clients, b.requests.clients) or _strangers(
        map(tail, a.users), map(tail, b.users)
    ):
        return None
    for first, second, prefix in with_paths_alike(*_named_alike(a, b)):
        agree = agreeing(first, second, by_status=True) or agreeing(first, second, by_status=False)
        if agree is None:
            continue
        of_a, of_b = agree
        outer, inner = _ordered(a, b, 0.0, of_b - of_a if abs(of_a - of_b) >= 0.01 else 0.0)
        covered = of_a if inner is a else of_b
        if covered >= FRONT_ALIKE:
            return Front(outer.name, inner.name, covered=1.0, prefix=prefix)
    return None


def _named_alike(a: Place, b: Place) -> tuple[Place, Place]:
    """Both places as far as both name calls: without them where one has only statuses, such as Rails' `Completed 200 OK`."""
    nameless = [not any(call.strip() for call in place.requests.calls) for place in (a, b)]
    if nameless[0] == nameless[1]:
        return a, b
    bare = (replace(one, requests=replace(one.requests, calls=[""] * len(one))) for one in (a, b))
    return next(bare), next(bare)


def _strangers(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether those who ask at two places are clearly others."""
    a, b = (set(filter(None, names)) for names in (first, second))
    few = min(len(a), len(b))
    return few >= OTHERS and len(a & b) < STRANGERS * few


def _some_of(lines: Place, spans: Place) -> Front | None:
    """The link of access lines with spans that are a sample of the same requests: each has a line of its time."""
    if lines.spans or not spans.spans or len(lines) < MORE * len(spans):
        return None
    ends = spans.requests.times + spans.requests.durations
    begins = lines.requests.times - lines.requests.durations
    pairs = (
        (lines.requests.times, spans.requests.times),
        (lines.requests.times, ends),
        (begins, spans.requests.times),
    )
    whole = bool((lines.requests.times % 1 == 0).all())
    around = 1.0 if whole else AROUND
    times, asked = max(pairs, key=lambda pair: _held(lines, spans, pair, around))
    found = _held(lines, spans, (times, asked), around)
    chance = max(_held(lines, spans, (times, asked + shift), around) for shift in SHIFTS)
    # Where lines have whole seconds, busy calls are in each of them: the same calls are then the same requests.
    reported = 1 - found <= FRONT_CHANCE * (1 - chance) or (whole and chance > 1 - FRONT_CHANCE)
    return Front(lines.name, spans.name) if found >= NEARLY_ALL and reported else None


def _held(lines: Place, spans: Place, at: tuple[Floats, Floats], around: float) -> float:
    """The share of spans that have a line of their call and status at about their time."""
    times, asked = at
    of: dict[tuple[str, int], list[float]] = defaultdict(list)
    for call, status, time in zip(lines.requests.calls, lines.requests.statuses, times, strict=True):
        of[call, status].append(time)
    known = {call: np.sort(mine) for call, mine in of.items()}
    held = 0
    for call, status, time in zip(spans.requests.calls, spans.requests.statuses, asked, strict=True):
        mine = known.get((call, status), np.zeros(0))
        low, high = np.searchsorted(mine, (time - around, time + around), "left")
        held += bool(high > low)
    return held / len(spans)


def _covered(of: Front, found: Sequence[Front], places: Mapping[str, Place]) -> float:
    """The share of the requests of an inner place that any of those in front of it has."""
    every = [one for one in found if one.inner == of.inner]
    if any(one.outer_id is None for one in every):
        return 1.0
    inner = places[of.inner]
    seen = np.zeros(len(inner), bool)
    for one in every:
        known = places[one.outer].by_id[str(one.outer_id)]
        seen |= np.array([value in known for value in inner.requests.ids[str(one.inner_id)]])
    return float(seen.mean())


def _counted(found: Sequence[Front], places: Mapping[str, Place]) -> Iterator[Front]:
    """Links by number are counted at the inner place where it says more and has all but what it never saw."""
    tied = {one.outer for one in found if one.outer_id is not None} | {one.inner for one in found}
    behind, asked = defaultdict(list), dict(places)
    for one in found:
        behind[one.outer].append(without(places[one.inner], one.prefix) if one.prefix else places[one.inner])
        asked[one.outer] = without(asked[one.outer], one.prefix) if one.prefix else asked[one.outer]
    for one in found:
        inners = behind[one.outer]
        inside = one.outer not in tied and not any(place.spans for place in inners)
        inside = inside and all(_says_more(place, places[one.outer]) for place in inners)
        if inside and _has_all(asked[one.outer], inners):
            own = sorted(_own(asked[one.outer], inners))
            yield replace(one, counted_inside=True, own=tuple(own))
        else:
            yield one


def _says_more(inner: Place, outer: Place) -> bool:
    """Whether a place names users where the other does not, or names them too and carries more attributes."""
    if inner.named > 1.1 * outer.named:
        return True
    return bool(inner.carried - outer.carried) and inner.named >= 0.9 * outer.named


def _own(outer: Place, inners: Sequence[Place]) -> set[int]:
    """The statuses that only a proxy gives, and those behind it do not."""
    mine = Counter(outer.requests.statuses)
    theirs = Counter(status for one in inners for status in one.requests.statuses)
    return {status for status in ONLY_IN_FRONT if not theirs[status] or 2 * theirs[status] < mine[status]}


def _has_all(outer: Place, inners: Sequence[Place]) -> bool:
    """Whether all requests of a place, but for those that it answered by itself, are at those behind it, with the same status."""
    mine = Counter(zip(outer.requests.calls, outer.requests.statuses, strict=True))
    theirs = Counter[tuple[str, int]]()
    for one in inners:
        theirs.update(zip(one.requests.calls, one.requests.statuses, strict=True))
    own = _own(outer, inners)
    reached = Counter({cell: n for cell, n in mine.items() if cell[1] not in own})
    missing, more = (reached - theirs).total(), (theirs - reached).total()
    return max(missing, more) <= (1 - NEARLY_ALL) * reached.total()
