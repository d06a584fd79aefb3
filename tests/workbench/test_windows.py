"""What of the time asked about there is data of."""

from datetime import UTC, datetime, timedelta

import pytest

from lastgood.errors import NoDataError
from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.workbench.windows import EARLIEST, cut, cut_comparison, cut_note, held_window

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HELD = Window(NOON, NOON + timedelta(hours=1))


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def test_a_start_alone_reaches_to_the_end_of_the_data() -> None:
    """Asked nine days later with a start only: the bad window is the last twenty minutes that there are data of."""
    now = at(9 * 24 * 60)

    assert Window(at(40), at(60)) == cut(Window(at(40), now), HELD, now)
    assert Window(at(0), at(60)) == cut(Window(at(-600), now), HELD, now)
    assert Window(at(40), at(90)) == cut(Window(at(40), at(90)), HELD, now)  # given as a time: a silence


def test_what_is_cut_off_is_said() -> None:
    """With where data begin and end; not where nothing was cut, or only an end was given."""
    asked = Window(at(-600), at(900))

    assert (
        "the window was cut to the data: there are none before 2026-11-20 12:00:00 and after 2026-11-20 13:00:00 UTC"
        == cut_note(asked, HELD)
    )
    assert cut_note(Window(at(10), at(900)), Window(at(10), at(60))).endswith(
        "none after 2026-11-20 13:00:00 UTC"
    )
    assert "" == cut_note(Window(at(0), at(60.5)), HELD)  # live data are a little behind the clock
    assert "" == cut_note(HELD, HELD) == cut_note(Window(EARLIEST, at(60)), HELD)


def test_a_baseline_is_cut_at_both_ends() -> None:
    """A good window that begins before all data; and one that lies before them cannot be compared with."""
    bad = Window(at(40), at(600))

    cut_off = cut_comparison(Comparison(Window(at(-60), at(30)), bad, given=True), HELD, at(600))

    assert Comparison(Window(at(0), at(30)), Window(at(40), at(60)), given=True) == cut_off
    before = Comparison(Window(at(-60), at(-30)), bad)
    with pytest.raises(NoDataError, match="11:00:00 to 2026-11-20 11:30:00 UTC, the baseline") as refused:
        cut_comparison(before, HELD, at(600))
    assert "from 2026-11-20 12:00:00 to 2026-11-20 13:00:00" in refused.value.hint


def test_without_telemetry_there_is_no_window() -> None:
    """Changes alone say nothing about a system."""
    with pytest.raises(NoDataError, match="no logs, spans or metrics"):
        held_window(Holdings((Holding(Signal.CHANGES, 1, HELD, ()),)))
