"""A remote server: a clear error where it is not there, and arrays in parts that its form fields can hold."""

import socket
from typing import Any

import pytest

from lastgood.errors import CannotRunError
from lastgood.telemetry.engine import Engine, open_engine
from lastgood.telemetry.remote import in_parts


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


IDS = [f"{n:032x}" for n in range(5_000)]


def test_an_array_too_long_for_one_field_is_bound_in_parts() -> None:
    """Each fits, nothing is lost, and what is short stays as it was."""
    sql, bound = in_parts(
        "SELECT {n:Int64} WHERE x IN {ids:Array(String)} OR has({ids:Array(String)}, y)", {"ids": IDS, "n": 1}
    )
    names = [name for name in bound if name != "n"]
    joined = "arrayConcat(" + ", ".join(f"{{{name}:Array(String)}}" for name in names) + ")"

    assert f"SELECT {{n:Int64}} WHERE x IN {joined} OR has({joined}, y)" == sql
    assert IDS == [one for name in names for one in bound[name]]
    assert all(len(str(bound[name])) < 128 << 10 for name in names)
    assert 1 < len(names)


@pytest.mark.parametrize("values", [[], [1, 2], ["x" * 500_000]])
def test_what_fits_or_cannot_be_parted_stays_as_it_is(values: list[Any]) -> None:
    """The server says what is wrong with a single value that is too long."""
    sql = "SELECT {v:Array(String)}"

    assert (sql, {"v": values}) == in_parts(sql, {"v": values})


def test_the_parts_are_joined_to_the_same_array(engine: Engine) -> None:
    """By the engine, also where IN reads it."""
    sql, bound = in_parts(
        "SELECT count() AS n FROM numbers(9000) WHERE lower(leftPad(hex(number), 32, '0')) IN {ids:Array(String)}",
        {"ids": IDS},
    )

    assert [{"n": 5_000}] == engine.query(sql, bound).rows
