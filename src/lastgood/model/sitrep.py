"""The sitrep: the answer of the first five minutes, folded from findings."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.model.alert import FiringAlert
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    Confirmation,
    Culprits,
    FailureClass,
    FirstOccurrence,
    GoldenSignals,
    Mitigations,
    Onset,
    PatternChanges,
    Severity,
)
from lastgood.model.failure import FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window


@dataclass(frozen=True, slots=True)
class Sitrep:
    """Everything known; None where a question could not be answered, with the reason under `unknown`."""

    asked_at: datetime
    seconds: float
    window: Window | None
    comparison: Comparison | None
    holdings: Holdings
    findings: tuple[Finding, ...]
    confirmed: Finding | None
    onset: Onset | None
    confirmation: Confirmation | None
    signals: GoldenSignals | None
    blast_radius: BlastRadius | None
    path: FailurePath | None
    culprits: Culprits | None
    changes: ChangesWeighed | None
    patterns: PatternChanges | None
    first_occurrence: FirstOccurrence | None
    severity: Severity | None
    failure_class: FailureClass | None
    no_change: Finding | None  # whether no change of your own explains it
    mitigations: Mitigations | None
    unknown: tuple[str, ...]
    alerts: tuple[FiringAlert, ...] = ()  # that fire, whatever is confirmed
    next_update: datetime | None = None  # due after a message that is sent when it is asked
    defects: tuple[str, ...] = ()  # what contradicted its own numbers, and was left out

    @property
    def is_real(self) -> Verdict:
        """Whether the problem is confirmed."""
        return self.confirmed.verdict if self.confirmed else Verdict.UNKNOWN

    @property
    def us_or_them(self) -> Finding | None:
        """Whether the trouble is the system's own or an outside host's."""
        return self._answering("us_or_them")

    @property
    def layers(self) -> Finding | None:
        """In which layer it is."""
        return self._answering("layers")

    def _answering(self, name: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.name == name), None)

    @property
    def began(self) -> Onset | None:
        """The onset, unless nothing is wrong: then it only says when something moved."""
        return None if self.is_real is Verdict.NO else self.onset
