"""Bodies: ids in messages, tails that are cut."""

import numpy as np
import pyarrow as pa
import pytest

from lastgood.decoding.text.bodies import TAIL_LIMIT, Tail, with_ids, with_packets, with_tails
from lastgood.decoding.text.events import column, events


def table_of(*bodies: str) -> pa.Table:
    """Events with these bodies."""
    count = len(bodies)
    return events(np.zeros(count, np.int64), np.zeros(count, np.uint8), {"Body": pa.array(bodies)})


@pytest.mark.parametrize(
    ("body", "trace", "span", "called"),
    [
        ("charge trace_id=4BF92F3577B34DA6A3CE929D0E0E4736 span_id=00f067aa0ba902b7", "4bf92f3577b34da6a3ce929d0e0e4736",
         "00f067aa0ba902b7", ""),
        ("TraceID: 4bf92f3577b34da6a3ce929d0e0e4736 failed", "4bf92f3577b34da6a3ce929d0e0e4736", "", ""),
        ("failed [request_id=ab12-cd34]", "", "", "ab12-cd34"),
        ("[req-9bc36dd9-91c5-4314-898a-47625eb93b09 a b] GET", "", "", "req-9bc36dd9-91c5-4314-898a-47625eb93b09"),
        ("no trace of an id: nothing", "", "", ""),
    ],
)  # fmt: skip
def test_ids_in_a_message_are_found(body: str, trace: str, span: str, called: str) -> None:
    """Where a word says what they are; the row beside stays as it was."""
    other, row = with_ids(table_of("plain", body)).to_pylist()

    assert (trace, span, called) == (
        row["TraceId"],
        row["SpanId"],
        dict(row["LogAttributes"]).get("request.id", ""),
    )
    assert ("", []) == (other["TraceId"], other["LogAttributes"])


def test_a_tail_is_cut_and_says_so() -> None:
    """Memory stays bounded, however long a trace."""
    tail = Tail()
    for _ in range(3):
        tail.add(b"x" * TAIL_LIMIT)
    table = with_tails(table_of("a", "b"), {1: tail})

    first, second = column(table, "Body").to_pylist()
    assert "a" == first
    assert second.startswith("b\nxxx")
    assert second.endswith("more bytes of this event were cut]")
    assert TAIL_LIMIT + 100 > len(second)


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        ("[4711.5] DROP: IN=eth0 OUT= MAC=00:08 SRC=192.0.2.7 DST=198.51.100.9 LEN=40 DF PROTO=TCP SPT=51 DPT=443 SYN URGP=0",
         {"IN": "eth0", "MAC": "00:08", "SRC": "192.0.2.7", "DST": "198.51.100.9", "LEN": "40", "PROTO": "TCP", "SPT": "51", "DPT": "443", "URGP": "0"}),
        ("IN=lo OUT= SRC=192.0.2.7 DST=192.0.2.8 LEN=76 PROTO=ICMP [SRC=192.0.2.8 DST=192.0.2.7 LEN=40 ] ",
         {"IN": "lo", "SRC": "192.0.2.7", "DST": "192.0.2.8", "LEN": "76", "PROTO": "ICMP"}),
        ("set IN=1 and OUT=2 for the run", {}),
    ],
)  # fmt: skip
def test_a_packet_that_netfilter_logs_is_its_pairs(body: str, pairs: dict[str, str]) -> None:
    """Of a packet within the packet, nothing."""
    other, row = with_packets(table_of("plain", body)).to_pylist()
    assert ({}, pairs) == (dict(other["LogAttributes"]), dict(row["LogAttributes"]))
