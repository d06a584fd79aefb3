"""Whole: documents and lines up to a limit, and never a byte beyond it."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO

import pytest

from lastgood.decoding import whole as _whole
from lastgood.decoding.input import Batch, Input, Reject, Tally, decompressed
from lastgood.decoding.tables import records as _records
from lastgood.decoding.tables.elements import elements_of
from lastgood.decoding.tables.records import Form, blocks
from lastgood.decoding.whole import TooLargeError, lines, pieces, read_whole
from lastgood.intake import otlp
from lastgood.intake._registry import best_claim
from outcomes import SETTINGS, outcome

SMALL = 2_000


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test reaches."""
    for module in (_whole, _records, otlp):
        monkeypatch.setattr(module, "LIMIT", SMALL, raising=False)
        monkeypatch.setattr(module, "PIECE", SMALL // 10, raising=False)


class Endless(io.RawIOBase):
    """The same byte for ever; counts what was taken."""

    def __init__(self, byte: bytes = b" ", begin: bytes = b"") -> None:
        self._byte, self._begin, self.taken = byte, begin, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, room: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the room, which is small: what is taken counts."""
        count = min(len(room), 100)
        given = self._begin[:count].ljust(count, self._byte)
        self._begin = self._begin[count:]
        room[:count] = given
        self.taken += count
        return count


def test_what_fits_is_read_whole() -> None:
    """Up to the last byte of the limit."""
    assert (b"x" * SMALL, None) == read_whole(io.BytesIO(b"x" * SMALL))


@pytest.mark.parametrize("read", [read_whole, lines, pieces])
def test_nothing_is_read_beyond_the_limit(read: Callable[[IO[bytes]], Iterable[object]]) -> None:
    """A document or line without an end is given up, and the reason says what to do."""
    endless = Endless()
    with pytest.raises(
        TooLargeError, match="larger than 2000 bytes once unpacked; split it or load it as lines"
    ):
        list(read(io.BufferedReader(endless, 100)))

    assert endless.taken <= SMALL + 200


def test_json_lines_of_any_number_are_read() -> None:
    """A bad line among them is a reject at its line; they need not fit into memory."""
    good = b'{"a": 1}\n'
    content = b"\n" + good * 500 + b"bad\n" + good * 499 + good.strip()

    found = list(elements_of(io.BytesIO(content)))

    assert 1_000 == sum(one == {"a": 1} for one in found)
    assert [(502, "bad")] == [(one.line, one.text) for one in found if isinstance(one, Reject)]
    assert max(map(len, pieces(io.BytesIO(content)))) < SMALL


def test_one_line_that_is_too_long_ends_json_lines() -> None:
    """What came before it is kept."""
    found: list[object] = []
    with pytest.raises(TooLargeError, match="a line"):
        found.extend(elements_of(io.BytesIO(b'{"a": 1}\n' * 500 + b" " * 5_000 + b"\n")))

    assert [{"a": 1}] * len(found) == found
    assert len(found) >= 450


def test_a_row_without_an_end_is_given_up() -> None:
    """A quotation mark that is never closed; the rows before it are kept."""
    stream = io.BufferedReader(Endless(b"x", b'a,b\n1,2\n3,"'), 100)

    read = blocks(stream, Form("csv"))

    assert {"a": ["1"], "b": ["2"]} == next(read).columns
    with pytest.raises(TooLargeError, match="a row"):
        list(read)


def test_any_number_of_rows_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks that are bounded by their size."""
    monkeypatch.setattr(_whole, "LIMIT", 20_000)
    content = b"a,b\n" + b"1,2\n" * 100_000

    found = list(blocks(io.BytesIO(content), Form("csv")))

    assert 100_000 == sum(map(len, found))
    assert len(found) > 2


DOCUMENTS = {
    "otlp": b'{"resourceSpans":[{"resource":{},"scopeSpans":[]}',
    "otlp, over lines": b'{\n"resourceSpans":[{"resource":{},"scopeSpans":[]}',
    "jaeger": b'{"data":[{"traceID":"a","spans":[',
    "zipkin": b'[{"traceId":"a","id":"b","localEndpoint":{},"timestamp":1},',
    "prometheus": b'{"status":"success","data":{"resultType":"matrix","result":[',
    "alerts": b'[{"labels":{},"startsAt":"2026-11-22T14:00:00Z"},',
    "flags": b'{"items":[{"_id":"1","kind":"flag","date":1700000000000,"accesses":[],"titleVerb":"turned on"}',
    "log documents": b'[{"timestamp":"2026-11-20T14:00:00Z","message":"x"},',
    "kubernetes": b'{"apiVersion":"v1","kind":"List","items":[{"kind":"Event","involvedObject":{"kind":"Pod","name":"a"},"reason":"x","lastTimestamp":"2026-11-22T14:00:00Z"}',
}


@pytest.mark.table
@pytest.mark.parametrize("begin", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_packed_bomb_of_every_kind_is_given_up(begin: bytes) -> None:
    """A small archive of a large document: it is reported, the account adds up, and no more than the limit was unpacked."""
    given = Input(None, "a.json.gz", gzip.compress(begin + b" " * 500_000))
    found = best_claim(given)
    assert found is not None

    items: list[Batch | Reject | Tally] = []
    with pytest.raises(TooLargeError, match="once unpacked"):
        items.extend(found[0].decode(given, found[1], SETTINGS))
    assert 0 == sum(map(_missing, items))


def _missing(item: Batch | Reject | Tally) -> int:
    """What is missing in the account."""
    match item:
        case Tally():
            return item.lines - item.events - item.continuations - item.blanks
        case Reject():
            return -1
        case Batch():
            return 0


def _messages() -> Iterator[bytes]:
    from opentelemetry.proto.trace.v1.trace_pb2 import TracesData  # noqa: PLC0415

    data = TracesData()
    span = data.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.start_time_unix_nano, span.end_time_unix_nano = (
        b"t" * 16,
        b"s" * 8,
        1,
        2,
    )
    while True:
        span.name += "x"
        yield data.SerializeToString()


def test_protobuf_messages_of_any_number_are_read() -> None:
    """One after another, bare or behind their length, from a stream that does not fit at once."""
    made = [message for message, _ in zip(_messages(), range(100), strict=False)]
    for content in (b"".join(made), b"".join(len(one).to_bytes(4, "big") + one for one in made)):
        found = outcome(content)

        assert len(content) > 3 * SMALL
        assert ((100, 100, 0, 0), []) == (found.tally, found.rejects)
        assert [100] == [len(rows) for rows in found.rows.values()]


@pytest.mark.slow
def test_a_protobuf_message_that_is_too_large_is_given_up() -> None:
    """It claims a length beyond the limit."""
    first = next(_messages())
    given = Input(None, "a.pb", first + b"\x0a\xff\xff\xff\x7f" + b"x" * 10_000)
    found = best_claim(given)
    assert found is not None

    items: list[Batch | Reject | Tally] = []
    with pytest.raises(TooLargeError, match="a message"):
        items.extend(found[0].decode(given, found[1], SETTINGS))

    assert [1] == [item.rows.num_rows for item in items if isinstance(item, Batch)]


@pytest.mark.parametrize("limit", [10**3, 10**6])
def test_an_archive_that_is_cut_off_gives_what_came_before(
    monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """It is no bomb, whether it would have fitted whole or not."""
    monkeypatch.setattr(_whole, "LIMIT", limit)
    alert = b'{"labels": {"alertname": "%d"}, "startsAt": "2026-11-22T14:00:00Z"}\n'
    packed = gzip.compress(b"".join(alert % (place * 7919) for place in range(5_000)))
    given = Input(None, "a.json.gz", packed[: len(packed) // 2])
    found = best_claim(given)
    assert found is not None

    items: list[Batch | Reject | Tally] = []
    with pytest.raises(OSError, match="ended before"):
        items.extend(found[0].decode(given, found[1], SETTINGS))

    assert 0 == sum(map(_missing, items))
    assert 1_000 < sum(item.rows.num_rows for item in items if isinstance(item, Batch)) < 5_000


def test_lines_of_a_broken_stream_end_with_the_one_class_that_loading_expects() -> None:
    """Whatever the compression raises; what came before is given out."""
    whole = gzip.compress(b"a\n" * 90_000)
    read = lines(decompressed(io.BytesIO(whole[:-9])))

    assert b"a\n" == next(read)
    with pytest.raises(OSError, match="ended before"):
        list(read)
