"""A real Redis: what it answers, what is refused, and what stops a server that does not behave."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import create_server
from threading import Thread
from time import monotonic, sleep

import pytest

from lastgood.errors import CannotRunError, UsageError
from lastgood.outside.redis_server import MOST_BYTES, RedisAddress, ask_redis, redis_address
from redis_started import redis, spoken

PASSWORD = "hunter" + "2"


@pytest.mark.slow
def test_info_and_slow_log_are_read_with_a_password() -> None:
    """Numbers as numbers; of a slow command its name and time, never its arguments."""
    with redis("--requirepass", PASSWORD, "--slowlog-log-slower-than", "0", "--maxclients", "50") as port:
        spoken(port, "AUTH hunter2", "SET card 4111111111111111")
        address = RedisAddress("127.0.0.1", port, password=PASSWORD)
        columns, rows = ask_redis(address, "INFO", 5)
        slow_columns, slow = ask_redis(address, "SLOWLOG GET 20", 5)
        with pytest.raises(CannotRunError, match="NOAUTH") as refused:
            ask_redis(RedisAddress("127.0.0.1", port), "INFO", 5)

    info = dict(zip(columns, rows[0], strict=True))
    assert (50, 0) == (info["maxclients"], info["maxmemory"])
    assert ("id", "at", "seconds", "command") == slow_columns
    assert "SET" in {row[3] for row in slow}
    assert "4111111111111111" not in str(slow)
    assert "hunter2" not in refused.value.message + refused.value.hint


def test_a_command_that_is_not_on_the_list_is_not_sent() -> None:
    """Nothing listens there, and nothing is tried."""
    with pytest.raises(UsageError, match="was not sent"):
        ask_redis(RedisAddress("127.0.0.1", 1), "FLUSHALL", 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("redis://:hunter2@h", "holds a password"),
        ("http://h", "not one of Redis"),
        ("redis://h:x", "cannot be read"),
    ],
)
def test_an_address_that_may_not_be_used_is_refused_without_its_text(text: str, why: str) -> None:
    """A password in sight, another protocol, no port."""
    with pytest.raises(UsageError, match=why) as refused:
        redis_address(text, {}, open_password=False)

    assert "hunter2" not in refused.value.message + refused.value.hint


def test_a_password_comes_from_the_environment() -> None:
    """REDISCLI_AUTH, or the address that a variable holds; it is never shown."""
    given = redis_address("redis://kim@h", {"REDISCLI_AUTH": "hunter2"}, open_password=False)
    held = redis_address("rediss://kim:hunter2@h:7000", {}, open_password=True)

    assert ["hunter2", "hunter2"] == [given.password, held.password]
    assert ["redis://kim@h:6379", "rediss://kim@h:7000"] == [str(given), str(held)]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"HTTP/1.1 200 OK\r\n", "does not use"),
        (b"$9999999\r\n" + b"x" * (MOST_BYTES + 10), "longer than"),
        (b"*1\r\n" * 9, "does not use"),
        (b"", "hung up"),
        (b"$5\r\nab", "no answer in time"),
        (b":" + b"9" * 9000 + b"\r\n", "gave no answer"),
    ],
)
def test_a_server_that_does_not_behave_is_left(sent: bytes, why: str) -> None:
    """Another protocol, an endless answer, deep nesting, silence."""
    with _server(sent, hangs=why == "no answer in time") as port, pytest.raises(CannotRunError, match=why):
        ask_redis(RedisAddress("127.0.0.1", port), "INFO", 0.5)


@pytest.mark.parametrize(
    "entry",
    [
        b"*2\r\n:1\r\n:2\r\n",
        b"*4\r\n:1\r\n:99999999999999999999\r\n:1\r\n*0\r\n",
        b"*4\r\n:1\r\n:1\r\n:" + b"9" * 400 + b"\r\n*0\r\n",
    ],
)
def test_an_entry_that_makes_no_sense_is_no_fault(entry: bytes) -> None:
    """Too few parts, a time beyond all, and a number that is no fraction."""
    found: tuple[object, ...] = ()
    with _server(b"*1\r\n" + entry, hangs=False) as port, suppress(CannotRunError):
        found = ask_redis(RedisAddress("127.0.0.1", port), "SLOWLOG GET 20", 2)[1]

    assert () == found


def test_figures_that_no_column_holds_stay_texts() -> None:
    """A number of 400 digits ended every check."""
    text = b"maxclients:" + b"9" * 400 + b"\r\nused_memory:inf\r\nmaxmemory:12\r\n"
    with _server(b"$%d\r\n%b\r\n" % (len(text), text), hangs=False) as port:
        columns, rows = ask_redis(RedisAddress("127.0.0.1", port), "INFO", 2)

    assert {"maxclients": "9" * 400, "used_memory": "inf", "maxmemory": 12} == dict(
        zip(columns, rows[0], strict=True)
    )


def test_a_server_that_repeats_the_password_is_not_repeated() -> None:
    """Nor is an error of any length."""
    said = b"-ERR no " + PASSWORD.encode() + b" x" * 900 + b"\r\n"
    with _server(said, hangs=False) as port, pytest.raises(CannotRunError) as refused:
        ask_redis(RedisAddress("127.0.0.1", port, password=PASSWORD), "INFO", 2)

    assert PASSWORD not in refused.value.message
    assert len(refused.value.message) < 400


def test_a_server_that_sends_byte_by_byte_is_left_in_time() -> None:
    """Each byte comes within the limit of one read."""
    started = monotonic()
    with _server(b"$900\r\n", hangs=False, drips=True) as port, pytest.raises(CannotRunError):
        ask_redis(RedisAddress("127.0.0.1", port), "INFO", 0.5)

    assert monotonic() - started < 10


@contextmanager
def _server(sent: bytes, *, hangs: bool, drips: bool = False) -> Iterator[int]:
    with create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.recv(4096)
                try:
                    peer.sendall(sent)
                    for _ in range(150 * drips):
                        peer.sendall(b"x")
                        sleep(0.1)
                    if hangs:
                        peer.settimeout(5)
                        peer.recv(1)
                except OSError:
                    return

        thread = Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()
