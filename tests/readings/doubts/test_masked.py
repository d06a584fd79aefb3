"""Numbers in the text of lines that no one understands are watched."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from lastgood.readings.case import Case
from lastgood.readings.doubts import doubt
from lastgood.readings.doubts.masked import masked
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

LINES, SECONDS = 1200, 3.0
LATE = 900  # the line from which on it is otherwise
Text = Callable[[int, np.random.Generator], str]


def case_of(store: Store) -> Case:
    """The case over everything that the store holds."""
    return investigate(store, now=START + timedelta(hours=1), only="onset")[0]


def lines(store: Store, text: Text) -> None:
    """An hour of lines."""
    random = np.random.default_rng(7)
    put(
        store, LOGS,
        {
            "Timestamp": nanoseconds(np.arange(LINES) * SECONDS), "ServiceName": ["pay"] * LINES,
            "SeverityText": ["INFO"] * LINES, "SeverityNumber": [9] * LINES,
            "Body": [text(i, random) for i in range(LINES)],
        },
        "lines",
    )  # fmt: skip


def category(i: int, random: np.random.Generator) -> str:
    """A code that is another one in half of the late lines."""
    return f"pay|charge|{503 if i >= LATE and random.random() < 0.5 else 200}|{random.integers(8, 25)}"


def measure(i: int, random: np.random.Generator) -> str:
    """A number that is ten times as high in the late lines."""
    return f"charge 7 done {random.integers(8, 90) * (10 if i >= LATE else 1)}"


@pytest.mark.parametrize(("text", "number"), [(category, 1), (measure, 2)])
def test_a_number_that_leaves_its_level_raises_a_doubt(store: Store, text: Text, number: int) -> None:
    """A value of few has another share; one of many another median. The rows name the place and the time."""
    lines(store, text)

    found = masked(case_of(store))

    assert found is not None
    assert found.outage is None
    ((service, place, since, *_), *_) = found.evidence[0].rows  # type: ignore[union-attr]
    assert ("pay", number) == (service, place)
    late = START + timedelta(seconds=LATE * SECONDS)
    assert (
        f"{late - timedelta(seconds=60):%H:%M:%S}"
        <= str(since)[-8:]
        <= f"{late + timedelta(seconds=60):%H:%M:%S}"
    )
    assert doubt(case_of(store)) is not None


@pytest.mark.parametrize(
    "template",
    [
        "pay|charge|{code}|{ms}",
        "order {next} stored",
        "order {id} stored by {ms}",
        "flushed {total} bytes so far",
        "started",
    ],
)
def test_what_keeps_its_level_counts_or_is_an_id_raises_none(store: Store, template: str) -> None:
    """Steady shares, numbers that grow with time, ids, and no numbers at all."""

    def steady(i: int, random: np.random.Generator) -> str:
        values = {
            "code": 200 if random.random() < 0.9 else 404,
            "ms": random.integers(8, 25),
            "next": 1000 + i,
        }
        rest = {"id": random.integers(10**8, 10**9), "total": i * 4096 + int(random.integers(0, 4096))}
        return template.format(**values, **rest)

    lines(store, steady)

    assert masked(case_of(store)) is None
