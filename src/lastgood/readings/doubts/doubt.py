"""A reason not to say that all is well, though no signal left its baseline."""

from dataclasses import dataclass

from lastgood.model.answers import Confirmation
from lastgood.model.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why, the rows that show it, and what would decide it; `outage` where it is an outage by its level alone."""

    because: str
    evidence: tuple[Evidence, ...]
    limits: tuple[str, ...] = ()
    outage: Confirmation | None = None
