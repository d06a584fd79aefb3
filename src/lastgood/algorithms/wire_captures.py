"""Wire captures: requests over HTTP/1 out of packets that Wireshark exported as text.

`tshark -Y http -T json` and `-T ek` name each field of a packet (https://www.wireshark.org/docs/dfref/h/http.html). What
"Follow HTTP Stream" and `tshark -z follow,http,ascii,N` write is the exchange itself (RFC 9112), where a byte that cannot
be printed is a dot.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from lastgood.algorithms.captures import BODYLESS, NO_BODY, split_address
from lastgood.model.replay import CapturedRequest

CUT = "the body is cut off in the capture"
COMPRESSED = "the body is compressed in the capture"
DOTS = "the body may have had bytes that cannot be printed: they are dots in the capture"
_TSHARK = re.compile(r'\s*\[?\s*\{\s*"(?:_index|index|_source|timestamp)".{0,2000}?"layers"', re.DOTALL)
_HEX = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2})*")
_REQUEST_LINE = re.compile(r"(?P<method>[A-Z]{3,20}) (?P<target>\S+) HTTP/1\.[01]")
_STATUS_LINE = re.compile(r"HTTP/1\.[01] (?P<status>\d{3})(?: .*)?")
_START = re.compile(rf"^\t?(?:{_REQUEST_LINE.pattern}|{_STATUS_LINE.pattern})\r?$", re.MULTILINE)
_FOLLOW = re.compile(r"\s*=+\s+Follow: (?:http|tcp)")
_CHUNK = re.compile(r"([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")
Fields = Mapping[str, Sequence[str]]


def from_wire(text: str, source: str = "capture") -> tuple[CapturedRequest, ...] | None:
    """Every request of an export with the status of its answer; None where the text is none."""
    if _TSHARK.match(text):
        return _from_packets(_packets(text), source)
    first = text.lstrip("\n").partition("\n")[0].rstrip("\r")
    if _FOLLOW.match(text) or _REQUEST_LINE.fullmatch(first):
        return _from_stream(text, source)
    return None


def _packets(text: str) -> list[Any]:
    """The packets of an array, or of lines; names that come twice in one object have a list."""
    with suppress(ValueError, RecursionError):
        whole = json.loads(text, object_pairs_hook=_several)
        return whole if isinstance(whole, list) else [whole]
    found = []
    for line in text.splitlines():
        with suppress(ValueError, RecursionError):
            found.append(json.loads(line, object_pairs_hook=_several))
    return found


def _several(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _from_packets(packets: Sequence[Any], source: str) -> tuple[CapturedRequest, ...]:
    asked: dict[str, CapturedRequest] = {}
    waiting: dict[str, list[str]] = defaultdict(list)  # frames of requests without an answer, by stream
    for number, packet in enumerate(packets, 1):
        fields = _fields(packet)
        frame, stream = _one(fields, "frame_number") or f"packet {number}", _one(fields, "tcp_stream")
        if method := _one(fields, "http_request_method"):
            asked[frame] = _of_packet(method, fields, f"{source}, frame {frame}")
            waiting[stream].append(frame)
        elif (status := _one(fields, "http_response_code")).isdigit():
            to = _one(fields, "http_request_in") or next(iter(waiting[stream]), "")
            if to in asked:
                asked[to] = replace(asked[to], status=int(status))
                waiting[stream] = [one for one in waiting[stream] if one != to]
    return tuple(asked.values())


def _fields(packet: Any) -> Fields:
    """The texts of a packet by their names: `http.request.method` and `http_http_request_method` are one."""
    inner = packet.get("_source", packet) if isinstance(packet, Mapping) else {}
    found: dict[str, list[str]] = defaultdict(list)
    layers = inner.get("layers") if isinstance(inner, Mapping) else None
    for name, text in _leaves("", layers, 0):
        plain = name.replace(".", "_")
        layer = plain.partition("_")[0]
        found[plain.removeprefix(f"{layer}_") if plain.startswith(f"{layer}_{layer}_") else plain].append(
            text
        )
    return found


def _leaves(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and depth < 20:
        for inner, one in value.items():
            yield from _leaves(inner, one, depth + 1)
    elif isinstance(value, list) and depth < 20:
        for one in value:
            yield from _leaves(name, one, depth + 1)
    elif isinstance(value, str):
        yield name, value


def _one(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _of_packet(method: str, fields: Fields, source: str) -> CapturedRequest:
    headers = _headers(fields.get("http_request_line", ()))
    data, size = _one(fields, "http_file_data"), headers.get("content-length", "")
    body: str | None = data or None
    if _HEX.fullmatch(data) and (not size.isdigit() or int(size) != len(data)):
        body = bytes.fromhex(data.replace(":", "")).decode("utf-8", "surrogateescape")
    headers.pop("content-encoding", None)  # Wireshark decodes the body
    return _asked(method, _one(fields, "http_request_uri"), headers, (body, ()), source)


def _from_stream(text: str, source: str) -> tuple[CapturedRequest, ...]:
    starts = [*_START.finditer(text)]
    found: list[CapturedRequest] = []
    answered = 0
    for one, end in zip(starts, [*(start.start() for start in starts[1:]), len(text)], strict=True):
        if one["method"]:
            head, body = _parted(text[one.end() : end])
            headers = _headers(head)
            place = f"{source}, request {len(found) + 1}"
            found.append(_asked(one["method"], one["target"], headers, _body(headers, body), place))
        elif answered < len(found) and not one["status"].startswith("1"):
            found[answered] = replace(found[answered], status=int(one["status"]))
            answered += 1
    return tuple(found)


def _parted(text: str) -> tuple[list[str], str]:
    """The lines of headers, and all behind the empty line."""
    head, _, body = text.lstrip("\r\n").replace("\r\n\r\n", "\n\n", 1).partition("\n\n")
    return head.splitlines(), body


def _body(headers: Mapping[str, str], text: str) -> tuple[str | None, tuple[str, ...]]:
    """The body by its length, and what is wrong with it; behind it are lengths and lines of the export."""
    if "content-encoding" in headers:
        return None, (COMPRESSED,)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _unchunked(text)
    size = headers.get("content-length", "0")
    length = int(size) if size.isdigit() and len(size) < 10 else 0
    if not length:
        return None, ()
    body = text.encode("utf-8", "surrogateescape")[:length]
    notes = (CUT,) if len(body) < length else ()
    return body.decode("utf-8", "replace"), (*notes, *((DOTS,) if b"." in body else ()))


def _unchunked(text: str) -> tuple[str | None, tuple[str, ...]]:
    """The body without its chunks' lengths; as it is where it has none."""
    found, at, raw = b"", 0, text.encode("utf-8", "surrogateescape")
    while one := _CHUNK.match(raw[at : at + 300].decode("latin-1")):
        length = int(one[1], 16)
        if not length:
            return found.decode("utf-8", "replace"), ()
        start = at + len(one[0])
        found += raw[start : start + length]
        at = start + length + (2 if raw[start + length : start + length + 2] == b"\r\n" else 1)
    return (found.decode("utf-8", "replace") or None), (CUT,)


def _headers(lines: Sequence[str]) -> dict[str, str]:
    pairs = (line.strip().partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, mark, value in pairs if mark}


def _asked(
    method: str,
    target: str,
    headers: Mapping[str, str],
    read: tuple[str | None, tuple[str, ...]],
    source: str,
) -> CapturedRequest:
    body, notes = read
    split = split_address(target if target.startswith("/") or "://" in target else f"/{target}")
    path = f"{split.path or '/'}?{split.query}" if split.query else split.path or "/"
    lacks = body is None and not notes and method not in BODYLESS and headers.get("content-length") != "0"
    return CapturedRequest(
        method, path, headers.get("host", split.netloc.rpartition("@")[2]), headers, body, source=source,
        operation=split.path, missing=(*notes, *((NO_BODY,) if lacks else ())),
    )  # fmt: skip
