"""Canary: whether a new version may go on, from the telemetry, on the record of the incident where there is one."""

from dataclasses import replace
from datetime import datetime

from lastgood.errors import UsageError
from lastgood.inspections.canary import canary as question
from lastgood.model.canary import CanaryAsked, CanaryVerdict, Outcome, Selector
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.workbench.investigate import answer, case_of
from lastgood.workbench.store import Store
from lastgood.workbench.windows import cut, held_until, held_window


def selector(text: str | None) -> Selector | None:
    """What `KEY=VALUE` selects; a value alone is a version.

    Raises:
        UsageError: a part is missing.
    """
    if text is None:
        return None
    key, mark, value = text.rpartition("=")
    if not value or (mark and not key):
        raise UsageError(
            f"{text!r} selects nothing.", hint="Write a version, or KEY=VALUE such as track=canary."
        )
    return Selector(key or "version", value)


def canary(store: Store, asked: CanaryAsked, now: datetime, window: Window | None, scope: Scope) -> Finding:
    """The finding, whose answer is a CanaryVerdict: inconclusive where it could not be asked.

    Raises:
        NoDataError: there is no telemetry at all, or none in the window.
    """
    if asked.baseline is not None and asked.baseline == asked.canary:
        raise UsageError(
            "Baseline and canary are the same.", hint="Give two versions, or two values of an attribute."
        )
    holdings, reader = store.survey()
    held = held_window(holdings)
    looked = cut(window, held, now) if window else held_until(held, now)
    (found, *_) = answer(question, case_of(reader, holdings, looked, now, scope, asked))
    if isinstance(found.answer, CanaryVerdict):
        return replace(found, answer=replace(found.answer, until=looked.end))
    return replace(found, verdict=Verdict.UNKNOWN, answer=CanaryVerdict(Outcome.INCONCLUSIVE, "", ""))
