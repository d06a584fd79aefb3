"""Fields of forms."""

import pytest

from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


@pytest.mark.parametrize(("text", "status"), [("x" * 50_001, 400), ("  short  ", 303)])
def test_a_field_has_a_bounded_length(service: Service, text: str, status: int) -> None:
    """What is longer is refused, and spaces around do not count."""
    answer = called(service, "POST", "/incidents/{number}/postmortem", part="summary", text=text)

    assert status == answer.status_code
