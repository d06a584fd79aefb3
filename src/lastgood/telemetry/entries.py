"""Entries: where each request is counted that several places wrote down, and the SQL that counts it there alone.

A proxy's access log and the log or the spans of the service behind it report the same requests. They are counted
where users come in: that shows what users got, and failures that the service never saw. What the service says of
them, its attributes and the user, is added by the id that both wrote. Where no id ties them and the service says more
than the proxy, they are counted at the service, and at the proxy only what it answered by itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lastgood.algorithms.fronting import NEARLY_ALL, Front
from lastgood.model.attributes import ANSWERED_BY

SPANS = "\tspans"  # after the name of a service: the place that its spans are
INNERS = 3  # places behind, whose attributes are added
TRACE = "trace_id"  # as the name of an id: that of the trace
# Of a traceparent the trace, of a UUID the digits.
SHORT = "lower(replaceAll(if(match({0}, '^[0-9a-fA-F]+-[0-9a-fA-F]+-[0-9a-fA-F]+-[0-9a-fA-F]+$'), splitByChar('-', {0})[2], {0}), '-', ''))"
_WHOLE = re.compile(r"\b(attributes|resource|user)\b|\*[^()]*\bFROM\s+lg_requests\b")
_PREFIX = "transform(service, {front_prefixed:Array(String)}, {front_prefixes:Array(String)}, '')"
_INSTEAD = "transform(service, {front_prefixed:Array(String)}, {front_instead:Array(String)}, '')"
_RENAMED = (
    f"if(user != '' AND service IN {{front_prefixed:Array(String)}} AND startsWith(user, {_PREFIX}), "
    f"concat({_INSTEAD}, substring(user, 1 + length({_PREFIX}))), '')"
)
_COLUMNS = (
    "ts", "trace_id", "service", "operation", "method", "failed", "http_status", "duration_ns", "instance", "version", "user",
    "trace_hash", "attributes", "resource", "phase",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entries:
    """Which places stand in front of which; nothing where every request is at one place only."""

    fronts: tuple[Front, ...] = ()
    also: frozenset[str] = frozenset()  # proxies with requests of their own, far more than there are spans
    unread: bool = False  # it took too long to look
    named_inside: frozenset[str] = frozenset()  # outer places whose users the inner ones name
    named_elsewhere: Mapping[str, str] = field(
        default_factory=dict
    )  # places whose users are counted at others only

    prefixes: Mapping[str, tuple[str, str]] = field(
        default_factory=dict
    )  # of users' names: at such a place, and there

    def __bool__(self) -> bool:
        return bool(self.fronts or self.also or self.named_elsewhere or self.unread)

    @property
    def beside_spans(self) -> frozenset[str]:
        """Services whose access lines are counted, there being spans too."""
        found = {one.outer for one in self.fronts if one.inner.endswith(SPANS)} | self.also
        while more := {one.outer for one in self.fronts if one.inner in found} - found:
            found |= more
        return frozenset(found)

    @property
    def behind(self) -> frozenset[str]:
        """Services whose requests are counted elsewhere, or may be."""
        return frozenset(_service(one.outer if one.counted_inside else one.inner) for one in self.fronts)

    @property
    def parameters(self) -> dict[str, Any]:
        """What the SQL binds."""
        keys = self._keys()
        bound: dict[str, Any] = {
            "front_places": [*keys, ""],
            "front_keys": [*keys.values(), ""],
            "front_lines": sorted(self.beside_spans),
            "front_named_inside": sorted(self.named_inside),
            "front_named_elsewhere": sorted(self.named_elsewhere),
            "front_for": [*self._for(), ""],
            "front_whose": [*self._for().values(), ""],
            "front_prefixed": [*self.prefixes, ""],
            "front_prefixes": [*(theirs for theirs, _ in self.prefixes.values()), ""],
            "front_instead": [*(instead for _, instead in self.prefixes.values()), ""],
            "front_behind": self._behind(spans=False),
            "front_spans_behind": self._behind(spans=True),
            "front_kinds": ["requests"] * len(self.fronts)
            + ["users"] * len(self.named_elsewhere)
            + ["unread"] * self.unread,
            "front_outers": [*(one.outer for one in self.fronts), *self.named_elsewhere, *[""] * self.unread],
            "front_inners": [
                *(one.inner for one in self.fronts),
                *self.named_elsewhere.values(),
                *[""] * self.unread,
            ],
            "front_counted": [
                *(one.inner if one.counted_inside else one.outer for one in self.fronts),
                *self.named_elsewhere.values(),
                *[""] * self.unread,
            ],
        }
        for at, (inner, outers) in enumerate(self._partly().items()):
            bound |= {f"front_inner_{at}": _service(inner), f"front_outers_{at}": outers}
        for at, (outer, own) in enumerate(self._inside().items()):
            bound |= {f"front_outside_{at}": outer, f"front_own_{at}": list(own)}
            bound[f"front_alike_{at}"] = self._alike(outer)
        for at, inner in enumerate(self._adding()):
            bound[f"front_adds_{at}"] = _service(inner)
        return bound

    def requests(self, lines: str, spans: str | None, *, whole: bool) -> str:
        """The relation of requests: of access lines, and of spans beside them where they are counted too.

        `whole` adds what those behind say of a request; without it nothing is joined.
        """
        rows = self._kept(lines, of_spans=False)
        if spans is not None:
            theirs = self._kept(spans, of_spans=True, lines=lines)
            chosen = ", ".join((*_COLUMNS, "h"))
            rows = f"SELECT {chosen} FROM ({rows}) WHERE service IN {{front_lines:Array(String)}} UNION ALL SELECT {chosen} FROM ({theirs})"
        adding = self._adding()
        if whole and adding:
            return self._joined(rows, lines, spans, adding)
        return f"SELECT {', '.join(_COLUMNS)} FROM ({rows})"

    def _kept(self, served: str, *, of_spans: bool, lines: str | None = None) -> str:
        """The rows that are counted, with their ids."""
        behind = "front_spans_behind" if of_spans else "front_behind"
        tests = [f"service NOT IN {{{behind}:Array(String)}}"]
        for at, inner in enumerate(self._partly()):
            if inner.endswith(SPANS) == of_spans:
                known = f"SELECT h FROM ({_identified(lines or served)}) WHERE service IN {{front_outers_{at}:Array(String)}} AND h != 0"
                tests.append(f"NOT (service = {{front_inner_{at}:String}} AND h GLOBAL IN ({known}))")
        if not of_spans:
            tests += [
                f"NOT (service = {{front_outside_{at}:String}} AND http_status NOT IN {{front_own_{at}:Array(UInt16)}})"
                for at in range(len(self._inside()))
            ]
        needed = self._partly() or self._adding()
        rows = (
            _identified(served, of_spans=of_spans)
            if needed
            else f"SELECT *, toUInt64(0) AS h FROM ({served})"
        )
        user = f"if(service IN {{front_named_elsewhere:Array(String)}}, {_RENAMED}, user) AS user"
        kept = f"SELECT * REPLACE({', '.join((user, *self._comparable(of_spans=of_spans)))}) FROM ({rows}) WHERE {' AND '.join(tests)}"
        if of_spans or not self._for():
            return kept
        # What a proxy answered for the one behind it fails there for whoever asks.
        whose = (
            "transform(service, {front_for:Array(String)}, {front_whose:Array(String)}, service) AS service"
        )
        return f"SELECT * REPLACE({whose}) FROM ({kept})"

    def _comparable(self, *, of_spans: bool) -> Iterator[str]:
        """The columns that describe a request, where only failures of an outer place are counted.

        What only that place writes is then said of failures alone, and would look like a description of them.
        """
        many = len(self._inside())
        if of_spans or not many:
            return
        outside = " OR ".join(f"service = {{front_outside_{at}:String}}" for at in range(many))
        kept = "".join(
            f"service = {{front_outside_{at}:String}}, mapUpdate(mapFilter((name, value) -> "
            f"has({{front_alike_{at}:Array(String)}}, name), attributes), map('{ANSWERED_BY}', service)), "
            for at in range(many)
        )
        yield f"multiIf({kept}attributes) AS attributes"
        yield f"if({outside}, mapFilter((name, value) -> 0, resource), resource) AS resource"
        yield from (f"if({outside}, '', {column}) AS {column}" for column in ("instance", "version"))

    def _joined(self, rows: str, lines: str, spans: str | None, adding: Sequence[str]) -> str:
        """Rows with what those behind say of the same request, the place with most requests before others."""
        joins, merged = [], {}
        for at, inner in enumerate(adding):
            served, of_spans = (spans, True) if inner.endswith(SPANS) and spans else (lines, False)
            theirs = (
                f"SELECT h, attributes, resource, user FROM ({_identified(served, of_spans=of_spans)}) "
                f"WHERE service = {{front_adds_{at}:String}} AND h != 0"
            )
            joins.append(f"GLOBAL ANY LEFT JOIN ({theirs}) AS b{at} ON k.h = b{at}.h")
        for name in ("attributes", "resource"):
            inside = f"b{len(adding) - 1}.{name}"
            for at in reversed(range(len(adding) - 1)):
                inside = f"mapUpdate({inside}, b{at}.{name})"
            merged[name] = f"mapUpdate({inside}, k.{name})"
        user = "coalesce(" + ", ".join(f"nullIf(b{at}.user, '')" for at in range(len(adding))) + ", '')"
        merged["user"] = (
            "multiIf(k.service IN {front_named_elsewhere:Array(String)}, '', "
            f"k.service IN {{front_named_inside:Array(String)}}, {user}, k.user)"
        )
        columns = ", ".join(f"{merged.get(column, f'k.{column}')} AS {column}" for column in _COLUMNS)
        return f"SELECT {columns} FROM ({rows}) AS k {' '.join(joins)}"

    def _keys(self) -> dict[str, str]:
        """The name of the id at each place of lines; the first where there are several."""
        keys: dict[str, str] = {}
        for one in self.fronts:
            for place, key in ((one.outer, one.outer_id), (one.inner, one.inner_id)):
                if key and not place.endswith(SPANS):
                    keys.setdefault(place, key)
        return keys

    def _tied(self, one: Front) -> bool:
        """Whether the ids of a link are those that are read at both of its places."""
        keys = self._keys()
        return one.outer_id is not None and all(
            place.endswith(SPANS) or keys[place] == key
            for place, key in ((one.outer, one.outer_id), (one.inner, one.inner_id))
        )

    def _behind(self, *, spans: bool) -> list[str]:
        partly = self._partly()
        return sorted(
            {
                _service(one.inner)
                for one in self.fronts
                if not one.counted_inside and one.inner not in partly and one.inner.endswith(SPANS) == spans
            }
        )

    def _partly(self) -> dict[str, list[str]]:
        """Places that have requests of their own beside those of others, and who stands in front of them."""
        found: dict[str, list[str]] = {}
        for one in self.fronts:
            if one.covered < NEARLY_ALL and self._tied(one):
                found.setdefault(one.inner, []).append(one.outer)
        return found

    def _inside(self) -> dict[str, tuple[int, ...]]:
        return {one.outer: one.own for one in self.fronts if one.counted_inside}

    def _alike(self, outer: str) -> list[str]:
        """The attributes that an outer place has in common with all behind it."""
        sets = [set(one.alike) for one in self.fronts if one.counted_inside and one.outer == outer]
        return sorted(set.intersection(*sets))

    def _for(self) -> dict[str, str]:
        """Places of which only what they answered by themselves is counted, with the one that they stand in front of."""
        inners: dict[str, list[str]] = {}
        for one in self.fronts:
            if one.counted_inside:
                inners.setdefault(one.outer, []).append(one.inner)
        return {outer: behind[0] for outer, behind in inners.items() if len(behind) == 1}

    def _adding(self) -> list[str]:
        """The places whose attributes are added."""
        return list(dict.fromkeys(one.inner for one in self.fronts if one.one_each and self._tied(one)))[
            :INNERS
        ]


def _service(place: str) -> str:
    return place.removesuffix(SPANS)


def _identified(served: str, *, of_spans: bool = False) -> str:
    """Rows with the hash of their id, 0 where there is none."""
    key = "transform(service, {front_places:Array(String)}, {front_keys:Array(String)}, '')"
    raw = TRACE if of_spans else f"if({key} = '{TRACE}', trace_id, attributes[{key}])"
    return f"SELECT *, if(raw = '', 0, cityHash64({SHORT.format('raw')})) AS h FROM (SELECT *, {raw} AS raw FROM ({served}))"


def needs_whole(sql: str) -> bool:
    """Whether a query of requests reads what those behind add to them."""
    return _WHOLE.search(sql) is not None


def notes(kinds: Iterable[str]) -> str:
    """The SQL of the relation that says who stands in front of whom."""
    columns = ", ".join(f"pair.{at} AS {name}" for at, name in enumerate(kinds, 1))
    return (
        f"SELECT {columns} FROM (SELECT arrayJoin(arrayZip({{front_kinds:Array(String)}}, {{front_outers:Array(String)}}, "
        "{front_inners:Array(String)}, {front_counted:Array(String)})) AS pair)"
    )
