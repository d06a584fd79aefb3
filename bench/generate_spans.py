"""A shop's traces and log lines, the same on every run, as Arrow rows for a store: one fault in their last tenth.

    python -m bench.generate_spans STORE --spans 2000000 [--lines 2000000] [--seed 1] [--earlier HOURS]

Each request is a tree of spans over several services, with users, versions, pods and regions. From FAULT on, the payment
calls of one provider in one region fail, slow down what waits for them, and are logged. Every service was deployed each
hour of the day before, with commits and their diffs. Rows are made by
columns and written as they are made: memory does not grow with the store.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lastgood.telemetry.engine import Engine, open_engine
from lastgood.telemetry.tables import CHANGES, LOGS, SPANS, StoreTable
from lastgood.telemetry.writer import Writer, create_tables

START = 1_772_431_200_000_000_000  # 2026-03-02 06:00 UTC
LENGTH = 2 * 3_600_000_000_000
FAULT = 0.9  # of LENGTH
REQUESTS_AT_ONCE = 20_000
REGIONS = ("eu-1", "eu-2", "us-1", "ap-1")
PROVIDERS = ("acme-pay", "global-pay", "quick-pay")

Column = npt.NDArray[np.object_]
Chosen = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Call:
    """One span of a request: who calls (its place in the request), what, and how long it takes itself."""

    parent: int
    service: str
    name: str
    kind: str
    own_ms: float
    said: str  # the line that the service logs


REQUESTS: tuple[tuple[str, int, tuple[Call, ...]], ...] = (
    (
        "POST /checkout",
        1,
        (
            Call(-1, "gateway", "POST /checkout", "Server", 2, "POST /checkout answered"),
            Call(0, "gateway", "POST", "Client", 1, "calling checkout"),
            Call(1, "checkout", "POST /orders", "Server", 5, "order priced"),
            Call(2, "checkout", "INSERT orders", "Client", 3, "order stored"),
            Call(2, "checkout", "charge", "Client", 1, "asking for payment"),
            Call(4, "payments", "charge", "Server", 4, "charge taken"),
            Call(5, "payments", "POST provider", "Client", 40, "provider answered"),
        ),
    ),
    (
        "GET /search",
        4,
        (
            Call(-1, "gateway", "GET /search", "Server", 1, "GET /search answered"),
            Call(0, "gateway", "GET", "Client", 1, "calling search"),
            Call(1, "search", "GET /query", "Server", 12, "index read"),
            Call(2, "search", "SELECT products", "Client", 6, "products read"),
        ),
    ),
    (
        "GET /profile",
        2,
        (
            Call(-1, "gateway", "GET /profile", "Server", 1, "GET /profile answered"),
            Call(0, "identity", "GET /users/{id}", "Server", 3, "user found"),
            Call(1, "identity", "GET session", "Client", 1, "session read"),
        ),
    ),
)


def rows(spans: int, lines: int, seed: int = 1, start: int = START) -> Iterator[tuple[StoreTable, pa.Table]]:
    """About so many spans and log lines, as tables in order of time."""
    weights = np.array([weight for _, weight, _ in REQUESTS])
    mean = sum(weight * len(calls) for _, weight, calls in REQUESTS) / weights.sum()
    requests = max(1, round(spans / mean))
    random = np.random.default_rng(seed)
    share = lines / spans if spans else 0.0
    for first in range(0, requests, REQUESTS_AT_ONCE):
        count = min(REQUESTS_AT_ONCE, requests - first)
        starts = start + ((first + np.sort(random.random(count)) * count) / requests * LENGTH).astype(
            np.int64
        )
        kinds = random.choice(len(REQUESTS), count, p=weights / weights.sum())
        for kind, (route, _, calls) in enumerate(REQUESTS):
            yield from _requests(random, starts[kinds == kind], start + FAULT * LENGTH, route, calls, share)


def _requests(
    random: np.random.Generator,
    starts: npt.NDArray[np.int64],
    fault: float,
    route: str,
    calls: tuple[Call, ...],
    share: float,
) -> Iterator[tuple[StoreTable, pa.Table]]:
    """One kind of request: a table of each call, and of the lines about it."""
    count = len(starts)
    traces = _hexadecimal(random, (count, 2))
    region = np.array(REGIONS, object)[random.integers(len(REGIONS), size=count)]
    provider = np.array(PROVIDERS, object)[random.integers(len(PROVIDERS), size=count)]
    user = np.char.add("user-", random.integers(50_000, size=count).astype(str)).astype(object)
    faulty = (starts > fault) & (region == "eu-2") & (provider == "quick-pay")
    failed = (faulty & any(call.service == "payments" for call in calls)) | (random.random(count) < 0.002)
    own = np.stack([random.lognormal(np.log(call.own_ms * 1e6), 0.4, count) for call in calls])
    own[-1] *= np.where(failed, 8.0, 1.0)
    total = own.copy()
    for place in range(len(calls) - 1, 0, -1):
        total[calls[place].parent] += total[place]
    ids = [_hexadecimal(random, (count, 1)) for _ in calls]
    for place, call in enumerate(calls):
        at = starts + place * 100_000
        common = {"cloud.region": region, **_where(random, call.service, count)}
        said = {
            "http.route": np.full(count, route, object),
            "http.response.status_code": np.where(failed, "500", "200").astype(object),
            "user.id": user,
            "payment.provider": provider,
        }
        yield SPANS, _table(
            SPANS,
            {
                "Timestamp": at, "TraceId": traces, "SpanId": ids[place],
                "ParentSpanId": ids[call.parent] if call.parent >= 0 else np.full(count, "", object),
                "SpanName": np.full(count, call.name, object), "SpanKind": np.full(count, call.kind, object),
                "ServiceName": np.full(count, call.service, object), "ResourceAttributes": common,
                "SpanAttributes": said, "Duration": total[place].astype(np.uint64),
                "StatusCode": np.where(failed, "Error", "Unset").astype(object),
            },
        )  # fmt: skip
        logged = random.random(count) < share
        text = np.where(failed, f"failed: {call.said} with error after ", f"{call.said} in ")
        body = np.char.add(np.char.add(text, (total[place] / 1e6).astype(int).astype(str)), " ms")
        yield LOGS, _table(
            LOGS,
            {
                "Timestamp": at, "TraceId": traces, "SpanId": ids[place],
                "SeverityText": np.where(failed, "ERROR", "INFO").astype(object),
                "SeverityNumber": np.where(failed, 17, 9).astype(np.uint8),
                "ServiceName": np.full(count, call.service, object), "Body": body.astype(object),
                "ResourceAttributes": common, "LogAttributes": {"user.id": user},
            },
            logged,
        )  # fmt: skip


def changes(start: int = START) -> pa.Table:
    """A deploy of each service for each of the last 24 hours, with six commits."""
    hour, services = 3_600_000_000_000, sorted({call.service for _, _, calls in REQUESTS for call in calls})
    body = "\n".join(
        f"-    limit_{n} = {n}\n+    limit_{n} = {n + 1}\n     return limit_{n}" for n in range(40)
    )
    found: list[dict[str, object]] = []
    for back in range(24):
        for place, service in enumerate(services):
            at = start + LENGTH - back * hour - place * 240_000_000_000
            deploy = f"{service}-{back}"
            found.append(
                {
                    "Id": deploy,
                    "Timestamp": at,
                    "Kind": "deploy",
                    "Service": service,
                    "Version": f"4.2.{back}",
                    "Diff": "",
                    "Within": "",
                    "Files": [],
                }
            )
            found += [
                {
                    "Id": f"{deploy}-{n}", "Timestamp": at - (n + 1) * hour // 8, "Kind": "commit", "Service": service, "Version": "",
                    "Diff": f"--- a/{service}/f{n}.py\n+++ b/{service}/f{n}.py\n@@ -1,9 +1,9 @@\n{body}\n", "Within": deploy,
                    "Files": [f"{service}/f{n}.py"],
                }
                for n in range(6)
            ]  # fmt: skip
    return CHANGES.rows({name: [row[name] for row in found] for name in found[0]})


def _where(random: np.random.Generator, service: str, count: int) -> dict[str, Column]:
    pods = np.array([f"{service}-{n}" for n in range(6)], object)
    return {
        "k8s.pod.name": pods[random.integers(6, size=count)],
        "service.version": np.full(count, "4.2.0", object),
    }


def _hexadecimal(random: np.random.Generator, shape: tuple[int, int]) -> Column:
    raw = random.integers(0, 2**63, size=shape, dtype=np.int64)
    width = 16 * shape[1]
    text = raw.astype(">i8").tobytes().hex()
    return np.array([text[n : n + width] for n in range(0, len(text), width)], object)


def _table(
    table: StoreTable,
    columns: Mapping[str, npt.NDArray[np.generic] | dict[str, Column]],
    chosen: Chosen | None = None,
) -> pa.Table:
    """The rows of columns, maps given as a column for each key; only those chosen."""
    return table.rows(
        {
            name: _maps(values, chosen) if isinstance(values, dict) else _plain(table, name, values, chosen)
            for name, values in columns.items()
        }
    )


def _plain(table: StoreTable, name: str, values: npt.NDArray[np.generic], chosen: Chosen | None) -> pa.Array:
    kept = values if chosen is None else values[chosen]
    return pa.array(kept).cast(table.columns[name])


def _maps(values: Mapping[str, Column], chosen: Chosen | None) -> pa.Array:
    kept = np.stack([column if chosen is None else column[chosen] for column in values.values()], axis=1)
    count, width = kept.shape
    keys = pa.array(list(values) * count, pa.string())
    items = pa.array(kept.reshape(-1), pa.string())
    return pa.MapArray.from_arrays(pa.array(np.arange(count + 1, dtype=np.int32) * width), keys, items)


def write(store: Path, spans: int, lines: int, seed: int = 1, start: int = START) -> None:
    """Make a store of so many spans and lines, or add them to one that lacks them."""
    with open_engine(f"chdb://{store}") as engine:
        create_tables(engine)
        writer = Writer(engine, f"generated {spans} {lines} {seed} {start}")
        gathered: dict[str, list[pa.Table]] = {}
        for table, part in rows(spans, lines, seed, start):
            waiting = gathered.setdefault(table.name, [])
            waiting.append(part)
            if sum(len(one) for one in waiting) >= REQUESTS_AT_ONCE * 5:
                writer.add(table, pa.concat_tables(waiting).combine_chunks())
                waiting.clear()
        for table in (SPANS, LOGS):
            if gathered.get(table.name):
                writer.add(table, pa.concat_tables(gathered[table.name]).combine_chunks())
        writer.add(CHANGES, changes(start))
        writer.flush()
        _await_rest(engine)


def _await_rest(engine: Engine) -> None:
    """Return when what was written has been merged, so that no one measures that along with a question."""
    quiet = 0
    while quiet < 3:  # seconds in a row: one merge may make the next
        going = engine.query("SELECT count() AS merges FROM system.merges").rows[0]["merges"]
        quiet = 0 if going else quiet + 1
        sleep(1)


def main() -> None:
    """Make the store that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--spans", type=int, default=2_000_000)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--earlier", type=int, default=0, metavar="HOURS")
    asked = parser.parse_args()
    write(asked.store, asked.spans, asked.lines, asked.seed, START - asked.earlier * 3_600_000_000_000)


if __name__ == "__main__":
    main()
