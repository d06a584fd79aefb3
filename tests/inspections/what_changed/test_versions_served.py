"""The versions of a service that served, by spans or by log lines."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from cases import case_of
from inspections.scenes import ONSET, change
from lastgood.inspections.what_changed.versions_served import (
    SLOT,
    Served,
    builds_of,
    new_build,
    read_builds,
)
from lastgood.inspections.what_changed.weights import BUILD_LATE, BUILD_SOON, SERVED_AT_START
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=30)
WINDOWS = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(hours=1)), given=True)
SECOND = timedelta(seconds=1)
ONE = Served(ONSET, ONSET, 0, 0, 10, 5, 10, 5)


def lines(
    store: Store, resource: dict[str, str], begin: float, end: float, *, bad: float = 0, service: str = "cart"
) -> None:
    """A line of a version every ten seconds, and a new error beside so many of those from the onset on."""
    served = np.arange(begin, end, 10.0)
    errors = np.array([at + 1 for n, at in enumerate(served[served >= 1800]) if n % 10 < 10 * bad])
    for times, level, number, body in (
        (served, "INFO", 9, "served"),
        (errors, "ERROR", 17, "no rate for it"),
    ):
        n = len(times)
        columns = {
            "Timestamp": nanoseconds(times), "SeverityText": [level] * n, "SeverityNumber": [number] * n,
            "ServiceName": [service] * n, "Body": [body] * n, "ResourceAttributes": [list(resource.items())] * n,
        }  # fmt: skip
        put(store, LOGS, columns, f"{resource} {body} {begin}")


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ({"service.version": "v7"}, {"service.version": "v8"}, ("7", "8")),
        (
            {"k8s.pod.name": "cart-5d4f8c7b9c-x2x4z"},
            {"k8s.pod.name": "cart-7f9c6d5b8b-k8s2x"},
            ("5d4f8c7b9c", "7f9c6d5b8b"),
        ),
    ],
    ids=["version", "replica set"],
)
def test_lines_of_a_build_are_counted_with_its_new_errors(
    store: Store, old: dict[str, str], new: dict[str, str], names: tuple[str, str]
) -> None:
    """By the version that they name, or by the ReplicaSet of the pod; beside each other while both write."""
    lines(store, old, 0, 2400)
    lines(store, new, 1500, 3600, bad=0.5)

    found = read_builds(case_of(store, WINDOWS), ["cart"], MIDDLE)

    assert {("cart", name) for name in names} == set(found)
    before, after = (found["cart", name] for name in names)
    assert (180, 0, 60, 0, 60, 0) == tuple(vars_of(before))
    assert (30, 0, 180 + 90, 90, 60 + 30, 30) == tuple(vars_of(after))
    assert (START + timedelta(seconds=1500), START) == (after.first, before.first)
    assert before.last == START + timedelta(seconds=2390)


def vars_of(one: Served) -> list[int]:
    """Its counts."""
    return [one.before, one.before_affected, one.bad, one.bad_affected, one.beside, one.beside_affected]


def test_a_service_without_new_errors_is_not_read(store: Store) -> None:
    """Nor one that is not asked about, nor pods whose names have no ReplicaSet."""
    lines(store, {"service.version": "v8"}, 0, 3600)
    lines(store, {"service.version": "v1"}, 0, 3600, bad=0.5, service="mail")
    lines(store, {"k8s.pod.name": "rates-0"}, 0, 3600, bad=0.5, service="rates")
    case = case_of(store, WINDOWS)

    assert {} == read_builds(case, ["cart"], MIDDLE)
    assert {} == read_builds(case, ["rates"], MIDDLE)
    assert {("mail", "1")} == set(read_builds(case, ["cart", "mail"], MIDDLE))


def test_what_writes_one_after_the_other_is_not_beside(store: Store) -> None:
    """Within SLOT both have to."""
    lines(store, {"service.version": "v7"}, 0, 2400, bad=0.5)
    lines(store, {"service.version": "v8"}, 2400 + SLOT / 1e9, 3600, bad=0.5)

    found = read_builds(case_of(store, WINDOWS), ["cart"], MIDDLE)

    assert [0, 0] == [one.beside for one in found.values()]


def test_builds_of_a_service_however_it_is_spelt() -> None:
    """By their names."""
    assert {"7": ONE} == builds_of("cart_service", {("cart", "7"): ONE, ("mail", "8"): ONE})


DEPLOY = change("d", "deploy", 10, until=ONSET - timedelta(minutes=8))
BEGIN = ONSET - timedelta(hours=1)


def brought(first: datetime, *others: datetime, start: datetime = BEGIN) -> str:
    """The build that the deploy brought, beside others that first logged then."""
    builds = {"new": replace(ONE, first=first)} | {
        str(n): replace(ONE, first=at) for n, at in enumerate(others)
    }
    return new_build(DEPLOY, builds, start)


def test_the_build_that_first_logs_about_the_deploy_is_its_own() -> None:
    """From BUILD_SOON before its record until BUILD_LATE after its end."""
    soon, late = DEPLOY.at - BUILD_SOON, DEPLOY.until + BUILD_LATE

    assert ["new", "", "new", ""] == [brought(at) for at in (soon, soon - SECOND, late, late + SECOND)]
    assert "new" == brought(soon, BEGIN)


def test_of_several_none_is_known() -> None:
    """Unless its version is one of them."""
    assert "" == brought(DEPLOY.at, DEPLOY.until)
    both = {"8": replace(ONE, first=DEPLOY.at), "new": replace(ONE, first=DEPLOY.at)}
    assert "8" == new_build(replace(DEPLOY, version="v8"), both, BEGIN)
    assert "" == new_build(replace(DEPLOY, version="v9"), both, BEGIN)


def test_what_logs_from_the_start_on_may_be_older() -> None:
    """SERVED_AT_START after telemetry begins."""
    start = DEPLOY.at - SERVED_AT_START

    assert ["", "new"] == [brought(at, start=start) for at in (DEPLOY.at, DEPLOY.at + SECOND)]
