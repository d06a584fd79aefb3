"""What services are called."""

from lastgood.model.naming import part_named, service_named


def test_what_has_no_name_is_said_to_have_none() -> None:
    """A name stays as it is."""
    assert ["payments", "an unnamed service"] == [service_named("payments"), service_named("")]


def test_a_suspect_is_named_by_the_part_that_is_meant() -> None:
    """The instance rather than its service; a component behind it, apart where it is several words."""
    assert "payments" == part_named("payments", None, None) == part_named("payments", None, "payments")
    assert "payments/api.stripe.com" == part_named("payments", None, "api.stripe.com")
    assert "payments-3, its calls" == part_named("payments", "payments-3", "its calls")
