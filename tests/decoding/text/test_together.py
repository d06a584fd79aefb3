"""Small texts that are decoded together give what each gives alone."""

import gzip
from collections.abc import Sequence
from typing import Any

import pytest

from lastgood.decoding.input import Batch, Input, Reject, Tally
from lastgood.intake.logs import alike, together
from outcomes import SETTINGS, outcome

Reported = tuple[list[dict[str, Any]], list[Reject], tuple[int, int, int, int]]


def _together(texts: Sequence[tuple[str, bytes]]) -> list[Reported | None]:
    inputs = [Input(None, name, content) for name, content in texts]
    assert len({alike(given, SETTINGS) for given in inputs} - {None}) == 1
    return [None if items is None else _reported(items) for items in together(inputs, SETTINGS)]


def _reported(items: Sequence[Batch | Reject | Tally]) -> Reported:
    rows = [row for item in items if isinstance(item, Batch) for row in item.rows.to_pylist()]
    tallies = [item for item in items if isinstance(item, Tally)]
    parts = [(t.lines, t.events, t.continuations, t.blanks) for t in tallies]
    return rows, [item for item in items if isinstance(item, Reject)], parts[0]


def _alone(name: str, content: bytes) -> Reported:
    found = outcome(content, name)
    return found.rows.get("otel_logs", []), found.rejects, found.tally


STACK = (
    b"2026-11-20T12:00:0%d.100Z ERROR shop: order %d failed after 31 ms\n"
    b"java.lang.IllegalStateException: no\n\n\tat com.example.Shop.pay(Shop.java:12)\n"
    b"2026-11-20T12:00:09.100Z INFO shop: status=503 duration=%dms\n"
)
CRI = (
    b"2026-11-20T12:00:0%d.123456789Z stdout F INFO starting worker %d\n"
    b"2026-11-20T12:00:01.123456789Z stderr F ERROR failed after %dms\n"
)
JSON = b'{"time":"2026-11-20T14:00:0%dZ","level":"error","service":"pay","msg":"n %d","took_ms":%d}\n'


@pytest.mark.parametrize("pattern", [STACK, CRI, JSON])
def test_texts_give_together_what_each_gives_alone(pattern: bytes) -> None:
    """Rows, with the service that the name of the file says, rejects and the account of lines are the same."""
    texts = [(f"logs/svc{n}-7d4b9c6f5d-x2v8{n}.log", pattern % (n, n, n)) for n in range(2, 7)]
    assert [_alone(*text) for text in texts] == _together(texts)


def test_a_text_that_begins_otherwise_than_its_layout_says_is_left_to_be_decoded_alone() -> None:
    """The thirteenth month is no month: none of the text before goes on in it, and nothing of it is lost."""
    good = b"2026-11-20T12:00:00.100Z INFO shop: order took long\n"
    bad = b"2026-13-20T12:00:00.100Z INFO shop: order took long\n"
    first, second, third = _together([("a.log", good), ("b.log", bad), ("c.log", good)])
    assert _alone("a.log", good) == first
    assert second is None
    assert _alone("c.log", good) == third


def test_a_text_that_is_unpacked_is_not_decoded_with_others() -> None:
    """An archive may break off after what was seen of it."""
    packed = gzip.compress(b"2026-11-20T12:00:00.100Z INFO shop: order took long\n")
    assert alike(Input(None, "a.log.gz", packed), SETTINGS) is None
