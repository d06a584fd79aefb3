"""The chain: any change to any field of any entry shows."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.incidents.chain import Fault, Line, canonical, faults, hash_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def chained(payloads: list[dict[str, Any]]) -> list[Line]:
    """Lines with these payloads, each hashed and following the one before."""
    lines: list[Line] = []
    previous = "identity"
    for sequence, payload in enumerate(payloads, 1):
        line = Line(1, sequence, "kim", "at", "written", "note", payload, previous, "")
        lines.append(replace(line, hash=hash_of(line)))
        previous = lines[-1].hash
    return lines


@given(st.lists(st.dictionaries(st.text(), VALUES, max_size=3), max_size=6))
def test_a_chain_that_nobody_touched_holds(payloads: list[dict[str, Any]]) -> None:
    """Whatever the payloads."""
    assert [] == list(faults(chained(payloads)))


@given(st.integers(0, 4), st.sampled_from(["actor", "at", "written_at", "kind", "previous", "hash"]))
def test_any_field_that_is_changed_is_found(position: int, field: str) -> None:
    """The entry itself is named, and no earlier one; of the first, `previous` is an identity and hashed too."""
    lines = chained([{"text": str(number)} for number in range(5)])
    changes: dict[str, Any] = {field: "other"}
    lines[position] = replace(lines[position], **changes)

    assert position + 1 == min(fault.sequence for fault in faults(lines))


def test_an_entry_that_was_taken_out_is_found() -> None:
    """The gap is named."""
    lines = chained([{"text": str(number)} for number in range(5)])

    assert [Fault(4, "entries 2 to 3 are missing")] == list(faults([lines[0], *lines[3:]]))


def test_an_entry_rewritten_with_its_hash_breaks_the_link_to_the_next() -> None:
    """A forger has to rewrite everything that came after, too."""
    lines = chained([{"text": "one"}, {"text": "two"}, {"text": "three"}])
    forged = replace(lines[1], payload={"text": "2"})
    lines[1] = replace(forged, hash=hash_of(forged))

    assert [Fault(3, "it does not follow entry 2 as that one is now")] == list(faults(lines))


def test_the_order_of_keys_is_no_difference() -> None:
    """The same values have the same hash."""
    assert canonical({"b": 1, "a": [True, None]}) == b'{"a":[true,null],"b":1}'


def test_half_a_character_cannot_be_hashed() -> None:
    """Rather than being replaced."""
    with pytest.raises(TypeError):
        canonical({"text": "\ud800"})
