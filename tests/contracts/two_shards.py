"""Every query that the questions and readiness ask of a scenario, on Distributed tables over two shards in one process.

Run as a program with scenario files; prints one JSON object: how many queries ran, and which failed.
Both shards are this very process and see the same rows, so what is proved is that a query can be
distributed at all: an unsafe join of two Distributed tables fails here as on a cluster (error 288).
"""

import json
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from lastgood.errors import LastgoodError, NoDataError
from lastgood.telemetry.embedded import DATABASE
from lastgood.telemetry.engine import Engine, Result, open_engine
from lastgood.telemetry.tables import TABLES
from lastgood.telemetry.writer import create_tables
from lastgood.workbench.readiness import readiness
from lastgood.workbench.store import Store
from scenario_language.asking import unmet

# Different names of this machine and the engine's own port make both shards local.
CLUSTER = """
<clickhouse><tcp_port>9000</tcp_port><remote_servers><two>
<shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard>
<shard><replica><host>localhost</host><port>9000</port></replica></shard>
</two></remote_servers></clickhouse>"""
SHARDS = "shards"


class Witness:
    """What was asked, and what of it failed."""

    def __init__(self, engine: Engine) -> None:
        self.ask = engine.query
        self.queries = 0
        self.failed: list[dict[str, str]] = []

    def query(self, sql: str, *rest: Any, **named: Any) -> Result:
        """As the engine's own, written down."""
        self.queries += 1
        try:
            return self.ask(sql, *rest, **named)
        except LastgoodError as problem:
            self.failed.append({"problem": problem.message, "sql": sql})
            raise


def distribute(engine: Engine) -> None:
    """Our tables in one database, and a Distributed one over each in the database that is asked."""
    for database in (SHARDS, DATABASE):
        engine.command(f"DROP DATABASE IF EXISTS {database} SYNC")
        engine.command(f"CREATE DATABASE {database} ENGINE = Atomic")
    engine.database = SHARDS
    create_tables(engine)
    engine.database = DATABASE
    for table in TABLES:
        key = "cityHash64(TraceId)" if "TraceId" in table.columns else "rand()"
        engine.command(
            f"CREATE TABLE {DATABASE}.{table.name} AS {SHARDS}.{table.name} "
            f"ENGINE = Distributed('two', '{SHARDS}', '{table.name}', {key})"
        )


def denies(engine: Engine) -> bool:
    """Whether this set-up refuses what a cluster refuses; otherwise it would prove nothing."""
    table = f"{DATABASE}.otel_traces"
    try:
        engine.query(f"SELECT count() FROM {table} WHERE TraceId IN (SELECT TraceId FROM {table})")
    except LastgoodError as problem:
        return "288" in problem.message
    return False


def main(scenarios: list[Path]) -> dict[str, Any]:
    """The number of shards seen, queries asked, and those that failed."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "cluster.xml"
        config.write_text(CLUSTER)
        address = f"chdb://{folder}/store?config-file={config}&distributed_foreground_insert=1"
        with open_engine(address) as engine:
            shards = engine.query(
                "SELECT count() AS n FROM system.clusters WHERE cluster = 'two' AND is_local"
            ).rows
            witness = Witness(engine)
            for path in scenarios:
                distribute(engine)
                vars(engine)["query"] = witness.query  # it only listens
                unmet(Store(engine), path)
                with suppress(NoDataError):  # metrics that name no service
                    readiness(Store(engine))
                del vars(engine)["query"]
            return {
                "shards": shards[0]["n"],
                "denies": denies(engine),
                "queries": witness.queries,
                "failed": witness.failed,
            }


if __name__ == "__main__":
    print(json.dumps(main([Path(name) for name in sys.argv[1:]])))  # noqa: T201 - it is a program
