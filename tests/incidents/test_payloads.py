"""Payloads survive storing, and what does not is refused when it is written."""

import types
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.incidents.chain import canonical
from lastgood.incidents.payloads import read, stored
from lastgood.model.answers import Impact
from lastgood.model.entry import KINDS, Noted, Payload, Triaged, Unread
from lastgood.model.finding import Verdict
from lastgood.model.window import Window

TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
FLAT: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
    datetime: TIMES,
    date: st.dates(),
    Window: TIMES.map(lambda start: Window(start, start + timedelta(minutes=5))),
    Any: st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=3) | st.just([1, "two"]),
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Anything that a field of this type may hold."""
    if kind in FLAT:
        return FLAT[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return _of_parts(kind) if get_origin(kind) else _fields(kind)


def _of_parts(kind: Any) -> st.SearchStrategy[Any]:
    origin, inner = get_origin(kind), get_args(kind)
    parts = [values(one) for one in inner if one is not Ellipsis]
    if origin is tuple:
        return st.lists(parts[0], max_size=2).map(tuple) if Ellipsis in inner else st.tuples(*parts)
    if origin is Mapping:
        return st.dictionaries(parts[0], parts[1], max_size=2)
    assert origin in {Union, types.UnionType}, f"no JSON value: {kind}"
    return st.one_of(parts)


def _fields(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


@pytest.mark.table
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(data=st.data())
def test_every_kind_comes_back_as_it_was(kind: type[Payload], data: st.DataObject) -> None:
    """Through JSON, whatever its fields hold."""
    payload = data.draw(values(kind))

    assert payload == read(payload.kind, canonical(stored(payload)))


def test_what_would_not_come_back_is_refused() -> None:
    """Before it is written: a share that is not a number."""
    impact = Impact(1, 1, float("nan"), 0.0, None, None)
    payload = Triaged("", Verdict.YES, "", impact=impact)

    with pytest.raises(ValueError, match="failure_share"):
        stored(payload)


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    """It stays in what is stored, and so in the hash."""
    assert Noted("seen") == read("note", '{"text": "seen", "mood": "calm"}')


def test_a_kind_of_a_newer_version_is_read_as_it_is() -> None:
    """Nothing of it is lost."""
    assert Unread("danced", {"how": ["well"]}) == read("danced", '{"how": ["well"]}')
    assert {"how": ["well"]} == stored(Unread("danced", {"how": ["well"]}))


def test_values_of_another_kind_are_refused() -> None:
    """With the place."""
    with pytest.raises(ValueError, match=r"Expected `str`, got `int` - at `\$.text`"):
        read("note", '{"text": 5}')
