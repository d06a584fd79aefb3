"""One request over HTTP/1.1 (RFC 9112), its answer read up to a limit."""

import httptools

from lastgood.outside.probe.answer import AGENT, MOST_HEADERS, Answer
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.target import Target
from lastgood.outside.probe.wire import Wire, reason


class _Reader:
    """What the parser calls."""

    def __init__(self, answer: Answer, kept: int) -> None:
        self.answer, self.kept, self.complete = answer, kept, False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.answer.header(name.decode("latin-1"), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        self.complete = True

    def on_body(self, piece: bytes) -> None:
        self.answer.body(piece, self.kept)

    def on_message_complete(self) -> None:
        self.answer.ended = True


def ask(wire: Wire, target: Target, limits: Limits) -> tuple[Answer, str]:
    """The answer to a GET, and what was wrong with it; empty when nothing was."""
    answer = Answer("1.1")
    reader = _Reader(answer, limits.saved_bytes)
    parser = httptools.HttpResponseParser(reader)
    try:
        wire.send(
            f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: {AGENT}\r\n"
            "Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n".encode("ascii")
        )
        return answer, _read(wire, answer, reader, parser, limits)
    except httptools.HttpParserError:
        return answer, "what it sends is not HTTP"
    except OSError as problem:
        return answer, reason(problem)


def _read(
    wire: Wire, answer: Answer, reader: _Reader, parser: httptools.HttpResponseParser, limits: Limits
) -> str:
    seen = 0
    while not answer.ended:
        piece = wire.receive()
        if not piece:
            if not reader.complete:
                return (
                    "the connection was closed without an answer"
                    if not seen
                    else "the connection was closed within the headers"
                )
            unframed = not {"content-length", "transfer-encoding"} & answer.headers.keys()
            answer.ended = unframed  # then the end of the connection is the end of the body
            return "" if unframed else "the connection was closed within the body"
        answer.came()
        seen += len(piece)
        parser.feed_data(piece)
        if reader.complete:
            answer.status = parser.get_status_code()
            if answer.size > limits.body_bytes:
                return ""
        elif seen > MOST_HEADERS:
            return "its headers do not end"
    return ""
