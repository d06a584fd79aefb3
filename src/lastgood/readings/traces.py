"""Which traces are read: all of a small window, whole ones by the hash of their ids of a large one."""

from lastgood.model.judgement import Count
from lastgood.readings.case import Case
from lastgood.telemetry.derived import TRACE_HASHES

TRACE_BUCKETS = Count(
    4096,
    "parts that traces are dealt into, of which some are read",
    "judgement: a sample can be as small as a four-thousandth",
)
# More spans than this are read as one trace in so many, chosen by the hash of its id: whole traces, the
# same ones in every query. Bringing spans and their children together costs 5 s of CPU a million, and shares of
# traces are as clear from a quarter of them.
MOST_SPANS = Count(150_000, "spans of a sample at most", "judgement: bounds the work")
COUNT = "SELECT count() AS spans FROM lg_spans"
CHOSEN = f"phase != '' AND trace_hash < intDiv({TRACE_HASHES}, {{every:UInt64}})"


def one_in(case: Case) -> int:
    """One trace in how many is read, so that a question stays within its budget: 1 for all of them."""
    windows = (case.comparison.good, case.comparison.bad) if case.comparison else ()
    spans = sum(int(case.query(COUNT, window=window).dicts()[0]["spans"]) for window in windows)
    return -(-spans // MOST_SPANS) or 1


def sampled(every: int) -> tuple[str, ...]:
    """The limit to report when not all traces were read."""
    return (f"one trace in {every} was read: counts are of those",) if every > 1 else ()
