"""OTLP's values: attributes as text, ids in any spelling, times that are set."""

import base64
from typing import Any

import pytest

from lastgood.intake.otlp.records import identity, objects, text_of, time_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"stringValue": "a"}, "a"),
        ({"intValue": "7"}, "7"),
        ({"boolValue": False}, "false"),
        ({"doubleValue": 2.0}, "2"),
        ({"doubleValue": 2.5}, "2.5"),
        ({"bytesValue": "AQI="}, "AQI="),
        ({"arrayValue": {"values": [{"intValue": 1}, {"stringValue": "b"}]}}, '[1,"b"]'),
        ({"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": True}}]}}, '{"k":true}'),
        ({}, ""),
        (None, ""),
    ],
)
def test_every_kind_of_value(value: Any, expected: str) -> None:
    """Lists and maps as JSON, whole numbers without a point."""
    assert expected == text_of(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0A" * 8, "0a" * 8),
        (base64.b64encode(bytes(range(8))).decode(), "0001020304050607"),
        ("0" * 16, ""),
        (None, ""),
        ("odd", "odd"),
    ],
)
def test_ids(value: Any, expected: str) -> None:
    """Hexadecimal in lower case, out of base64 as well; nothing but zeros is none."""
    assert expected == identity(value, 8)


def test_the_first_time_that_is_set() -> None:
    """Zero is unset."""
    assert 5 == time_of({"a": "0", "b": 5}, "a", "b")
    with pytest.raises(ValueError, match="no a"):
        time_of({}, "a")


def test_lists_of_objects() -> None:
    """Absent is empty, anything else is wrong."""
    assert [] == objects({}, "a")
    with pytest.raises(TypeError, match="a is not a list"):
        objects({"a": [1]}, "a")
