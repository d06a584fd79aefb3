"""Fields of forms."""

import pytest

from lastgood.surfaces.web.forms import number_or_none
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


@pytest.mark.parametrize(("text", "status"), [("x" * 50_001, 400), ("  short  ", 303)])
def test_a_field_has_a_bounded_length(service: Service, text: str, status: int) -> None:
    """What is longer is refused, and spaces around do not count."""
    answer = called(service, "POST", "/incidents/{number}/postmortem", part="summary", text=text)

    assert status == answer.status_code


@pytest.mark.parametrize("text", ["", "-1", "1e3", "\u00b2", "9" * 5_000])
def test_what_is_no_number_is_none(text: str) -> None:
    """Digits of other scripts, and more of them than any number has."""
    assert None is number_or_none(text)
    assert 12 == number_or_none("12")


@pytest.mark.parametrize(
    ("path", "form"),
    [("/incidents/{number}/verify", {"action": "\u00b2"}), ("/incidents/{number}/hypotheses/check", {"which": "\u00b2"})],
)  # fmt: skip
def test_an_odd_number_is_no_fault(service: Service, path: str, form: dict[str, str]) -> None:
    """It counts as none."""
    assert called(service, "POST", path, **form).status_code < 500
