"""A webhook against a real server: signed as specified, tried again where that helps, and kept from private places."""

import base64
import hashlib
import hmac
import socket
import threading
import time
from contextlib import suppress
from ipaddress import ip_address

import pytest

from lastgood.outside.sinks import wire
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.made import ByWebhook
from lastgood.outside.sinks.wire import ATTEMPTS, Answer, Call, Credential, Wire, is_public
from records import START, ticking
from webhooks import CERTIFICATE, KEY, SECRET, receiver

LOCAL = ("127.0.0.1",)
TOKEN = "s3cr3ttoken-abcdef-0123456789"  # noqa: S105 - of these tests alone


def posting(url: str, *, allow: tuple[str, ...] = LOCAL, secret: str = SECRET) -> str:
    """The outcome of one post, without waiting between attempts."""
    hook = ByWebhook("hook", url, secret, ticking(), Wire(allow, pause=lambda _: None))
    return hook.post("msg_1", b'{"a": 1}')


def test_a_receiver_can_verify_what_it_gets() -> None:
    """As the specification says: HMAC-SHA256 over id, time and the very body."""
    with receiver() as other:
        assert "answered 204" == posting(f"{other.url}/hook?team=a")
        (got,) = other.got

    stamp = got.headers["webhook-timestamp"]
    signed = hmac.new(KEY, b".".join([b"msg_1", stamp.encode(), got.body]), hashlib.sha256).digest()
    assert ("/hook?team=a", b'{"a": 1}', "msg_1") == (got.path, got.body, got.headers["webhook-id"])
    assert int(START.timestamp()) == int(stamp)
    assert "v1," + base64.b64encode(signed).decode() == got.headers["webhook-signature"]


def test_over_tls_the_host_must_be_who_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to a checked address; its certificate is held to the name, and must be trusted."""
    with receiver(tls=True) as other:
        with pytest.raises(NotSentError, match="certificate is invalid"):
            posting(other.url, allow=("localhost",))

        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert "answered 204" == posting(other.url, allow=("localhost",))
        with pytest.raises(NotSentError, match="certificate is invalid"):
            posting(other.url.replace("localhost", "127.0.0.1"))
    assert [other.url.removeprefix("https://")] == [got.headers["host"] for got in other.got]


def test_it_is_tried_again_where_that_helps() -> None:
    """Errors of the server pass; each attempt is signed with its own time, under the same id."""
    with receiver(503, 429, 200) as other:
        assert "answered 200 on attempt 3" == posting(other.url)

    assert 1 == len({got.headers["webhook-id"] for got in other.got})
    assert 3 == len({got.headers["webhook-timestamp"] for got in other.got})


@pytest.mark.parametrize(("answer", "tries"), [(503, ATTEMPTS), (400, 1), (410, 1), (302, 1), (307, 1)])
def test_it_gives_up(answer: int, tries: int) -> None:
    """After a few tries; at once where the other side does not want it; a redirect is never followed."""
    with receiver(answer) as other, pytest.raises(NotSentError, match=str(answer)):
        posting(other.url)

    assert ["/"] * tries == [got.path for got in other.got]


@pytest.mark.parametrize(
    ("reason", "url", "allow"),
    [
        ("not https", "http://127.0.0.1:9/", ()),
        ("not public", "https://127.0.0.1:9/", ()),
        ("not public", "https://localhost:9/", ()),
        ("not public", "https://[::1]:9/", ()),
        ("not public", "https://169.254.169.254/latest/meta-data", ()),
        ("not public", "https://[::ffff:169.254.169.254]/", ()),
        ("not public", "https://10.0.0.1/", ("192.168.0.0/16",)),
        ("not public", "https://2130706433/", ()),  # 127.0.0.1 as one number
        ("not of the form https", "file:///etc/passwd", LOCAL),
        ("not of the form https", "", LOCAL),
        ("its host or port is invalid", "https://[::1/hook", LOCAL),
        ("its host or port is invalid", "https://host:99999/", LOCAL),
        ("its host or port is invalid", "https://host:port/", LOCAL),
        ("white space", "https://host/a b", LOCAL),
        ("cannot be found", "https://no-such-host.invalid/", ()),
        ("cannot be reached", "http://127.0.0.1:1/", LOCAL),
    ],
)
def test_where_it_must_not_go_it_does_not(reason: str, url: str, allow: tuple[str, ...]) -> None:
    """The reason is reported, the address is not."""
    with pytest.raises(NotSentError, match=reason) as caught:
        posting(url, allow=allow)
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("allow", [("127.0.0.0/8",), ("127.0.0.1",)])
def test_a_network_can_be_allowed(allow: tuple[str, ...]) -> None:
    """By address or network."""
    with receiver() as other:
        assert "answered 204" == posting(other.url, allow=allow)


def test_a_bad_secret_is_said_without_saying_it() -> None:
    """Nothing is sent unsigned."""
    with receiver() as other, pytest.raises(NotSentError, match="secret cannot be used") as caught:
        posting(other.url, secret="hunter2")  # noqa: S106 - no secret
    assert [] == other.got
    assert "hunter2" not in str(caught.value) + repr(ByWebhook("hook", "u", "hunter2", ticking(), Wire()))


@pytest.mark.parametrize(
    ("public", "address"),
    [
        (True, "93.184.216.34"),
        (True, "2606:4700::1111"),
        (False, "127.0.0.1"),
        (False, "10.1.2.3"),
        (False, "169.254.169.254"),
        (False, "100.64.0.1"),
        (False, "0.0.0.0"),  # noqa: S104 - an address to refuse
        (False, "224.0.0.1"),
        (False, "::1"),
        (False, "fe80::1"),
        (False, "fd00:ec2::254"),
        (False, "::ffff:127.0.0.1"),
        (False, "64:ff9b::7f00:1"),
        (False, "2002:7f00:1::"),
    ],
)
def test_public_addresses_are_reported(public: bool, address: str) -> None:
    """Loopback, private, metadata, shared, unspecified, multicast, and all of these inside IPv6."""
    assert public is is_public(ip_address(address))


@pytest.mark.slow
def test_a_server_that_draws_out_its_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, the whole does not; the others wait no longer for it."""
    monkeypatch.setattr(wire, "WHOLE", 0.3)
    done = threading.Event()

    def dribble(server: socket.socket) -> None:
        while not done.is_set():
            with suppress(OSError), server.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not done.wait(0.05):
                    connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=dribble, args=(server,), daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(NotSentError, match="it did not answer in time, 3 times"):
            posting(f"http://127.0.0.1:{server.getsockname()[1]}/")
        done.set()

    assert time.monotonic() - begun < 10


SECRET_PATH = "/services/T000/B000/sEcReTpArT?sig=aQueryThatIsSecret"  # noqa: S105 - of these tests alone


def test_what_the_other_side_repeats_of_our_secrets_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token, its header as it is sent, and the path of an address that is secret; escaped as well."""
    monkeypatch.setenv("TOKEN", TOKEN)
    with receiver(400, echo=True) as other:
        url = other.url
        monkeypatch.setenv("HOOK", f"{url}{SECRET_PATH}")
        for call in (
            Call(f"{url}/x", {"a": 1}, credential=Credential("$TOKEN", user="kim@example.com")),
            Call(f"{url}/x", {"a": 1}, credential=Credential("$TOKEN", scheme="Bearer")),
            Call("$HOOK", {"a": 1}),
        ):
            with pytest.raises(NotSentError, match="400") as caught:
                Wire(LOCAL).ask(call)
            basic = base64.b64encode(f"kim@example.com:{TOKEN}".encode()).decode()
            for one in (TOKEN, basic, "sEcReTpArT", "aQueryThatIsSecret"):
                assert one not in str(caught.value)


def test_a_secret_in_an_answer_is_left_out_of_it_wherever_it_is_read() -> None:
    """Of a refusal with a good status, and of a reference as well."""
    answer = Answer(200, {}, b'{"ok":false,"error":"no s3cr3t\\u002dtoken-1"}', secrets=("s3cr3t-token-1",))

    assert {"ok": False, "error": "no …"} == answer.json()


def test_an_endless_wait_is_a_long_one() -> None:
    """As many digits as a header holds are no number of seconds."""
    call = Call("https://x.example/", {"a": 1})
    with pytest.raises(NotSentError, match="asks to wait"):
        wire._refused(Answer(429, {"retry-after": "9" * 400}, b""), call)
