"""Probes of real servers on loopback: each fault is found in its layer."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest

from lastgood.errors import UsageError
from lastgood.model.probe_report import Place, ProbeReport
from lastgood.outside.probe import Asked, probe
from lastgood.outside.probe.limits import Limits
from sites import OK, Authority, authority, nameserver, says, site, speaks_http2

LIMITS = Limits(step_seconds=3, whole_seconds=20, allow_private=True)
NOW = datetime.now(UTC)  # noqa: TID251 - certificates are checked by the system's clock
SHORT = Limits(step_seconds=0.4, whole_seconds=5, body_bytes=100_000, allow_private=True)
NAME = "shop.test"


def looked(url: str, limits: Limits = LIMITS, *resolvers: str) -> ProbeReport:
    """What a probe sees; it ends within its limits."""
    started = perf_counter()
    report = probe(Asked(url, resolvers), limits, NOW)
    assert perf_counter() - started < limits.whole_seconds + 2 * limits.step_seconds
    assert report.because
    return report


@pytest.fixture
def ca(tmp_path: Path) -> Authority:
    """An authority that the probe is configured to trust."""
    return authority(tmp_path)


def trusting(ca: Authority) -> Limits:
    """Limits with it."""
    return Limits(step_seconds=3, whole_seconds=20, allow_private=True, ca_file=ca.file)


def test_a_site_that_works_has_no_fault() -> None:
    """Times of each phase, status and the headers about caches; nothing of the body."""
    with site(says(OK)) as port:
        report = looked(f"http://127.0.0.1:{port}/")
    (answer,) = report.attempts[0].exchanges

    assert Place.NONE is report.place
    assert (200, 2, True, "") == (answer.status, answer.size, answer.ended, answer.body)
    assert {"cache-control": "max-age=60", "content-length": "2"} == answer.headers
    assert 0 < (report.attempts[0].connected or 0) < 3
    assert 0 < (answer.first_byte or 0) <= answer.total


def test_both_versions_of_http_are_asked_over_tls(ca: Authority) -> None:
    """With version, names and chain of the certificate, and a word when it ends soon."""
    tls = ca.context(NAME, days=5, alpn=("h2", "http/1.1"))
    with (
        site(says(OK), tls=tls, second=speaks_http2("200")) as port,
        nameserver({NAME: ("127.0.0.1",)}) as resolver,
    ):
        report = looked(f"https://{NAME}:{port}/", trusting(ca), resolver)
    (one,) = report.attempts
    assert one.certificate

    assert Place.NONE is report.place
    assert [("1.1", 200), ("2", 200)] == [(e.version, e.status) for e in one.exchanges]
    assert ("TLSv1.3", (NAME,), "Test CA") == (one.tls_version, one.certificate.names, one.certificate.issuer)
    assert any("the certificate ends in" in note for note in report.notes)


def test_http2_alone_can_be_broken(ca: Authority) -> None:
    """What browsers use, and curl on its own might not."""
    tls = ca.context(NAME, alpn=("h2", "http/1.1"))
    with (
        site(
            says(OK), tls=tls, second=says(b"not a frame at all, but long enough to be read as one")
        ) as port,
        nameserver({NAME: ("127.0.0.1",)}) as resolver,
    ):
        report = looked(f"https://{NAME}:{port}/", trusting(ca), resolver)

    assert Place.PROTOCOL is report.place


@pytest.mark.parametrize(
    ("names", "days", "trusted", "why"),
    [
        ((NAME,), -3, True, "certificate has expired"),
        (("other.test",), 30, True, "Hostname mismatch"),
        ((NAME,), 30, False, "unable to get local issuer certificate"),
    ],
)
def test_a_bad_certificate_is_named_and_shown(
    ca: Authority, names: tuple[str, ...], days: int, why: str, *, trusted: bool
) -> None:
    """Expired, of another name, of an unknown issuer: with what it is for and until when."""
    with (
        site(says(OK), tls=ca.context(*names, days=days)) as port,
        nameserver({NAME: ("127.0.0.1",)}) as resolver,
    ):
        report = looked(f"https://{NAME}:{port}/", trusting(ca) if trusted else LIMITS, resolver)

    assert Place.TLS is report.place
    assert why in report.because
    assert names[0] in report.because
    assert report.attempts[0].certificate


def test_plain_http_on_the_port_of_tls_is_a_fault_of_tls() -> None:
    """The handshake gets an answer that is none."""
    with site(says(OK)) as port:
        assert Place.TLS is looked(f"https://127.0.0.1:{port}/").place


def free_port() -> int:
    """One that no one listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_refused_port_is_a_fault_of_the_network() -> None:
    """The system's own words."""
    report = looked(f"http://127.0.0.1:{free_port()}/")

    assert (Place.NETWORK, "no connection: Connection refused") == (report.place, report.because)


def test_one_bad_address_of_two_is_named() -> None:
    """Each is tried apart, as the name gives both."""
    with site(says(OK)) as port, nameserver({NAME: ("127.0.0.1", "127.0.0.2")}) as resolver:
        refused = looked(f"http://{NAME}:{port}/", LIMITS, resolver)
        with site(says(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), "127.0.0.2", port=port):
            failing = looked(f"http://{NAME}:{port}/", LIMITS, resolver)

    assert [Place.ONE_ADDRESS] * 2 == [refused.place, failing.place]
    assert "1 address of 2 fails: 127.0.0.2: no connection" in refused.because
    assert "127.0.0.2: it answers with status 500" in failing.because


@contextmanager
def badly(kind: str) -> Iterator[int]:
    """A site that answers in a bad way."""

    def slowly(client: socket.socket) -> None:
        client.recv(65_536)
        time.sleep(2.2)
        client.sendall(OK)

    def endless(client: socket.socket) -> None:
        client.recv(65_536)
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            client.sendall(b"x" * 10_000)

    def headers(client: socket.socket) -> None:
        client.recv(65_536)
        client.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            client.sendall(b"X-A: " + b"b" * 1000 + b"\r\n")

    def still(client: socket.socket) -> None:
        client.recv(65_536)
        time.sleep(1)

    talks = {
        "slow": slowly, "endless": endless, "headers": headers, "still": still, "closed": says(b""),
        "garbage": says(b"\x00\x01\x02 SSH-2.0 what\r\n\r\n"), "short": says(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhi"),
        "half": says(b"HTTP/1.1 200 OK\r\nContent-"), "edge": says(b"HTTP/1.1 503 No\r\nVia: 1.1 edge\r\nContent-Length: 0\r\n\r\n"),
        "busy": says(b"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n"), "wall": says(b"HTTP/1.1 403 No\r\nCF-Ray: 1\r\nContent-Length: 0\r\n\r\n"),
        "missing": says(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
    }  # fmt: skip
    with site(talks[kind]) as port:
        yield port


@pytest.mark.parametrize(
    ("kind", "place", "why"),
    [
        ("still", Place.ORIGIN, "no answer in time"),
        ("closed", Place.ORIGIN, "closed without an answer"),
        ("garbage", Place.ORIGIN, "not HTTP"),
        ("short", Place.ORIGIN, "closed within the body"),
        ("half", Place.ORIGIN, "closed within the headers"),
        ("headers", Place.ORIGIN, ""),
        ("endless", Place.INCONCLUSIVE, "did not end"),
        ("edge", Place.ORIGIN, "the edge answers with status 503"),
        ("wall", Place.EDGE, "refuses the request with status 403"),
        ("busy", Place.ORIGIN, "too many requests"),
        ("missing", Place.INCONCLUSIVE, "status 404"),
    ],
)
def test_a_bad_answer_is_named(kind: str, place: Place, why: str) -> None:
    """And read no further than its limits."""
    with badly(kind) as port:
        report = looked(f"http://127.0.0.1:{port}/", SHORT)

    assert place is report.place
    assert why in report.because
    assert all(e.size <= SHORT.body_bytes + 70_000 for e in report.attempts[0].exchanges)


@pytest.mark.slow
def test_a_slow_answer_is_the_origins() -> None:
    """The connection was quick."""
    with badly("slow") as port:
        report = looked(f"http://127.0.0.1:{port}/")

    assert Place.ORIGIN is report.place
    assert "first byte took 2.2" in report.because.replace("\u00a0", " ")


def redirect(to: str) -> bytes:
    """An answer that leads elsewhere."""
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("/", "already asked for"),
        ("ftp://x/", "not one of http"),
        ("http://169.254.169.254/latest/meta-data", "no address that may be probed"),
        ("http://127.0.0.1:1/?token=hunter22", ""),
    ],
)
def test_a_redirect_that_leads_nowhere_is_named(to: str, why: str) -> None:
    """A loop, another protocol, an address that may not be asked, a closed port; without secrets."""
    with site(says(redirect(to))) as port:
        report = looked(f"http://127.0.0.1:{port}/")

    assert Place.REDIRECTS is report.place
    assert why in report.because
    assert "hunter22" not in repr(report)


def test_redirects_are_followed_to_their_end() -> None:
    """By name again, with the same resolvers."""
    with (
        site(says(OK)) as last,
        nameserver({NAME: ("127.0.0.1",)}) as resolver,
        site(says(redirect(f"http://{NAME}:{last}/x"))) as port,
    ):
        report = looked(f"http://{NAME}:{port}/", LIMITS, resolver)

    assert Place.NONE is report.place
    assert [302, 200] == [hop.status for hop in report.hops]


@pytest.mark.parametrize(
    ("fails", "problem"),
    [("SERVFAIL", "SERVFAIL"), ("NXDOMAIN", "NXDOMAIN"), ("SILENT", "no answer in time")],
)
@pytest.mark.slow
def test_a_resolver_that_fails_beside_one_that_answers_is_named(fails: str, problem: str) -> None:
    """With its TTL where there is one."""
    with ExitStack() as stack:
        port = stack.enter_context(site(says(OK)))
        good = stack.enter_context(nameserver({NAME: ("127.0.0.1",)}))
        bad = stack.enter_context(nameserver({}, fails=fails))
        report = looked(f"http://{NAME}:{port}/", SHORT, good, bad)
        neither = looked(f"http://{NAME}:{port}/", SHORT, bad)

    assert [60, None] == [one.ttl for one in report.resolved]
    assert [Place.DNS] * 2 == [report.place, neither.place]
    assert f"1 of 2 resolvers gives no address: {bad}: {problem}" in report.because
    assert () == neither.attempts


def test_private_addresses_are_refused_unless_allowed() -> None:
    """Whatever name leads to them; nothing is connected to."""
    with nameserver({NAME: ("127.0.0.1", "10.1.2.3", "169.254.169.254")}) as resolver:
        for url in (f"http://{NAME}/", "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"):
            with pytest.raises(UsageError, match="private") as refused:
                probe(Asked(url, (resolver,)), Limits(), NOW)
            assert "--allow-private" in refused.value.hint


def test_a_body_is_kept_where_it_was_asked_for() -> None:
    """Its start, without secrets."""
    with site(says(b"HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\npassword=hunter22 and so on....")) as port:
        limits = Limits(allow_private=True, saved_bytes=20)
        report = probe(Asked(f"http://127.0.0.1:{port}/"), limits, NOW)

    assert "password=[redacted] a" in report.attempts[0].exchanges[0].body.replace(
        "[secret]", "password=[redacted]"
    )
