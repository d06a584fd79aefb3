"""Proposals: what each kind of suspect implies, as predictions."""

import re
from dataclasses import replace

import pytest

from lastgood.algorithms.predictions.language import parse
from lastgood.hypotheses.proposals import _CLASSES, _KINDS, Known, proposals
from lastgood.model.answers import (
    ChangeVerdict,
    Culprit,
    FailureClass,
    Impact,
    ImpactKind,
    Segment,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.entry import Triaged
from lastgood.model.failure import FailureKind, FailurePath
from lastgood.model.finding import Verdict
from sitreps import COMPARISON, at

ERRORS = Impact(1000, 100, 0.1, 0.0, None, ImpactKind.ERRORS)
SAID = Triaged("", Verdict.YES, "10 % fail", COMPARISON, at("14:45"), impact=ERRORS)
KNOWN = Known(
    ("db.pool.wait", "process.cpu.utilization", "queue.depth"), ("orders-db", "api.stripe.com", "stock")
)


def change(kind: str, service: str | None = "orders", title: str = "v42") -> WeighedChange:
    """A change that is suspected."""
    return WeighedChange(
        "c1", ChangeKind(kind), service, at("14:44"), title, ChangeVerdict.LIKELY, 0.8, ("1 min before",), ()
    )


def culprit(kind: str, instance: str | None = None, component: str | None = None) -> Culprit:
    """A component that is suspected."""
    return Culprit("orders", instance, component, kind, 0.9, "it deviates from its baseline")


def classed(name: str, subject: str | None = "orders") -> Triaged:
    """A sitrep that names a class."""
    return replace(SAID, failure_class=FailureClass(FailureKind(name), subject, 0.8, "it says so"))


def reported(said: Triaged) -> list[str]:
    """The predictions of the first hypothesis; those that only hint in parentheses."""
    return [p.normal if p.key else f"({p.normal})" for p in proposals(said, KNOWN)[0].predictions]


AFTER = "onset after 2026-11-22T14:44:00Z"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (replace(SAID, changes=(change("deploy"),)),
         [AFTER, "errors(service=orders, version=new) / errors(service=orders, version=old) > 2"]),
        (replace(SAID, changes=(change("commit"),)),
         ["errors(service=orders, version=new) / errors(service=orders, version=old) > 2"]),
        (replace(SAID, changes=(change("flag"),)),
         [AFTER, "fails(feature_flag.result.variant=on) / fails(feature_flag.result.variant!=on) > 2"]),
        (replace(SAID, changes=(change("flag", title="new ranker on"),),
                 segments=(Segment({"feature.new_ranker": "on"}, 0.9, 0.2, 90, 200, 0.45),)),
         [AFTER, "fails(feature.new_ranker=on) / fails(feature.new_ranker!=on) > 2"]),
        (replace(SAID, changes=(change("third_party", "stripe"),)), [AFTER, "errors(peer=api.stripe.com) rises"]),
        (replace(SAID, changes=(change("infrastructure"),)), [AFTER]),
        (replace(SAID, changes=(change("infrastructure", None),)), [AFTER]),
        (classed("pool_starvation"),
         ['(metric("db.pool.wait", service=orders) rises)', "latency(service=orders, peer=orders-db, p50) at baseline"]),
        (classed("slow_database", "orders-db"), ["latency(peer=orders-db, p95) rises", "latency(p95) rises"]),
        (classed("rate_limit", "stripe"),
         ["traffic(peer=api.stripe.com, status=429) rises", "(traffic(peer=api.stripe.com) rises)"]),
        (classed("dependency_contract_change", "api.stripe.com"),
         ["errors(peer=api.stripe.com) rises", "(latency(peer=api.stripe.com, p50) at baseline)"]),
        (replace(classed("dependency_down", "stock"), path=FailurePath("orders", "stock", 90, 90, external=False)),
         ["errors(peer=stock) rises"]),
        (classed("retry_storm", "stock"), ["traffic(peer=stock) / traffic() rises", "errors(peer=stock) rises"]),
        (classed("overload"),
         ["traffic(service=orders) rises", "(traffic() before onset rises)",
          '(metric("process.cpu.utilization", service=orders) rises)',
          '(metric("process.cpu.utilization", service=orders) / traffic(service=orders) at baseline)']),
        (classed("network", "stock"), ["errors(peer=stock) rises"]),
        (replace(classed("network", "stock"), impact=replace(ERRORS, kind=ImpactKind.LATENCY)),
         ["latency(peer=stock, p95) rises", "latency(service=stock, p95) at baseline"]),
        (replace(SAID, culprits=(culprit("network", "orders-2"),)),
         ["errors(peer=orders) rises", "(errors(service=orders, instance=orders-2) / errors(service=orders, instance!=orders-2) > 2)"]),
        (classed("lock_contention", "orders"), ["(latency(peer=orders-db, p95) rises)"]),
        (classed("certificate"), ['(lines("certificate") rises)']),
        (classed("traffic_loss"), ["traffic() falls", "fails() at baseline"]),
        (replace(SAID, culprits=(culprit("cpu", "orders-2"),)),
         ['(metric("process.cpu.utilization", service=orders, instance=orders-2) rises)',
          "errors(service=orders, instance=orders-2) / errors(service=orders, instance!=orders-2) > 2",
          '(metric("process.cpu.utilization", service=orders, instance!=orders-2) at baseline)']),
        (replace(SAID, culprits=(culprit("cache", component="orders-cache"),)),
         ["traffic(peer=orders-db) / traffic() rises"]),
        (replace(SAID, culprits=(culprit("database", component="orders-db"),)),
         ["latency(peer=orders-db, p95) rises", "latency(service=orders, p95) rises"]),
        (replace(SAID, culprits=(replace(culprit("queue"), because="queue.depth 4 → 900"),)),
         ['metric("queue.depth", service=orders) rises']),
        (replace(SAID, culprits=(culprit("external", component="api.stripe.com"),)), ["errors(peer=api.stripe.com) rises"]),
        (replace(SAID, culprits=(culprit("code", "orders-2"),), segments=(Segment({"plan": "free"}, 0.9, 0.2, 9, 20, 0.4),)),
         ["errors(service=orders, kind=client) at baseline",
          "errors(service=orders, instance=orders-2) / errors(service=orders, instance!=orders-2) > 2",
          "(fails(plan=free) / fails(plan!=free) > 2)"]),
        (replace(SAID, culprits=(culprit("memory"),)),
         ['metric("memory", service=orders) rises']),
    ],
)  # fmt: skip
def test_what_a_suspect_implies(said: Triaged, expected: list[str]) -> None:
    """Each kind has its own; what the store lacks a metric for is predicted all the same."""
    assert expected == reported(said)


def test_slowness_is_measured_as_slowness() -> None:
    """Where users wait rather than see errors."""
    slow = replace(SAID, impact=replace(ERRORS, kind=ImpactKind.LATENCY), changes=(change("infrastructure"),))

    assert [AFTER] == reported(slow)
    store = FailureClass(FailureKind.SLOW_DATABASE, "orders-db", 0.8, "it says so")
    assert ["latency(peer=orders-db, p95) rises"] == reported(replace(slow, changes=(), failure_class=store))


def test_each_suspect_is_proposed_once() -> None:
    """The class stands for the first culprit; weak culprits are left out; changes follow."""
    said = replace(
        classed("pool_starvation"),
        culprits=(culprit("database"), replace(culprit("cpu"), confidence=0.3), replace(culprit("disk"), confidence=0.1)),
        changes=(change("deploy"),),
    )  # fmt: skip
    found = proposals(said, KNOWN)

    assert ["class:pool_starvation:orders", "culprit:orders::cpu", "change:c1"] == [
        one.about for one in found
    ]
    assert [None, None, "c1"] == [one.change for one in found]
    assert () == proposals(SAID, KNOWN)


@pytest.mark.parametrize("known", [KNOWN, Known()])
def test_everything_proposed_can_be_read(known: Known) -> None:
    """For every class and kind, with and without names of the store."""
    names = (
        "disk_full",
        "dns",
        "lock_contention",
        "noisy_neighbour",
        "resource_disk",
        "crash_loop",
        "bad_data",
        "dependency_slow",
    )
    said = [classed(name) for name in names]
    kinds = (
        "cpu",
        "memory",
        "disk",
        "restart",
        "network",
        "database",
        "queue",
        "external",
        "code",
        "cache",
        "dns",
        "certificate",
    )
    said += [replace(SAID, culprits=(culprit(kind),)) for kind in kinds]
    said += [replace(SAID, changes=(change(kind, service),)) for service in ("orders", None) for kind in
             ("deploy", "commit", "flag", "config", "migration", "cron", "scaling", "third_party", "dns")]  # fmt: skip

    for one in said:
        (found,) = proposals(one, known)
        assert [p.normal for p in found.predictions] == [str(parse(p.normal)) for p in found.predictions]


TRUE_OF_ALL = re.compile(r"(errors|fails)\((service=[^,()]+)?\) rises|traffic\(\) falls")


@pytest.mark.parametrize("kind", [ImpactKind.ERRORS, ImpactKind.LATENCY, ImpactKind.TRAFFIC_LOSS])
def test_that_users_are_affected_is_no_prediction(kind: ImpactKind) -> None:
    """It is true of every suspect: no class, kind of culprit or kind of change predicts it; some predict nothing."""
    affected = replace(ERRORS, kind=kind)
    said = [replace(classed(name), impact=affected) for name in (*_CLASSES, "traffic_loss")]
    said += [replace(SAID, impact=affected, culprits=(culprit(one),)) for one in _KINDS]
    changes = ("deploy", "commit", "flag", "config", "third_party", "infrastructure", "cron", "dns")
    said += [replace(SAID, impact=affected, changes=(change(one),)) for one in changes]
    found = [p.normal for one in said for p in proposals(one, KNOWN)[0].predictions]
    slow = re.compile(r"latency\((service=[^,()]+, )?p95\) rises")

    allowed = {"traffic() falls"} if kind is not ImpactKind.TRAFFIC_LOSS else set()
    assert [] == [one for one in found if TRUE_OF_ALL.fullmatch(one) and one not in allowed]
    assert [] == [one for one in found if kind is ImpactKind.LATENCY and slow.fullmatch(one)]


def test_what_all_changes_predict_is_left_out() -> None:
    """Two changes of the same party, at different times: only when it began tells them apart."""
    first = change("third_party", "stripe")
    second = replace(first, change_id="c2", at=at("14:40"))
    found = proposals(replace(SAID, changes=(first, second)), KNOWN)

    assert [[AFTER], ["onset after 2026-11-22T14:40:00Z"]] == [
        [p.normal for p in one.predictions] for one in found
    ]
