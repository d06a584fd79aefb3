"""What is known of outside hosts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases import FAILING, case_of, reported
from lastgood.inspections.us_or_them.gathered import gathered, is_of, own_changes
from lastgood.model.answers import Answer, ChangesWeighed, ChangeVerdict, Culprit, Culprits, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.failure import FailurePath
from lastgood.workbench.store import Store

HOST = "api.pay.example"
WORLD = f"""scenario  two outside hosts
time      2026-11-20 10:00 .. 10:40
seed      3

service   shop instances=shop-1

spans     shop "POST /pay" rate=1/s latency=7ms
call      shop "POST /pay" -> {HOST} "POST /charges" external latency=90ms errors=0% then errors=60% status=503 at 10:20
call      shop "POST /pay" -> rates.fx.example "GET /" external latency=90ms
"""
AT = datetime(2026, 11, 20, 10, 18, tzinfo=UTC)


def change(kind: ChangeKind, service: str | None, title: str) -> WeighedChange:
    """A change that is likely."""
    return WeighedChange("c", kind, service, AT, title, ChangeVerdict.LIKELY, 0.9, (), ())


def test_the_host_that_failed_requests_call_is_in_question(store: Store, tmp_path: Path) -> None:
    """With how many of them did, and the hosts that work."""
    found = gathered(case_of(store, reported(store, tmp_path, WORLD, 20), FAILING))

    assert (HOST, False) == (found.host, found.accused)
    assert [HOST] == found.ill
    assert ["rates.fx.example"] == found.fine
    assert found.requests is not None
    assert found.requests[0] == found.requests[1] > 100
    assert [] == found.way_out


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("rates.fx.example", Culprits((Culprit("shop", None, "rates.fx.example", "external", 0.8, "slow"),))),
        ("rates.fx.example", FailurePath("shop", "rates.fx.example", 10, 9, external=True)),
        (HOST, Culprits((Culprit("shop", None, "logger.of.shop", "code", 0.8, "errors"),))),
        (HOST, Culprits((Culprit("shop", None, "shop", "code", 0.8, "errors"),))),
    ],
)
def test_the_first_suspect_and_the_path_come_first(
    host: str, answer: Answer, store: Store, tmp_path: Path
) -> None:
    """The name of a logger is no host, and a service with telemetry is none of others."""
    assert host == gathered(case_of(store, reported(store, tmp_path, WORLD, 20), FAILING, answer)).host


@pytest.mark.parametrize(
    ("named", "service", "title"),
    [
        (True, "Waymap", "Waymap: Elevated latency"),
        (True, None, "Way Map is degraded"),
        (True, "routes.waymap.example", "certificate"),
        (False, "Stampo", "Stampo: maintenance"),
        (False, None, "way too slow"),
    ],
)
def test_a_change_is_of_the_host_that_it_names(named: bool, service: str | None, title: str) -> None:
    """By the party that its name is of."""
    assert named is is_of(change(ChangeKind.THIRD_PARTY, service, title), "routes.waymap.example")


@pytest.mark.parametrize(
    ("own", "kind", "service"),
    [
        (True, ChangeKind.DEPLOY, "shop"),
        (True, ChangeKind.CERTIFICATE, "shop"),
        (True, ChangeKind.DNS, None),
        (False, ChangeKind.CERTIFICATE, HOST),
        (False, ChangeKind.THIRD_PARTY, "anyone"),
    ],
)
def test_own_changes(own: bool, kind: ChangeKind, service: str | None, store: Store, tmp_path: Path) -> None:
    """Certificates, DNS and machines are the system's own, unless they are of the host."""
    weighed = ChangesWeighed((change(kind, service, "renewed"),))
    case = case_of(store, reported(store, tmp_path, WORLD, 20), weighed)

    assert own is bool(list(own_changes(case, HOST, ChangeVerdict.LIKELY)))
    assert [] == list(own_changes(case, HOST, ChangeVerdict.POSSIBLE))
