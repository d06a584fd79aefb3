"""Replaced values keep the shape of what they replace."""

import unicodedata
from time import process_time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.same_shape import in_same_shape, is_personal, without_persons


@given(st.text())
def test_a_text_keeps_lengths_kinds_and_punctuation(value: str) -> None:
    """Length in characters and in bytes, letters by case, digits; the same text always becomes the same."""
    other = in_same_shape(value)

    assert len(value) == len(other)
    assert len(value.encode("utf-8", "surrogatepass")) == len(other.encode("utf-8", "surrogatepass"))
    assert [unicodedata.category(c) for c in value] == [unicodedata.category(c) for c in other]
    assert other == in_same_shape(value)


def test_personal_data_goes_and_everything_else_stays() -> None:
    """By name or by form; null, booleans, empty text, amounts and times are as they were."""
    document: dict[str, Any] = {
        "email": "ana.müller@example.com", "customerName": "Žofie Nováková", "zip": None, "note": "card 4111 1111 1111 1111",
        "productName": "Tea", "amount": 9223372036854775807, "at": "2026-03-29T02:30:00+01:00", "phones": ["+420 601 123 456", ""],
        "active": True, "customer_id": 77123, "api_key": "k-12345678",
    }  # fmt: skip
    other, replaced = without_persons(document)

    kept = ("zip", "productName", "amount", "at", "active")
    assert {name: document[name] for name in kept} == {name: other[name] for name in kept}
    assert {"$.email", "$.customerName", "$.note", "$.customer_id", "$.api_key"} <= set(replaced)
    assert all(document[path[2:]] != other[path[2:]] for path in replaced if "[" not in path)
    assert 5 == len(str(other["customer_id"]))
    assert "7" == str(other["customer_id"])[0]
    assert "@" == other["email"][10]


def test_a_card_stays_a_card() -> None:
    """Of the same issuer, with a check digit that holds."""
    other = in_same_shape("4111 1111 1111 1111")

    assert "4111 11" == other[:7]
    assert other != "4111 1111 1111 1111"
    assert ("card number",) == redacted(other)[1]


def test_names_of_fields() -> None:
    """What is about a person, and what only sounds so."""
    assert all(
        map(is_personal, ("email", "firstName", "user.name", "address_line_1", "user_id", "password", "iban"))
    )
    assert not any(
        map(is_personal, ("productName", "sku", "order_id", "version", "hostname", "n", "currency"))
    )


def test_a_long_text_of_another_alphabet_takes_no_time() -> None:
    """The letters that may stand for one are looked up once."""
    started = process_time()
    assert 100_000 == len(in_same_shape("\u0436\u0449" * 50_000))

    assert process_time() - started < 2
