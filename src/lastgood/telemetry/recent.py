"""What is recent of all that a store holds: without a few stray rows that are far older than all others."""

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
STRAY = 0.005  # of all rows at most, that lie far before the others


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
        for row in reader.query(
            AGES.replace("RELATION", relation), {"end": int(held.end.timestamp()), "octave": OCTAVE}, held
        ).dicts():
            rows[row["age"]] = rows.get(row["age"], 0) + row["n"]
            oldest[row["age"]] = min(row["oldest"], oldest.get(row["age"], row["oldest"]))
    ages, whole = sorted(rows), sum(rows.values())
    for last, following in pairwise(ages):
        stray = sum(rows[age] for age in ages if age >= following)
        if following - last > OCTAVE and stray <= STRAY * whole:
            return Window(oldest[last], held.end)
    return held
