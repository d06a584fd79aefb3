"""Windows: what of the time asked about there is data of, and how what was cut off is put into words."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from lastgood.errors import NoDataError
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.reader import Reader

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # the start of a window that only its end was given of
EVENTS = ("lg_lines", "lg_spans", "lg_points")
OCTAVE = 4  # steps of age, each a quarter, in which it doubles
AGES = (
    "SELECT toInt32(floor({{}} * log2(greatest(1, {{end:Int64}} - toUnixTimestamp(ts))))) AS age, count() AS n, min(ts) AS oldest "
    "FROM {of} GROUP BY age ORDER BY age"
).replace("{{}}", str(OCTAVE))
LONG = timedelta(days=1)  # what lasts no longer is looked at whole
STRAY = 0.005  # of all rows at most, that lie far before the others
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


def recent_window(reader: Reader, held: Window) -> Window:
    """The held window without a few stray rows far before all others: a log of months beside those of an hour.

    They are cut off where nothing is for as long as all that follows lasts, and they are few: a time without data is
    no past to compare with.
    """
    if held.length <= LONG:
        return held
    rows: dict[int, int] = {}
    oldest: dict[int, datetime] = {}
    for relation in EVENTS:
        for row in reader.query(AGES.format(of=relation), {"end": int(held.end.timestamp())}, held).dicts():
            rows[row["age"]] = rows.get(row["age"], 0) + row["n"]
            oldest[row["age"]] = min(row["oldest"], oldest.get(row["age"], row["oldest"]))
    ages, whole = sorted(rows), sum(rows.values())
    for last, following in pairwise(ages):
        stray = sum(rows[age] for age in ages if age >= following)
        if following - last > OCTAVE and stray <= STRAY * whole:
            return Window(oldest[last], held.end)
    return held


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
