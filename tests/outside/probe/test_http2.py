"""HTTP/2 over a plain connection. Over TLS, and broken: outside/test_probe."""

from contextlib import closing

from lastgood.outside.probe.http2 import ask
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.target import target_of
from lastgood.outside.probe.wire import connected
from sites import OK, says, site, speaks_http2


def test_an_answer_is_read_and_another_protocol_named() -> None:
    """Status, headers, size."""
    found = []
    for talk in (speaks_http2("503"), says(OK)):
        with site(talk) as port:
            wire = connected("127.0.0.1", port, 2)
            with closing(wire.sock):
                found.append(ask(wire, target_of(f"http://127.0.0.1:{port}/"), Limits()))
    (answer, fine), (_, problem) = found

    assert (503, 2, True, "") == (answer.status, answer.size, answer.ended, fine)
    assert {"server": "test"} == answer.headers
    assert problem
