"""Readiness on its page."""

from datetime import datetime

from lastgood.model.access import Role
from lastgood.telemetry.tables import LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def line(at: datetime) -> dict[str, list[object]]:
    """One line of a service whose name is markup."""
    values = {"Timestamp": at, "ServiceName": "<i>web", "Body": "served", "SeverityNumber": 9}
    return {name: [value] for name, value in values.items()}


def test_a_viewer_reads_what_is_missing(service: Service) -> None:
    """Without telemetry of the last day it says so, rather than a score."""
    empty = called(service, "GET", "/readiness", Role.VIEWER)
    writer = Writer(service.store.engine, "test")
    writer.add(LOGS, LOGS.rows(line(service.clock())))
    writer.flush()
    shown = called(service, "GET", "/readiness", Role.VIEWER).text

    assert (200, True) == (empty.status_code, "No telemetry came in the last 24" in empty.text)
    assert "of 100" in shown
    assert "&lt;i&gt;web is part of the system and sends no spans" in shown
    assert "<i>web" not in shown
