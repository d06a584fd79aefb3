"""A mail server for tests: a real one on loopback, with TLS and log-in, that keeps what it is given."""

import ssl
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from webhooks import CERTIFICATE


@dataclass
class Mailbox:
    """Where it listens, what it answers to messages in turn, and what it got."""

    port: int = 0
    answers: list[str] = field(default_factory=list)
    got: list[str] = field(default_factory=list)
    logged_in: list[str] = field(default_factory=list)


@contextmanager
def mailbox(*answers: str, tls: str = "none") -> Iterator[Mailbox]:
    """A server for as long as the block lasts."""
    state = Mailbox(answers=list(answers))
    answering = _answering(state, tls)

    class Server(ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that ends the handshake is no fault."""

    with Server(("127.0.0.1", 0), answering) as server:
        state.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def _answering(state: Mailbox, tls: str) -> type[StreamRequestHandler]:  # noqa: C901 - a verb each
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    class Answering(StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def finish(self) -> None:
            super().finish()
            self.connection.close()

        def secure(self) -> None:
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
            self.wfile = self.connection.makefile("wb", buffering=0)

        def handle(self) -> None:
            if tls == "tls":
                self.secure()
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                match verb:
                    case "EHLO":
                        self.say("250-here")
                        self.say("250-STARTTLS" if tls == "starttls" else "250-8BITMIME")
                        self.say("250 AUTH PLAIN")
                    case "STARTTLS":
                        self.say("220 go")
                        self.secure()
                    case "AUTH":
                        given = b64decode(line.split()[2]).decode().split("\0")
                        good = given[2] == "right"
                        state.logged_in += [given[1]] if good else []
                        self.say("235 good" if good else "535 bad")
                    case "DATA":
                        self.say("354 go on")
                        state.got.append(self.data())
                        self.say(state.answers.pop(0) if state.answers else "250 kept")
                    case "QUIT":
                        self.say("221 bye")
                        return
                    case _:
                        self.say("250 fine")

        def data(self) -> str:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            return b"".join(lines).decode()

    return Answering
