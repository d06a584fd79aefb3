"""Failures that only a proxy wrote down carry no version."""

from collections.abc import Mapping
from typing import Any

from inspections.test_canary import WHOLE
from lastgood.readings.unversioned import UNVERSIONED_LEAST, unversioned_failures
from lastgood.telemetry.reader import Rows
from lastgood.workbench.store import Store
from telemetry.rows import put_lines

ROUTE = {"http.request.method": "GET", "http.route": "/quote"}


def behind_a_proxy(store: Store, failed: int) -> None:
    """A service that answers 200 in two versions, and a proxy that saw more requests to it fail."""
    for version in ("1.0", "1.1"):
        put_lines(
            store, 50, "quote", **{**ROUTE, "http.response.status_code": "200", "service.version": version}
        )
    named = {**ROUTE, "service.peer.name": "be_quote"}
    put_lines(store, 100, "haproxy", **{**named, "http.response.status_code": "200"})
    put_lines(store, failed, "haproxy", **{**named, "http.response.status_code": "502"})


def test_failures_at_the_proxy_alone_are_reported(store: Store) -> None:
    """With how many of them a version is known; of another service they say nothing."""
    behind_a_proxy(store, 20)
    _, reader = store.survey()

    def ask(sql: str, bound: Mapping[str, Any]) -> Rows:
        return reader.query(sql, bound, WHOLE)

    found = unversioned_failures(ask, ["quote"], 0.01)

    assert found is not None
    assert ("haproxy", "quote", 120, 20, 0) == (
        found.proxy, found.service, found.requests, found.failures, found.versioned,
    )  # fmt: skip
    assert "20 of 120 requests to quote failed at haproxy" in found.said
    assert unversioned_failures(ask, ["quote"], 0.5) is None
    assert unversioned_failures(ask, ["mailer"], 0.01) is None


def test_few_are_chance(store: Store) -> None:
    """One fewer than is reported."""
    behind_a_proxy(store, UNVERSIONED_LEAST - 1)
    _, reader = store.survey()

    assert unversioned_failures(lambda sql, bound: reader.query(sql, bound, WHOLE), ["quote"], 0.01) is None
