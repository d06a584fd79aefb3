"""A remote ClickHouse server, reached over its HTTP interface."""

from collections.abc import Callable
from typing import Any

from lastgood.telemetry.address import RemoteAddress

CONNECT_SECONDS = 10
ANSWER_SECONDS = 120  # longer than any budget: the server's own limits are to act first


def connector(address: RemoteAddress) -> Callable[[], Any]:
    """A function that opens one more connection, with the address's settings on all its queries."""
    options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **address.client}

    def connect() -> Any:
        import clickhouse_connect  # noqa: PLC0415 - half a second that `--help` need not pay

        return clickhouse_connect.get_client(
            host=address.host,
            port=address.port,
            username=address.user,
            password=address.password,
            database=address.database,
            secure=address.secure,
            settings=dict(address.settings),
            send_receive_timeout=ANSWER_SECONDS,
            # A server refuses concurrent queries in one session.
            autogenerate_session_id=False,
            **options,
        )

    return connect
