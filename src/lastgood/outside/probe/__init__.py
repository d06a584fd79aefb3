"""Probing an address of HTTP from here: DNS by each resolver, then every IP address apart, layer by layer."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic, perf_counter

from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import UsageError
from lastgood.model.probe_report import Attempt, Certificate, Exchange, Hop, Place, ProbeReport, Resolved
from lastgood.outside.probe import http1, http2
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.names import resolved
from lastgood.outside.probe.origin import compared
from lastgood.outside.probe.remote import seen_from
from lastgood.outside.probe.target import Target, is_link_local, is_private, origin_of, target_of
from lastgood.outside.probe.verdict import LOOP, from_elsewhere, judged, notes
from lastgood.outside.probe.wire import Wire, certificate_of, connected, reason, secured, tls_problem

PRIVATE = "a private address"
LATE = "no time was left"
_ANSWERED = frozenset({Place.NONE, Place.EDGE, Place.ORIGIN, Place.INCONCLUSIVE, Place.REDIRECTS})
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to probe: resolvers and addresses in place of those of the machine and of DNS."""

    url: str
    resolvers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()  # that ask as well, over ssh
    origin: str = ""  # IP or IP:PORT of the server behind the edge, to compare with


def probe(asked: Asked, limits: Limits, now: datetime) -> ProbeReport:
    """What was seen, and where the fault is.

    Raises:
        UsageError: it is no URL, or all its addresses are private and that was not allowed.
    """
    end = monotonic() + limits.whole_seconds
    target = target_of(asked.url)
    answers = (
        ()
        if target.literal or asked.addresses
        else resolved(target.host, asked.resolvers, limits.step_seconds)
    )
    addresses = asked.addresses or _addresses(target, answers)
    allowed = [one for one in addresses if limits.allow_private or not is_private(one)]
    if addresses and not allowed:
        raise UsageError(
            f"{target.host} has only private addresses, and those are not probed.",
            hint="If you mean a machine of your own network, add --allow-private.",
        )
    attempts = [_attempt(target, one, limits, end) for one in allowed[: limits.addresses]]
    attempts += [Attempt(one, not_tried=PRIVATE) for one in addresses if one not in allowed]
    attempts += [
        Attempt(one, not_tried=f"only {limits.addresses} addresses are probed")
        for one in allowed[limits.addresses :]
    ]
    hops = _followed(target, asked, attempts, limits, end)
    place, because = judged(answers, attempts, hops)
    report = ProbeReport(
        str(target), now, tuple(answers), tuple(attempts), hops, place, because, notes(answers, attempts, now)
    )
    if asked.hosts:
        report = _from_elsewhere(report, target, asked.hosts, limits)
    return _beside_origin(report, target, asked.origin, limits) if asked.origin else report


def _from_elsewhere(report: ProbeReport, target: Target, hosts: Sequence[str], limits: Limits) -> ProbeReport:
    """The report with what other machines see of its first address; a fault that only they see is one."""
    address = next((one.address for one in report.attempts if not one.not_tried), None)
    seen = tuple(seen_from(host, target, address, limits) for host in hosts) if address else ()
    place, because = from_elsewhere(report.place, report.because, seen)
    return replace(report, elsewhere=seen, place=place, because=because)


def _beside_origin(report: ProbeReport, target: Target, origin: str, limits: Limits) -> ProbeReport:
    """The report with the origin's answer to the same request, and what differs; a fault before the answer stays what it is."""
    address, port = origin_of(origin, target.port)
    if is_private(address) and not limits.allow_private:
        raise UsageError(
            f"The origin {address} is a private address, and those are not probed.",
            hint="If you mean a machine of your own network, add --allow-private.",
        )
    first, again = (_over(target, address, limits, "http/1.1", port) for _ in range(2))
    edge = next((one for one in report.attempts if one.exchanges), None)
    found, more = compared(edge, (first, again)) if edge else (None, ())
    place, because = found if found and report.place in _ANSWERED else (report.place, report.because)
    return replace(report, origin=first, place=place, because=because, notes=(*report.notes, *more))


def _addresses(target: Target, answers: Sequence[Resolved]) -> tuple[str, ...]:
    """Every address that any resolver gives, each once."""
    if target.literal:
        return (target.literal,)
    return tuple(dict.fromkeys(one for answer in answers for one in answer.addresses))


def _attempt(target: Target, address: str, limits: Limits, end: float) -> Attempt:
    """One address: over HTTP/1.1, then over HTTP/2 where there is TLS to agree on it."""
    if monotonic() > end:
        return Attempt(address, not_tried=LATE)
    first = _over(target, address, limits, "http/1.1")
    if not target.secure or not first.exchanges or monotonic() > end:
        return first
    second = _over(target, address, limits, "h2")
    return replace(first, exchanges=(*first.exchanges, *second.exchanges))


def _over(target: Target, address: str, limits: Limits, offer: str, port: int = 0) -> Attempt:
    """One connection and one request; `port` where it is not that of the URL."""
    started = perf_counter()
    try:
        wire = connected(address, port or target.port, limits.step_seconds)
    except OSError as problem:
        return Attempt(address, network_problem=reason(problem))
    seen = Attempt(address, connected=perf_counter() - started)
    with closing(wire.sock):
        if not target.secure:
            return replace(seen, exchanges=(_exchange(wire, target, limits, "http/1.1"),))
        started = perf_counter()
        try:
            safe = secured(wire, target, limits, [offer])
        except OSError as problem:
            return replace(
                seen, tls_problem=tls_problem(problem), certificate=_looked_at(target, address, limits)
            )
        with closing(safe.sock):
            return _secure_exchange(
                replace(seen, secured=perf_counter() - started), safe, target, limits, offer
            )


def _secure_exchange(seen: Attempt, safe: Wire, target: Target, limits: Limits, offer: str) -> Attempt:
    agreed = getattr(safe.sock, "selected_alpn_protocol", lambda: None)()
    version = getattr(safe.sock, "version", lambda: "")() or ""
    seen = replace(seen, tls_version=version, certificate=certificate_of(safe))
    if offer == "h2" and agreed != "h2":
        return seen  # it does not speak HTTP/2, which is no fault
    return replace(seen, exchanges=(_exchange(safe, target, limits, offer),))


def _exchange(wire: Wire, target: Target, limits: Limits, offer: str) -> Exchange:
    wire.end = monotonic() + limits.step_seconds
    ask = http2.ask if offer == "h2" else http1.ask
    answer, problem = ask(wire, target, limits)
    if problem and answer.size:  # it answered; only its body did not come to an end
        return answer.exchange("" if problem == "no answer in time" else problem)
    return answer.exchange(problem)


def _looked_at(target: Target, address: str, limits: Limits) -> Certificate | None:
    """The certificate that was refused; None where there is none to see."""
    try:
        wire = connected(address, target.port, limits.step_seconds)
        with closing(wire.sock):
            safe = secured(wire, target, limits, [], check=False)
            with closing(safe.sock):
                return certificate_of(safe)
    except OSError:
        return None


def _followed(
    target: Target, asked: Asked, attempts: Sequence[Attempt], limits: Limits, end: float
) -> tuple[Hop, ...]:
    """The redirects, where an address answered with one: asked for again, step by step."""
    if not any(one.status in _REDIRECTS for attempt in attempts for one in attempt.exchanges):
        return ()
    hops: list[Hop] = []
    seen = {target}
    while len(hops) < limits.redirects and monotonic() < end:
        status, location, problem = _step(target, asked, limits)
        hops.append(Hop(str(target), status, problem))
        if status not in _REDIRECTS or problem:
            return tuple(hops)
        try:
            target = target.after(location)
        except UsageError as refused:
            return (*hops, Hop(redacted(without_secrets(location))[0], None, refused.message))
        if target in seen:
            return (*hops, Hop(str(target), None, LOOP))
        seen.add(target)
    return (*hops, Hop(str(target), None, f"not followed: more than {len(hops)} redirects"))


def _step(target: Target, asked: Asked, limits: Limits) -> tuple[int | None, str, str]:
    """Status, location and problem of one request, to the first address that may be asked."""
    found = () if target.literal else resolved(target.host, asked.resolvers, limits.step_seconds)
    addresses = [
        one
        for one in _addresses(target, found)
        if not is_private(one)
        or (limits.allow_private and not is_link_local(one))  # a server chose it, not a person
    ]
    if not addresses:
        return None, "", f"{target.host} has no address that may be probed"
    try:
        wire = connected(addresses[0], target.port, limits.step_seconds)
    except OSError as problem:
        return None, "", reason(problem)
    with closing(wire.sock):
        try:
            safe = secured(wire, target, limits, ["http/1.1"]) if target.secure else wire
        except OSError as problem:
            return None, "", tls_problem(problem)
        with closing(safe.sock):
            answer, problem_text = http1.ask(safe, target, replace(limits, body_bytes=0))
    return answer.status, answer.location, problem_text
