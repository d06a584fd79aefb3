"""What services are called."""

from lastgood.model.naming import service_named


def test_what_has_no_name_is_said_to_have_none() -> None:
    """A name stays as it is."""
    assert ["payments", "an unnamed service"] == [service_named("payments"), service_named("")]
