"""Changes on a time axis."""

from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_the_onset_of_an_incident_stands_among_the_changes(service: Service) -> None:
    """And no change is not no change."""
    at = service.record.entries(1)[0].at
    times = {"from": f"{at:%Y-%m-%dT%H}:00:00Z", "to": f"{at:%Y-%m-%dT%H}:59:59Z"}
    page = called(service, "GET", "/changes", **times).text
    later = called(
        service, "GET", "/changes", **{"from": "2026-12-22T14:00:00Z", "to": "2026-12-22T15:00:00Z"}
    )

    assert "Onset of #1 checkout fails" in page
    assert 'class="tick at' in page
    assert "No change is recorded in this time" in later.text
