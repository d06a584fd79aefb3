"""A captured request."""

from lastgood.model.replay import CapturedRequest


def test_its_name_is_method_and_path() -> None:
    """As people write it."""
    assert "GET /a?b=1" == CapturedRequest("GET", "/a?b=1").name
