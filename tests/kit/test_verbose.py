"""Debug logging for some."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from lastgood_kit import context, logs
from lastgood_kit.changes import Change
from lastgood_kit.verbose import LONGEST, MOST_LINES, Verbose, Whom

log = logging.getLogger("shop.pay")


@dataclass
class Bench:
    """A verbose filter, what it wrote and reported, and its clock."""

    stream: io.StringIO
    verbose: Verbose
    reported: list[Change]
    now: list[datetime] = field(default_factory=lambda: [datetime(2026, 11, 22, 14, 45, tzinfo=UTC)])

    def said(self, user: str) -> int:
        """How many lines one request of a user leaves: a debug line and an info line."""
        before = len(self.stream.getvalue().splitlines())
        with context.bound(**{"user.id": user}):
            log.debug("card is %s", "4111")
            log.info("charged")
        return len(self.stream.getvalue().splitlines()) - before


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Info is the usual level."""
    stream, reported = io.StringIO(), list[Change]()
    handler = logs.set_up("payments", "v2", stream=stream)
    now = [datetime(2026, 11, 22, 14, 45, tzinfo=UTC)]
    yield Bench(stream, Verbose(handler, reported.append, clock=lambda: now[0]), reported, now)
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)


def test_only_the_user_meant_is_verbose(bench: Bench) -> None:
    """Before it begins no one is; the change feed says that it began, without naming the user."""
    before = bench.said("u1")
    bench.verbose.begin(Whom(frozenset(["u1"])))

    assert (1, 2, 1) == (before, bench.said("u1"), bench.said("u2"))
    assert ["on"] == [change.state for change in bench.reported]
    assert "u1" not in bench.reported[0].title


def test_it_ends_after_its_time(bench: Bench) -> None:
    """The level is as it was, and the end is on the change feed."""
    bench.verbose.begin(Whom(frozenset(["u1"])), lasting=timedelta(minutes=10))
    bench.now[0] += timedelta(minutes=10)

    assert 1 == bench.said("u1")
    assert logging.INFO == logging.getLogger().level
    assert "its time is over" in bench.reported[-1].title


def test_it_ends_after_its_lines(bench: Bench) -> None:
    """No line more."""
    bench.verbose.begin(Whom(frozenset(["u1"])), lines=3)

    assert [2, 2, 2, 1, 1] == [bench.said("u1") for _ in range(5)]
    assert ["on", "off"] == [change.state for change in bench.reported]


def test_a_share_is_about_that_share_of_users(bench: Bench) -> None:
    """And the same users each time."""
    bench.verbose.begin(Whom(share=0.2))
    first, second = ([bench.said(f"user-{n}") for n in range(500)] for _ in range(2))

    assert first == second
    assert 60 <= first.count(2) <= 140


def test_a_logger_that_always_debugs_goes_on(bench: Bench) -> None:
    """What was written before is written meanwhile, whoever the request is of."""
    chatty = logging.getLogger("shop.chatty")
    chatty.setLevel(logging.DEBUG)
    bench.verbose.begin(Whom(frozenset(["u1"])))
    chatty.debug("tick")
    chatty.setLevel(logging.NOTSET)

    assert "tick" == json.loads(bench.stream.getvalue())["message"]


def test_another_takes_the_place_of_the_first(bench: Bench) -> None:
    """The usual level is not forgotten."""
    bench.verbose.begin(Whom(frozenset(["u1"])))
    bench.verbose.begin(Whom(frozenset(["u2"])))
    meanwhile = (bench.said("u1"), bench.said("u2"))
    bench.verbose.end()

    assert ((1, 2), 1) == (meanwhile, bench.said("u2"))


def test_another_handler_writes_what_it_wrote_before(bench: Bench) -> None:
    """The level is lowered for all; one on the root, one further down, and one that always had debug lines."""
    root, down = io.StringIO(), io.StringIO()
    other, further = logging.StreamHandler(root), logging.StreamHandler(down)
    logging.getLogger().addHandler(other)
    logging.getLogger("shop").addHandler(further)
    bench.verbose.begin(Whom(frozenset(["u1"])))
    meanwhile = bench.said("u1"), root.getvalue(), down.getvalue()
    bench.verbose.end()
    filters = other.filters + further.filters
    logging.getLogger().removeHandler(other)
    logging.getLogger("shop").removeHandler(further)

    assert (2, "charged\n", "charged\n") == meanwhile
    assert [] == filters


def test_secrets_in_the_text_of_a_debug_line_are_not_written(bench: Bench) -> None:
    """What a developer printed for himself, in the text or a field; usual lines are as they were."""
    bench.verbose.begin(Whom(frozenset(["u1"])))
    with context.bound(**{"user.id": "u1"}):
        log.debug(
            "asks with %s, password='hunter2', card 4111 1111 1111 1111", "Authorization: Bearer abcdefgh12",
            extra={"sent": {"cards": ["4111 1111 1111 1111"], "api_key": "k1", "n": 2}},
        )  # fmt: skip
        log.info("token=public", extra={"sent": "token=public"})
    lines = [json.loads(line) for line in bench.stream.getvalue().splitlines()]
    debug, info = (line["message"] for line in lines)

    assert [{"cards": ["[redacted]"], "api_key": "[redacted]", "n": 2}, "token=public"] == [
        line["sent"] for line in lines
    ]
    assert "asks with Authorization: Bearer [redacted], password='[redacted]', card [redacted]" == debug
    assert "token=public" == info


def test_it_may_end_while_a_line_is_written(bench: Bench) -> None:
    """By another thread, between two looks: no line of the service raises."""

    class Ends(dict[str, str]):
        def get(self, *_: object) -> str:
            bench.verbose.end()
            return "u1"

    bench.verbose.begin(Whom(frozenset(["u1"])))
    with context.serving(context.Request("", "", "", fields=Ends())):
        log.debug("going on")

    assert None is bench.verbose.whom


def test_other_loggers_may_ask(bench: Bench) -> None:
    """Of a level: as usual, for those who are meant, or not at all."""
    before = bench.verbose.lets(logging.DEBUG), bench.verbose.lets(logging.INFO)
    bench.verbose.begin(Whom(frozenset(["u1"])), lines=1)
    with context.bound(**{"user.id": "u1"}):
        meanwhile = [bench.verbose.lets(level) for level in (logging.DEBUG, logging.INFO, logging.DEBUG)]

    assert ((False, None), [True, None, False]) == (before, meanwhile)


def test_keys_can_be_added_while_it_lasts(bench: Bench) -> None:
    """And not afterwards."""
    bench.verbose.also("u2")
    bench.verbose.begin(Whom(frozenset(["u1"]), flag="debug"))
    bench.verbose.also("u2")

    assert (2, 2, 1) == (bench.said("u1"), bench.said("u2"), bench.said("u3"))
    assert "the keys of flag debug" in bench.reported[0].title


def test_a_wrong_debug_line_stops_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was never written before: its arguments may not fit, and a key may be no text that can be encoded."""
    monkeypatch.setattr(logging, "raiseExceptions", False)
    bench.verbose.begin(Whom(share=1.0))
    with context.bound(**{"user.id": "\ud800"}):
        log.debug("%d", "x")

    assert 2 == bench.said("u1")


def test_it_ends_whatever_is_asked_for(bench: Bench) -> None:
    """A flag may name a time in a thousand years."""
    bench.verbose.begin(Whom(frozenset(["u1"])), lasting=timedelta(days=365_000), lines=10**12)
    within = bench.said("u1")
    bench.now[0] += LONGEST

    assert (2, 1) == (within, bench.said("u1"))
    assert f"or {MOST_LINES} lines" in bench.reported[0].title
