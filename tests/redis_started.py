"""A real Redis of its own on a free port of the loopback, gone afterwards."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_connection, create_server
from tempfile import TemporaryDirectory
from time import monotonic, sleep

READY_WITHIN = 60  # seconds; a busy machine is no failure


@contextmanager
def redis(*settings: str) -> Iterator[int]:
    """A running server with settings such as `--maxclients 3`; gives its port."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise FileNotFoundError("redis-server is not installed: make redis")
    with TemporaryDirectory(prefix="lastgood-redis-") as folder:
        with create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        order = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder, *settings]
        server = subprocess.Popen(order, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(server, port)
            yield port
        finally:
            server.terminate()
            server.wait(READY_WITHIN)


def spoken(port: int, *commands: str) -> bytes:
    """What the server answers to commands in a row."""
    with create_connection(("127.0.0.1", port), 10) as peer:
        answers = b""
        for command in commands:
            peer.sendall(command.encode() + b"\r\n")
            answers += peer.recv(65536)
        return answers


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    end = monotonic() + READY_WITHIN
    while True:
        try:
            spoken(port, "PING")
        except OSError:
            if server.poll() is not None or monotonic() > end:
                raise
            sleep(0.05)
        else:
            return
