"""A real service with a real bug is sent variants of a failing request."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from buggy import FAILING, WORKING, orders
from lastgood.model.replay import CapturedRequest, Shrunk
from lastgood.outside.replay import Sender
from lastgood.workbench.evidence import kept
from lastgood.workbench.replay import replay
from lastgood.workbench.sending import Sending
from lastgood.workbench.shrinking import (
    KEPT_WHOLE,
    NO_GUARD,
    NOT_AGAIN,
    NOTHING_LEFT,
    OTHER_VALUES,
    STATUS_ALONE,
    UNCONFIRMED,
    ShrinkBounds,
    shrink,
)
from rooms import room_in

HEADERS = {"content-type": "application/json"}
BAD = CapturedRequest("POST", "/orders?src=web", "shop.example", HEADERS, json.dumps(FAILING), status=500)
GOOD = replace(BAD, body=json.dumps(WORKING), status=200)
QUICK = ShrinkBounds(rate=1000)
Answering = Callable[[CapturedRequest], tuple[int, str]]


@contextmanager
def answering(how: Answering) -> Iterator[str]:
    """A server that answers so."""

    class Here(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, text = how(CapturedRequest("POST", self.path, body=body))
            if not status:
                return  # it only closes the connection
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def found(
    how: Answering,
    working: CapturedRequest | None = None,
    bounds: ShrinkBounds = QUICK,
    failing: CapturedRequest = BAD,
) -> Shrunk:
    """What is found at such a server."""
    with answering(how) as target, closing(Sender(target, {}, 5)) as sender:
        answers = [sender.send(failing) for _ in range(2)]
        return shrink(sender, (failing, working), answers, bounds)


@pytest.mark.slow
def test_the_smallest_order_that_fails_is_on_the_record(tmp_path: Path) -> None:
    """Without a zip; an order without an address fails too, in another way, and is not taken for it."""
    with orders() as (target, seen), room_in(tmp_path) as room:
        how = Sending(target, allowed=("POST",), shrink=QUICK)
        report, entry = replay((BAD, GOOD), how, {}, room)
        assert entry
        rows = kept(room, entry.sequence).rows

    assert report.shrunk
    assert {"address": {"zip": None}, "items": []} == json.loads(report.shrunk.request.body or "")
    assert "/orders" == report.shrunk.request.path
    assert (NOTHING_LEFT,) == report.shrunk.notes
    assert report.shrunk.requests + 4 == len(seen)
    assert report.shrunk.left < report.shrunk.parts
    assert ["smallest request that fails"] == [row[0] for row in rows if "smallest" in row[0]]


def test_a_generic_error_is_guarded_by_the_working_request() -> None:
    """Each failure says the same. Without the guard, and it is said, an order without an address is believed."""

    def service(asked: CapturedRequest) -> tuple[int, str]:
        try:
            return 200, json.loads(asked.body or "")["address"]["zip"].strip()
        except (AttributeError, KeyError):
            return 500, "Internal Server Error"

    guarded, alone = found(service, GOOD), found(service)

    assert {"address": {"zip": None}} == json.loads(guarded.request.body or "")
    assert "{}" == alone.request.body
    assert [False, True] == [NO_GUARD in one.notes for one in (guarded, alone)]


CODES = {"WELCOME10", "SAVE20"}
GIFT = {"code": "WELCOME10", "note": "for Ana, from Bo"}


def quoting(asked: CapturedRequest) -> tuple[int, str]:
    """A quote: a code is looked up, a gift needs a sender, a comma in its note breaks it. Every failure says the same."""
    document = json.loads(asked.body or "")
    unknown = bool(document.get("code")) and document["code"] not in CODES
    broken = "," in document.get("note", "") or document.get("gift", "yes") is None
    return (500, "Internal Server Error") if unknown or broken else (200, "fine")


@pytest.mark.parametrize(
    ("failing", "working", "smallest"),
    [
        ({**GIFT, "note": "", "gift": None}, {**GIFT, "note": "", "gift": "yes"}, {"gift": None}),
        (GIFT, {"code": "SAVE20", "note": "for Ana"}, {"note": ","}),
        ({"code": "WELCOME9"}, {"code": "SAVE20"}, {"code": "WELCOME9"}),
        ({"code": "WELCOME9"}, {}, {"code": "WELCOME9"}),
        ({"code": "WELCOME9"}, {"code": ""}, {"code": "WELCOME9"}),
    ],
)
def test_a_text_is_shortened_only_where_the_working_one_can_be(
    failing: object, working: object, smallest: object
) -> None:
    """A shortened code is unknown, which fails as the bug does: so a code that makes the difference stays whole."""
    bad, good = (replace(BAD, body=json.dumps(one)) for one in (failing, working))
    shown = found(quoting, good, failing=bad)

    assert smallest == json.loads(shown.request.body or "")


def test_a_text_beside_the_bug_is_not_shortened_into_another_one() -> None:
    """The code is needed, and is the same in both: no letters of it are the failure. What stays whole for want of another is said."""

    def needed(asked: CapturedRequest) -> tuple[int, str]:
        return quoting(asked) if json.loads(asked.body or "").get("code") else (400, "which code?")

    bad, good = (replace(BAD, body=json.dumps({"code": "SAVE20", "gift": gift})) for gift in (None, "yes"))
    alone = found(needed, replace(BAD, body='{"gift": "yes", "code": "SAVE20"}'), failing=bad)
    lacks = found(quoting, replace(BAD, body="{}"), failing=replace(BAD, body='{"note": "a, b"}'))

    assert {"code": "SAVE20", "gift": None} == json.loads(found(needed, good, failing=bad).request.body or "")
    assert {"code": "SAVE20", "gift": None} == json.loads(alone.request.body or "")
    assert ([False, True], {"note": "a, b"}) == (
        [KEPT_WHOLE in one.notes for one in (alone, lacks)],
        json.loads(lacks.request.body or ""),
    )


def test_bounds_are_kept_and_said() -> None:
    """Requests, time and rate; the best so far is there."""
    asked: list[float] = []
    waited: list[float] = []

    def service(one: CapturedRequest) -> tuple[int, str]:
        asked.append(1)
        return (500, "zip") if '"zip": null' in (one.body or "") else (200, "")

    few = found(service, bounds=ShrinkBounds(requests=6, rate=1000))
    assert "not finished: the limit of 6 requests is used up" in few.notes
    assert (6 + 1, 5) == (len(asked), few.requests)
    assert few.left < few.parts
    late = found(service, bounds=ShrinkBounds(seconds=0)).notes
    assert "not finished: the limit of 0 s is used up" in late
    assert NOT_AGAIN in late
    assert UNCONFIRMED not in late

    with answering(service) as target, closing(Sender(target, {}, 5)) as sender:
        answers = [sender.send(BAD)]
        slow = shrink(sender, (BAD, None), answers, ShrinkBounds(rate=100), waited.append)
    assert slow.requests == len(waited)
    assert slow.requests / 100 - 1 < max(waited) <= slow.requests / 100


def test_a_target_that_wants_no_more_is_left_alone() -> None:
    """429; and one that no longer answers. One that closes the connection to some variants is asked on."""
    slower = found(lambda one: (500, "e") if '"sku"' in (one.body or "") else (429, ""))

    assert "not finished: the target asks for fewer requests (429)" in slower.notes
    with closing(Sender("http://127.0.0.1:9", {}, 1)) as sender, answering(lambda _: (500, "")) as target:
        with closing(Sender(target, {}, 1)) as alive:
            answers = [alive.send(BAD)]
        dead = shrink(sender, (BAD, None), answers, QUICK)
    assert "not finished: the target no longer answers" in dead.notes
    assert dead.requests <= 3

    closes = found(lambda one: (500, "e") if '"sku"' in (one.body or "") else (0, ""))
    assert NOTHING_LEFT in closes.notes
    assert {"items": [{"sku": ""}]} == json.loads(closes.request.body or "")


def test_answers_that_differ_each_time_are_compared_by_their_status() -> None:
    """And a failure that does not come again is not believed."""
    count = iter(range(1000))
    assert STATUS_ALONE in found(lambda _: (500, f"e{next(count)}")).notes

    seen: list[str | None] = []

    def once(one: CapturedRequest) -> tuple[int, str]:
        seen.append(one.body)
        return (500, "e") if one.body == BAD.body or seen.count(one.body) == 1 else (200, "")

    assert UNCONFIRMED in found(once).notes


def test_what_is_shown_has_no_personal_data_and_says_if_it_does_not_fail() -> None:
    """The address itself matters: one of the same shape works."""
    shown = found(lambda one: (500, "e") if "ana@example.com" in (one.body or "") else (200, ""))

    assert "ana@" not in (shown.request.body or "")
    assert OTHER_VALUES in shown.notes


def test_an_answer_that_is_in_flight_at_the_limit_is_cut_and_not_counted() -> None:
    """The time is a limit of the whole, however slowly the target answers."""
    seen: list[str] = []

    def slowly(request: CapturedRequest) -> tuple[int, str]:
        seen.append(request.path)
        if len(seen) > 2:
            time.sleep(2)
        return 500, "{}"

    request = replace(BAD, path="/orders?a=1&b=2&c=3&d=4&e=5", body=None, method="POST")
    with answering(slowly) as target, closing(Sender(target, {}, 10)) as sender:
        answers = [sender.send(request), sender.send(request)]
        found = shrink(sender, (request, None), answers, ShrinkBounds(seconds=0.5, rate=1000))

    assert found.seconds < 1
    assert "not finished: the limit of 0.5 s is used up" == found.notes[0]
    assert (found.parts, 1) == (found.left, found.requests)
