"""MySQL without a server. Attacks on a real MariaDB: outside/test_database."""

from socket import create_server
from threading import Thread

import pytest

from lastgood.errors import CannotRunError, UsageError
from lastgood.outside.database.address import address_of
from lastgood.outside.database.limits import Limits
from lastgood.outside.database.mysql import ask
from lastgood.outside.database.statement import admitted

ONE = admitted("SELECT 1", "mysql")


def test_the_servers_own_database_is_refused() -> None:
    """Its tables could be read without naming it."""
    with pytest.raises(UsageError, match="holds the server's accounts"):
        ask(address_of("mysql://kim@127.0.0.1:1/MySQL", {}), ONE, Limits())


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    """With what to check."""
    with pytest.raises(CannotRunError, match="cannot be reached") as failed:
        ask(address_of("mysql://kim@127.0.0.1:1/shop", {"MYSQL_PWD": "hunter2"}), ONE, Limits(seconds=1))

    assert "hunter2" not in failed.value.message + failed.value.hint


def test_a_server_that_does_not_speak_the_protocol_is_no_fault() -> None:
    """What the driver raises then is of no class of its own."""
    with create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.sendall(b"\x50\x00\x00\x00\x0a8.0.0\x00" + b"\xff" * 200)

        thread = Thread(target=serve)
        thread.start()
        address = address_of(f"mysql://kim@127.0.0.1:{listening.getsockname()[1]}/shop", {})
        with pytest.raises(CannotRunError, match="does not use the protocol"):
            ask(address, ONE, Limits(seconds=2))
        thread.join()
