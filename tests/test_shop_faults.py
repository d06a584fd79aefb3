"""The parts of the live shop that need no running shop: releases, decoys, certificates, the volume, the queue, the control."""

import errno
import json
import signal
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from examples.shop.live.certificates import Authority
from examples.shop.live.decoys import DECOYS, chosen
from examples.shop.live.demo import settings
from examples.shop.live.faults.releases import BAD, RELEASES
from examples.shop.live.history import History
from examples.shop.live.pipelines import BY, DECIDES, Late, TailSampling
from examples.shop.live.play import FAULTS, emptied
from examples.shop.live.remedies import REMEDIES
from examples.shop.live.supervisor import ShopError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from lastgood.config import configured
from lastgood.workbench.options import template_of
from shop.disk import Disk
from shop.orders import Orders
from shop.places import address, setting

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", RELEASES)
def test_every_release_is_a_program(tmp_path: Path, name: str) -> None:
    """Its edits fit the source of today, and what they make compiles."""
    release, history = RELEASES[name], History(tmp_path)
    file = release.file or f"{release.service}.py"
    history.release(BAD, release.subject, file, *release.edits)
    text = (history.build(BAD) / "shop" / file).read_text()

    compile(text, file, "exec")
    assert all(new in text for _, new in release.edits)


def test_an_edit_that_fits_nowhere_is_refused(tmp_path: Path) -> None:
    """Rather than a release that changes nothing."""
    with pytest.raises(ValueError, match="0 times"):
        History(tmp_path).release(BAD, "Nothing", "checkout.py", ("no such text", ""))


def test_every_fault_can_be_mended() -> None:
    """By something that the shop can do."""
    assert [] == [name for name, fault in FAULTS.items() if fault.remedies[0][0] not in REMEDIES]


def test_decoys_are_the_same_for_a_seed_and_spare_the_culprit() -> None:
    """One of them is a release; not of the service that the fault deploys."""
    drawn = [chosen(seed, ("worker",)) for seed in range(20)]

    assert drawn == [chosen(seed, ("worker",)) for seed in range(20)]
    assert {"inventory"} == {first.service for first, _ in drawn}
    assert len(DECOYS) - 2 == len({second.about for _, second in drawn})


def test_the_settings_of_the_demo_have_a_command_for_every_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read as those of a team are."""
    path = tmp_path / "lastgood.toml"
    path.write_text(settings(tmp_path, tmp_path / "shop"))
    monkeypatch.setenv("LASTGOOD_CONFIG", str(path))
    config = configured()

    assert [] == [kind for kind in REMEDIES if template_of(config, kind, "checkout") is None]
    assert f"sqlite:///{tmp_path}/record.db" == config.record


def test_a_certificate_that_has_expired_is_not_trusted(tmp_path: Path) -> None:
    """OpenSSL's own verdict on the chain, before and after its end."""
    authority = Authority(tmp_path / "certificates")
    for name, ends in (("good", NOW + timedelta(days=1)), ("old", NOW - timedelta(seconds=2))):
        authority.certify(name, ends)
    trusting = ssl.create_default_context(cafile=str(authority.ca))

    assert 1 == trusting.cert_store_stats()["x509_ca"]
    for name, ends in (("good", NOW + timedelta(days=1)), ("old", NOW - timedelta(seconds=2))):
        shown = ssl._ssl._test_decode_cert(str(tmp_path / "certificates" / f"{name}.pem"))  # type: ignore[attr-defined]
        assert ends.timestamp() == ssl.cert_time_to_seconds(shown["notAfter"])


def test_a_volume_is_full_when_it_is(tmp_path: Path) -> None:
    """With the error of the system; what fits is written."""
    disk = Disk(tmp_path / "disk", 10)
    disk.append("a", "12345")

    with pytest.raises(OSError, match="No space left") as full:
        disk.append("b", "12345")
    assert errno.ENOSPC == full.value.errno
    assert "12345\n" == (tmp_path / "disk" / "a").read_text()


def test_orders_wait_in_order_until_they_are_done(tmp_path: Path) -> None:
    """The first stays the first."""
    orders = Orders(str(tmp_path / "orders.db"))
    for name in ("a", "b"):
        orders.put({"id": name})
    number, first, _ = orders.first() or pytest.fail("empty")

    assert ({"id": "a"}, 2) == (first, orders.waiting()[0])
    orders.done(number)
    assert {"id": "b"} == (orders.first() or pytest.fail("empty"))[1]


def test_a_name_that_is_hidden_does_not_resolve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a resolver says it; settings are read anew."""
    (tmp_path / "addresses.json").write_text(json.dumps({"a": ["http://one"]}))
    (tmp_path / "settings.json").write_text(json.dumps({"search_ttl": 5}))
    monkeypatch.setenv("ADDRESSES", str(tmp_path / "addresses.json"))
    monkeypatch.setenv("SETTINGS", str(tmp_path / "settings.json"))

    assert ("http://one", 5) == (address("a"), setting("search_ttl"))
    with pytest.raises(OSError, match="Name or service not known"):
        address("b")


def exported(service: str, trace: bytes, *, failed: bool = False) -> bytes:
    """A batch of one span."""
    request = ExportTraceServiceRequest()
    of = request.resource_spans.add()
    of.resource.attributes.add(key="service.name").value.string_value = service
    of.scope_spans.add().spans.add(
        trace_id=trace, status=Status(code=Status.STATUS_CODE_ERROR if failed else Status.STATUS_CODE_UNSET)
    )
    return request.SerializeToString()


def test_a_tail_sampler_keeps_whole_traces_that_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """All spans of a failed one, one in ten of the others, after their time; logs pass."""
    clock = [0.0]
    monkeypatch.setattr("examples.shop.live.pipelines.monotonic", lambda: clock[0])
    sampler = TailSampling()
    for number in range(40):
        for service in ("edge", "payments"):
            body = exported(service, bytes([7, number]), failed=number == 3 and service == "payments")
            assert [] == list(sampler.take("/v1/traces", body))

    assert [("/v1/logs", b"x")] == list(sampler.take("/v1/logs", b"x"))
    assert [] == list(sampler.ready())
    clock[0] = DECIDES + 1
    ((_, body),) = sampler.ready()
    kept = [span.trace_id[1] for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans for span in scope.spans]  # fmt: skip
    assert [0, 0, 3, 3, 10, 10, 20, 20, 30, 30] == sorted(kept)


def test_a_late_exporter_is_late_with_one_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """And loses nothing."""
    clock = [0.0]
    monkeypatch.setattr("examples.shop.live.pipelines.monotonic", lambda: clock[0])
    late, edge, payments = Late(), exported("edge", b"1"), exported("payments", b"1")

    assert [edge] == [body for sent in (edge, payments) for _, body in late.take("/v1/traces", sent)]
    assert [] == list(late.ready())
    clock[0] = BY + 1
    assert [payments] == [body for _, body in late.ready()]


def test_only_what_an_earlier_run_left_is_removed(tmp_path: Path) -> None:
    """A folder of a person's is refused, and stays as it is."""
    fresh, own = tmp_path / "a" / "b", tmp_path / "own"
    emptied(fresh)
    (fresh / "old").write_text("of the run")
    emptied(fresh)
    own.mkdir()
    (own / "kept").write_text("precious")
    for refused in (own, own / "kept"):
        with pytest.raises(ShopError, match="not of an earlier run"):
            emptied(refused)

    assert not (fresh / "old").exists()
    assert "precious" == (own / "kept").read_text()


def test_what_does_not_end_with_its_parent_is_killed() -> None:
    """As a service does that waits for a server which is gone too."""
    program = (
        "import signal; from examples.shop.live import child\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); child.GRACE = 0.2; child.follow(0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=30, check=False)

    assert -signal.SIGKILL == ended.returncode
