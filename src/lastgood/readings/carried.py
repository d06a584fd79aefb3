"""What requests carry: their attributes, coded, with failures and requests of both windows, to search for segments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from lastgood.algorithms.change_point import Floats
from lastgood.algorithms.segments import NOT_A_VALUE, Counts, Leaves, search
from lastgood.model.attributes import SERVER_ADDRESS, SERVICE_NAME, UPSTREAMS, URL_QUERY
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared, together
from lastgood.telemetry.derived import TRACE_HASHES
from lastgood.telemetry.inner_attributes import INNER_PAIRS, PARAMETER, value_sql
from lastgood.telemetry.reader import Rows

# fmt: off
ROWS_SAMPLED = Count(100_000, "rows of a kind; beyond it one in k, by hash, represents k", "judgement: bounds the work; a share is known to a few thousandths")
ROWS_FOR_KEYS = Count(20_000, "rows of each kind, to see which attributes there are", "judgement: bounds the work")
ATTRIBUTES_TOGETHER = Count(10, "attributes that are searched together", "judgement: bounds the work")
FAIL_ALONE = Count(3, "failures, below which a value is not searched", "judgement: so few are never beyond chance")
UNIQUE_SHARE = Amount(0.3, "distinct values per request, from which an attribute is an id", "judgement: tenants come again, ids do not")
UNIQUE_LEAST = Count(20, "distinct values, for that share to mean it", "judgement: of few requests any value is unique")
DISTINCT_MOST = Count(20_000, "values, from which an attribute is an id whatever the number of requests", "judgement: bounds the work")
SINGLE_FAILURES = Count(5, "failures, from which a single id is distinguished", "judgement: fewer are retries of one request")
SINGLE_SHARE = Amount(0.01, "of all failures, likewise", "judgement: less does not matter to anyone else")
TIED_TO_FAILING = Amount(0.95, "of what carries it fails, and of what fails carries it: it marks the failure", "judgement: nearly all")
NEVER_ON_FAILING = Amount(0.1, "times as often on what fails beyond the usual as on the rest: below it an attribute cannot be tested", "judgement: a service that breaks off writes no line")
QUERY_PARAMETERS = Count(10, "parameters of queries that are searched, the most frequent first", "judgement: bounds the work, for callers name them")
ON_NEARLY_ALL = Amount(0.98, "of requests: an attribute with one value on so many distinguishes nothing", "judgement: nearly all")
ROUTE_SHARES = Amount(0.99, "of the requests of each route have one value of an attribute, for the route to fix it", "judgement: a probe or a preflight in a hundred has another method")
SLOW_QUANTILE = Amount(0.95, "of the good durations of an operation: slower ones are affected", "judgement: slower than nineteen in twenty")
# fmt: on

# What describes the failure, or one request, rather than who is affected.
NOT_WHO = (
    r"(?i)^(http\.(response\.)?status(_code|_text|_class)?|status(_?code)?|(rpc\.)?grpc\.status_code|rpc\.grpc\.status_code"
    r"|.*(error|exception|failure).*|http\.response\.header\..*|redirect.*|otel\.status.*|outcome|result|level|severity.*|message|.*stacktrace|.*duration.*|.*latency.*"
    r"|.*elapsed.*|.*(response|body|payload).*(size|bytes|length).*|(request|trace|span|correlation|transaction)[._]?id"
    r"|.*timestamp.*|envoy\.response_(flags|code_details)|haproxy\.(termination_state|timers|connections|queues)|log\.rest|upstream_.*(time|status|length)|thread\.(id|name)|process\.pid|lg\..*|net\.(sock\.)?peer\.port|client\.port|.*\.bytes)$"
)

_ANSWERERS = frozenset({*UPSTREAMS, SERVER_ADDRESS})
_PAIRS = f"""arrayFilter(pair -> pair.2 != '' AND NOT (pair.1 = '{URL_QUERY}' AND position(pair.2, '=') > 0), arrayConcat(
    [('{SERVICE_NAME}', toString(service)), ('operation', toString(operation))],
    arrayZip(arrayMap(k -> toString(k), mapKeys(attributes)), mapValues(attributes)),
    {INNER_PAIRS},
    arrayZip(arrayMap(k -> toString(k), mapKeys(resource)), mapValues(resource))))"""
# A sample is a range of the hash, not a remainder: where rows are sorted by it, the others are not read.
_ROWS = """(
    SELECT phase, service, %(operation)s AS operation, attributes, resource, toUInt8(%(hit)s) AS hit,
           {every_good:UInt32} AS weight
    FROM %(relation)s
    WHERE phase = 'good' AND %(which)s AND %(place)s < intDiv(%(places)s, {every_good:UInt32})
    UNION ALL
    SELECT phase, service, %(operation)s AS operation, attributes, resource, toUInt8(%(hit)s) AS hit,
           if(hit, {every_hit:UInt32}, {every:UInt32}) AS weight
    FROM %(relation)s
    WHERE phase = 'bad' AND ts >= fromUnixTimestamp64Nano({bad_from:Int64}, 'UTC') AND %(which)s
      AND %(place)s < if(%(hit)s, intDiv(%(places)s, {every_hit:UInt32}), intDiv(%(places)s, {every:UInt32})))"""
_SIZE = """
SELECT countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad, countIf(%(hit)s) AS every_hit,
       countIf(%(hit)s AND phase = 'bad') AS hits
FROM %(relation)s WHERE phase != '' AND %(which)s"""
_KEYS = """
SELECT pair.1 AS key, uniq(pair.2) AS values, count() AS rows, sum(weight) AS n, sumIf(weight, hit) AS hits
FROM (SELECT hit, weight, arrayJoin(%(pairs)s) AS pair FROM %(rows)s)
WHERE NOT match(key, {not_who:String})
GROUP BY key ORDER BY key"""
_LOUDEST = """
SELECT pair.1 AS key, pair.2 AS value, count() AS n
FROM (SELECT arrayJoin(%(pairs)s) AS pair FROM %(rows)s WHERE hit AND phase = 'bad')
WHERE key IN {ids:Array(String)} GROUP BY key, value HAVING n >= {least:UInt32} ORDER BY key, n DESC, value"""
_LEAVES = """
SELECT %(values)s, sumIf(weight, phase = 'bad') AS requests, sumIf(weight, hit AND phase = 'bad') AS failed,
       sumIf(weight, phase = 'good') AS requests_before, sumIf(weight, hit AND phase = 'good') AS failed_before
FROM %(rows)s GROUP BY %(names)s ORDER BY %(names)s"""

_PEOPLE = """
SELECT %(named)s FROM (SELECT *, %(operation)s AS operation FROM %(relation)s)
WHERE %(which)s AND %(hit)s AND user != ''"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows there are in each window, and how many of them are hit."""

    good: int
    bad: int
    every_hit: int
    hits: int

    @classmethod
    def of_failed(cls, parts: Sequence[Compared]) -> "Size":
        """That of requests that were compared, those that failed being hit."""
        whole = together(parts)
        good, bad = whole.good, whole.bad
        return cls(*map(int, (good.requests, bad.requests, good.failed + bad.failed, bad.failed)))

    def sample(self, most: int) -> dict[str, int]:
        """Of each kind of row one in so many, so that no kind has more than some."""
        misses = self.bad - self.hits
        return {
            "every_good": 1 + self.good // most, "every_hit": 1 + self.hits // most, "every": 1 + misses // most,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows to search: a relation, which of its rows, and what counts as being hit."""

    relation: str
    operation: str  # the column that names the operation
    which: str
    hit: str
    parameters: dict[str, Any]
    missing: float = 0.0  # > 0: what affects is traffic that does not come; seconds bad per seconds good
    size: Size | None = None  # where the rows were counted already

    def sql(self, template: str, **parts: str) -> str:
        """A template with this asked in it."""
        own = self.relation == "lg_lines"  # many lines of one request, or of none
        words = {
            "relation": self.relation,
            "operation": self.operation,
            "which": self.which,
            "hit": self.hit,
            "place": "toUInt16(cityHash64(ts, trace_id))" if own else "trace_hash",
            "places": str(TRACE_HASHES),
        }
        return template % {**words, "pairs": _PAIRS, "rows": _ROWS % words, **parts}


def slow_requests(
    relation: str, operation: str, which: str, parts: tuple[Compared, ...], parameters: dict[str, Any]
) -> Asked:
    """Rows that are slower than nineteen in twenty of the same operation's good ones."""
    usual = {
        f"{service}\n{name}": shift.good
        for part in parts
        for service, name in part.places
        for shift in part.shifts()
        if shift.quantile == SLOW_QUANTILE
    }
    hit = (
        f"duration_ns > transform(concat(service, '\\n', {operation}), "
        "{places:Array(String)}, {limits:Array(Float64)}, inf)"
    )
    bound = {**parameters, "places": list(usual) or [""], "limits": list(usual.values()) or [float("inf")]}
    return Asked(relation, operation, which, hit, bound)


@dataclass(frozen=True, slots=True)
class Coded:
    """An attribute's value in each row: a code, by the order of the values."""

    codes: np.ndarray[Any, np.dtype[np.int64]]  # NOT_A_VALUE where absent
    values: tuple[str, ...]

    @property
    def varies(self) -> bool:
        """Whether rows can be distinguished by it."""
        return len(self.values) > 1 or bool((self.codes == NOT_A_VALUE).any() and self.values)


@dataclass(frozen=True, slots=True)
class Carried:
    """Rows by the values of every attribute that may say who is affected; no rows when too little fails."""

    values: dict[str, Coded]  # of the attributes that tell rows apart
    counts: Counts  # by row
    scale: int  # what one of them stands for, being sampled
    failed: float
    requests: float
    rows: Rows | None

    @property
    def tested(self) -> tuple[str, ...]:
        """The attributes, without those that cannot be tested."""
        untestable = set(self.untestable)
        return tuple(key for key in self.values if key not in untestable)

    @property
    def untestable(self) -> tuple[str, ...]:
        """The attributes that hardly any failing row carries, while others do: they say nothing of what fails."""
        counts = self.counts
        rest = np.maximum(counts.requests - counts.failed, 0.0)
        on = {key: one.codes != NOT_A_VALUE for key, one in self.values.items()}
        extra, others = counts.beyond_usual(), float(rest.sum())
        if extra <= 0 or not others:
            return ()
        return tuple(
            key
            for key, rows in on.items()
            if counts.only(rows).beyond_usual() / extra < NEVER_ON_FAILING * float(rest[rows].sum()) / others
        )


def read(case: Case, asked: Asked, fewest: int) -> Carried:
    """What the rows asked about carry, unless fewer fail than some."""
    window = case.comparison.hull if case.comparison else None
    size = asked.size or Size(**case.query(asked.sql(_SIZE), window=window, **asked.parameters).dicts()[0])
    none = Carried({}, Counts(*np.zeros((4, 0))), 1, size.hits, size.bad, None)
    if not asked.missing and size.hits < fewest:
        return none
    few = {**asked.parameters, **size.sample(ROWS_FOR_KEYS)}
    seen = case.query(asked.sql(_KEYS), window=window, not_who=NOT_WHO, **few)
    keys, ids = _keys(seen, size)
    many = {**asked.parameters, **size.sample(ROWS_SAMPLED)}
    loud = _loudest(case, asked, ids, size, many)
    if not keys and not loud:
        return none
    every = sorted([*keys, *loud])
    rows = case.query(_leaves_sql(asked, every, loud), window=window, **_named(every, loud), **many)
    counts, scale = _counts(rows, asked.missing, size.sample(ROWS_SAMPLED))
    values = {key: one for key, one in zip(every, _coded(rows, len(every)), strict=True) if one.varies}
    failed, requests = scale * float(counts.failed.sum()), scale * float(counts.requests.sum())
    return Carried(values, counts, scale, failed, requests, rows)


def _keys(rows: Rows, size: Size) -> tuple[list[str], list[str]]:
    """Attributes that may say who is affected, and those of them that are ids.

    No descriptions of the failure, and none that all share.
    """
    n, hits = size.good + size.bad, size.every_hit
    keys: list[str] = []
    ids: list[str] = []
    found = rows.dicts()
    parameters = sorted(
        (row for row in found if row["key"].startswith(PARAMETER)), key=lambda row: (-row["n"], row["key"])
    )
    rare = {row["key"] for row in parameters[QUERY_PARAMETERS:]}
    for row in found:
        unique = row["values"] > DISTINCT_MOST or (
            row["values"] > UNIQUE_LEAST and row["values"] > UNIQUE_SHARE * row["rows"]
        )
        tied = row["hits"] >= TIED_TO_FAILING * row["n"] and row["hits"] >= TIED_TO_FAILING * hits > 0
        shared = row["values"] == 1 and row["n"] >= ON_NEARLY_ALL * n
        if not tied and not shared and row["key"] not in rare:
            (ids if unique else keys).append(row["key"])
    return keys, ids


def _loudest(
    case: Case, asked: Asked, ids: list[str], size: Size, sample: dict[str, Any]
) -> dict[str, list[str]]:
    """Of every id that has some, the values that hold a real part of the failures: by them, not by traffic."""
    if not ids or asked.missing:
        return {}
    least = max(SINGLE_FAILURES, ceil(SINGLE_SHARE * size.hits / sample["every_hit"]))
    window = case.comparison.bad if case.comparison else None
    found: dict[str, list[str]] = {}
    for row in case.query(asked.sql(_LOUDEST), window=window, ids=ids, least=least, **sample).dicts():
        found.setdefault(row["key"], []).append(row["value"])
    return found


def _leaves_sql(asked: Asked, keys: list[str], loud: Iterable[str]) -> str:
    values = []
    for i, key in enumerate(keys):
        value = _value(key, f"k{i}")
        values.append(f"if({value} IN {{loud{i}:Array(String)}}, {value}, '')" if key in loud else value)
    return asked.sql(
        _LEAVES,
        values=", ".join(f"toString({value}) AS v{i}" for i, value in enumerate(values)),
        names=", ".join(f"v{i}" for i in range(len(keys))),
    )


def _named(keys: list[str], loud: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    named: dict[str, str | list[str]] = {
        f"k{i}": key for i, key in enumerate(keys) if key not in {SERVICE_NAME, "operation"}
    }
    return {**named, **{f"loud{keys.index(key)}": values for key, values in loud.items()}}


def _coded(rows: Rows, many: int) -> Iterator[Coded]:
    for i in range(many):
        column = rows.table[f"v{i}"].combine_chunks().dictionary_encode()
        known = column.dictionary.to_pylist()
        order = sorted(range(len(known)), key=known.__getitem__)
        values = [known[at] for at in order if known[at]]
        place = np.full(len(known), NOT_A_VALUE, np.int64)
        place[[at for at in order if known[at]]] = np.arange(len(values))
        yield Coded(place[column.indices.to_numpy()], tuple(values))


def people(case: Case, asked: Asked, wheres: Sequence[Mapping[str, str]]) -> list[int]:
    """How many named users are hit in each description, and in all at last; zeros where no user is named."""
    if case.comparison is None:
        return [0] * (len(wheres) + 1)
    tests, bound = [], dict(asked.parameters)
    for i, where in enumerate(wheres):
        words = []
        for j, (key, value) in enumerate(where.items()):
            bound |= {f"k{i}_{j}": key, f"v{i}_{j}": value}
            words.append(f"{_value(key, f'k{i}_{j}')} = {{v{i}_{j}:String}}")
        tests.append(" AND ".join(words))
    named = [f"uniqExactIf(user, {test}) AS n{i}" for i, test in enumerate((*tests, "1"))]
    sql = asked.sql(_PEOPLE, named=", ".join(named))
    (row,) = case.query(sql, window=case.comparison.bad, **bound).dicts()
    return [int(row[f"n{i}"]) for i in range(len(named))]


def _value(key: str, parameter: str) -> str:
    """SQL for the value of an attribute whose name is bound to a parameter."""
    own = {SERVICE_NAME: "service", "operation": "operation"}
    return own.get(key) or value_sql(key, parameter)


def most_telling(carried: Carried) -> tuple[Leaves, dict[str, tuple[str, ...]]]:
    """Rows to search by the most telling attributes, and the values of those.

    A value that hardly fails describes no failures: it is not distinguished.
    """
    values, counts = carried.values, carried.counts
    scores, searched = {}, {}
    for key, one in values.items():
        failing = np.bincount(one.codes + 1, counts.failed, len(one.values) + 1)[1:] >= FAIL_ALONE
        fails = np.concatenate([[False], failing])[one.codes + 1]
        codes = np.where(fails, one.codes, NOT_A_VALUE)
        best = search(Leaves(codes[:, None], counts), depth=1, causes=1)
        scores[key], searched[key] = (best[0].score if best else 0.0), codes
    chosen = sorted(values, key=lambda key: (-scores[key], len(values[key].values), key))[
        :ATTRIBUTES_TOGETHER
    ]
    # Of descriptions of the same rows, the coarser attribute comes first; what the operation fixes is no choice of users.
    fixed = {key for key in chosen if _fixed_by_operation(key, values, counts.requests)}
    chosen.sort(key=lambda key: (key in fixed, len(values[key].values), key))
    matrix = np.column_stack([searched[key] for key in chosen]) if chosen else np.zeros((0, 0), np.int64)
    return Leaves(matrix, counts), {key: values[key].values for key in chosen}


def of_route(carried: Carried) -> frozenset[str]:
    """The attributes that tell no two requests of one route apart: the route itself, and what it fixes, as its method."""
    fixed = {
        key for key in carried.values if _fixed_by_operation(key, carried.values, carried.counts.requests)
    }
    return frozenset({SERVICE_NAME, "operation", *fixed})


def _of_many(name: str) -> str:
    """What instances are called alike: the name without its number or address."""
    return name.rstrip("0123456789.:-_")


def _fixed_by_operation(key: str, values: Mapping[str, Coded], requests: Floats) -> bool:
    """Whether nearly all requests of each operation have one value of an attribute, as a route has one method.

    Where no operation is known, who answers stands for it: another service does not do the same.
    """
    if key in {SERVICE_NAME, "operation"}:
        return False
    if "operation" not in values or len(values["operation"].values) < 2:
        return key in _ANSWERERS and len({_of_many(value) for value in values[key].values}) > 1
    operations, codes = values["operation"], values[key]
    size = len(codes.values) + 1
    pairs = np.bincount(
        (operations.codes + 1) * size + codes.codes + 1, requests, (len(operations.values) + 1) * size
    )
    return float(pairs.reshape(-1, size).max(axis=1).sum()) >= ROUTE_SHARES * float(requests.sum())


def _counts(rows: Rows, missing: float, sample: dict[str, int]) -> tuple[Counts, int]:
    """The counts, and what one of now stands for: rows that stand for many are evidence of one each."""
    columns = {
        name: rows.column(name).astype(np.float64)
        for name in ("failed", "requests", "failed_before", "requests_before")
    }
    if missing:
        scale = max(sample["every"], sample["every_good"])
        return _as_missing(Counts(**{name: one / scale for name, one in columns.items()}), missing), scale
    now, before = sample["every_hit"], sample["every_good"]
    return Counts(
        columns["failed"] / now,
        columns["requests"] / now,
        columns["failed_before"] / before,
        columns["requests_before"] / before,
    ), now


def _as_missing(counts: Counts, ratio: float) -> Counts:
    """Requests that did not come as failures of those that should have."""
    wanted = counts.requests_before * ratio
    nothing = np.zeros(len(wanted))
    return Counts(np.maximum(wanted - counts.requests, 0.0), wanted, nothing, wanted)
