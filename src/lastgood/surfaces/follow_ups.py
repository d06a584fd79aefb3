"""Follow-ups as a card and as JSON values: the overdue ones first, then what is due next."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from lastgood.model import figures
from lastgood.model.follow_up import FollowUp, Stage
from lastgood.surfaces.card import Card, Row, Section, Tone
from lastgood.surfaces.findings import plain_values

_LABELS = {Stage.OPEN: "OPEN", Stage.DONE: "VERIFY", Stage.VERIFIED: "VERIFIED", Stage.DROPPED: "DROPPED"}


def follow_ups_card(every: Sequence[FollowUp], today: date) -> Card:
    """What is open, what is done and has yet to be verified, and what is over where it was asked for."""
    late = sum(one.overdue(today) for one in every)
    going = sum(one.stage is Stage.OPEN for one in every)
    state = f"{late} OVERDUE" if late else f"{going} OPEN"
    sections = (Section(_LABELS[stage], _rows(every, stage, today)) for stage in Stage)
    return Card(
        figures.counted(len(every), "follow-up"),
        state,
        Tone.BAD if late else Tone.PLAIN if going else Tone.GOOD,
        tuple(section for section in sections if section.rows),
    )


def follow_up_line(one: FollowUp, today: date) -> str:
    """`12.34 by kim, due 2026-12-01: Alert per issuer`."""
    late = f", {figures.counted((today - one.added.due).days, 'day')} overdue" if one.overdue(today) else ""
    return (
        f"{one.name} {one.added.type.value}, {one.added.owner}, due {one.added.due}{late}: {one.added.text}"
    )


def follow_up_document(one: FollowUp, today: date) -> dict[str, Any]:
    """A follow-up as JSON values."""
    return {"id": one.name, "overdue": one.overdue(today), **plain_values(one)}


def _rows(every: Iterable[FollowUp], stage: Stage, today: date) -> tuple[Row, ...]:
    mine = sorted((one for one in every if one.stage is stage), key=lambda one: one.added.due)
    return tuple(_row(one, today) for one in mine)


def _row(one: FollowUp, today: date) -> Row:
    late = one.overdue(today)
    due = f"{one.added.due}" + (
        f" ({figures.counted((today - one.added.due).days, 'day')} late)" if late else ""
    )
    because = f" · {one.because}" if one.because else ""
    text = f"{one.added.text} · removes {one.added.removes}{because}"
    return Row((one.name, due, one.added.owner, one.added.type.value, text), Tone.BAD if late else Tone.PLAIN)
