"""A remote ClickHouse server, reached over its HTTP interface."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lastgood.telemetry.address import RemoteAddress

CONNECT_SECONDS = 10
ANSWER_SECONDS = 120  # longer than any budget: the server's own limits are to act first

# A server takes 128 KiB a field of a form (http_max_field_value_size), the quotes around every value included.
LONGEST_FIELD = 120_000
_ARRAY = re.compile(r"\{(\w+):Array\(([^{}]*)\)\}")


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


def in_parts(sql: str, bound: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The same query with arrays too long for one field of a request bound as several, joined by the server."""
    whole, parts = dict(bound), dict[str, list[str]]()
    for name in {match[1] for match in _ARRAY.finditer(sql)} & {*bound}:
        cut = list(_cut(bound[name]))
        if len(cut) > 1:
            parts[name] = [f"{name}_part_{place}" for place in range(len(cut))]
            whole |= dict(zip(parts[name], cut, strict=True))
            del whole[name]

    def joined(match: re.Match[str]) -> str:
        names = parts.get(match[1])
        if names is None:
            return match[0]
        return f"arrayConcat({', '.join(f'{{{name}:Array({match[2]})}}' for name in names)})"

    return _ARRAY.sub(joined, sql), whole


def _cut(values: Sequence[Any]) -> Iterator[list[Any]]:
    """The values in runs that each fit into a field, however they are escaped."""
    run, size = list[Any](), 0
    for value in values:
        mine = 2 * len(str(value).encode("utf-8", "surrogatepass")) + 4
        if run and size + mine > LONGEST_FIELD:
            yield run
            run, size = [], 0
        run.append(value)
        size += mine
    yield run
