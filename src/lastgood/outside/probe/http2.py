"""One request over HTTP/2 (RFC 9113), its answer read up to a limit."""

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from lastgood.outside.probe.answer import AGENT, Answer
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.target import Target
from lastgood.outside.probe.wire import Wire, reason

_STREAM = 1


def ask(wire: Wire, target: Target, limits: Limits) -> tuple[Answer, str]:
    """The answer to a GET, and what was wrong with it; empty when nothing was."""
    answer = Answer("2")
    link = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    try:
        link.initiate_connection()
        link.send_headers(
            _STREAM,
            [
                (":method", "GET"), (":scheme", target.scheme), (":authority", target.authority), (":path", target.path),
                ("user-agent", AGENT), ("accept", "*/*"), ("accept-encoding", "identity"),
            ],
            end_stream=True,
        )  # fmt: skip
        wire.send(link.data_to_send())
        while not answer.ended and answer.size <= limits.body_bytes:
            piece = wire.receive()
            if not piece:
                return answer, "the connection was closed within the answer"
            for event in link.receive_data(piece):
                if problem := _taken(event, link, answer, limits.saved_bytes):
                    return answer, problem
            wire.send(link.data_to_send())
    except h2.exceptions.H2Error:
        return answer, "what it sends is not HTTP/2"
    except ValueError:
        return answer, "its status is not a number"
    except OSError as problem:
        return answer, reason(problem)
    return answer, ""


def _taken(event: object, link: h2.connection.H2Connection, answer: Answer, kept: int) -> str:
    """Take an event into the answer; what is wrong, if anything."""
    match event:
        case h2.events.ResponseReceived():
            answer.came()
            for name, value in event.headers or ():
                if name == b":status":
                    answer.status = int(value)
                else:
                    answer.header(name.decode("latin-1"), value.decode("latin-1"))
        case h2.events.DataReceived():
            answer.body(bytes(event.data or b""), kept)
            link.acknowledge_received_data(event.flow_controlled_length or 0, _STREAM)
        case h2.events.StreamEnded():
            answer.ended = True
        case h2.events.StreamReset() | h2.events.ConnectionTerminated():
            return f"the server ended it with error {event.error_code}"
        case _:
            pass
    return ""
