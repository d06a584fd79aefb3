"""Rows far older than all others are no past."""

from datetime import UTC, datetime, timedelta

import pytest

from lastgood.telemetry.recent import recent_window
from lastgood.telemetry.tables import LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("stray", "before", "cut_off"),
    [
        (1, 60 * 24 * 40, True),
        (1, 60 * 10, True),
        (1, 30, True),
        (400, 60 * 24 * 40, False),
        (400, 60 * 10, False),
    ],
)
def test_a_few_old_rows_are_no_past(store: Store, stray: int, before: int, cut_off: bool) -> None:
    """They are far older than the rest; as many are a past, and what is near them is looked at whole."""
    writer = Writer(store.engine, "lines")
    times = [at(n / 10) for n in range(600)] + [at(-before + n / 100) for n in range(stray)]
    rows = {"Timestamp": times, "ServiceName": ["a"] * len(times), "Body": ["x"] * len(times)}
    writer.add(LOGS, LOGS.rows(rows))
    writer.flush()
    holdings, reader = store.survey()
    held = holdings.telemetry_window
    assert held is not None

    assert (at(0) if cut_off else at(-before)) == recent_window(reader, held).start


@pytest.mark.parametrize(
    ("thin", "own", "cut_off"), [(5, "backup", True), (60, "backup", False), (5, "a", False)]
)
def test_a_thin_record_of_weeks_is_no_past_of_others(
    store: Store, thin: int, own: str, cut_off: bool
) -> None:
    """A backup writes a few lines a day; where it writes more, or the busy service itself did, they are a past."""
    writer = Writer(store.engine, "lines")
    times = [at(n / 10) for n in range(600)] + [at(60 - 60 * 24 * 14 * n / thin) for n in range(thin)]
    services = ["a"] * 600 + [own] * thin
    writer.add(LOGS, LOGS.rows({"Timestamp": times, "ServiceName": services, "Body": ["x"] * len(times)}))
    writer.flush()
    holdings, reader = store.survey()
    held = holdings.telemetry_window
    assert held is not None

    assert (recent_window(reader, held).start == at(0)) is cut_off
    assert cut_off or recent_window(reader, held) == held
