"""Deploys that only telemetry shows: a build takes over, or serves on instances of its own."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from cases import case_of, reported
from inspections.scenes import change
from lastgood.model.attributes import SEEN_IN
from lastgood.model.change import Change
from lastgood.model.window import Comparison, Window
from lastgood.readings.first_seen import ONE_RELEASE, SEEN_LEAST, TOLD_AFTER, TOLD_BEFORE, read_first_seen
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

WORLD = """
scenario  builds
seed      5
time      2026-11-20 10:00 .. 11:00
service   cart {service}
{work}
"""
SPANS = 'spans     cart "GET /cart" rate=1/s latency=5ms'
OLD, NEW, OTHER = ("cart-6d5f7c9b8-mz7wd", "cart-59c4d8f77-xk2pq", "cart-6d5f7c9b8-vw4tq")


def found(store: Store, folder: Path, service: str, work: str = SPANS) -> list[Change]:
    """The deploys that telemetry alone shows."""
    case = case_of(store, reported(store, folder, WORLD.format(service=service, work=work), 30))
    return read_first_seen(case, [])


@pytest.mark.parametrize("work", [SPANS, 'logs      cart info "put {int} into it" rate=60/min'])
def test_a_version_that_takes_over_is_a_deploy(store: Store, tmp_path: Path, work: str) -> None:
    """From when it was first seen, with the version before it and what shows it."""
    (one,) = found(store, tmp_path, "instances=c-1,c-2 version=v1 then version=v2 at 10:30", work)

    assert ("cart", "v2", "v1", "deploy") == (one.service, one.version, one.previous, one.kind)
    assert timedelta(0) <= one.at - one.at.replace(minute=30, second=0, microsecond=0) < timedelta(seconds=20)
    assert "cart v2 first seen in its telemetry (v1 until 10:29)" == one.title
    assert {SEEN_IN: work.split(maxsplit=1)[0]} == dict(one.attributes)


def test_a_version_that_is_back_is_a_deploy(store: Store, tmp_path: Path) -> None:
    """Whoever rolls back changes something."""
    versions = "instances=c-1 version=v1 then version=v2 at 10:20 then version=v1 at 10:40"
    first, second = found(store, tmp_path, versions)

    assert ("v2", "v1") == (first.version, second.version)
    assert second.title.startswith("cart v1 back in its telemetry (v2 until 10:39")
    assert "v2" == second.previous


@pytest.mark.parametrize(
    ("told", "added"),
    [
        (change("d", "deploy", 0, "cart-service"), False),
        (change("d", "deploy", 0, "cart"), False),
        (change("d", "config", 0, "cart"), True),
    ],
)
def test_what_a_feed_tells_of_is_not_added(
    store: Store, tmp_path: Path, told: Change, *, added: bool
) -> None:
    """About then by the service's name, however it is spelled, or by the version whenever it was deployed."""
    text = WORLD.format(service="instances=c-1 version=v1 then version=v2 at 10:30", work=SPANS)
    case = case_of(store, reported(store, tmp_path, text, 30))
    (one,) = read_first_seen(case, [])

    for apart in (-TOLD_BEFORE, TOLD_AFTER):
        near = replace(told, at=one.at + apart, until=one.at + apart)
        assert added == bool(read_first_seen(case, [near]))
    far = replace(told, at=one.at - 2 * TOLD_BEFORE, until=one.at - 2 * TOLD_BEFORE)
    assert [one] == read_first_seen(case, [far])
    if told.kind == "deploy":
        assert added == bool(read_first_seen(case, [replace(far, version="2")]))


def of_pods(store: Store, *lines: tuple[str, int, int, float]) -> list[Change]:
    """The deploys that lines of pods show, each from one minute to another at so many a minute."""
    rows = [(pod, at) for pod, low, high, rate in lines for at in np.arange(low * 60, high * 60, 60 / rate)]
    columns = {
        "Timestamp": nanoseconds(np.array([at for _, at in rows])), "ServiceName": ["cart"] * len(rows), "Body": ["put"] * len(rows),
        "ResourceAttributes": [{"k8s.pod.name": pod} for pod, _ in rows],
    }  # fmt: skip
    put(store, LOGS, columns, "pods")
    return read_first_seen(
        case_of(store, Comparison(Window(START, after(30)), Window(after(30), after(60)))), []
    )


def after(minutes: int) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def test_pods_of_another_replica_set_are_a_deploy(store: Store) -> None:
    """By the hash in their names, where no version is named."""
    (one,) = of_pods(store, (OLD, 0, 33, 20), (NEW, 30, 60, 20))

    assert ("59c4d8f77", "6d5f7c9b8") == (one.version, one.previous)
    assert (after(30), after(33) - timedelta(seconds=3)) == (one.at, one.until)
    assert one.title.startswith("cart ReplicaSet 59c4d8f77 first seen in its telemetry (6d5f7c9b8 until ")


def test_a_canary_on_pods_of_its_own_is_a_deploy(store: Store) -> None:
    """Beside the old ones, which go on."""
    (one,) = of_pods(store, (OLD, 0, 60, 60), (NEW, 30, 60, 10))

    assert "cart ReplicaSet 59c4d8f77 first seen in its telemetry (beside 6d5f7c9b8)" == one.title
    assert one.at == one.until


def test_more_pods_of_one_replica_set_are_scaling(store: Store) -> None:
    """Autoscaled and replaced pods bring no other build."""
    assert [] == of_pods(store, (OLD, 0, 33, 20), (OTHER, 30, 60, 20))


@pytest.mark.parametrize(("number", "deploys"), [(SEEN_LEAST - 1, 0), (SEEN_LEAST, 1)])
def test_a_handful_of_lines_is_no_deploy(store: Store, number: int, deploys: int) -> None:
    """A build is one from so many lines on."""
    assert deploys == len(of_pods(store, (OLD, 0, 60, 60), (NEW, 30, 40, number / 10)))


def test_a_build_that_may_have_been_missed_is_no_deploy(store: Store) -> None:
    """Too little was seen before it, or it came too early."""
    assert [] == of_pods(store, (OLD, 10, 60, SEEN_LEAST / 20), (NEW, 20, 60, 60))
    assert [] == of_pods(store, (OLD, 0, 60, 60), (NEW, 3, 60, 20))


@pytest.mark.parametrize(
    "shares",
    [
        "app.version=8.1:100%,8.2:0% then app.version=8.1:92%,8.2:8% at 10:20 then app.version=8.1:80%,8.2:20% at 10:30",
        "app.version=8.1:50%,8.2:50%,8.3:0% then app.version=8.1:40%,8.2:30%,8.3:30% at 10:30",
    ],
)
def test_versions_of_clients_are_no_deploys(store: Store, tmp_path: Path, shares: str) -> None:
    """They share the service's instances and do not take over."""
    assert [] == found(store, tmp_path, "instances=c-1,c-2", f"{SPANS} {shares}")


def test_without_a_version_there_is_no_build(store: Store, tmp_path: Path) -> None:
    """Names of machines are none."""
    assert [] == found(store, tmp_path, "instances=c-1,c-2")


def test_lines_that_leave_the_version_out_are_no_build(store: Store) -> None:
    """A service that names its version does not get another build where a line lacks it, though its pod has a hash."""
    seconds = np.arange(0, 3600, 1.0)
    columns = {
        "Timestamp": nanoseconds(seconds), "ServiceName": ["cart"] * len(seconds), "Body": ["put"] * len(seconds),
        "ResourceAttributes": [
            {"k8s.pod.name": NEW} if at >= 1800 else {"k8s.pod.name": OLD, "service.version": "v1"} for at in seconds
        ],
    }  # fmt: skip
    put(store, LOGS, columns, "left out")

    assert [] == read_first_seen(
        case_of(store, Comparison(Window(START, after(30)), Window(after(30), after(60)))), []
    )


def test_what_was_released_with_a_recorded_deploy_is_not_added(store: Store, tmp_path: Path) -> None:
    """A feed may tell of a release of several services by one of them."""
    text = WORLD.format(service="instances=c-1 version=v1 then version=v2 at 10:30", work=SPANS)
    case = case_of(store, reported(store, tmp_path, text, 30))
    (one,) = read_first_seen(case, [])
    web = change("d", "deploy", 0, "web")

    for apart in (-ONE_RELEASE, ONE_RELEASE):
        assert [] == read_first_seen(case, [replace(web, at=one.at + apart, until=one.at + apart)])
    further = one.at - ONE_RELEASE - timedelta(seconds=1)
    assert [one] == read_first_seen(case, [replace(web, at=further, until=further)])
