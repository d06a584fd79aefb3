"""Bodies that are log lines of another format: opened, without losing what was said outside."""

from datetime import UTC, datetime

import orjson
import pyarrow as pa

from lastgood.decoding.input import Settings
from lastgood.decoding.tables.inside import opened
from lastgood.decoding.text.events import SCHEMA
from lastgood.model.clock import to_nanoseconds

AT = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def _docker(text: str) -> str:
    return orjson.dumps({"log": text + "\n", "stream": "stdout", "time": "2026-11-22T14:45:00Z"}).decode()


def _opened(*bodies: str) -> list[dict[str, object]]:
    count = len(bodies)
    table = pa.table(
        {
            name: {"Timestamp": [to_nanoseconds(AT)], "SeverityNumber": [0], "Body": None}.get(name, [""]) or [""]
            for name in SCHEMA.names
            if not pa.types.is_map(SCHEMA.field(name).type)
        }
    )  # fmt: skip
    columns = {name: [table[name][0].as_py()] * count for name in table.column_names} | {
        "Body": list(bodies),
        "ServiceName": ["outside"] * count,
        "ResourceAttributes": [[("k8s.pod.name", "p1")]] * count,
        "LogAttributes": [[]] * count,
    }
    given = pa.table({name: pa.array(columns[name], SCHEMA.field(name).type) for name in SCHEMA.names})
    return opened(given, Settings(AT, UTC)).to_pylist()  # type: ignore[no-any-return]


def test_json_inside_docker_inside_a_body() -> None:
    """Message and level of the innermost, service and time of the outermost."""
    line = orjson.dumps(
        {
            "severity": "error",
            "message": "card refused",
            "service": "inside",
            "timestamp": "2026-11-22T14:45:00Z",
        }
    )
    row, *_ = _opened(*[_docker(line.decode())] * 5)

    assert ("card refused", 17, "outside") == (row["Body"], row["SeverityNumber"], row["ServiceName"])
    assert [("k8s.pod.name", "p1")] == row["ResourceAttributes"]


def test_plain_text_stays_as_it_is() -> None:
    """A body that is no log line is the body."""
    assert ["hello", "you"] == [row["Body"] for row in _opened("hello", "you")]


def test_text_with_a_time_and_a_level() -> None:
    """The level is read; the outer time stays."""
    rows = _opened(*[_docker(f"14:45:00.{n:03} WARN  shop.Cart#{n} cart is slow") for n in range(6)])

    assert {13} == {row["SeverityNumber"] for row in rows}
    assert all(str(row["Body"]).endswith("cart is slow") for row in rows)
