"""Targets, and one sending."""

import socket
from time import monotonic, sleep

import httpx
import pytest

from buggy import orders
from lastgood.errors import UsageError
from lastgood.model.replay import CapturedRequest
from lastgood.outside.replay import LATE, Sender, _read, checked, is_production
from sites import Talk, site


def test_what_may_be_production() -> None:
    """All but this machine, and hosts whose name says otherwise."""
    safe = ("http://localhost:8000", "http://127.0.0.1", "http://[::1]:1", "https://api.staging.shop.example",
            "https://shop-staging.example", "http://dev.shop.example", "http://orders.staging", "http://qa:80",
            "https://api.test.shop.co.uk", "https://shop-test.fly.dev", "http://a.localhost.")  # fmt: skip
    unsafe = (
        "https://shop.example",
        "http://10.1.2.3",
        "http://stagingshop.example",
        "http://localhost.shop.example",
        "https://shop.com.qa",
        "https://www.shop.dev",
        "https://api.speed-test.com",
        "https://speed-test.co.uk",
        "https://test.prod.shop.com",
    )

    assert [False] * len(safe) == [*map(is_production, safe)]
    assert [True] * len(unsafe) == [*map(is_production, unsafe)]


def test_an_address_that_is_none() -> None:
    """A password, a query, another scheme."""
    for target in (
        "http://u:p@localhost",
        "http://localhost/?a=1",
        "localhost:80",
        "http://localhost:x",
        "http://",
    ):
        with pytest.raises(UsageError):
            checked(target)
    assert "http://localhost/base" == checked("http://localhost/base/")


def test_one_sending() -> None:
    """Headers of the connection are left out, given ones win; nothing is followed; a dead port is a problem."""
    request = CapturedRequest(
        "GET", "/a", headers={"host": "other", "content-length": "99", "x-a": "1", "x-b": "1"}
    )
    with orders() as (target, seen):
        sender = Sender(target, {"x-b": "2"}, 2)
        answer = sender.send(request)
        sender.close()

    assert 200 == answer.status
    assert ("1", "2") == (seen[0][1]["x-a"], seen[0][1]["x-b"])
    assert "other" != seen[0][1]["host"]
    dead = Sender(target, {}, 1)
    assert (None, True) == (dead.send(request).status, bool(dead.send(request).problem))
    dead.close()


def test_a_path_never_changes_where_it_goes() -> None:
    """Nor does a header of another host, and a value in any script is sent."""
    with orders() as (other, elsewhere), orders() as (target, seen):
        sender = Sender(target, {}, 2)
        sender.send(CapturedRequest("GET", f"@{other.removeprefix('http://')}/a", headers={"X-A": "\u00e9"}))
        sender.close()

    assert not elsewhere
    assert 1 == len(seen)


@pytest.mark.parametrize("charset", ["zlib", "rot13", "punycode", "undefined", "none-such"])
def test_a_charset_that_is_none(charset: str) -> None:
    """The answer is read as UTF-8: Python's codecs hold more than charsets."""
    answer = httpx.Response(
        200, headers={"content-type": f"text/plain; charset={charset}"}, content=iter([b"ok"])
    )

    assert "ok" == _read(answer)


def drips(first: bytes, then: bytes) -> Talk:
    """Sends the first bytes, then one piece each 50 ms without an end: each read is in time, all of them are not."""

    def talk(client: socket.socket) -> None:
        client.recv(65_536)
        client.sendall(first)
        for _ in range(200):
            client.sendall(then)
            sleep(0.05)

    return talk


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
    ],
    ids=["headers", "status", "chunks", "body without a length"],
)
def test_an_answer_without_an_end(first: bytes, then: bytes) -> None:
    """It is given up after the time for one answer, whichever part of it is slow."""
    with site(drips(first, then)) as port:
        sender = Sender(f"http://127.0.0.1:{port}", {}, 0.3)
        started = monotonic()
        answer = sender.send(CapturedRequest("GET", "/"))
        sender.close()

    assert (None, LATE) == (answer.status, answer.problem)
    assert monotonic() - started < 3


def test_what_is_sent_back_of_secrets_is_not_shown() -> None:
    """Neither in a body nor in a header."""
    sender = Sender("http://localhost", {}, 1, ("tok-123456", "x"))

    assert "<x> [redacted]" == sender._blotted("<x> tok-123456")
    sender.close()


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "2852039166", "0xa9fea9fe", "169.254.43518", "[::ffff:169.254.169.254]", "[fe80::1]", "[fd00:ec2::254]"]
)  # fmt: skip
def test_where_clouds_serve_credentials_nothing_is_sent(host: str) -> None:
    """However the address is written."""
    with pytest.raises(UsageError, match="Link-local"):
        checked(f"http://{host}")


def test_a_name_of_such_an_address_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked up before anything is sent."""
    found = [(0, 0, 0, "", ("169.254.169.254", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **named: [] if named["flags"] else found)

    with pytest.raises(UsageError, match="Link-local"):
        Sender("http://metadata.test", {}, 1)
