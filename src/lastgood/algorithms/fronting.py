"""Fronting: which of several places that write requests down stands in front of which others.

A request that passes a proxy and a service is written down at both. Two places are linked by an id that both write
for the same requests, or else, where the requests of one and the same second agree in number for every call and status,
far better than those of two places with equal traffic could. Which is in front is determined by how long requests take (who
waits for whom takes longer), by who names an upstream, and by who has requests that the other never saw.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from lastgood.algorithms.user_names import tail

Floats = npt.NDArray[np.float64]

FRONT_LEAST = 20  # requests with a shared id, or at a place, to tell anything
DISTINCT = 0.1  # of a place's requests: an id with fewer values is of something else than a request
ONE_EACH = 0.8  # of a place's requests: an id of one request alone
FRONT_SHARED = 0.05  # of a place's ids
NEARLY_ALL = 0.97  # edges of a sample cut some requests in two
FRONTED_WITHIN = 60.0  # seconds between two lines of one request, at most
FRONT_CLEAR = 0.9  # of requests, to say which place takes longer
ROUNDED = 0.0011  # seconds: proxies write whole milliseconds
WIDTHS = (1.0, 5.0, 20.0, 60.0)  # seconds of a bucket, in which counts are held against each other
FEWEST_BUCKETS = 12
FEWEST_CELLS = 40
APART = 0.2  # of the variance that two places of their own would have
BY_CHANCE = 0.4  # of the variance of what comes by chance, to tell anything
KEPT = 0.8  # of the buckets, the best: a few may disagree
FRONT_ALIKE = 0.9  # of a place's requests that are of calls which agree
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


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """What one place wrote down: one entry of each sequence for a request, in any order."""

    times: Floats  # seconds, when it was written
    durations: Floats  # seconds; 0 where it is not known
    calls: Sequence[str]  # method and path
    statuses: Sequence[int]
    ids: Mapping[str, Sequence[str]]  # by the name of the attribute; empty where there is none
    clients: Sequence[str] = ()
    users: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Place:
    """One place, by its name."""

    name: str
    requests: Requests
    spans: bool = False  # by spans, rather than by access lines
    proxy: bool = False  # it names upstreams
    carried: frozenset[str] = frozenset()  # attributes that tell requests apart
    upstreams: frozenset[str] = frozenset()
    by_id: Mapping[str, Mapping[str, int]] = field(init=False)  # by attribute and value: which request

    def __post_init__(self) -> None:
        found = {
            key: known
            for key, values in self.requests.ids.items()
            if len(known := {value: at for at, value in enumerate(values) if value}) >= FRONT_LEAST
            and len(known) >= DISTINCT * sum(map(bool, values))
        }
        object.__setattr__(self, "by_id", found)

    def __len__(self) -> int:
        return len(self.requests.times)

    @cached_property
    def users(self) -> frozenset[str]:
        """The names of users."""
        return frozenset(filter(None, self.requests.users))

    @cached_property
    def named(self) -> float:
        """The share of requests that name their user."""
        return sum(map(bool, self.requests.users)) / max(len(self), 1)


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
    a, b = _named_alike(a, b)
    agree = _agreeing(a, b, by_status=True) or _agreeing(a, b, by_status=False)
    if agree is None:
        return None
    of_a, of_b = agree
    outer, inner = _ordered(a, b, 0.0, of_b - of_a if abs(of_a - of_b) >= 0.01 else 0.0)
    covered = of_a if inner is a else of_b
    return Front(outer.name, inner.name, covered=1.0) if covered >= FRONT_ALIKE else None


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


def _agreeing(a: Place, b: Place, *, by_status: bool) -> tuple[float, float] | None:
    """The shares of both places' requests whose calls agree in number at the same time; None where too few do."""
    for width in WIDTHS:
        first, second = (_cells(place, width, by_status=by_status) for place in (a, b))
        calls = sorted(first.keys() & second.keys())
        same = [call for call in calls if _same(first[call], second[call])]
        if not same:
            continue
        both = [(first[call], second[call]) for call in same]
        if _surely(both):
            return tuple(  # type: ignore[return-value]
                sum(cells[call].total() for call in same) / len(place)
                for cells, place in ((first, a), (second, b))
            )
    return None


Cells = Counter[int]


def _cells(place: Place, width: float, *, by_status: bool) -> dict[tuple[str, int], Cells]:
    found: dict[tuple[str, int], Cells] = defaultdict(Counter)
    requests = place.requests
    for time, call, status in zip(requests.times, requests.calls, requests.statuses, strict=True):
        found[call, status if by_status else 0][int(time // width)] += 1
    return found


def _same(first: Cells, second: Cells) -> bool:
    """Whether one call's numbers agree bucket by bucket, those of rare ones in all."""
    a, b = first.total(), second.total()
    if min(a, b) < FRONT_LEAST:
        return abs(a - b) <= 1 + 0.1 * max(a, b)
    return sum((first[at] - second[at]) ** 2 for at in first.keys() | second.keys()) <= 2 * APART * (a + b)


def _surely(both: Sequence[tuple[Cells, Cells]]) -> bool:
    """Whether numbers agree far better than those of two places with the same rates could, and vary enough to tell."""
    apart, weight, varied = Counter[int](), Counter[int](), Counter[str]()
    cells = 0
    for first, second in both:
        for at in first.keys() | second.keys():
            apart[at] += (first[at] - second[at]) ** 2
            weight[at] += first[at] + second[at]
            cells += 1
        varied.update(_varied(second))
    if len(weight) < FEWEST_BUCKETS or cells < FEWEST_CELLS:
        return False
    best = sorted(weight, key=lambda at: apart[at] / weight[at])[: int(np.ceil(KEPT * len(weight)))]
    inside = sum(weight[at] for at in best)
    by_chance = varied["by"] >= FRONT_LEAST and varied["squares"] >= BY_CHANCE * varied["by"]
    return by_chance and sum(apart[at] for at in best) <= APART * inside


def _varied(cells: Cells) -> Counter[str]:
    """How much numbers vary from one stretch of time to the next, and how much they would by chance.

    What comes by the clock has equal numbers anywhere, so they prove nothing.
    """
    few = max(1, round(4 * len(cells) / max(cells.total(), 1)))
    wide: Counter[int] = Counter()
    for at, n in cells.items():
        wide[at // few] += n
    inner = [at for at in wide if wide.keys() >= {at - 1, at + 1, at + 2}]
    return Counter(
        squares=sum((wide[at] - wide[at + 1]) ** 2 for at in inner),
        by=sum(wide[at] + wide[at + 1] for at in inner),
    )


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
    behind = defaultdict(list)
    for one in found:
        behind[one.outer].append(places[one.inner])
    for one in found:
        inners = behind[one.outer]
        inside = one.outer not in tied and not any(place.spans for place in inners)
        inside = inside and all(_says_more(place, places[one.outer]) for place in inners)
        if inside and _has_all(places[one.outer], inners):
            own = sorted(_own(places[one.outer], inners))
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
