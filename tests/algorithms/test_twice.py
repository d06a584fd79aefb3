"""Inputs that hold the same events are found, whatever they are called and however they are written."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from lastgood.algorithms.twice import Sample, copies
from lastgood.decoding.input import Batch, Input
from lastgood.intake._registry import best_claim
from lastgood.model.loading import Copy
from outcomes import SETTINGS

LINES = [
    f"2026-11-22T14:{i // 600:02}:{i // 10 % 60:02}.{i % 10}00Z INFO shop: order {i} stored"
    for i in range(3000)
]
CSV = ["time,level,service,message", *(f"{line[:24]},INFO,shop,{line[36:]}" for line in LINES)]


def sample(lines: Sequence[str], pieces: int = 1) -> Sample:
    """The sample of a file with these lines, decoded in some pieces."""
    found = Sample()
    for piece in np.array_split(np.array(lines), pieces):
        given = Input(None, "a.log" if "," not in lines[0] else "a.csv", "\n".join(piece).encode())
        chosen = best_claim(given)
        assert chosen is not None
        for item in chosen[0].decode(given, chosen[1], SETTINGS):
            if isinstance(item, Batch):
                found.saw(item.rows)
    return found


@cache
def whole() -> Sample:
    """That of all lines; it is only looked at."""
    return sample(LINES)


@pytest.mark.parametrize(
    ("other", "copy"),
    [
        (LINES, Copy("a", "b")),
        (LINES[:700], Copy("b", "a")),  # copied before it was truncated, or while it grew
        (LINES[1500:], Copy("b", "a")),
        (CSV, Copy("a", "b")),  # exported in another format
    ],
    ids=["copy", "head", "tail", "export"],
)
def test_a_copy_is_found(other: list[str], copy: Copy) -> None:
    """The one with fewer events is the copy."""
    found = copies({"a": whole(), "b": sample(other)})

    assert {copy.name, copy.of} == {name for one in found for name in (one.name, one.of)}
    if len(other) < len(LINES):
        assert (copy,) == found


@pytest.mark.parametrize(
    "other",
    [
        [line.replace("order", "parcel") for line in LINES],
        [line.replace("T14:", "T15:") for line in LINES],
        LINES[:5],
    ],
    ids=["other-texts", "later", "too-few"],
)
def test_files_with_other_events_are_no_copies(other: list[str]) -> None:
    """Other texts at the same times, the same texts at other times, a handful."""
    assert () == copies({"a": whole(), "b": sample(other)})


def test_a_rotated_file_that_goes_on_is_no_copy() -> None:
    """What comes before in one and after in the other is in one of them only."""
    assert () == copies({"a.1": sample(LINES[:1500]), "a": sample(LINES[1500:])})


def test_a_sample_does_not_depend_on_the_pieces() -> None:
    """In which an input is read."""
    assert whole().kept == sample(LINES, 7).kept
