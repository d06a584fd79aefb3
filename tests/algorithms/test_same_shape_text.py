"""Personal data in bodies that are no whole JSON."""

import json
from urllib.parse import parse_qs

from lastgood.algorithms.same_shape_text import encoded_in_same_shape, text_without_persons


def test_json_that_was_cut_off() -> None:
    """The names of its members say what is personal, up to where it ends; the rest stays as it is."""
    text = '{"email": "ana@example.com", "phone": "+43 664 1234567", "name": "Zo\\u00eb", "pan": 4111222, "sku": "A-1", "city": "Gr'
    safe, rest, fields = text_without_persons(text)

    assert ("email", "phone", "name", "pan", "city") == fields
    for personal in ("ana@", "1234567", "Zo", "4111222", '"Gr'):
        assert personal not in safe
    assert '"sku": "A-1"' in safe
    assert 3 == len(json.loads(f'{safe}"}}')["name"])
    assert len(text) == len(safe)
    assert '"phone": ""' in rest


def test_an_escape_that_was_cut_off() -> None:
    """What is left of it is left out."""
    safe, _, _ = text_without_persons('{"name": "Zo\\u00')

    assert "\\" not in safe
    assert "Zo" not in safe


def test_forms() -> None:
    """Also nested names; a value is encoded again."""
    safe, _, fields = text_without_persons(
        "email=ana%40example.com&sku=A-1&address%5Bcity%5D=%C5%81%C3%B3d%C5%BA&phone=%2B43+664"
    )
    values = {name: value[0] for name, value in parse_qs(safe).items()}

    assert ("email", "address[city]", "phone") == fields
    assert "A-1" == values["sku"]
    assert "ana@example.com" != values["email"]
    assert "@" in values["email"]
    assert (4, 7) == (len(values["address[city]"]), len(values["phone"]))
    assert values["phone"].startswith("+")
    assert "Łódź" != values["address[city]"]


def test_elements_of_xml() -> None:
    """With a prefix and attributes; an element without text stays."""
    safe, _, fields = text_without_persons('<o:name lang="pl">Zofia</o:name><sku>A-1</sku><phone></phone>')

    assert ("name",) == fields
    assert "Zofia" not in safe
    assert "<sku>A-1</sku><phone></phone>" in safe


def test_text_without_fields_stays() -> None:
    """A sentence with an equals sign is no form."""
    text = "name = Ana said: 1 = 1 & 2"

    assert (text, text, ()) == text_without_persons(text)


def test_a_value_without_encoding_is_replaced_as_it_is() -> None:
    """Both have the same length."""
    assert 5 == len(encoded_in_same_shape("Zofia"))
    assert "%40" in encoded_in_same_shape("ana%40x")
