"""What is recent of all that a store holds: without a few stray rows, or thin records, that are far older than all others."""

from datetime import datetime, timedelta
from itertools import pairwise

from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader

EVENTS = ("lg_lines", "lg_spans", "lg_points")
OCTAVE = 4  # steps of age, each a quarter, in which it doubles
AGES = """
SELECT toInt32(floor({octave:Int64} * log2(greatest(1, {end:Int64} - toUnixTimestamp(ts))))) AS age, count() AS n, min(ts) AS oldest
FROM RELATION GROUP BY age ORDER BY age"""
LONG = timedelta(hours=1)  # what lasts no longer is looked at whole
BEGINS = "SELECT min(ts) AS begin, count() AS n FROM RELATION GROUP BY service ORDER BY begin DESC"
LONG_RECORD = timedelta(days=1)  # of thin records, likewise
STRAY = 0.005  # of all rows at most, that lie far before the others
THIN = 0.01  # of a signal's rows at most, of the services that began far before all others


def recent_window(reader: Reader, held: Window) -> Window:
    """The held window without a few stray rows far before all others: a log of months beside those of an hour.

    They are cut off where nothing is for as long as all that follows lasts, and they are few: a time without data is
    no past to compare with.
    """
    if held.length <= LONG:
        return held
    begun = _all_begun(reader, held) if held.length > LONG_RECORD else held.start
    return Window(max(_after_strays(reader, held), begun), held.end)


def _after_strays(reader: Reader, held: Window) -> datetime:
    rows: dict[int, int] = {}
    oldest: dict[int, datetime] = {}
    for relation in EVENTS:
        for row in reader.query(
            AGES.replace("RELATION", relation), {"end": int(held.end.timestamp()), "octave": OCTAVE}, held
        ).dicts():
            rows[row["age"]] = rows.get(row["age"], 0) + row["n"]
            oldest[row["age"]] = min(row["oldest"], oldest.get(row["age"], row["oldest"]))
    ages, whole = sorted(rows), sum(rows.values())
    for last, following in pairwise(ages):
        stray = sum(rows[age] for age in ages if age >= following)
        if following - last > OCTAVE and stray <= STRAY * whole:
            return oldest[last]
    return held.start


def _all_begun(reader: Reader, held: Window) -> datetime:
    """Since when some signal is held of nearly all that write it, where that is less than half of the time.

    What a few lines a day tell of weeks (a renewal of certificates, a backup) is no past of the services beside it.
    """
    begun = held.end
    for relation in EVENTS:
        services = reader.query(BEGINS.replace("RELATION", relation), {}, held).dicts()
        whole, known = sum(row["n"] for row in services), 0
        for row in services:
            if known >= (1 - THIN) * whole:
                break
            known += row["n"]
            begun = min(begun, row["begin"])
    return begun if held.end - begun < begun - held.start else held.start
