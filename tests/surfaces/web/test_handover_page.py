"""The handover page."""

from lastgood.workbench.entered import entered
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_the_lead_is_handed_over_on_the_page(service: Service) -> None:
    """Whoever joins reads the briefing; the room shows who leads."""
    shown = called(service, "GET", "/incidents/{number}/handover").text
    assert "Nobody leads this incident yet" in shown
    assert "Nothing is measured yet." in shown
    assert 303 == called(service, "POST", "/incidents/{number}/handover", to="lee").status_code
    assert "lee" == entered(service, 1, "").incident.lead
    assert "lee leads" in called(service, "GET", "/incidents/{number}").text
    assert 400 == called(service, "POST", "/incidents/{number}/handover", to="lee").status_code
