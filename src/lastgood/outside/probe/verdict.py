"""Where the fault is, from what was seen of each layer. The first layer that fails is the place; what depends on it is not."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from lastgood.model.figures import count, counted, duration, stamp
from lastgood.model.probe_report import Attempt, Elsewhere, Exchange, Hop, Place, Resolved
from lastgood.outside.probe.names import SYSTEM
from lastgood.outside.probe.target import is_private

LOOP = "a redirect to a page that was already asked for"
SLOW = 2.0  # seconds to the first byte, far above what a person notices
SOON = 14 * 86_400  # seconds before a certificate ends
# Headers that an edge adds (Cloudflare, CloudFront, Fastly, Akamai, Vercel, RFC 9211 Cache-Status, RFC 9110 Via).
_EDGES = frozenset({
    "cf-ray", "cf-cache-status", "x-amz-cf-id", "x-amz-cf-pop", "x-served-by", "x-akamai-request-id", "x-vercel-id",
    "cache-status", "x-cache", "via",
})  # fmt: skip
_BEHIND = {502, 503, 504, *range(520, 528)}  # an edge or balancer says: what is behind me fails


def judged(
    resolved: Sequence[Resolved], attempts: Sequence[Attempt], hops: Sequence[Hop]
) -> tuple[Place, str]:
    """The place of the fault, and why it is there."""
    tried = [one for one in attempts if not one.not_tried]
    if found := _dns(resolved, attempts):
        return found
    if not tried:
        return Place.INCONCLUSIVE, "no address could be tried: raise the time limit"
    faults = {one.address: _fault(one) for one in tried}
    bad = {address: fault for address, fault in faults.items() if fault}
    if bad and len(bad) < len(tried):
        address, (_, why) = next(iter(bad.items()))
        return (
            Place.ONE_ADDRESS,
            f"{counted(len(bad), 'address', 'addresses')} of {count(len(tried))} fails: {address}: {why}",
        )
    if bad:
        place, why = next(iter(bad.values()))
        others = {fault[0] for fault in bad.values()} - {place}
        return (
            (Place.INCONCLUSIVE, f"addresses fail in different layers: {_list(bad)}")
            if others
            else (place, why)
        )
    return _after_all_answered(tried, hops)


def _list(bad: dict[str, tuple[Place, str]]) -> str:
    return ", ".join(f"{address}: {why}" for address, (_, why) in bad.items())


def _dns(resolved: Sequence[Resolved], attempts: Sequence[Attempt]) -> tuple[Place, str] | None:
    failed = [one for one in resolved if one.problem]
    if not failed or _internal(resolved):
        return None
    first = failed[0]
    if len(failed) == len(resolved):
        return Place.DNS, f"no resolver gives an address: {first.resolver}: {first.problem}"
    if any(_fault(one) for one in attempts if not one.not_tried):
        return None  # a fault further on concerns more users
    return (
        Place.DNS,
        f"{count(len(failed))} of {counted(len(resolved), 'resolver')} gives no address: {first.resolver}: {first.problem}",
    )


def _internal(resolved: Sequence[Resolved]) -> bool:
    """Whether only this machine knows the name, as one of its own network: by its hosts file, say."""
    *others, own = resolved
    return (
        own.resolver == SYSTEM
        and bool(own.addresses)
        and all(one.problem for one in others)
        and all(map(is_private, own.addresses))
    )


def _fault(attempt: Attempt) -> tuple[Place, str] | None:
    """What is wrong with one address; None when nothing is, or it cannot be known."""
    if attempt.network_problem:
        return Place.NETWORK, f"no connection: {attempt.network_problem}"
    if attempt.tls_problem:
        return Place.TLS, attempt.tls_problem + _certificate(attempt)
    return _exchange_fault(attempt.exchanges[0]) if attempt.exchanges else None


def _certificate(attempt: Attempt) -> str:
    shown = attempt.certificate
    if shown is None:
        return ""
    return f" (certificate for {', '.join(shown.names[:3]) or shown.subject}, valid until {stamp(shown.not_after)})"


def _exchange_fault(one: Exchange) -> tuple[Place, str] | None:
    status = one.status or 0
    if one.problem:
        return Place.ORIGIN, f"connected, but no good answer: {one.problem}"
    if status >= 400:
        return _status_fault(status, edge=bool(_EDGES & (one.headers or {}).keys()))
    if one.first_byte is not None and one.first_byte >= SLOW:
        return (
            Place.ORIGIN,
            f"the answer's first byte took {duration(one.first_byte)}, though the connection is up",
        )
    return None


def _status_fault(status: int, *, edge: bool) -> tuple[Place, str] | None:
    if status in _BEHIND and edge:
        return Place.ORIGIN, f"the edge answers with status {status}: what is behind it fails"
    if status >= 500:
        return Place.ORIGIN, f"it answers with status {status}"
    if status in {403, 429} and edge:
        return Place.EDGE, f"the edge refuses the request with status {status}"
    if status == 429:
        return Place.ORIGIN, "it answers with status 429: too many requests"
    return None


def _after_all_answered(tried: Sequence[Attempt], hops: Sequence[Hop]) -> tuple[Place, str]:
    """The place when every address answered."""
    second = [one for attempt in tried for one in attempt.exchanges if one.version == "2"]
    broken = next((fault for one in second if (fault := _exchange_fault(one))), None)
    first = tried[0].exchanges[0] if tried[0].exchanges else None
    if broken:
        return Place.PROTOCOL, f"HTTP/1.1 works, HTTP/2 does not: {broken[1]}"
    if hops and (hops[-1].problem or (hops[-1].status or 0) >= 500):
        last = hops[-1]
        return Place.REDIRECTS, f"{last.url}: {last.problem or f'status {last.status}'}"
    status = hops[-1].status if hops else first.status if first else None
    if first and not first.ended:
        return (
            Place.INCONCLUSIVE,
            f"the body did not end within {count(first.size)} bytes and {duration(first.total)}: it may be a stream",
        )
    if status is None or status >= 400:
        return (
            Place.INCONCLUSIVE,
            f"every layer answers, with status {status}: probe a URL that users see fail",
        )
    return (
        Place.NONE,
        f"every layer works from here, status {status}: the fault may be elsewhere, rare, or for some users only",
    )


def from_elsewhere(place: Place, because: str, seen: Sequence[Elsewhere]) -> tuple[Place, str]:
    """The same with what other machines see: where only they fail, or only this one."""
    bad = [one for one in seen if one.layer or (one.status or 0) >= 400]
    good = [one for one in seen if not one.problem and one not in bad]
    if place is Place.NONE and bad:
        first = bad[0]
        what = first.problem or f"status {first.status}"
        return first.layer or Place.EDGE, f"it works from here, not from {first.host}: {what}"
    if place not in {Place.NONE, Place.INCONCLUSIVE} and good:
        return place, f"{because}; from {good[0].host} it works, with status {good[0].status}"
    return place, because


def notes(resolved: Sequence[Resolved], attempts: Sequence[Attempt], now: datetime) -> tuple[str, ...]:
    """What else to know."""
    return tuple(_notes(resolved, attempts, now))


def _notes(resolved: Sequence[Resolved], attempts: Sequence[Attempt], now: datetime) -> Iterator[str]:
    if resolved and any(one.problem for one in resolved) and _internal(resolved):
        yield "only this machine resolves the name: by its hosts file, or a resolver of its network"
    answers = {one.addresses for one in resolved if not one.problem}
    if len(answers) > 1:
        yield "resolvers give different addresses: usual with a CDN, or a change of DNS that is not everywhere yet"
    statuses = {one.status for attempt in attempts for one in attempt.exchanges if one.status}
    if len(statuses) > 1:
        yield f"statuses differ: {', '.join(map(str, sorted(statuses)))}"
    ends = [one.certificate.not_after for one in attempts if one.certificate]
    if ends and 0 <= (left := (min(ends) - now).total_seconds()) < SOON:
        yield f"the certificate ends in {duration(left)}"
    for one in attempts:
        if one.not_tried:
            yield f"{one.address} was not tried: {one.not_tried}"
