"""Connections and certificates."""

import ssl
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.target import target_of
from lastgood.outside.probe.wire import certificate_of, connected, reason, secured, tls_problem
from sites import OK, authority, says, site


def test_a_certificate_can_be_looked_at_though_it_is_not_trusted(tmp_path: Path) -> None:
    """By name and address, with what the server sends along."""
    ca = authority(tmp_path)
    with site(says(OK), tls=ca.context("a.test", "127.0.0.1")) as port:
        target = target_of(f"https://a.test:{port}/")
        refused = connected("127.0.0.1", port, 2)
        with closing(refused.sock), pytest.raises(ssl.SSLCertVerificationError) as problem:
            secured(refused, target, Limits(), [])
        wire = connected("127.0.0.1", port, 2)
        with closing(wire.sock):
            safe = secured(wire, target, Limits(), [], check=False)
            with closing(safe.sock):
                shown = certificate_of(safe)

    assert shown
    assert (("a.test", "127.0.0.1"), ("a.test",)) == (shown.names, shown.chain)
    assert "unable to get local issuer certificate" == tls_problem(problem.value)


def test_a_wire_has_a_deadline() -> None:
    """Whatever is left to read."""
    with site(says(OK)) as port:
        wire = connected("127.0.0.1", port, 2)
        with closing(wire.sock):
            wire.send(b"x")
            assert OK == wire.receive()
            wire.end = monotonic() - 1
            with pytest.raises(TimeoutError):
                wire.receive()

    assert "no answer in time" == reason(TimeoutError())
