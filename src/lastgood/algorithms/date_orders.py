"""Date orders: whether dates such as `05/11/26` are year, month or day first, by the dates beside them and by what is known.

Each order that reads nearly all dates is a candidate. Those go that would lie in the future, or ten years back. Of the others one is right when
only with it the dates follow each other as days do, when only it meets what other files cover, or when only it ends now.
Where none of this tells, there is no answer: any would put an event on a wrong day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lastgood.algorithms.timestamps import DAY, NAT, ORDERED, UNDECIDED, Reference, parse_times

_READS = 0.9  # of the dates, for an order that can be theirs: a date in a message may be in another
_FOLLOWS = 3 * DAY  # the longest pause between the dates of one log, where another order makes it weeks
_WEEKS = 20 * DAY
_OLD = 3_653 * DAY
_NOW = 2 * DAY  # how long ago the last date of a log is that is written now

Days = npt.NDArray[np.int64]


def order_of(dates: Sequence[str], reference: Reference, covered: tuple[int, int] | None = None) -> str:
    """The order of some dates, in the order in which they are written: `ymd`, `mdy` or `dmy`; UNDECIDED where nothing tells.

    Empty where no order reads them. `covered` is what other data cover, in nanoseconds.
    """
    found = {order: times for order in ORDERED if (times := _read(dates, order, reference)) is not None}
    low, high = reference.latest - _OLD, reference.latest + DAY
    left = {order: times for order, times in found.items() if low <= np.median(times) <= high} or found
    for reported in (_following(left), _beside(left, covered), _of_now(left, reference.latest)):
        left = reported if len(left) > 1 and reported else left
    return next(iter(left), "") if len(left) < 2 else UNDECIDED


def _read(dates: Sequence[str], order: str, reference: Reference) -> Days | None:
    """The times with an order, as they are written; None where it does not read the dates."""
    times = parse_times(pa.array(dates, pa.string()), replace(reference, order=order), ORDERED[order])
    known = times[times != NAT]
    return known if len(known) and len(known) >= _READS * len(dates) else None


def _following(found: Mapping[str, Days]) -> dict[str, Days]:
    """The one with which the dates follow each other, where all others make them jump; else nothing."""
    pauses = {order: int(np.abs(np.diff(times)).max(initial=0)) for order, times in found.items()}
    close = {order: found[order] for order, pause in pauses.items() if pause <= _FOLLOWS}
    apart = sum(pause >= _WEEKS for pause in pauses.values())
    return close if len(close) == 1 and apart == len(found) - 1 else {}


def _beside(found: Mapping[str, Days], covered: tuple[int, int] | None) -> dict[str, Days]:
    """The one that meets what other data cover, give or take a day; nothing where none or several do."""
    if covered is None:
        return {}
    low, high = covered[0] - DAY, covered[1] + DAY
    met = {order: times for order, times in found.items() if bool(((times >= low) & (times <= high)).any())}
    return met if len(met) == 1 else {}


def _of_now(found: Mapping[str, Days], latest: int) -> dict[str, Days]:
    met = {order: times for order, times in found.items() if int(times.max()) >= latest - _NOW}
    return met if len(met) == 1 else {}
