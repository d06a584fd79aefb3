"""A real service with a real bug is sent a failing request and a working one."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from buggy import FAILING, WORKING, orders
from lastgood.errors import UsageError
from lastgood.model.replay import CapturedRequest, Part, Replayed
from lastgood.workbench.captures import with_body
from lastgood.workbench.evidence import kept
from lastgood.workbench.replay import replay
from lastgood.workbench.sending import Sending
from rooms import room_in

HEADERS = {"content-type": "application/json", "authorization": "Bearer abcdefgh12345678"}
BAD = CapturedRequest("POST", "/orders", "shop.example", HEADERS, json.dumps(FAILING), status=500)
GOOD = replace(BAD, body=json.dumps(WORKING), status=200)


def test_the_failure_is_reproduced_and_explained_field_by_field(tmp_path: Path) -> None:
    """Status and body differ; ids of each answer are masked; the captured credential stays here; it is on the record."""
    with orders() as (target, seen), room_in(tmp_path) as room:
        how = Sending(target, ("X-Test-Account: $ACCOUNT",))
        report, entry = replay((BAD, GOOD), how, {"ACCOUNT": "t-1"}, room)
        assert entry
        rows = kept(room, entry.sequence).rows

    found = {(one.part, one.field): (one.failing, one.working) for one in report.differences}
    assert Replayed.REPRODUCED == report.verdict
    assert ("500", "200") == found[Part.STATUS, ""]
    assert (None, '"80"') == found[Part.BODY, "$.zone"]
    assert not any("request" in field for _, field in found)
    assert ["body $.request_id", "header x-request-id"] == list(report.noise)
    assert {(Part.BODY, "$.address.zip"), (Part.BODY, "$.email")} <= {
        (one.part, one.field) for one in report.sent
    }
    assert not any("ana@" in str(one) for one in report.sent)
    assert 4 == len(seen)
    assert all("authorization" not in headers and "t-1" == headers["x-test-account"] for _, headers in seen)
    assert any("authorization" in one for one in report.failing.missing)
    assert (500, 200) == tuple(rows[0][1:3])


def test_a_mended_service_is_not_reproduced() -> None:
    """The same with a body that works."""
    with orders() as (target, _):
        report, entry = replay((replace(BAD, body=GOOD.body), GOOD), Sending(target, times=1), {})

    assert (Replayed.NOT_REPRODUCED, None) == (report.verdict, entry)


@pytest.mark.parametrize(
    ("request_", "how", "message"),
    [
        (BAD, Sending("https://api.shop.example"), "may be production"),
        (BAD, Sending("http://10.0.0.7"), "may be production"),
        (BAD, Sending("https://api.shop.example", production=True), "may change data"),
        (
            replace(BAD, body=None, missing=("the body was not captured",)),
            Sending("http://localhost:1"),
            "body",
        ),
        (BAD, Sending("http://localhost:1", ("Authorization: $LG_NOT_SET",)), "not set"),
        (BAD, Sending("http://localhost:1", ("nothing",)), "NAME: VALUE"),
        (BAD, Sending("ftp://localhost"), "not an address of HTTP"),
        (BAD, Sending("http://169.254.169.254", production=True), "Link-local"),
    ],
)
def test_what_may_not_be_sent_is_not(request_: CapturedRequest, how: Sending, message: str) -> None:
    """A clear refusal before any connection."""
    with pytest.raises(UsageError, match=message):
        replay((request_, None), how, {})


def test_no_answer_is_inconclusive() -> None:
    """No one listens there; it is asked once."""
    report, _ = replay((BAD, GOOD), Sending("http://127.0.0.1:9", seconds=1), {})

    assert Replayed.INCONCLUSIVE == report.verdict
    assert 1 == len(report.answers)


def test_captured_credentials_stay_here_wherever_they_are() -> None:
    """Header names as they were written, and parameters of the query."""
    captured = CapturedRequest(
        "GET", "/a?n=1&access_token=t-1", headers={"Authorization": "Bearer b-1", "COOKIE": "c-1", "Host": "shop.example"}
    )  # fmt: skip
    with orders() as (target, seen):
        report, _ = replay((captured, None), Sending(target, times=1), {})

    assert "/a?n=1" == report.failing.path
    assert not {"authorization", "cookie"} & {name.lower() for name in seen[0][1]}
    assert "shop.example" not in seen[0][1].values()
    assert {"access_token", "authorization", "cookie"} == {
        one.split()[1] for one in report.failing.missing if "not sent" in one
    }


def test_a_header_that_names_another_method_counts_as_that_method() -> None:
    """Frameworks take it: a GET would delete."""
    request = CapturedRequest("GET", "/a", headers={"X-HTTP-Method-Override": "delete"})

    with pytest.raises(UsageError, match="DELETE may change data"):
        replay((request, None), Sending("https://api.shop.example", production=True), {})


def test_credentials_in_a_body_are_replaced_from_the_environment() -> None:
    """As those of headers are: the captured one is not sent, the given one is, and it is shown nowhere."""
    bad = replace(BAD, body=json.dumps({**FAILING, "password": "Hunter2x!"}))
    with always(500) as (target, bodies):
        bare, _ = replay((bad, None), Sending(target, times=1), {})
        filled, _ = replay(
            (bad, None), Sending(target, times=1, fields=("Password: $PW",)), {"PW": "test-account-7"}
        )

    first, second = (json.loads(body)["password"] for body in bodies)
    assert "Hunter2x!" != first
    assert len("Hunter2x!") == len(first)
    assert "test-account-7" == second
    assert any("body $.password is not sent" in one for one in bare.failing.missing)
    assert "body $.password: the captured value, --field password is sent" in filled.failing.missing
    assert Replayed.REPRODUCED == filled.verdict
    with pytest.raises(UsageError, match="No captured body has a credential in a field passwort"):
        replay((bad, GOOD), Sending("http://localhost:1", fields=("passwort: x",)), {})


def test_a_body_that_was_given_is_sent_as_it_is(tmp_path: Path) -> None:
    """Whoever writes it means it."""
    file = tmp_path / "body.json"
    file.write_text(json.dumps({**FAILING, "password": "of-a-test-account"}))
    with always(500) as (target, bodies):
        replay(with_body((BAD, None), file), Sending(target, times=1), {})

    assert [file.read_text()] == bodies


def test_a_target_that_is_down_reproduces_nothing() -> None:
    """A gateway that answers for it is real here; nothing else than its answer is known."""
    with always(502) as (target, _):
        alone, _ = replay((BAD, None), Sending(target, times=1), {})
        both, _ = replay((BAD, GOOD), Sending(target, times=1), {})

    assert [Replayed.INCONCLUSIVE] * 2 == [alone.verdict, both.verdict]
    assert "a gateway whose service is down" in alone.because


@contextmanager
def always(status: int) -> Iterator[tuple[str, list[str]]]:
    """A server that gives every request this status, and the bodies that it got."""
    bodies: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

        def do_POST(self) -> None:
            """Whatever is asked."""
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", bodies
        server.shutdown()
        thread.join()
