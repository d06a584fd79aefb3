"""Suspects in words: components by name, changes with the likely ones first, each with reasons that fit its verdict."""

import re

from lastgood.model import figures
from lastgood.model.answers import ChangesWeighed, ChangeVerdict, Culprit, NoChange, Onset, WeighedChange
from lastgood.model.change import OUTSIDE, ChangeKind
from lastgood.model.finding import Verdict
from lastgood.model.naming import part_named
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import wording

MOST_REASONS = 2
_ORDER = (ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE, ChangeVerdict.UNLIKELY, ChangeVerdict.RULED_OUT)
_AFTER = re.compile(r"\bafter the onset\b")


def culprit_name(culprit: Culprit) -> str:
    """`payments/api.stripe.com (external, 82 % confidence)`."""
    name = part_named(culprit.service, culprit.instance, culprit.component)
    return f"{name} ({culprit.kind}, {figures.confidence(culprit.confidence)})"


def ranked(changes: ChangesWeighed) -> tuple[WeighedChange, ...]:
    """The changes by verdict, the likely ones first, then as they were weighed."""
    return tuple(sorted(changes.ranked, key=lambda change: _ORDER.index(change.verdict)))


def title_of(change: WeighedChange) -> str:
    """`payments v2.46.0`: its service, where the title does not name it."""
    title = change.bare
    return title if not change.service or change.service in title else f"{change.service} {title}"


def reasons_of(change: WeighedChange, began: Onset | None) -> tuple[str, ...]:
    """The strongest reasons for its verdict, with its time against the onset; what speaks against a likely one is `but`."""
    likely = change.verdict is ChangeVerdict.LIKELY
    fits = [reason for reason in change.for_it if not _AFTER.search(reason)]
    against = [*(reason for reason in change.for_it if _AFTER.search(reason)), *change.against_it]
    reported = (fits if likely else against)[:MOST_REASONS] or fits[:1]
    if began and not any("onset" in reason for reason in reported):
        lead = figures.lead(began.at - change.at)
        if likely and _AFTER.search(lead):
            reported.append(f"but {lead}")
        else:
            reported.insert(0, lead)
    return tuple(dict.fromkeys(reported))


def why_outside(sitrep: Sitrep) -> str:
    """What shows the cause that is none of the team's own changes."""
    found = sitrep.no_change.answer if sitrep.no_change else None
    return found.why if isinstance(found, NoChange) else ""


def outside_cause(sitrep: Sitrep) -> str:
    """That none of the team's own changes explains it, unless one of them is likely."""
    found = sitrep.no_change
    if found is None or found.verdict is not Verdict.YES:
        return ""
    likely = (
        [c for c in ranked(sitrep.changes) if c.verdict is ChangeVerdict.LIKELY] if sitrep.changes else []
    )
    if any(change.kind not in OUTSIDE or change.kind is ChangeKind.INFRASTRUCTURE for change in likely):
        return ""  # of infrastructure, the record says itself whose it is
    cause = found.answer.cause if isinstance(found.answer, NoChange) else None
    named = f"; likely cause: {wording.plain(cause)}" if cause else ""
    return f"none of your changes explains it{named}"
