"""Debug endpoints: answers in their documented forms, sent by a real HTTP server; refusals and what is not there."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from lastgood.algorithms.live_questions import LIVE_QUESTIONS
from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.trouble import System
from lastgood.outside.database.limits import Limits
from lastgood.outside.endpoints import ask_endpoint, endpoint_address, is_endpoint
from lastgood.outside.live import ask_live, live_address, system_of

PATHS = {one.name: one.statements for one in LIVE_QUESTIONS}


def gauge(value: float, statistic: str = "VALUE") -> dict[str, Any]:
    """A metric of the actuator."""
    return {
        "name": "m",
        "measurements": [{"statistic": "COUNT", "value": 3.0}, {"statistic": statistic, "value": value}],
    }


ANSWERS: Mapping[str, Any] = {
    "/api/queues": {
        "items": [
            {"name": "orders", "messages_ready": 4000, "messages_unacknowledged": 7, "consumers": 0},
            {"name": "mail", "messages_ready": 3, "messages_unacknowledged": 0, "consumers": 2},
            {"name": "new", "consumers": 0},  # its statistics come a little later
        ]
    },
    "/debug/vars": {"cmdline": ["shop"], "memstats": {"HeapInuse": 900, "Sys": 2000, "NumGC": 4, "GCCPUFraction": 0.2}},
    "/debug/pprof/goroutine": "goroutine profile: total 12345\n3 @ 0x43 0x44\n",
    "/actuator/metrics/jvm.memory.used": gauge(970), "/actuator/metrics/jvm.memory.max": gauge(1000),
    "/actuator/metrics/jvm.gc.pause": gauge(1.5, "MAX"),
    "/actuator/metrics/hikaricp.connections.active": gauge(10),
}  # fmt: skip


@contextmanager
def serving(answers: Mapping[str, Any] = ANSWERS, credential: str = "") -> Iterator[tuple[str, list[str]]]:
    """A server; gives its place, and the requests that it got."""
    got: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            got.append(self.path)
            found = answers.get(self.path.partition("?")[0])
            allowed = not credential or self.headers.get("Authorization") == f"Basic {credential}"
            body = (found if isinstance(found, str) else json.dumps(found)).encode()
            self.send_response(401 if not allowed else 404 if found is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", got
        finally:
            server.shutdown()
            thread.join()


def asked(place: str, scheme: str, question: str, path: str = "") -> dict[str, Any]:
    """The first row by column."""
    columns, rows = ask_endpoint(
        endpoint_address(f"{scheme}+http://{place}{path}", open_password=False), question, PATHS[question], 5
    )
    return dict(zip(columns, rows[0], strict=True))


def test_each_form_is_read() -> None:
    """Numbers of queues, memory, goroutines, heap, pool and pauses; what is not there is None."""
    with serving() as (place, got):
        queue = asked(place, "rabbitmq", "rabbitmq-queues")
        memory = asked(place, "go", "go-memory")
        goroutines = asked(place, "go", "go-goroutines")
        heap = asked(place, "actuator", "jvm-heap", "/actuator/")
        pool = asked(place, "actuator", "jvm-pool", "/actuator")
        pause = asked(place, "actuator", "jvm-gc", "/actuator")

    assert {"queue": "orders", "ready": 4000, "unacknowledged": 7, "consumers": 0, "unread": 4000} == queue
    assert {"heap": 900, "sys": 2000, "collections": 4, "gc_share": 0.2} == memory
    assert ({"goroutines": 12345}, {"used": 970, "most": 1000}, {"seconds": 1.5}) == (goroutines, heap, pause)
    assert {"active": 10, "most": None, "pending": None} == pool
    paths = [path.replace("%3A", ":") for path in got]
    assert "/actuator/metrics/jvm.memory.used?tag=area:heap" in paths
    assert {"/debug/pprof/goroutine?debug=1"} == {path for path in paths if "pprof" in path}


def test_a_queue_without_statistics_is_not_known_to_be_unread() -> None:
    """RabbitMQ sends them a few seconds after a queue is made."""
    with serving() as (place, _):
        address = endpoint_address(f"rabbitmq+http://{place}", open_password=False)
        _, rows = ask_endpoint(address, "rabbitmq-queues", PATHS["rabbitmq-queues"], 5)

    assert [4000, 0, None] == [row[-1] for row in rows]


def test_the_password_is_sent_and_never_shown() -> None:
    """From the address of a variable, or of the settings."""
    credential = b64encode(b"kim:hunter2").decode()
    with serving(credential=credential) as (place, _):
        held = live_address("env:MQ", {"MQ": f"rabbitmq+http://kim:hunter2@{place}"})
        named = live_address(f"rabbitmq+http://kim@{place}", {}, password="hunter" + "2")
        bare = live_address(f"rabbitmq+http://kim@{place}", {})
        good = [ask_live(one, ("rabbitmq-queues",), Limits()) for one in (held, named)]
        (refused,) = ask_live(bare, ("rabbitmq-queues",), Limits())

    assert {System.RABBITMQ} == {system_of(one) for one in (held, named, bare)}
    assert [3, 3] == [len(answers[0].rows) for answers in good]
    assert "401" in refused.problem
    assert "hunter2" not in f"{held} {held!r} {good} {refused}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("go+ftp://h", "not one of an endpoint"), ("go+http://", "not one of an endpoint"),
        ("go+http://h/?a=1", "not one of an endpoint"), ("go+http://h:x", "cannot be read"),
        ("rabbitmq+http://kim:hunter2@h", "holds a password"),
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_used_is_refused(text: str, why: str) -> None:
    """Without its text."""
    assert is_endpoint(text)
    with pytest.raises(UsageError, match=why) as refused:
        endpoint_address(text, open_password=False)
    assert "hunter2" not in refused.value.message + refused.value.hint
    assert not is_endpoint("https://h")


@pytest.mark.parametrize("body", ['{"other": 1}', "[1]", "<html>"])
def test_another_form_is_no_answer(body: str) -> None:
    """A log-in page, another program."""
    with serving({"/debug/vars": body, "/api/queues": body, "/debug/pprof/goroutine": body}) as (place, _):
        for scheme, question in (
            ("go", "go-memory"),
            ("rabbitmq", "rabbitmq-queues"),
            ("go", "go-goroutines"),
        ):
            with pytest.raises(NotFetchedError):
                asked(place, scheme, question)


def test_an_endpoint_that_is_not_there_is_asked_once() -> None:
    """The second question has the reason of the first; one path that is missing leaves the other."""
    found = ask_live(
        live_address("go+http://127.0.0.1:1", {}), ("go-memory", "go-goroutines"), Limits(seconds=1)
    )
    with serving({"/debug/vars": ANSWERS["/debug/vars"]}) as (place, _):
        half = ask_live(live_address(f"go+http://{place}", {}), ("go-memory", "go-goroutines"), Limits())

    assert [True, True] == [bool(one.problem) for one in found]
    assert [False, True] == [bool(one.problem) for one in half]
