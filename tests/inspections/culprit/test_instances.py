"""Instances side by side: the one that alone is ill, and the host that ill ones share."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from cases import case_of
from lastgood.inspections.culprit.instances import one_of_many, placed
from lastgood.inspections.culprit.weights import (
    INSTANCE_FAILURES,
    INSTANCE_SECONDS,
    INSTANCES_LEAST,
    ONE_LOSES,
    ONE_WORKS,
    PEERS_EXPECTED,
    PEERS_SPARED,
)
from lastgood.model.answers import Culprits
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from readings.exporters import gauge
from reported import asked
from worlds import START, nanoseconds, put

WORLD = """
scenario  instances and hosts
seed      5
time      2026-11-20 10:00 .. 10:08
service   a instances=a-1,a-2,a-3 host.name=h-1 then host.name=h-2 where service.instance.id=a-2
service   b instances=b-1,b-2,b-3 host.name=h-3 then host.name=h-2 where service.instance.id=b-2
spans     web "GET /"  rate=3/s latency=8ms
call      web "GET /" -> a Show  latency=10ms then latency=600ms where service.instance.id=a-2 at 10:04
call      web "GET /" -> b Show  latency=10ms then latency=600ms where service.instance.id={other} at 10:04
"""


def work(instance: str, phase: str, failures: int = 0, seconds: float = 1.0, of: int = 100) -> dict[str, Any]:
    """A row of the query."""
    return {"instance": instance, "phase": phase, "work": of, "failures": failures, "seconds": seconds}


def test_the_one_that_loses_nearly_all_is_named() -> None:
    """Forty failures, all of one instance of three."""
    rows = [work(i, "good") for i in "abc"] + [work("a", "bad"), work("b", "bad", 40), work("c", "bad", 1)]

    assert "b" == one_of_many(rows)


def test_nobody_is_named_where_all_are_ill_or_one_does_all_the_work() -> None:
    """Equal failures; or a single instance under load, beside an idle one."""
    before = [work(i, "good") for i in "ab"]

    assert one_of_many([*before, work("a", "bad", 40), work("b", "bad", 38)]) is None
    assert one_of_many([*before, work("a", "bad", 40), work("b", "bad", of=5)]) is None


def test_time_counts_like_failures() -> None:
    """Ten seconds more on one of two, which do the same work."""
    assert "a" == one_of_many(
        [work("a", "good"), work("b", "good"), work("a", "bad", 0, 11.0), work("b", "bad")]
    )


def test_ill_instances_of_two_services_on_one_host_are_the_host(store: Store, tmp_path: Path) -> None:
    """a-2 and b-2 are slow, and both live on h-2."""
    answer = asked(store, tmp_path, WORLD.format(other="b-2"), "culprit", 4).answer

    assert isinstance(answer, Culprits)
    assert ("infrastructure", "h-2") == (answer.ranked[0].kind, answer.ranked[0].component)


def test_ill_instances_on_different_hosts_are_themselves(store: Store, tmp_path: Path) -> None:
    """a-2 lives on h-2, b-1 on h-3."""
    answer = asked(store, tmp_path, WORLD.format(other="b-1"), "culprit", 4).answer

    assert isinstance(answer, Culprits)
    assert {("a", "a-2", "code"), ("b", "b-1", "code")} == {
        (c.service, c.instance, c.kind) for c in answer.ranked
    }


def lost(failures: int = 0, seconds: float = 0.0, others: float = 0.0, of: int = 100) -> str | None:
    """Whether one of two instances is named that loses so much more, beside what the other loses of the same."""
    before = [work(i, "good", seconds=0.0, of=1000) for i in "ab"]
    more = work("b", "bad", round(others) if failures else 0, 0.0 if failures else others)
    return one_of_many([*before, work("a", "bad", failures, seconds, of=of), more])


def test_an_instance_is_named_from_the_least_loss_on() -> None:
    """In failures and in time."""
    assert lost(failures=INSTANCE_FAILURES)
    assert lost(failures=INSTANCE_FAILURES - 1) is None
    assert lost(seconds=INSTANCE_SECONDS)
    assert lost(seconds=INSTANCE_SECONDS - 0.01) is None


def test_an_instance_is_named_for_nearly_all_that_is_lost() -> None:
    """And not where it does nearly all of the work."""
    rest = 1000.0 * (1 - ONE_LOSES) / ONE_LOSES
    busy = round(100 * ONE_WORKS / (1 - ONE_WORKS))

    assert lost(seconds=1000.0, others=rest - 0.01)
    assert lost(seconds=1000.0, others=rest + 0.01) is None
    few = round(PEERS_EXPECTED * ONE_WORKS / (1 - ONE_WORKS)) - 1  # the others would have had fewer than tell
    assert lost(failures=few, of=busy)
    assert lost(failures=few, of=busy + 1) is None


def test_one_instance_has_no_peers() -> None:
    """As many are needed as to hold one against another."""
    rows = [work("i", "good"), *(work(f"i{n}", "bad", 40 if not n else 0) for n in range(INSTANCES_LEAST))]

    assert "i0" == one_of_many(rows)
    assert one_of_many(rows[:INSTANCES_LEAST]) is None


def test_others_that_work_little_tell_when_many_of_theirs_should_have_failed() -> None:
    """The ill one does nearly all of the work; the others' share of it is enough to see that they are spared."""
    before = [work(i, "good") for i in "ab"]
    ill = work("a", "bad", 900, of=900)
    expected = int(PEERS_EXPECTED)
    spared = work("b", "bad", int(expected / PEERS_SPARED), of=expected)

    assert "a" == one_of_many([*before, ill, spared])
    assert one_of_many([*before, ill, work("b", "bad", of=expected - 1)]) is None
    assert (
        one_of_many([*before, ill, work("b", "bad", int(expected / PEERS_SPARED) + 1, of=expected)]) is None
    )


def test_error_lines_are_told_by_their_words_too(store: Store) -> None:
    """Lines without a level, of two machines; an error is no work, and the other machine works as much."""
    at = np.arange(1200) * 1.0
    ill = [n >= 600 and n % 2 == 1 for n in range(len(at))]
    columns = {
        "Timestamp": nanoseconds(at), "ServiceName": ["door"] * len(at),
        "Body": ["handshake failed" if bad else "opened" for bad in ill],
        "ResourceAttributes": [{"host.name": f"d-{1 + (n % 3 == 0 or bad)}"} for n, bad in enumerate(ill)],
    }  # fmt: skip
    put(store, LOGS, columns, "door")
    middle, end = START + timedelta(minutes=10), START + timedelta(minutes=20)
    given = Comparison(Window(START, middle), Window(middle, end), given=True)

    assert {"door": "d-2"} == placed(case_of(store, given), {"door"}).instances


def test_ill_pods_share_the_node_that_a_list_of_pods_says(store: Store) -> None:
    """Lines name the pod alone; on the other node the pods of both services are well."""
    at, rows = np.arange(1200) * 1.0, dict[str, list[Any]]()
    for service in ("cart", "pay"):
        for n, second in enumerate(at):
            pod, bad = f"{service}-{n % 2}", n >= 600 and n % 2 == 1
            for name, value in (
                ("Timestamp", nanoseconds(np.array([second]))[0]), ("ServiceName", service),
                ("Body", "refused" if bad else "served"), ("SeverityNumber", 17 if bad else 9),
                ("ResourceAttributes", {"k8s.pod.name": pod}),
            ):  # fmt: skip
                rows.setdefault(name, []).append(value)
    put(store, LOGS, rows, "lines")
    middle, end = START + timedelta(minutes=10), START + timedelta(minutes=20)
    given = Comparison(Window(START, middle), Window(middle, end), given=True)
    assert placed(case_of(store, given), {"cart", "pay"}).host is None

    for pod in ("cart-0", "cart-1", "pay-0", "pay-1"):
        place = {"k8s.pod.name": pod, "k8s.node.name": f"node-{pod[-1]}"}
        gauge(store, pod[:-2], "kube_pod_info", {}, [(1199.0, 1.0)], place)

    assert "node-1" == placed(case_of(store, given), {"cart", "pay"}).host
