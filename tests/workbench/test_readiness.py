"""Readiness: from a drawn world each piece of instrumentation is removed in turn, and exactly that one is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lastgood.errors import NoDataError
from lastgood.model.attributes import PEERS
from lastgood.model.readiness import Piece, Readiness
from lastgood.model.window import Window
from lastgood.telemetry.writer import Writer
from lastgood.workbench.readiness import readiness
from lastgood.workbench.store import Store
from lastgood.workbench.windows import EARLIEST
from scenario_language.grammar import parse
from scenario_language.world import Row, World, make, tables

WORLD = """
scenario  a system that has everything
time      2026-11-20 10:00 .. 10:04
seed      3
service   web       instances=web-1,web-2 version=v41
service   checkout  instances=checkout-1,checkout-2 version=v7
service   email     instances=email-1 version=v3
spans     web "POST /checkout"  rate=2/s latency=8ms plan=free:70%,pro:30% user.id={user:60} feature_flag.key=checkout app.order.amount=40
call      web "POST /checkout" -> checkout PlaceOrder  latency=15ms errors=0.1%
call      checkout PlaceOrder -> email SendReceipt  latency=5ms
logs      web info "served {word}"  each=request:web
logs      checkout info "placed {hex12}"  each=request:checkout
logs      email info "sent {hex12}"  each=request:email
metric    web cpu_usage       level=40 noise=2 every=15s
metric    checkout cpu_usage  level=30 noise=2 every=15s
metric    email cpu_usage     level=10 noise=2 every=15s
change    deploy checkout v6 -> v7  id=checkout-v7 at 10:01
change    flag checkout discounts   id=flag-1 at 10:02
"""

Removal = Callable[[World], None]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world as a file."""
    path = tmp_path_factory.mktemp("ready") / "world.txt"
    path.write_text(WORLD)
    return path


def measured(store: Store, scenario: Path, *removals: Removal) -> Readiness:
    """What is said of the world without some of its instrumentation."""
    world = make(parse(scenario))
    for remove in removals:
        remove(world)
    writer = Writer(store.engine, "a world")
    for table, rows in tables(world):
        writer.add(table, rows)
    writer.flush()
    return readiness(store)


def of(row: Row, service: str) -> bool:
    """Whether a row is a service's."""
    return bool(row["ServiceName"] == service)


def without(table: str, gone: Callable[[Row], bool]) -> Removal:
    """No such rows."""

    def remove(world: World) -> None:
        world[table] = [row for row in world[table] if not gone(row)]

    return remove


def emptied(table: str, column: str, service: str, to: object = "") -> Removal:
    """A column of a service that says nothing."""

    def remove(world: World) -> None:
        for row in world[table]:
            if of(row, service):
                row[column] = to

    return remove


def unnamed(column: str, names: set[str], service: str) -> Removal:
    """Attributes of a service, in spans and lines, that are not there."""

    def remove(world: World) -> None:
        for row in (*world["otel_traces"], *world["otel_logs"]):
            if of(row, service) and column in row:
                row[column] = [pair for pair in row[column] if pair[0] not in names]

    return remove


def unlevelled(world: World) -> None:
    """Lines of email do not say how bad it is."""
    emptied("otel_logs", "SeverityNumber", "email", 0)(world)
    emptied("otel_logs", "SeverityText", "email")(world)


def torn(world: World) -> None:
    """What email does begins a trace of its own."""
    for row in world["otel_traces"]:
        if of(row, "email"):
            row["TraceId"], row["ParentSpanId"] = row["TraceId"][::-1], ""


def lost_in_a_queue(world: World) -> None:
    """Checkout hands over to email by a queue, and the trace ends there."""
    torn(world)
    for row in world["otel_traces"]:
        kinds = {("checkout", "Client"): "Producer", ("email", "Server"): "Consumer"}
        if kind := kinds.get((row["ServiceName"], row["SpanKind"])):
            row["SpanKind"] = kind
            kept = [pair for pair in row["SpanAttributes"] if pair[0] not in PEERS]
            row["SpanAttributes"] = [*kept, ("messaging.destination.name", "receipts"), ("user.id", "u1")]


def few_users(world: World) -> None:
    """Of 25 requests one says whose it is."""
    for number, row in enumerate(
        r for r in world["otel_traces"] if of(r, "web") and r["SpanKind"] == "Server"
    ):
        if number % 25:
            row["SpanAttributes"] = [pair for pair in row["SpanAttributes"] if pair[0] != "user.id"]


def brave_health(world: World) -> None:
    """Checkout says that it is well while it cannot reach what it calls."""
    calls = [r for r in world["otel_traces"] if of(r, "checkout") and r["SpanKind"] == "Client"]
    for row in calls[:200]:
        row["StatusCode"] = "Error"
    for number, row in enumerate(calls[:100]):
        ids = {"TraceId": f"{number:032x}", "SpanId": f"{number:016x}", "ParentSpanId": ""}
        attributes = [("http.response.status_code", "200"), ("user.id", "prober")]
        world["otel_traces"].append(
            {
                **row,
                **ids,
                "SpanName": "GET /health",
                "SpanKind": "Server",
                "StatusCode": "Unset",
                "SpanAttributes": attributes,
            }
        )


def flags_in_a_file(world: World) -> None:
    """Three commits set flags, and the feed has one flip."""
    like = world["lg_changes"][0]
    world["lg_changes"] += [
        {**like, "Kind": "commit", "Id": f"c{number}", "Files": [file]}
        for number, file in enumerate(["config/flags.yaml"] * 3 + ["src/flags.py", "docs/flags.md"])
    ]


VERSION, INSTANCE = {"service.version"}, {"service.instance.id", "k8s.pod.name", "host.name"}
REMOVALS: dict[str, tuple[Removal, Piece, str, str]] = {
    "spans": (without("otel_traces", lambda row: of(row, "email")), Piece.SPANS, "email", ""),
    "spans in the middle": (without("otel_traces", lambda row: of(row, "checkout")), Piece.SPANS, "checkout", ""),
    "context between two": (torn, Piece.TRACES, "checkout", "email"),
    "users": (few_users, Piece.USERS, "web", ""),
    "version": (unnamed("ResourceAttributes", VERSION, "checkout"), Piece.VERSIONS, "checkout", ""),
    "instance": (unnamed("ResourceAttributes", INSTANCE, "checkout"), Piece.INSTANCES, "checkout", ""),
    "lines": (without("otel_logs", lambda row: of(row, "checkout")), Piece.LINES, "checkout", ""),
    "trace ids of lines": (emptied("otel_logs", "TraceId", "checkout"), Piece.TRACE_IDS, "checkout", ""),
    "levels": (unlevelled, Piece.LEVELS, "email", ""),
    "metrics": (without("otel_metrics_gauge", lambda row: of(row, "email")), Piece.METRICS, "email", ""),
    "deploys": (without("lg_changes", lambda row: bool(row["Kind"] == "deploy")), Piece.DEPLOYS, "", ""),
    "flags": (without("lg_changes", lambda row: bool(row["Kind"] == "flag")), Piece.FLAGS, "", ""),
    "kill switch": (unnamed("SpanAttributes", {"feature_flag.key"}, "web"), Piece.SWITCHES, "web", "POST /checkout"),
    "values of orders": (unnamed("SpanAttributes", {"app.order.amount"}, "web"), Piece.VALUES, "web", "POST /checkout"),
    "context through a queue": (lost_in_a_queue, Piece.TRACES, "checkout", "email"),
    "flips of a file": (flags_in_a_file, Piece.FLAGS, "", "config/flags.yaml"),
    "honest health": (brave_health, Piece.HEALTH, "checkout", ""),
}  # fmt: skip


def test_a_system_that_has_everything(store: Store, scenario: Path) -> None:
    """No gap, and every piece that can be measured is there."""
    found = measured(store, scenario)

    assert () == found.gaps
    assert (Piece.HEALTH, Piece.ARRIVAL) == found.unmeasured
    assert found.score > 95


@pytest.mark.parametrize("removal", REMOVALS)
def test_exactly_what_was_removed_is_named(store: Store, scenario: Path, removal: str) -> None:
    """One gap, of that piece, at that service."""
    remove, piece, service, peer = REMOVALS[removal]
    found = measured(store, scenario, remove)

    assert [(piece, service, peer)] == [(gap.piece, gap.service, gap.peer) for gap in found.gaps]
    assert found.score < measured_score(found) - 1


def measured_score(found: Readiness) -> float:
    """What the score would be without the gaps."""
    return found.score + sum(found.cost(gap) for gap in found.gaps)


def test_two_gaps_are_two(store: Store, scenario: Path) -> None:
    """What costs more comes first."""
    torn_and_unlevelled = (torn, REMOVALS["levels"][0])
    found = measured(store, scenario, *torn_and_unlevelled)

    assert [Piece.TRACES, Piece.LEVELS] == [gap.piece for gap in found.gaps]


def browsing(world: World) -> None:
    """Twice as many requests look around, without any flag."""
    for row in [r for r in world["otel_traces"] if of(r, "web") and r["SpanKind"] == "Server"]:
        for more in "yz":
            ids = {"TraceId": row["TraceId"][:-1] + more, "SpanId": row["SpanId"][:-1] + more}
            attributes = [("user.id", "u")]
            world["otel_traces"].append({**row, **ids, "SpanName": "GET /", "SpanAttributes": attributes})


def paid(world: World) -> None:
    """Orders have their amount, on a span below the request."""
    for row in world["otel_traces"]:
        if of(row, "checkout") and row["SpanKind"] == "Server":
            row["SpanAttributes"] = [*row["SpanAttributes"], ("app.order.amount", "12")]


def logged_flags(world: World) -> None:
    """The flag of each order is in a log record instead."""
    REMOVALS["kill switch"][0](world)
    for row in world["otel_logs"]:
        if of(row, "web"):
            row["LogAttributes"] = [*row["LogAttributes"], ("feature_flag.key", "checkout")]


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ((browsing, REMOVALS["values of orders"][0]), [("web", "GET /")]),
        ((browsing, paid), []),
        ((browsing, paid, REMOVALS["kill switch"][0]), [("web", "POST /checkout")]),
        ((browsing, paid, logged_flags), []),
    ],
)
def test_the_path_of_the_money_needs_a_switch(
    store: Store, scenario: Path, changes: tuple[Removal, ...], gaps: list[tuple[str, str]]
) -> None:
    """Where none carries money, the busiest one."""
    found = measured(store, scenario, *changes).gaps

    assert gaps == [(one.service, one.peer) for one in found if one.piece is Piece.SWITCHES]


def test_numbers_are_those_of_the_data(store: Store, scenario: Path) -> None:
    """Of about 4 % of the requests the user is known."""
    (gap,) = measured(store, scenario, few_users).gaps

    assert 0.01 < gap.share < 0.06
    assert gap.out_of > 400


def test_without_telemetry_there_is_nothing_to_measure(store: Store) -> None:
    """That is not a score of 0."""
    with pytest.raises(NoDataError, match="no telemetry"):
        readiness(store)


def test_a_window_without_a_start_begins_with_the_data(store: Store, scenario: Path) -> None:
    """And ends where it was said to, not with the data."""
    measured(store, scenario)
    held = readiness(store).window
    end = held.start + (held.end - held.start) / 2

    assert Window(held.start, end) == readiness(store, window=Window(EARLIEST, end)).window
