"""Edge against origin: what a CDN or balancer answers with beside what the server behind it answers with, to the same request.

A fault of the edge alone is a status that the origin does not give, a copy that is older than the origin's, a body kept though the
origin forbids that, or headers that change what a client does. Freshness by RFC 9110 (validators) and 9111 (Age, Cache-Control).
"""

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

from lastgood.model.figures import count, duration
from lastgood.model.probe_report import Attempt, Exchange, Place

_CHANGES = ("content-type", "location")  # what a client does with the answer
_MAY_DIFFER = (
    "cache-control",
    "vary",
    "expires",
    "strict-transport-security",
)  # edges set their own on purpose
_NOT_KEPT = re.compile(r"\b(?:no-store|private)\b", re.IGNORECASE)
_HIT = re.compile(r"\bhit\b", re.IGNORECASE)
_HITS = ("x-cache", "cf-cache-status", "x-vercel-cache", "cache-status")


def compared(
    edge: Attempt, origin: tuple[Attempt, Attempt]
) -> tuple[tuple[Place, str] | None, tuple[str, ...]]:
    """Where the two differ, None where nothing is wrong with either; and what else to know. The origin was asked twice."""
    first, again = (one.exchanges[0] if one.exchanges else None for one in origin)
    seen = edge.exchanges[0] if edge.exchanges else None
    if first is None or first.problem or first.status is None:
        why = (
            origin[0].network_problem
            or origin[0].tls_problem
            or (first.problem if first else "")
            or "no answer"
        )
        return None, (f"the origin {origin[0].address} could not be compared: {why}",)
    if seen is None or seen.status is None:
        return (Place.EDGE, f"the edge gives no answer, the origin status {count(first.status)}"), ()
    notes = tuple(_other_headers(seen, first))
    return _status(seen.status, first.status) or _headers(seen, first) or _copy(seen, first, again), notes


def _status(edge: int, origin: int) -> tuple[Place, str] | None:
    if edge == origin:
        return None
    if edge >= 400 > origin:
        return Place.EDGE, f"the edge answers with status {edge}, the origin with {origin}"
    if origin >= 400 > edge:
        return Place.ORIGIN, f"the origin answers with status {origin}; the edge still with {edge}"
    return None


def _headers(edge: Exchange, origin: Exchange) -> tuple[Place, str] | None:
    here, there = edge.headers or {}, origin.headers or {}
    for name in _CHANGES:
        one, other = (headers.get(name, "").strip().lower() for headers in (here, there))
        if one != other and edge.status == origin.status:
            return Place.EDGE, f"the edge changes {name}: {one or 'none'}, the origin says {other or 'none'}"
    if _NOT_KEPT.search(there.get("cache-control", "")) and _kept(here):
        return Place.EDGE, f"the edge serves a kept copy, and the origin says {there['cache-control']}"
    return None


def _copy(edge: Exchange, origin: Exchange, again: Exchange | None) -> tuple[Place, str] | None:
    """Whether the edge's copy is another one; pages that differ each time tell nothing."""
    here, there = edge.headers or {}, origin.headers or {}
    if edge.status != origin.status or not _kept(here) or edge.digest == origin.digest:
        return None
    age = _age(here, there)
    changed = [_changed(headers) for headers in (here, there)]
    if changed[0] and changed[1] and changed[0] < changed[1]:
        return (
            Place.EDGE,
            f"the edge serves an older copy{age}: of {here['last-modified']}, the origin's is of {there['last-modified']}",
        )
    tags = [_tag(headers) for headers in (here, there)]
    if tags[0] and tags[1] and tags[0] != tags[1]:
        return Place.EDGE, f"the edge serves another copy{age}: ETag {tags[0]}, the origin's is {tags[1]}"
    steady = again is not None and again.digest == origin.digest and origin.ended and edge.ended
    if steady and not (tags[0] and tags[1]):
        return Place.EDGE, f"the edge serves other content than the origin{age}"
    return None


def _age(edge: Mapping[str, str], origin: Mapping[str, str]) -> str:
    """How old the edge's copy is, and whether the origin allows that."""
    age = edge.get("age", "")
    if not age.isdigit():
        return ""
    allowed = re.search(r"s-maxage=(\d+)", origin.get("cache-control", "")) or re.search(
        r"max-age=(\d+)", origin.get("cache-control", "")
    )
    if allowed is None:
        return f", {duration(float(age))} old"
    whether = "only" if int(age) > int(allowed[1]) else "up to"
    return f", {duration(float(age))} old (the origin allows {whether} {duration(float(allowed[1]))})"


def _kept(headers: Mapping[str, str]) -> bool:
    """Whether the answer came from a cache, as it says."""
    age = headers.get("age", "")
    return (age.isdigit() and int(age) > 0) or any(_HIT.search(headers.get(name, "")) for name in _HITS)


def _tag(headers: Mapping[str, str]) -> str:
    """The validator, whether weak or of a compressed form (`W/"x"`, `"x-gzip"`)."""
    return re.sub(r"-(?:gzip|br|zstd)$", "", headers.get("etag", "").removeprefix("W/").strip('"'))


def _changed(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers.get("last-modified", "")).timestamp()
    except ValueError:
        return 0.0


def _other_headers(edge: Exchange, origin: Exchange) -> Iterator[str]:
    here, there = edge.headers or {}, origin.headers or {}
    for name in _MAY_DIFFER:
        if here.get(name, "") != there.get(name, ""):
            yield f"{name} differs: {here.get(name) or 'none'} at the edge, {there.get(name) or 'none'} at the origin"
