"""JSON bodies as paths and values."""

from lastgood.algorithms.body_fields import body_fields


def test_each_value_has_its_path() -> None:
    """Also an empty list or object; what is no JSON is one text, nothing is none."""
    assert [("$.a[0].b", "1"), ("$.c", "[]")] == body_fields('{"a": [{"b": 1}], "c": []}')
    assert [("", "<p>")] == body_fields("<p>")
    assert [] == body_fields("")
