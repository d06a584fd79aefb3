"""Message templates: every hole gets its value, whatever is written in it."""

from lastgood.decoding.text.message_templates import filled


def test_holes_are_filled_with_renderings_values_and_structures() -> None:
    """A format takes the next rendering; without one the value as it is; unknown holes stay."""
    fields = {"@r": ["12.40"], "Order": {"Id": 7}}
    values = {"Amount": "12.4", "Name": "till", "Properties.Where": "here"}

    assert filled("{Name,8} of {Amount:0.00}", fields, values) == "till of 12.40"
    assert filled("{@Order} {Where} {$Name}", fields, values) == '{"Id":7} here till'
    assert filled("{{x}} {Gone} {Name:l}", {}, values) == "{x} {Gone} till"
