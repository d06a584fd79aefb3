"""HTTP/1.1 as servers write it. Bad answers: outside/test_probe."""

from contextlib import closing

import pytest

from lastgood.outside.probe.http1 import ask
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.target import target_of
from lastgood.outside.probe.wire import connected
from sites import says, site


@pytest.mark.parametrize(
    ("sent", "size"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 0),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 2),
        (b"HTTP/1.0 200 OK\r\n\r\nas long as it is open", 21),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 3),
    ],
)
def test_every_kind_of_body_comes_to_its_end(sent: bytes, size: int) -> None:
    """None, in pieces, up to the end of the connection, of a length that was stated."""
    with site(says(sent)) as port:
        wire = connected("127.0.0.1", port, 2)
        with closing(wire.sock):
            answer, problem = ask(wire, target_of(f"http://127.0.0.1:{port}/"), Limits())

    assert ("", size, True) == (problem, answer.size, answer.ended)
