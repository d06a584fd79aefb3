"""A rehearsal in words: which questions would be answered, which not, and what is missing for those."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.rehearsal import Asked, Rehearsal
from lastgood.surfaces.readiness import WORDS, why
from lastgood.surfaces.wording import PLAIN


def rehearsal_text(found: Rehearsal) -> str:
    """For a terminal."""
    return "".join(f"{line}\n" for line in _lines(found)).translate(PLAIN)


def rehearsal_document(found: Rehearsal) -> dict[str, Any]:
    """For programs."""
    return {
        "effect": found.effect.text,
        "copied": {"start": found.copied.start.isoformat(), "end": found.copied.end.isoformat()},
        "left_out": found.beside.isoformat() if found.beside else None,
        "bad": {"start": found.bad.start.isoformat(), "end": found.bad.end.isoformat()},
        "hit": found.hit,
        "questions": [
            {"question": one.question, "answered": one.answered, "said": one.said, "missing": [why(gap) for gap in one.missing]}
            for one in found.asked
        ],
    }  # fmt: skip


def _lines(found: Rehearsal) -> Iterator[str]:
    right = sum(one.answered for one in found.asked)
    yield f"REHEARSAL {found.effect.text} · {right} of {figures.counted(len(found.asked), 'question')} answered"
    yield (
        f"          drawn into a copy, {figures.clock(found.bad.start, found.bad.end)} to {figures.clock(found.bad.end, found.bad.end)} UTC: "
        f"{figures.counted(found.hit, 'request')} of {found.effect.service}"
    )
    if found.beside:
        yield f"          the copy leaves out the incident that started at {figures.clock(found.beside, found.bad.end)} UTC"
    for one in found.asked:
        yield from _asked(one)


def _asked(one: Asked) -> Iterator[str]:
    yield f"{'ANSWERED' if one.answered else 'NOT':<9} {one.question}  {one.said}"
    for gap in one.missing:
        yield f"{'':<9} missing: {why(gap)} (mend in {WORDS[gap.piece].effort})"
