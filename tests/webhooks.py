"""The other side of a webhook: a real server on loopback that answers as it is asked and keeps what it got."""

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where it listens, what it will answer in turn (the last for good), and what it got."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [204])
    got: list[Received] = field(default_factory=list)


# A certificate for `localhost` that only signs itself, with its key: good for nothing but these tests.
CERTIFICATE = Path(__file__).parent / "fixtures" / "localhost.pem"


@contextmanager
def receiver(*answers: int, tls: bool = False, echo: bool = False) -> Iterator[Receiver]:
    """A server for as long as the block lasts; with `echo` it answers what it was sent."""
    state = Receiver(answers=list(answers) or [204])

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{state.url}/elsewhere")
            said = f"{self.path} {self.headers.get('Authorization')}".replace("/", "\\/")
            content = f'{{"message": "no {said}"}}'.encode() if echo else b""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    state.url = f"http{'s' if tls else ''}://{'localhost' if tls else '127.0.0.1'}:{server.server_port}"
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
