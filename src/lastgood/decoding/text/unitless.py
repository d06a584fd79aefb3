"""How long requests took, where a field says so without a unit: milliseconds, where all of a file's requests fit nothing else.

`duration`, `elapsed`, `latency` and `took` are counted in nanoseconds, milliseconds or seconds, as each library likes. Of one
request it is unknown. Of many it is clear where even the quickest would take longer than users wait, were they seconds.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.text.events import column, entries, maps_at, merged_maps, with_column
from lastgood.decoding.text.fields import duration_ns
from lastgood.model.attributes import HTTP_STATUS

NAMES = ("duration", "elapsed", "latency", "took")
FEWEST = 30  # requests of a file, to tell
QUICKEST = 0.1  # of the requests are as quick as the one that is looked at
FRACTIONS = (
    0.5  # of the numbers have digits behind the point: they are no nanoseconds, and hardly microseconds
)
NO_SECONDS = 1.5  # s: were they seconds, nine in ten users would wait longer
WHOLE_NO_MICROSECONDS = (
    50.0  # whole numbers that small would be quicker than any request, were they microseconds
)
_NUMBER = r"^\d+(\.\d+)?$"


class UnitlessDurations:
    """What the requests of one file tell of the unit; once it is known, durations are read."""

    def __init__(self) -> None:
        self._seen = np.zeros(0)
        self._are_milliseconds: bool | None = None

    def read(self, table: pa.Table) -> pa.Table:
        """The events, with the durations of requests that have no other."""
        if self._are_milliseconds is False or not len(table):
            return table
        attributes = column(table, "LogAttributes")
        rows, keys, values = entries(attributes)
        named = pc.is_in(keys, pa.array(NAMES)).to_numpy(zero_copy_only=False)
        if not named.any():
            return table
        requests, timed = (
            np.isin(rows, rows[pc.equal(keys, name).to_numpy(zero_copy_only=False)])
            for name in (HTTP_STATUS, "lg.duration_ns")
        )
        places = np.flatnonzero(named & requests & ~timed)
        texts = values.take(pa.array(places))
        numeric = pc.match_substring_regex(texts, _NUMBER).to_numpy(zero_copy_only=False)
        places, texts = places[numeric], texts.filter(pa.array(numeric))
        if self._are_milliseconds is None:
            self._decide(texts.cast(pa.float64()).to_numpy())
        if not self._are_milliseconds:
            return table
        _, first = np.unique(rows[places], return_index=True)  # one a row
        read = [{"lg.duration_ns": duration_ns(texts[int(at)].as_py(), "ms")} for at in first]
        more = maps_at(rows[places[first]].tolist(), read, len(table))
        return with_column(table, "LogAttributes", merged_maps(attributes, more))

    def _decide(self, numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
        self._seen = np.concatenate([self._seen, numbers[numbers > 0]])
        if len(self._seen) < FEWEST:
            return
        quick = float(np.quantile(self._seen, QUICKEST))
        fractions = float(np.mean(self._seen % 1 > 0)) >= FRACTIONS
        self._are_milliseconds = quick >= NO_SECONDS and (fractions or quick <= WHOLE_NO_MICROSECONDS)
        self._seen = self._seen[:0]
