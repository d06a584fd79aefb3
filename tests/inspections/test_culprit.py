"""The culprit is the one whose own evidence explains the failure, not the loudest victim."""

from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from cases import finding_of
from lastgood.algorithms.blame import Sign, Suspect, Suspicion, overlap, suspects
from lastgood.inspections.culprit import (
    _calm,
    _culprit,
    _faint,
    _harming,
    _leading,
    _ranked,
    _waiting,
    _with_host,
    culprit,
)
from lastgood.inspections.culprit.instances import Placed
from lastgood.inspections.culprit.silence import Spoken
from lastgood.inspections.culprit.weights import (
    AS_STRONG,
    CALM_EXCLUDES,
    CULPRITS_NAMED,
    FAINT_NAMED,
    HOST_VICTIMS,
    ILL_BY_SPANS,
    NAMED_GIVEN,
    NAMED_LEAST,
    NAMED_NEXT,
    OTHER_MEANT,
    PASSED_ON_LEAST,
    REASONS_REPORTED,
    SAME_TRACES,
    SILENT_SERVICE,
    USED_TELLS,
)
from lastgood.model.answers import Confirmation, Culprit, Culprits, Impact, ImpactKind, Onset
from lastgood.model.evidence import Provenance
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.suspicions import Suspicions
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from reported import asked
from telemetry.rows import emptied
from worlds import START, World, nanoseconds, put

SHOP = """
scenario  a shop
seed      7
time      2026-11-20 10:00 .. 10:06
spans     web "GET /cart"  rate=2/s latency=8ms
call      web "GET /cart" -> cart Show  latency=10ms {cart}
call      cart Show -> pricing Quote  latency=12ms {pricing}
call      pricing Quote -> rates.example "GET /rates"  external status=200 latency=5ms {rates}
logs      pricing info "Quoted {{float}} for {{hex8}}"  each=request:pricing
metric    cart cpu.utilization  level=0.2 noise=5% every=10s {cpu}
"""
QUIET = {"cart": "", "pricing": "", "rates": "", "cpu": ""}


@pytest.mark.parametrize(
    ("broken", "service", "kind"),
    [
        (
            {"pricing": "then errors=40% error=KeyError message=\"KeyError: 'rate'\" at 10:03"},
            "pricing",
            "code",
        ),
        ({"pricing": "then latency=400ms at 10:03"}, "pricing", "code"),
        ({"cpu": "then level=0.97 noise=1% at 10:03"}, "cart", "cpu"),
        ({"rates": "then errors=50% at 10:03"}, "pricing", "external"),
    ],
)
def test_the_one_at_fault_is_named_first(
    store: Store, tmp_path: Path, broken: dict[str, str], service: str, kind: str
) -> None:
    """Errors, slowness, a processor and an outside party, each at its own place in a chain of calls."""
    finding = asked(store, tmp_path, SHOP.format(**(QUIET | broken)), "culprit", minutes=3)

    assert isinstance(finding.answer, Culprits), finding
    first = finding.answer.ranked[0]
    assert (service, kind) == (first.service, first.kind)
    assert finding.evidence


def test_nothing_out_of_the_ordinary_names_nobody(store: Store, tmp_path: Path) -> None:
    """Two like windows: unknown, with the reason."""
    finding = asked(store, tmp_path, SHOP.format(**QUIET), "culprit", minutes=3)

    assert Verdict.UNKNOWN is finding.verdict
    assert "no component deviates" in finding.because
    assert finding.answer is None


def test_a_sidecar_is_charged_as_its_workload(store: Store, tmp_path: Path) -> None:
    """Whatever it is that its proxy shows."""
    hot = "metric    cart-istio-proxy cpu.utilization  level=0.2 noise=5% every=10s then level=0.97 noise=1% at 10:03\n"
    finding = asked(store, tmp_path, SHOP.format(**QUIET) + hot, "culprit", minutes=3)

    assert isinstance(finding.answer, Culprits)
    assert ("cart", "cpu") == (finding.answer.ranked[0].service, finding.answer.ranked[0].kind)


SLOW = """
scenario  twelve that are slower
seed      7
time      2026-11-20 10:00 .. 10:20
""" + "".join(
    f"metric    {name} http.server.request.duration.p90 unit=s level=0.05 noise=5% every=10s then level=0.1 at 10:10\n"
    for name in "abcdefghijkl"
)


def test_several_alike_name_nobody_and_say_what_would_tell(store: Store, tmp_path: Path) -> None:
    """Metrics alone: all are slower, by as much, and no one says who calls whom."""
    finding = asked(store, tmp_path, SLOW, "culprit", minutes=10)

    assert Verdict.UNKNOWN is finding.verdict
    assert "there is no call graph" in finding.because


def test_who_only_waits_is_not_blamed_for_being_busy(store: Store, tmp_path: Path) -> None:
    """Pricing is slow; cart repeats its calls, spends no time of its own, and its processor runs hot for it."""
    reported = SHOP.format(
        **QUIET | {"pricing": "then latency=700ms at 10:03", "cpu": "then level=0.8 at 10:03"}
    )
    finding = asked(store, tmp_path, reported, "culprit", minutes=3)

    assert isinstance(finding.answer, Culprits)
    assert "pricing" == finding.answer.ranked[0].service


def suspected(*suspicions: Suspicion) -> Suspect:
    """One service, by these reasons."""
    first = max(suspicions, key=lambda one: one.strength)
    (found,) = suspects(list(suspicions), {}, least=0.0)
    assert first in found.suspicions
    return found


def sign(kind: str, strength: float, reported: Sign, traces: frozenset[int] = frozenset()) -> Suspicion:
    """One reason."""
    return Suspicion("cart", kind, strength, kind, sign=reported, traces=traces)


def test_a_reason_that_says_more_leads_when_it_is_as_strong() -> None:
    """Down to a share of the first's strength."""

    def leads(strength: float) -> str:
        return _leading(suspected(sign("errors", 0.8, Sign.FAILS), sign("locks", strength, Sign.FAILS))).kind

    assert "locks" == leads(0.8 * AS_STRONG)
    assert "errors" == leads(0.8 * AS_STRONG - 0.01)


def test_slowness_is_reported_by_a_resource_that_is_used_up() -> None:
    """Or by where the same traces break off."""

    def used(strength: float) -> str:
        return _leading(suspected(sign("latency", 0.9, Sign.SLOW), sign("cpu", strength, Sign.USED))).kind

    def broken(same: int) -> str:
        traces = frozenset(range(1000))
        other = frozenset(range(1000 - same, 2000 - same))
        slow, breaks = sign("latency", 0.9, Sign.SLOW, traces), sign("code", 0.6, Sign.BREAKS, other)
        return _leading(suspected(slow, breaks)).kind

    edge = next(n for n in range(1001) if overlap(
        sign("a", 1, Sign.SLOW, frozenset(range(1000))), sign("b", 1, Sign.SLOW, frozenset(range(1000 - n, 2000 - n)))) >= SAME_TRACES)  # fmt: skip

    assert "cpu" == used(USED_TELLS)
    assert "latency" == used(USED_TELLS - 0.01)
    assert "code" == broken(edge)
    assert "latency" == broken(edge - 1)


def test_who_is_ill_by_spans_is_not_busy_with_others_trouble() -> None:
    """From a least strength on."""

    def caught(strength: float) -> bool:
        row = {"signal": "spans", "stretches": list(range(9)), "bad_stretches": 9, "good": 9, "bad": 9}
        reported = Spoken({"cart": [row]}, read, 10, 0.0)
        read_calls = Suspicions((sign("latency", strength, Sign.SLOW),))
        (found,) = _waiting(Suspicions((sign("cpu", 0.9, Sign.USED),)), read_calls, reported).found
        return found.caught

    read = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))
    assert not caught(ILL_BY_SPANS)
    assert caught(ILL_BY_SPANS - 0.01)


def test_reasons_of_one_are_reported_up_to_a_few() -> None:
    """The strongest of each kind."""
    many = [sign(f"kind{n}", 0.9 - n / 100, Sign.FAILS) for n in range(REASONS_REPORTED + 1)]

    assert REASONS_REPORTED == _culprit(suspected(*many), 0.9, Placed({})).because.count("kind")


def test_faint_suspects_are_reported_up_to_a_few() -> None:
    """With what would decide it."""
    many = [Suspicion(f"s{n}", "cpu", 0.1, "busy") for n in range(FAINT_NAMED + 1)]

    assert FAINT_NAMED == _faint(suspects(many, {}, least=0.0), drawn=True).count("busy")


def test_those_after_the_first_are_named_from_a_strength_on() -> None:
    """More than NAMED_NEXT."""
    first = Suspicion("first", "cpu", 0.9, "busy")
    more, less = (Suspicion("next", "cpu", NAMED_NEXT + by, "busy") for by in (1e-6, -1e-6))

    assert ["first", "next"] == [one.service for one in _ranked([first, more], {})]
    assert ["first"] == [one.service for one in _ranked([first, less], {})]


def test_where_requests_are_as_before_only_harm_counts() -> None:
    """PASSED_ON_LEAST failures that may be a callee's, and no resource that no one waits for."""
    caught = [
        Suspicion("shop", "calls", 0.5, "fails", caught=True, damage=PASSED_ON_LEAST - n) for n in (0, 1)
    ]
    own = Suspicion("shop", "errors", 0.5, "fails")

    assert [caught[0], own] == _harming([*caught, own])
    assert [] == _harming([sign("cpu", 0.5, Sign.USED), sign("lines", 0.5, Sign.LONGER)])


@pytest.mark.parametrize(
    ("high", "kind", "known", "given", "calm"),
    [
        (CALM_EXCLUDES, None, True, False, True),
        (CALM_EXCLUDES + 0.001, None, True, False, False),
        (CALM_EXCLUDES, None, False, False, False),
        (CALM_EXCLUDES, None, True, True, False),
        (CALM_EXCLUDES, ImpactKind.ERRORS, True, False, False),
    ],
)
def test_requests_are_as_before_where_there_are_enough_whose_outcome_is_known(
    store: Store, high: float, kind: ImpactKind | None, known: bool, given: bool, calm: bool
) -> None:
    """Spans without any status tell no failures, and few requests exclude none; what a person says to be bad is bad."""
    status = {"http.response.status_code": "200"} if known else {}
    well = World(seconds=1200, rate=1.0, errors=lambda t: np.zeros(len(t)), attributes=lambda *_: status)
    well.store_spans(store)
    half = START + timedelta(minutes=10)
    compared = Comparison(Window(START, half), Window(half, half + timedelta(minutes=10)), given=given)
    confirmed = Confirmation(Impact(600, 0, 0.0, 0.0, None, kind), -high, high)
    case = investigate(store, now=START + timedelta(hours=1), only="onset")[0]

    assert calm is _calm(replace(case, comparison=compared, answers={Confirmation: confirmed}))


@pytest.mark.parametrize(("stale", "part"), [(False, 1.0), (True, OTHER_MEANT)])
def test_while_another_trouble_may_be_meant_no_suspect_is_likely(
    store: Store, stale: bool, part: float
) -> None:
    """The same suspects, each with a part of its confidence."""
    middle = START + timedelta(seconds=300)
    windows = Comparison(Window(START, middle), Window(middle, START + timedelta(seconds=600)))
    columns = {
        "Timestamp": nanoseconds(np.arange(0, 600, 5.0)), "ServiceName": ["shop"] * 120,
        "SeverityNumber": [9] * 60 + [17] * 60, "Body": ["opened it"] * 60 + ["could not open the file"] * 60,
    }  # fmt: skip
    put(store, LOGS, columns, "lines")
    given = Onset(middle, middle, middle, None, None, "errors", windows)
    whole, found = (
        finding_of(store, culprit, windows, one).confidence for one in (given, replace(given, stale=stale))
    )

    assert whole is not None
    assert pytest.approx(part * whole, abs=1e-3) == found
    assert whole > OTHER_MEANT


def test_few_culprits_are_named(store: Store) -> None:
    """CULPRITS_NAMED of the services that all log new errors."""
    middle = START + timedelta(seconds=300)
    windows = Comparison(Window(START, middle), Window(middle, START + timedelta(seconds=600)), given=True)
    lines = [(float(at), f"part-{n:02}") for n in range(CULPRITS_NAMED + 1) for at in range(0, 600, 10)]
    columns = {
        "Timestamp": nanoseconds(np.array([at for at, _ in lines])), "ServiceName": [service for _, service in lines],
        "SeverityNumber": [17 if at >= 300 else 9 for at, _ in lines],
        "Body": [f"could not open the {service} file" if at >= 300 else "opened it" for at, service in lines],
    }  # fmt: skip
    put(store, LOGS, columns, "lines")
    answer = finding_of(store, culprit, windows).answer

    assert isinstance(answer, Culprits)
    assert CULPRITS_NAMED == len(answer.ranked)


def test_two_services_ill_on_one_host_are_its_victims() -> None:
    """HOST_VICTIMS of them; one alone is ill itself."""
    names = [f"s{n}" for n in range(HOST_VICTIMS)]
    named = [Culprit(name, "i", None, "cpu", 0.5, "busy") for name in names]

    assert "h1" == _with_host(named, Placed({}, "h1", tuple(names)))[0].component
    assert named[1:] == _with_host(named[1:], Placed({}, "h1", tuple(names)))


@pytest.mark.parametrize(("given", "least"), [(True, NAMED_GIVEN), (False, NAMED_LEAST)])
def test_the_first_is_named_from_a_strength_on(store: Store, given: bool, least: float) -> None:
    """Of services silent at once each has its part of the strength; a given window needs less."""
    middle = START + timedelta(seconds=600)
    windows = Comparison(Window(START, middle), Window(middle, START + timedelta(seconds=1200)), given=given)

    def named(silent: int) -> bool:
        emptied(store.engine)
        services = [(f"gone{n:02}", 660) for n in range(silent)] + [
            (f"stays{n:02}", 1200) for n in range(silent + 1)
        ]
        lines = [(float(at), service) for service, end in services for at in range(0, end, 10)]
        columns = {
            "Timestamp": nanoseconds(np.array([at for at, _ in lines])), "Body": ["as ever"] * len(lines),
            "ServiceName": [service for _, service in lines],
        }  # fmt: skip
        put(store, LOGS, columns, f"{silent}")
        return finding_of(store, culprit, windows).answer is not None

    assert named(ceil(SILENT_SERVICE / least) - 1)
    assert not named(ceil(SILENT_SERVICE / least) + 1)
