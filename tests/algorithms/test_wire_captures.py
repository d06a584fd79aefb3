"""Requests out of packets as text. The samples have the form that tshark 4 writes."""

import json
from time import process_time
from typing import Any

import pytest

from lastgood.algorithms.captures import NO_BODY
from lastgood.algorithms.wire_captures import COMPRESSED, CUT, from_wire

BODY = '{"zip":null}'
HEX = ":".join(f"{byte:02x}" for byte in BODY.encode())
# `tshark -T json` writes a name twice if a packet has a field twice.
PACKETS = """
[{"_index": "packets-2026-11-30", "_score": null, "_source": {"layers": {"frame": {"frame.number": "4"}, "tcp": {"tcp.stream": "0"},
  "http": {"POST /orders?x=1 HTTP/1.1\\\\r\\\\n": {"http.request.method": "POST", "http.request.uri": "/orders?x=1",
    "http.request.uri_tree": {"http.request.uri.path": "/orders"}, "http.request.version": "HTTP/1.1"},
    "http.host": "shop.example", "http.request.line": "Host: shop.example\\r\\n",
    "http.request.line": "Content-Type: application/json\\r\\n", "http.request.line": "Content-Length: 12\\r\\n",
    "http.response_in": "6", "http.file_data": "HEX"}}}},
 {"_index": "p", "_source": {"layers": {"frame": {"frame.number": "6"}, "tcp": {"tcp.stream": "0"},
  "http": {"HTTP/1.1 500 Oops\\\\r\\\\n": {"http.response.code": "500"}, "http.request_in": "4"}}}},
 {"_index": "p", "_source": {"layers": {"frame": {"frame.number": "7"}, "tcp": {"tcp.stream": "0"}}}}]
""".replace("\\\\", "\\").replace("HEX", HEX)


def ek(number: str, **http: Any) -> str:
    """A packet as `tshark -T ek` writes it: a line before it names the index."""
    layers = {
        "frame": {"frame_frame_number": number}, "tcp": {"tcp_tcp_stream": "3"},
        "http": {f"http_http_{name}": value for name, value in http.items()},
    }  # fmt: skip
    return (
        '{"index":{"_index":"packets-2026-11-30"}}\n'
        + json.dumps({"timestamp": "1", "layers": layers})
        + "\n"
    )


def test_packets_in_json() -> None:
    """Headers, the body in hexadecimal, and the status of the answer to this frame."""
    (one,) = from_wire(PACKETS, "a.json") or ()

    assert ("POST", "/orders?x=1", "shop.example", BODY, 500) == (
        one.method, one.path, one.host, one.body, one.status,
    )  # fmt: skip
    assert "application/json" == one.headers["content-type"]
    assert ("a.json, frame 4", ()) == (one.source, one.missing)


def test_packets_in_lines() -> None:
    """An answer without the frame of its request is that of the first one that waits; a body may be text."""
    text = ek(
        "1", request_method="GET", request_uri="/a", request_line=["Host: h\r\n", "Accept-Encoding: gzip\r\n"]
    )
    text += ek(
        "2",
        request_method="POST",
        request_uri="/b",
        file_data="n=1",
        request_line=["Content-Length: 3\r\n", "Content-Encoding: gzip\r\n"],
    )
    text += (
        ek("3", request_method="PUT", request_uri="/c")
        + ek("4", response_code="200")
        + ek("5", response_code="503")
    )
    found = from_wire(text) or ()

    assert [("/a", 200, None), ("/b", 503, "n=1"), ("/c", None, None)] == [
        (one.path, one.status, one.body) for one in found
    ]
    assert "content-encoding" not in found[1].headers
    assert [(), (), (NO_BODY,)] == [one.missing for one in found]


ASKED = f"POST /orders HTTP/1.1\r\nHost: h\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}"
ANSWERED = "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}"
FOLLOWED = (
    f"\n{'=' * 67}\nFollow: http,ascii\nFilter: tcp.stream eq 0\nNode 0: 127.0.0.1:5\nNode 1: 127.0.0.1:8\n"
    f"{len(ASKED)}\n{ASKED}\n\t{len(ANSWERED)}\n{ANSWERED}\n"
    f"40\nGET /ok HTTP/1.1\r\nHost: h\r\n\r\n\n\t20\n\tHTTP/1.1 200 OK\r\n\r\n\n{'=' * 67}\n"
)


@pytest.mark.parametrize(
    "text",
    [
        FOLLOWED,
        FOLLOWED.replace("\r\n", "\n"),
        ASKED + ANSWERED.replace("{}", "{}\nGET /ok HTTP/1.1\n\nHTTP/1.1 200 OK\n\n"),
    ],
    ids=["tshark", "lines", "raw"],
)
def test_a_followed_stream(text: str) -> None:
    """Lengths and lines of the export are no part of a body; answers come in the order of their requests."""
    if not text.startswith("\n"):
        text = text.replace(BODY, f"{BODY}\n")  # what is saved as text has no line end there of its own
    first, second = from_wire(text) or ()

    assert ("POST", "/orders", "h", BODY, 500) == (
        first.method,
        first.path,
        first.host,
        first.body,
        first.status,
    )
    assert ("GET", "/ok", None, 200) == (second.method, second.path, second.body, second.status)


def test_what_a_stream_lacks_is_said() -> None:
    """Cut, compressed, chunked, chunked and cut."""
    head = "POST / HTTP/1.1\r\nHost: h\r\n"
    bodies = {
        f"{head}Content-Length: 99\r\n\r\nabc": ("abc", (CUT,)),
        f"{head}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n...": (None, (COMPRESSED,)),
        f"{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n": ("abcde", ()),
        f"{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nff\r\nde": ("abcde", (CUT,)),
        f"{head}\r\n": (None, (NO_BODY,)),
    }

    for text, expected in bodies.items():
        (one,) = from_wire(text) or ()
        assert expected == (one.body, one.missing), text


def test_anything_else_is_no_capture_of_packets() -> None:
    """Logs, HAR, JSON of another kind; broken packets have no requests."""
    for text in (
        "",
        "GET it",
        "{}",
        '{"log": {"entries": []}}',
        '10.0.0.1 "GET / HTTP/1.1" 500',
        '[{"a": 1}]',
    ):
        assert None is from_wire(text)
    for text in (
        PACKETS.replace("http.request.method", "x"),
        PACKETS[:200],
        '[{"_source": {"layers": 3}}]',
        '[{"_source": {"layers"',
    ):
        assert () == from_wire(text)


def test_hostile_text_takes_no_time() -> None:
    """Nested, and lines that are nearly the start of a message."""
    for text in (
        '[{"_source": {"layers": ' + "[" * 200_000,
        "GET / HTTP/1.1\n" + "GET /a HTTP/1.\n" * 100_000,
        "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n" + "1\na\n" * 50_000,
        "[" + " " * 1_000_000,
    ):
        started = process_time()
        from_wire(text)
        assert process_time() - started < 2
