"""Changes and alerts that are sent, each stored once."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from lastgood.errors import CannotRunError
from lastgood.model.signal import Signal
from lastgood.workbench.deliveries import cloud_event, deliver
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from records import START
from senders import alert
from services import service_over

CHANGE = {
    "time": "2026-11-22T14:41:00Z",
    "kind": "deploy",
    "service": "payments",
    "version": "v2",
    "id": "d1",
}
CDEVENT = {
    "context": {
        "type": "dev.cdevents.service.deployed.0.3.0", "id": "e1", "source": "/ci", "timestamp": "2026-11-22T14:41:00Z",
    },
    "subject": {"id": "payments", "content": {"environment": {"id": "prod"}, "artifactId": "pkg:oci/payments@v2"}},
}  # fmt: skip


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        yield opened


def stored(service: Service, table: str = "lg_changes") -> list[dict[str, object]]:
    engine = service.store.engine
    return engine.query(f"SELECT * FROM {engine.database}.{table} ORDER BY Timestamp, State").rows


def sent(service: Service, document: object) -> tuple[int, int, bool]:
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    found = deliver(service, Signal.CHANGES, body)
    return found.stored, found.rejected, found.repeated


def test_a_change_that_is_sent_again_is_not_stored_again(service: Service) -> None:
    """In a list with others neither; another state of it is something new."""
    assert (1, 0, False) == sent(service, CHANGE)
    assert (0, 0, True) == sent(service, CHANGE)
    more = b"\n".join(orjson.dumps(one) for one in (CHANGE, {**CHANGE, "id": "d2"}))
    assert (1, 0, False) == sent(service, more)
    assert (1, 0, False) == sent(service, {**CHANGE, "state": "failed"})
    assert 3 == len(stored(service))


def test_what_other_tools_send_is_recognised(service: Service) -> None:
    """CDEvents, CloudEvents in binary mode, GitHub's deployments."""
    cloud = cloud_event(
        {"ce-type": "com.example.flag.changed", "ce-id": "c1", "ce-source": "flags", "ce-specversion": "1.0",
         "ce-time": "2026-11-22T14:42:00Z", "host": "x"},
        b'{"flag": "new-checkout"}',
    )  # fmt: skip
    github = {
        "deployment": {"id": 7, "ref": "v2", "sha": "a" * 40, "environment": "production",
                       "created_at": "2026-11-22T14:43:00Z"},
        "deployment_status": {"id": 8, "state": "success", "created_at": "2026-11-22T14:44:00Z"},
        "repository": {"name": "payments"},
    }  # fmt: skip

    assert [(1, 0, False)] * 3 == [sent(service, one) for one in (CDEVENT, cloud, github)]
    assert ["deploy", "flag", "deploy"] == [row["Kind"] for row in stored(service)]


@pytest.mark.parametrize(
    "body",
    [b"", b"deployed!", b"[]", b'{"a": 1}', b'{"time": ', gzip.compress(b'{"a": 1}', mtime=0), b"[" * 5000],
)
def test_what_cannot_be_read_is_refused_with_a_reason(service: Service, body: bytes) -> None:
    """Nothing is stored, and nothing is unpacked that does not say it is packed."""
    found = deliver(service, Signal.CHANGES, body)

    assert (0, True) == (found.stored, bool(found.reasons))
    assert [] == stored(service)


def test_a_bad_row_among_good_ones_is_counted(service: Service) -> None:
    """The good ones are stored."""
    body = orjson.dumps(CHANGE) + b"\n" + orjson.dumps({**CHANGE, "time": "never"})

    assert (1, 1, False) == sent(service, body)


def test_what_was_not_stored_may_be_sent_again(service: Service, tmp_path: Path, store: Store) -> None:
    """The delivery is not taken for known."""
    with store.engine.beside() as closed:
        pass
    broken = Service(
        service.config, service.clock, service.store, closed, service.record, service.access, service.arrivals, service.claims,
        service.redactor, service.under_way,
    )  # fmt: skip
    with pytest.raises(CannotRunError):
        deliver(broken, Signal.CHANGES, orjson.dumps(CHANGE))

    assert (1, 0, False) == sent(service, CHANGE)


def test_an_alert_is_stored_once_in_each_state(service: Service) -> None:
    """Repeats of a webhook are nothing new."""
    for status in ("firing", "firing", "resolved"):
        deliver(service, Signal.ALERTS, orjson.dumps(alert("A", "checkout", START, status=status)))

    assert ["firing", "resolved"] == [row["State"] for row in stored(service, "lg_alerts")]
