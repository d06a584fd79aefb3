"""The page of a drill, where no drill is played; test_playing has the pages of one."""

from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_without_a_drill_there_is_no_page(service: Service) -> None:
    """And no way to it; the clock of a real incident cannot be stopped."""
    assert "/drill" not in called(service, "GET", "/incidents/{number}").text
    for method, path in (("GET", "/drill"), ("GET", "/drill/score"), ("POST", "/drill/clock")):
        answer = called(service, method, path)
        assert 404 == answer.status_code
        assert "plays no drill" in answer.text
