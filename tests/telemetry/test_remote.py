"""A remote server that is not there: a clear error, without the password."""

import socket

import pytest

from lastgood.errors import CannotRunError
from lastgood.telemetry.engine import open_engine


def test_an_unreachable_server_is_named_without_the_secret() -> None:
    """At once, and with the address as people may see it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(
            CannotRunError, match=f"clickhouse://127.0.0.1:{port}/otel cannot be reached"
        ) as refused:
            open_engine(f"clickhouse://me:hunter2@127.0.0.1:{port}/otel")
    assert "hunter2" not in str(refused.value)
