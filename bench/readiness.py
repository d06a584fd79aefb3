"""Does readiness name what is missing, and can triage then not answer what readiness says it cannot?

A drawn system has every piece of instrumentation. Twenty-one pieces are removed, one at a time. Named exactly: from the quiet time,
readiness names that piece at that place and nothing else. Agreement: three faults are drawn into the system with each removal.
Asked is every question that the whole system answers right. Readiness predicts from the quiet time which of them have no answer
when the service at fault breaks; triage shows which of them it then fails to answer right.

Each system is drawn once. A removal is measured in its quiet time once: that time is the same in every system, which is checked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from bench.figures import Figure

from lastgood.decoding.scenario.grammar import parse_text
from lastgood.decoding.scenario.world import World, make, tables
from lastgood.model.answers import ChangeVerdict, InCommon, RequestsCompared, Shape
from lastgood.model.readiness import Piece, Readiness
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Window
from lastgood.surfaces.readiness import unanswered
from lastgood.telemetry.tables import TABLES
from lastgood.telemetry.writer import Writer
from lastgood.workbench.readiness import readiness
from lastgood.workbench.store import Store, throwaway_store
from lastgood.workbench.triage import triage

NEEDS = ""
FEWEST_NAMED, FEWEST_AGREED = 19, 0.9
QUIET = Window(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), datetime(2026, 11, 20, 10, 24, tzinfo=UTC))
END = datetime(2026, 11, 20, 10, 40, tzinfo=UTC)
SYSTEM = """
scenario  a system that has everything
time      2026-11-20 10:00 .. 10:40
seed      {seed}
service   web       instances=web-1,web-2 version=v41
service   checkout  instances=checkout-1,checkout-2 version=v7{service}
service   mail      instances=mail-1,mail-2 version=v3
spans     web "POST /checkout"  rate=3/s latency=8ms user.id={{user:300}} feature_flag.key=checkout app.order.amount=40
call      web "POST /checkout" -> checkout Place  latency=25ms errors=0.2%{call}
call      checkout Place -> mail Send  latency=5ms{mail}
logs      web info "served {{word}}"  each=request:web
logs      checkout info "placed {{hex12}}"  each=request:checkout
logs      checkout error "cannot place {{hex12}}"  each=failure:checkout
logs      mail info "sent {{hex12}}"  each=request:mail
logs      mail error "cannot send {{hex12}}"  each=failure:mail
metric    web process.cpu.utilization       level=0.4 noise=5% every=15s
metric    checkout process.cpu.utilization  level=0.3 noise=5% every=15s{cpu}
metric    mail process.cpu.utilization      level=0.2 noise=5% every=15s
change    deploy web v40 -> v41  id=web-41 at 10:03
change    flag web "banner"   id=banner at 10:06
{change}
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the service at fault, what it adds to the system, and the answers that are right of it; '' is none."""

    service: str
    texts: Mapping[str, str]
    change: str = ""
    version: str = ""
    instance: str = ""
    saturation: Shape | None = None


FAULTS = {
    "a deploy on one of two instances": Fault(
        "checkout",
        {
            "service": " then version=v8 where service.instance.id=checkout-2 at 10:27:30",
            "call": " then errors=60% error=KeyError where service.instance.id=checkout-2 at 10:28",
            "change": "change    deploy checkout v7 -> v8  id=checkout-8 at 10:27:30",
        },
        change="checkout-8", version="v8", instance="checkout-2",
    ),
    "a saturated processor": Fault(
        "checkout",
        {
            "call": " then latency=900ms at 10:28",
            "cpu": " then level=0.99 noise=1% at 10:27:45",
        },
        saturation=Shape.UP,
    ),
    "a flag of the service below": Fault(
        "mail",
        {
            "mail": " then errors=50% error=TemplateError at 10:28",
            "change": 'change    flag mail "letters: on"  id=letters at 10:27:50',
        },
        change="letters",
    ),
}  # fmt: skip
Removal = Callable[[World], None]


def _without(table: str, **same: str) -> Removal:
    """No row of a table with these values."""

    def remove(world: World) -> None:
        world[table] = [
            row for row in world[table] if any(row[name] != value for name, value in same.items())
        ]

    return remove


def _emptied(table: str, service: str, **to: object) -> Removal:
    """Columns of a service that say nothing."""

    def remove(world: World) -> None:
        for row in world[table]:
            if row["ServiceName"] == service:
                row.update(to)

    return remove


def _unnamed(service: str, *names: str, every: int = 1) -> Removal:
    """Attributes of a service that are not there; with `every` one of so many rows keeps them."""

    def remove(world: World) -> None:
        for table in ("otel_traces", "otel_logs"):
            rows = [one for one in world[table] if one["ServiceName"] == service]
            for number, row in enumerate(rows):
                if every == 1 or number % every:
                    for column in ("ResourceAttributes", "SpanAttributes"):
                        if column in row:
                            row[column] = [pair for pair in row[column] if pair[0] not in names]

    return remove


def _torn(service: str, *below: str) -> Removal:
    """What a service does begins a trace of its own, which it passes on to those below."""

    def remove(world: World) -> None:
        moved = {service, *below}
        kept = {row["SpanId"] for row in world["otel_traces"] if row["ServiceName"] in moved}
        for row in (*world["otel_traces"], *world["otel_logs"]):
            if row["ServiceName"] in moved:
                row["TraceId"] = row["TraceId"][::-1]
                if row.get("ParentSpanId") and row["ParentSpanId"] not in kept:
                    row["ParentSpanId"] = ""

    return remove


INSTANCE = ("service.instance.id", "k8s.pod.name", "host.name")
REMOVALS: tuple[tuple[Piece, str, str, Removal], ...] = (
    (Piece.SPANS, "checkout", "", _without("otel_traces", ServiceName="checkout")),
    (Piece.SPANS, "mail", "", _without("otel_traces", ServiceName="mail")),
    (Piece.TRACES, "web", "checkout", _torn("checkout", "mail")),
    (Piece.TRACES, "checkout", "mail", _torn("mail")),
    (Piece.USERS, "web", "", _unnamed("web", "user.id")),
    (Piece.USERS, "web", "", _unnamed("web", "user.id", every=25)),
    (Piece.VERSIONS, "checkout", "", _unnamed("checkout", "service.version")),
    (Piece.VERSIONS, "mail", "", _unnamed("mail", "service.version")),
    (Piece.INSTANCES, "checkout", "", _unnamed("checkout", *INSTANCE)),
    (Piece.INSTANCES, "web", "", _unnamed("web", *INSTANCE)),
    (Piece.LINES, "checkout", "", _without("otel_logs", ServiceName="checkout")),
    (Piece.LINES, "mail", "", _without("otel_logs", ServiceName="mail")),
    (Piece.TRACE_IDS, "checkout", "", _emptied("otel_logs", "checkout", TraceId="", SpanId="")),
    (Piece.TRACE_IDS, "mail", "", _emptied("otel_logs", "mail", TraceId="", SpanId="")),
    (Piece.LEVELS, "checkout", "", _emptied("otel_logs", "checkout", SeverityText="", SeverityNumber=0)),
    (Piece.LEVELS, "mail", "", _emptied("otel_logs", "mail", SeverityText="", SeverityNumber=0)),
    (Piece.METRICS, "checkout", "", _without("otel_metrics_gauge", ServiceName="checkout")),
    (Piece.METRICS, "mail", "", _without("otel_metrics_gauge", ServiceName="mail")),
    (Piece.DEPLOYS, "", "", _without("lg_changes", Kind="deploy")),
    (Piece.FLAGS, "", "", _without("lg_changes", Kind="flag")),
    (Piece.SWITCHES, "web", "POST /checkout", _unnamed("web", "feature_flag.key")),
)  # fmt: skip


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """How many of the removals are named exactly, and how often prediction and triage agree."""
    del data, scratch
    healthy = _world({})
    with throwaway_store() as store:
        measured = [_measured(store, healthy, remove) for *_, remove in REMOVALS]
        named = [
            _named(one, (piece, service, peer))
            for one, (piece, service, peer, _) in zip(measured, REMOVALS, strict=True)
        ]
        judged = list(
            chain.from_iterable(
                _judged(store, healthy, measured, name, fault) for name, fault in FAULTS.items()
            )
        )
    note = "; ".join(wrong for wrong in named if wrong) or "all"
    yield Figure(
        "named exactly", sum(not wrong for wrong in named), f"of {len(REMOVALS)}", FEWEST_NAMED, "more", note
    )
    agreed = [predicted == failed for _, predicted, failed in judged]
    yield Figure(
        "agreement", sum(agreed) / len(agreed), "", FEWEST_AGREED, "more", f"{len(agreed)} questions"
    )
    for name, part in (
        ("of those predicted, not answered", [failed for _, predicted, failed in judged if predicted]),
        ("of those not answered, predicted", [predicted for _, predicted, failed in judged if failed]),
    ):
        yield Figure(name, sum(part) / max(1, len(part)), "", FEWEST_AGREED, "more", f"{len(part)} questions")
    for wrong in (
        f"{text}: predicted {predicted}, failed {failed}"
        for text, predicted, failed in judged
        if predicted != failed
    ):
        print(wrong)


def _measured(store: Store, world: World, remove: Removal) -> Readiness:
    """The readiness of the quiet time of a system without a piece."""
    _filled(store, world, remove)
    return readiness(store, window=QUIET)


def _named(found: Readiness, removed: tuple[Piece, str, str]) -> str:
    """Empty where exactly this is named; else what is."""
    gaps = [(one.piece, one.service, one.peer) for one in found.gaps]
    return "" if gaps == [removed] else f"{removed}: {gaps}"


def _judged(
    store: Store, healthy: World, measured: Sequence[Readiness], name: str, fault: Fault
) -> Iterator[tuple[str, bool, bool]]:
    """For each removal and each question that the whole system answers: predicted and actual failure."""
    world = _world(fault.texts)
    if _quiet(world) != _quiet(healthy):
        raise ValueError(f"{name}: the quiet time is not that of the system without a fault")
    _filled(store, world)
    whole = _answered(triage(store, now=END), fault)
    print(name, sorted(one for one, right in whole.items() if right))
    for (piece, service, _, remove), found in zip(REMOVALS, measured, strict=True):
        predicted = unanswered(found, fault.service)
        _filled(store, world, remove)
        answered = _answered(triage(store, now=END), fault)
        for question in (one for one, right in whole.items() if right):
            yield (
                f"{name}, without {piece} {service}, {question}",
                question in predicted,
                not answered[question],
            )


def _world(texts: Mapping[str, str]) -> World:
    holes = dict.fromkeys(("service", "call", "mail", "cpu", "change"), "") | dict(texts)
    return make(parse_text(SYSTEM.format(seed=11, **holes), Path("system")))


def _without_piece(world: World, remove: Removal) -> World:
    """A copy of a world after a removal. Removals change rows, not the values in them, and look at no other trace."""
    copied: World = {name: [dict(row) for row in rows] for name, rows in world.items()}
    remove(copied)
    return copied


def _quiet(world: World) -> World:
    """The rows of the quiet time."""
    return {
        name: [row for row in rows if (row.get("Timestamp") or row["TimeUnix"]) < QUIET.end]
        for name, rows in world.items()
    }


def _filled(store: Store, world: World, remove: Removal = lambda _: None) -> None:
    """The store with this world alone."""
    for table in TABLES:
        store.engine.command(f"TRUNCATE TABLE {store.engine.database}.{table.name}")
    writer = Writer(store.engine, "bench")
    for name, rows in tables(_without_piece(world, remove)):
        writer.add(name, rows)
    writer.flush()


def _answered(sitrep: Sitrep, fault: Fault) -> dict[str, bool]:
    """Whether each question of readiness has the right answer, by what was drawn."""
    impact = sitrep.confirmation.impact if sitrep.confirmation else None
    ranked = sitrep.culprits.ranked if sitrep.culprits else ()
    changes = (
        [one.change_id for one in sitrep.changes.ranked if one.verdict is ChangeVerdict.LIKELY]
        if sitrep.changes
        else []
    )
    loud = [*sitrep.patterns.new, *sitrep.patterns.more] if sitrep.patterns else []
    own = [one for one in loud if one.service == fault.service and one.template.startswith("cannot")]
    segments = sitrep.blast_radius.segments if sitrep.blast_radius else ()
    wheres = [where for one in segments for where in (one.where, *one.also)]
    traits = [one for one in _traits(sitrep) if one.service == fault.service]
    named = {f"{key}={value}" for where in wheres for key, value in where.items()}
    named |= {f"{one.key}={one.value} {' '.join(one.also)}" for one in traits}
    return {
        "Where does it break?": bool(ranked) and ranked[0].service == fault.service,
        "Who is affected?": impact is not None and bool(impact.users) and not impact.unnamed,
        "Is it the new release?": any(f"version={fault.version}" in one for one in named if fault.version),
        "Is it one instance?": any(f"={fault.instance}" in one for one in named if fault.instance),
        "What do the logs show?": bool(own),
        "What do the logs of a failing request show?": any(one.key == "error line" for one in traits),
        "Which errors are new?": any(one.level.upper().startswith("ERR") for one in own),
        "Is a resource saturated?": sitrep.signals is not None
        and sitrep.signals.saturation is fault.saturation,
        "What changed?": bool(fault.change) and changes[:1] == [fault.change],
    }


def _traits(sitrep: Sitrep) -> Sequence[InCommon]:
    """What failing requests have in common."""
    return [
        trait
        for one in sitrep.findings
        if isinstance(one.answer, RequestsCompared)
        for trait in one.answer.traits
    ]
