"""Services on their page."""

from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_without_a_service_the_page_says_what_to_do(service: Service) -> None:
    """Where to send to."""
    assert "No service has sent anything" in called(service, "GET", "/services").text
