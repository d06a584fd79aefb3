"""A case: the windows asked about, what is there, and a bounded query."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from lastgood.model.answers import Answer, Confirmation
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.relations import DENIED, IS_DENIED, WRONG

A = TypeVar("A", bound=Answer)
_REQUESTS = re.compile(r"\b(FROM|JOIN)\s+(lg_requests|lg_served|lg_spans|lg_sample|lg_hops)\b")
_NAMED = {"lg_requests": ("operation", IS_DENIED), "lg_served": ("operation", IS_DENIED)}
UNDECIDED = "it is not decided whether requests are affected"
Ask = Callable[[str, Mapping[str, Any], Window, Comparison | None, Scope], Rows]


@dataclass(frozen=True, slots=True)
class Case:
    """What a question is handed: the window asked about, what is there, and a bounded query."""

    window: Window  # everything asked about
    comparison: Comparison | None  # None until it is given or the onset is found
    scope: Scope
    holdings: Holdings
    now: datetime
    ask: Ask
    answers: Mapping[type, Answer] = field(default_factory=dict)
    in_time: Callable[[], None] = lambda: None  # raises OutOfTimeError once its time is over; for long loops

    def query(self, sql: str, *, window: Window | None = None, **parameters: Any) -> Rows:
        """Rows of SQL over relations, inside `window` (default: everything asked about).

        Where the impact is that requests are refused, these are the failed ones.
        """
        confirmed = self.earlier(Confirmation)
        if confirmed and confirmed.impact.refused:
            sql = _REQUESTS.sub(_refused_too, sql)
            parameters["refused_at"] = list(confirmed.refused_at)
        return self.ask(sql, parameters, window or self.window, self.comparison, self.scope)

    def earlier(self, kind: type[A]) -> A | None:
        """What an earlier question answered, by the kind of its answer; None when it could not."""
        found = self.answers.get(kind)
        return found if isinstance(found, kind) else None

    @property
    def unharmed(self) -> bool:
        """Whether it is decided that requests are well: a metric alone that deviates says nothing of them."""
        found = self.earlier(Confirmation)
        if found is None or not found.decided:
            return False
        return found.impact.kind is None and found.impact.requests is not None

    @property
    def undecided(self) -> bool:
        """Whether requests were counted, and may be affected or not."""
        found = self.earlier(Confirmation)
        return found is not None and not found.decided

    def has(self, signal: Signal) -> bool:
        """Whether the store holds any of a signal."""
        return signal in self.holdings.signals


def _refused_too(found: re.Match[str]) -> str:
    verb, relation = found.groups()
    name, denied = _NAMED.get(relation, ("name", f"http_status IN {DENIED}"))
    here = f"({name} IN {{refused_at:Array(String)}} OR has({{refused_at:Array(String)}}, ''))"
    failed = f"failed OR http_status IN {WRONG} OR ({denied} AND {here})"
    return f"{verb} (SELECT * REPLACE(toUInt8({failed}) AS failed) FROM {relation})"
