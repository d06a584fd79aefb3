"""The verdict on a canary, with its working, as text and as JSON."""

from collections.abc import Iterator
from math import exp
from typing import Any

from lastgood.model import figures
from lastgood.model.canary import CanaryVerdict, Check, Measure, Outcome
from lastgood.model.finding import Finding
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.watch_deploy import Watched

SHOWN = 12  # checks
_EXIT = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.INCONCLUSIVE: 3}
_HEAD = ("CHECK", "WHERE", "CANARY", "BASELINE", "EVIDENCE", "FAILS AT", "")
_LARGEST = 1e6  # evidence beyond it is written as more than that


def verdict_of(finding: Finding) -> CanaryVerdict:
    """The answer of a finding about a canary."""
    answer = finding.answer
    return answer if isinstance(answer, CanaryVerdict) else CanaryVerdict(Outcome.INCONCLUSIVE, "", "")


def exit_status(finding: Finding) -> int:
    """0 pass, 1 fail, 3 inconclusive."""
    return _EXIT[verdict_of(finding).outcome]


def canary_text(finding: Finding) -> str:
    """The outcome and why, then the comparisons, the strongest first."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(finding)).translate(PLAIN)


def canary_document(finding: Finding) -> dict[str, Any]:
    """The verdict as JSON values, with the SQL behind it."""
    return {
        **plain_values(verdict_of(finding)),
        "because": figures.spaced(finding.because),
        "evidence": [plain_values(one) for one in finding.evidence],
    }


def watched_line(one: Watched) -> str:
    """A look at a deploy: when, and what it came to."""
    return f"{one.at:%H:%M:%S}  {one.outcome.value}: {one.because}".translate(PLAIN)


def _lines(finding: Finding) -> Iterator[str]:
    verdict = verdict_of(finding)
    joint = ", because" if verdict.outcome is Outcome.INCONCLUSIVE else ":"
    yield f"{verdict.outcome.value.upper()}{joint} {finding.because}"
    if verdict.canary:
        until = f" until {verdict.until:%Y-%m-%d %H:%M:%S} UTC" if verdict.until else ""
        yield f"canary {verdict.canary}, baseline {verdict.baseline}, {figures.duration(verdict.seconds)} of data{until}"
    ranked = sorted(verdict.checks, key=lambda one: one.threshold - one.evidence)
    table = [_HEAD, *map(_row, ranked[:SHOWN])]
    widths = [max(len(row[place]) for row in table) for place in range(len(_HEAD))]
    for row in table if ranked else ():
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    if len(ranked) > SHOWN:
        yield f"  and {figures.counted(len(ranked) - SHOWN, 'check')} with weaker evidence: -o json"


def _row(one: Check) -> tuple[str, ...]:
    state = "FAILS" if one.failed_after is not None else {True: "passes", False: "open", None: ""}[one.passed]
    sides: tuple[str, ...]
    if one.measure is Measure.LOGS:
        sides = (f"in {figures.counted(one.canary_bad, 'step')}", "never")
    elif one.measure is Measure.RESOURCES:
        sides = ("no values", "") if not one.canary_all else _means(one)
    elif one.measure is Measure.SLOW and not (one.canary_all and one.baseline_all):
        sides = ("not checked", "")
    else:
        sides = tuple(
            f"{figures.percent(share)} of {figures.count(of)}"
            for share, of in ((one.canary_share, one.canary_all), (one.baseline_share, one.baseline_all))
        )
    return (one.measure.value, one.where, *sides, _times(one.evidence), _times(one.threshold), state)


def _means(one: Check) -> tuple[str, str]:
    return figures.amount(one.canary_share, one.unit), figures.amount(one.baseline_share, one.unit)


def _times(logarithm: float) -> str:
    """How many times likelier than by chance."""
    if logarithm > 14:
        return f"over {figures.count(_LARGEST)}"
    return figures.amount(max(exp(logarithm), 0.01), digits=2)
