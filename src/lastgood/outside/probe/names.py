"""DNS: every configured resolver is asked for a name, and what the machine itself would take."""

import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from lastgood.errors import UsageError
from lastgood.model.probe_report import Resolved

SYSTEM = "this machine"
_PORT = 53


def resolved(name: str, resolvers: Sequence[str], seconds: float) -> tuple[Resolved, ...]:
    """What each resolver answers; those that the machine is configured with where none is named.

    Raises:
        UsageError: a resolver is not an address, or the name is none.
    """
    places = [_place(one) for one in resolvers] or [(one, _PORT) for one in configured()]
    with ThreadPoolExecutor(8, thread_name_prefix="lastgood-dns") as pool:
        asked = [pool.submit(_asked, name, place, seconds) for place in places]
        found = [one.result() for one in asked]
    return (*found, *(() if resolvers else (_system(name, seconds),)))


def configured() -> list[str]:
    """The resolvers of this machine; none where it has none."""
    try:
        return [str(one) for one in dns.resolver.Resolver().nameservers]
    except dns.resolver.NoResolverConfiguration:
        return []


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "")
    host = host or text
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        return host, int(port or _PORT)
    except (OSError, ValueError) as problem:
        raise UsageError(
            f"{text!r} is not the address of a resolver.", hint="Write it as 192.0.2.53 or 192.0.2.53:5353."
        ) from problem


def _asked(name: str, place: tuple[str, int], seconds: float) -> Resolved:
    """Both kinds of addresses from one resolver."""
    started = perf_counter()
    shown = place[0] if place[1] == _PORT else f"{place[0]}:{place[1]}"
    addresses: list[str] = []
    ttls: list[int] = []
    problems: list[str] = []
    for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
        try:
            for address, ttl in _answers(name, kind, place, seconds):
                addresses.append(address)
                ttls.append(ttl)
        except dns.exception.Timeout:
            problems.append("no answer in time")
        except (dns.exception.DNSException, OSError, ValueError) as failed:
            problems.append(str(failed) or type(failed).__name__)
        if problems:
            break
    problem = problems[0] if problems else "" if addresses else "no address"
    return Resolved(
        shown, tuple(sorted(addresses)), min(ttls, default=None), problem, perf_counter() - started
    )


def _answers(
    name: str, kind: dns.rdatatype.RdataType, place: tuple[str, int], seconds: float
) -> Iterator[tuple[str, int]]:
    question = dns.message.make_query(dns.name.from_text(name), kind)
    answer, _ = dns.query.udp_with_fallback(question, place[0], timeout=seconds, port=place[1])
    if answer.rcode() != dns.rcode.NOERROR:
        raise ValueError(dns.rcode.to_text(answer.rcode()))
    if not isinstance(answer, dns.message.QueryMessage):
        raise ValueError("the reply is not one to a question")  # noqa: TRY004 - as any other bad reply
    found = answer.resolve_chaining()
    for one in found.answer or ():
        yield str(one.address), found.minimum_ttl


def _system(name: str, seconds: float) -> Resolved:
    """What the machine's own look-up gives, with its hosts file; it knows no time-out, so it is waited for beside."""
    started = perf_counter()
    pool = ThreadPoolExecutor(1, thread_name_prefix="lastgood-dns")
    asked = pool.submit(socket.getaddrinfo, name, None, type=socket.SOCK_STREAM)
    try:
        found = {str(one[4][0]) for one in asked.result(seconds)}
        problem = ""
    except TimeoutError:
        found, problem = set(), "no answer in time"
    except OSError as failed:
        found, problem = set(), failed.strerror or str(failed)
    pool.shutdown(wait=False)
    return Resolved(SYSTEM, tuple(sorted(found)), None, problem, perf_counter() - started)
