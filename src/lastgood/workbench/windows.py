"""Windows: what of the time asked about there is data of, and how what was cut off is put into words."""

from datetime import UTC, datetime, timedelta

from lastgood.errors import NoDataError
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # the start of a window that only its end was given of
SLACK = timedelta(minutes=1)  # that live data are behind the clock, which is not worth a word


def held_window(holdings: Holdings) -> Window:
    """The time that there is telemetry of.

    Raises:
        NoDataError: there is none.
    """
    held = holdings.telemetry_window
    if held is None:
        raise NoDataError(
            "There are no logs, spans or metrics to look at.", hint="Load some: lastgood load PATH…"
        )
    return held


def held_until(held: Window, now: datetime) -> Window:
    """The time that there is telemetry of, without what came later.

    Raises:
        NoDataError: all of it came later.
    """
    if now <= held.start:
        raise NoDataError(
            f"All telemetry is later than {_stamp(now)} UTC.", hint=f"It begins at {_stamp(held.start)} UTC."
        )
    return Window(held.start, min(held.end, now))


def cut(asked: Window, held: Window, now: datetime, what: str = "") -> Window:
    """The window without the time before all data, and, if it ends now, without the time after them.

    An end that was given as a time of its own stays, for a silence is a symptom.

    Raises:
        NoDataError: there is no telemetry in it; says from when to when there is some.
    """
    if not held.overlaps(asked):
        raise NoDataError(
            f"There is no telemetry from {_stamp(asked.start)} to {_stamp(asked.end)} UTC{what}.",
            hint=f"There is some from {_stamp(held.start)} to {_stamp(held.end)} UTC.",
        )
    end = min(asked.end, held.end) if asked.end == now else asked.end
    return Window(max(asked.start, held.start), end)


def cut_comparison(asked: Comparison, held: Window, now: datetime) -> Comparison:
    """Both windows, each cut to the data; a baseline at both ends, for what was not recorded was not good.

    Raises:
        NoDataError: there is no telemetry in one of them.
    """
    good = cut(asked.good, held, now, ", the baseline")
    return Comparison(Window(good.start, min(good.end, held.end)), cut(asked.bad, held, now), asked.given)


def cut_note(asked: Window, used: Window) -> str:
    """That a window is shorter than asked for; nothing where it is not, or where its start was not given."""
    early = used.start - asked.start > SLACK and asked.start != EARLIEST
    late = asked.end - used.end > SLACK
    if not (early or late):
        return ""
    where = " and ".join(
        part
        for part, missing in (
            (f"before {_stamp(used.start)}", early),
            (f"after {_stamp(used.end)}", late),
        )
        if missing
    )
    return f"the window was cut to the data: there are none {where} UTC"


def _stamp(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}"
