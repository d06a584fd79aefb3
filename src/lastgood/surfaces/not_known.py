"""Not known: what an answer lacks, each with its reason, and the checks that would decide."""

from lastgood.model import figures
from lastgood.model.finding import Check, Verdict
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import wording
from lastgood.surfaces.wording import PLAIN


def unknowns(sitrep: Sitrep) -> tuple[str, ...]:
    """Everything that is not known, each with its reason, the questions of this sitrep first."""
    stale: tuple[str, ...] = ()
    if (end := wording.data_end(sitrep)) is not None:
        ago = figures.duration((sitrep.asked_at - end).total_seconds())
        stale = (
            f"data ends at {figures.stamp(end.replace(microsecond=0))}, {ago} ago; nothing later is known",
        )
    return tuple(dict.fromkeys(text.translate(PLAIN) for text in (*stale, *sitrep.unknown)))


def checks(sitrep: Sitrep) -> tuple[Check, ...]:
    """What would decide whether it is real; empty where that is known."""
    limits = sitrep.confirmed.limits if sitrep.confirmed and sitrep.is_real is Verdict.UNKNOWN else ()
    return tuple(limit for limit in limits if isinstance(limit, Check))


def beside_the_rest(sitrep: Sitrep) -> tuple[str, ...]:
    """The same without what the card says elsewhere: the checks under DO NOW, and the reason in its headline."""
    elsewhere = {check.translate(PLAIN) for check in checks(sitrep)}
    if sitrep.confirmed:
        elsewhere.add(f"{sitrep.confirmed.question} {sitrep.confirmed.because}".translate(PLAIN))
    return tuple(reason for reason in unknowns(sitrep) if reason not in elsewhere)
