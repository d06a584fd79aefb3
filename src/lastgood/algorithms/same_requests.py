"""Same requests: places that write requests down, and whether the numbers of two say that they are of the same ones.

The requests of one and the same second agree in number for every call and status, far better than those of two places with
equal traffic could. A proxy may take a prefix off the paths that it is asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FRONT_LEAST = 20  # requests with a shared id, or at a place, to tell anything
DISTINCT = 0.1  # of a place's requests: an id with fewer values is of something else than a request
WIDTHS = (1.0, 5.0, 20.0, 60.0)  # seconds of a bucket, in which counts are held against each other
FEWEST_BUCKETS = 12
FEWEST_CELLS = 40
APART = 0.2  # of the variance that two places of their own would have
BY_CHANCE = 0.4  # of the variance of what comes by chance, to tell anything
KEPT = 0.8  # of the buckets, the best: a few may disagree
FRONT_ALIKE = 0.9  # of a place's requests that are of calls which agree
PATH_PREFIXES = 12  # beginnings of paths that are tried


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


def with_paths_alike(a: Place, b: Place) -> Iterator[tuple[Place, Place, str]]:
    """Both places, and the prefix without which paths of one are those of the other: `/api/orders` may be passed on as `/orders`."""
    known = [Counter(place.requests.calls) for place in (a, b)]
    yield a, b, ""
    if max(_known_to(*known), _known_to(*reversed(known))) >= FRONT_ALIKE:
        return
    for at, place in enumerate((a, b)):
        for prefix in _path_prefixes(known[at]):
            cut = without(place, prefix)
            if _known_to(known[not at], Counter(cut.requests.calls)) >= FRONT_ALIKE:
                yield (cut, b, prefix) if at == 0 else (a, cut, prefix)


def without(place: Place, prefix: str) -> Place:
    """The same, with the paths below a prefix as they are without it."""
    return replace(place, requests=replace(place.requests, calls=_cut(place.requests.calls, prefix)))


def _known_to(mine: Counter[str], theirs: Counter[str]) -> float:
    """The share of a place's requests whose calls another has too."""
    return sum(n for call, n in mine.items() if call in theirs) / max(mine.total(), 1)


def _path_prefixes(calls: Counter[str]) -> list[str]:
    """The first one or two parts of the paths that are asked for, the most frequent first."""
    found = Counter[str]()
    for call, n in calls.items():
        parts = call.partition(" ")[2].split("/")
        for length in (2, 3):
            if len(parts) > length and (prefix := "/".join(parts[:length])):
                found[prefix] += n
    return [prefix for prefix, _ in found.most_common(PATH_PREFIXES)]


def _cut(calls: Sequence[str], prefix: str) -> list[str]:
    """The same calls, those below a prefix without it."""
    below = f" {prefix}/"
    return [
        call.replace(below, " /", 1)
        if below in call
        else f"{call.removesuffix(prefix)}/"
        if call.endswith(f" {prefix}")
        else call
        for call in calls
    ]


def agreeing(a: Place, b: Place, *, by_status: bool) -> tuple[float, float] | None:
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
