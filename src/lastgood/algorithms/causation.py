"""Tests of causation: what a change must pass to be a cause, and not only to be close in time.

Each test is one function. The card applies it to what was recorded, the board to what it measured. Time itself is
of lastgood.algorithms.change_timing, the correlation with a dose that varies of lastgood.algorithms.dose.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from lastgood.algorithms.change_lineage import bare, version_number
from lastgood.algorithms.change_timing import Timing
from lastgood.algorithms.predictions.estimates import Estimate, quotient
from lastgood.model.change import Change
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.prediction import Outcome

# fmt: off
TIMELY = Amount(0.5, "of timing: with less, a change came too long before the effect for its kind", "judgement: one half-life ago, half of such effects had shown before")
RUNS_OFTEN = Count(3, "runs without the effect that rule a job out", "judgement: a cause that works one time in two passes thrice in an eighth of the cases")
UNDONE_SOON = Time(6, "min at most from undoing the cause to the end", "judgement: a roll-back takes minutes to reach all")
UNDONE_EARLY = Time(1, "min by which the end may come before undoing is reported", "judgement: feeds report a roll-back when it is through")
UNDONE_LONG = Time(10, "min of effect after it was undone clear it", "judgement: more than a roll-back takes")
OTHERS_SPARED = Amount(0.1, "of the increase of those exposed, at most, for the others to count as spared", "judgement: as much may reach the others by other ways")
SIDES_ALIKE = Amount(2.0, "times the others' share, below which those exposed are affected alike", "judgement: a cause parts the sides more than users or hours do")
STEP_ALIKE = Amount(1.5, "times at most between the rise of the exposed share and that of the failing one", "judgement: both are estimates, and a part fails for other reasons")
OVEREXPOSED_TIMES = Amount(1.5, "times as many failing as exposed are more than exposed", "judgement: retries and unequal users")
OVEREXPOSED_BY = Amount(0.05, "of requests more failing than that", "judgement: what fails anyway")
DOSE = Amount(0.15, "of the share exposed, within which as many fail", "judgement: users are unequal")
# fmt: on
_BACK = re.compile(r"\b(roll(ed)?[ -]?back|revert|undo)", re.IGNORECASE)
_TAKEN_BACK = frozenset({"deploy", "config", "flag"})
_STEP = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*(?:->|→|to)\s*(\d+(?:\.\d+)?)\s*%")
_SHARE_NAMES = re.compile(r"percent|rollout|exposure|weight", re.IGNORECASE)
_SHARE = re.compile(r"(?:to|for|rollout|at|of)?\s*(\d{1,3}(?:\.\d+)?)\s*(?:%|percent)", re.IGNORECASE)
_BARE_SHARE = re.compile(r"^(\d{1,3}(?:\.\d+)?)$")


class Sides(Enum):
    """How those exposed to a change fare beside those who were not."""

    FOLLOWS = "the effect follows the change"
    SPARED = "those exposed are affected less"
    ALIKE = "both sides are affected alike"
    UNCLEAR = "too few, or between these"

    @property
    def outcome(self) -> Outcome:
        """What this is as the outcome of a test."""
        if self is Sides.UNCLEAR:
            return Outcome.INCONCLUSIVE
        return Outcome.SUPPORTED if self is Sides.FOLLOWS else Outcome.REFUTED


def time_order(timed: Timing) -> Outcome:
    """Whether it began before the effect, and not too long before for its kind."""
    if timed.after and not timed.weight:
        return Outcome.REFUTED
    return Outcome.SUPPORTED if timed.weight >= TIMELY else Outcome.INCONCLUSIVE


def repeats(change: Change) -> bool:
    """Whether the same change can run again; another deploy or commit is another change."""
    return change.kind not in {"deploy", "commit"}


def earlier_runs(change: Change, changes: Iterable[Change], onset: datetime) -> list[Change]:
    """The runs of the same change before it and before the onset, in their order; none where it does not repeat."""
    if not repeats(change):
        return []
    same, end = _thing(change), min(change.at, onset)
    return [one for one in changes if one.at < end and _thing(one) == same]


def _thing(change: Change) -> tuple[str, str, str]:
    return change.kind, change.service, change.title


def recurrence(runs: int, without: int) -> Outcome:
    """What earlier runs say, `without` of them without the effect."""
    if not runs:
        return Outcome.UNTESTABLE
    if not without:
        return Outcome.SUPPORTED
    return Outcome.REFUTED if without == runs and without >= RUNS_OFTEN else Outcome.INCONCLUSIVE


def goes_back(change: Change) -> bool:
    """Whether it says of itself that it undoes another."""
    return bool(_BACK.search(change.title))


def undone_at(
    change: Change, changes: Iterable[Change], onset: datetime, acted: Iterable[datetime] = ()
) -> datetime | None:
    """When it was first undone since the onset: by a later change, or by an action; None where it was not."""
    since = max(change.at, onset)
    back = (one.at for one in changes if change.kind in _TAKEN_BACK and _undoes(one, change))
    return min((at for at in (*back, *acted) if at > since), default=None)


def _undoes(later: Change, change: Change) -> bool:
    """A deploy of the version before it, or one of its kind and service that says that it goes back."""
    if later.kind != change.kind or bare(later.service) != bare(change.service):
        return False
    again = bool(change.previous) and version_number(later.version) == version_number(change.previous)
    return (again and bool(change.version or change.kind == "deploy")) or goes_back(later)


def reversal(undone: datetime, ended: datetime | None, until: datetime) -> Outcome:
    """What the end of the effect says of what was undone; None of the end: it continues `until` the last data."""
    if ended is None:
        return Outcome.REFUTED if until - undone >= UNDONE_LONG else Outcome.INCONCLUSIVE
    soon = -UNDONE_EARLY <= ended - undone <= UNDONE_SOON
    return Outcome.SUPPORTED if soon else Outcome.INCONCLUSIVE


def compared_sides(exposed: Estimate, others: Estimate, usual: Estimate) -> Sides:
    """How those exposed fare beside the others, and these against their usual: shares or times, in one unit.

    The change must part the sides. An effect that the others have too, without being clearly less, is not its.
    """
    if exposed.too_few or others.too_few:
        return Sides.UNCLEAR
    if exposed.high < others.low:
        return Sides.SPARED
    risen = others.low > usual.high
    increase = exposed.value - usual.value
    spared = not risen or (others.value - usual.value <= OTHERS_SPARED * increase)
    if exposed.low > others.high and spared:
        return Sides.FOLLOWS
    alike = risen and exposed.value > 0 and quotient(exposed, others).high < SIDES_ALIKE
    return Sides.ALIKE if alike else Sides.UNCLEAR


def declared_share(change: Change) -> float | None:
    """Which share of requests is exposed to a flag, as its feed reports it; of several shares the last holds."""
    if change.kind != "flag":
        return None
    reported = [value for name, value in change.attributes.items() if _SHARE_NAMES.search(name)]
    found = (_SHARE.findall(text) or _BARE_SHARE.findall(text) for text in (*reported, change.title))
    share = next((float(one[-1]) / 100 for one in found if one), 0.0)
    return share if 0 < share < 1 else None


def declared_step(change: Change) -> tuple[float, float] | None:
    """From which share of requests to which a flag went, as its feed reports it; None where it does not, or from none."""
    if change.kind != "flag":
        return None
    found = _STEP.search(" ".join((change.title, *change.attributes.values())))
    before, after = (float(one) / 100 for one in found.groups()) if found else (0.0, 0.0)
    return (before, after) if 0 < before < after <= 1 else None


def stepped(exposed: tuple[float, float], failing: tuple[float, float]) -> bool:
    """Whether the failing share rose about as many times as the exposed one: (before, after) of both."""
    times, rose = exposed[1] / exposed[0], failing[1] / failing[0]
    return rose > 1 and max(times / rose, rose / times) <= STEP_ALIKE


def dosed(exposed: float, failing: float, part: float | None = None) -> Outcome:
    """Whether as many fail as are exposed: of all, or of the part that is hit; clearly more cannot fail by it."""
    if failing > OVEREXPOSED_TIMES * exposed + OVEREXPOSED_BY:
        return Outcome.REFUTED
    fits = abs(max(failing, part or 0.0) - exposed) <= DOSE * exposed
    return Outcome.SUPPORTED if fits else Outcome.INCONCLUSIVE
