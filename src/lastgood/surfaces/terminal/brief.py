"""The sitrep in at most eight lines, for a phone or a narrow pane; the whole of it is the card."""

from collections.abc import Iterator

from lastgood.model import figures
from lastgood.model.answers import ChangeVerdict
from lastgood.model.finding import Verdict
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import weighed, wording
from lastgood.surfaces.card import card_of
from lastgood.surfaces.invocation import Command, Invocation
from lastgood.surfaces.steps import Ready, failing_trace, log_lines, opening
from lastgood.surfaces.wording import PLAIN

MARGIN = 10
MOST = 8
LEAST = 40  # a narrower terminal gets longer lines


def brief_text(sitrep: Sitrep, ready: Ready, how: Invocation, width: int) -> str:
    """Verdict, impact, who, do now, suspect, where, say, next: a line each, where there is something to say.

    Texts are shortened to the width. A command and the message are whole at any width, so that they can be pasted.
    """
    width = max(width, LEAST)
    lines = [_cut(f"{wording.STATES[sitrep.is_real]} · {wording.subtitle(sitrep)}", width)]
    lines += [
        f"{label:<{MARGIN}}{text}" for label, text in _lines(sitrep, ready, how, width - MARGIN) if text
    ]
    return "\n".join(lines[:MOST]).translate(PLAIN) + "\n"


def _lines(sitrep: Sitrep, ready: Ready, how: Invocation, room: int) -> Iterator[tuple[str, str]]:
    yield "IMPACT", _cut(_first(sitrep, "IMPACT"), room)
    yield "WHO", _cut(_first(sitrep, "WHO"), room)
    yield "DO NOW", _do_now(sitrep, ready, how, room)
    yield "SUSPECT", _cut(_suspect(sitrep), room)
    yield "WHERE", _cut(_first(sitrep, "WHERE"), room)
    yield "SAY", " ".join((wording.say(sitrep) or "").split())
    yield "NEXT", _next(sitrep, ready, how, room)


def _first(sitrep: Sitrep, label: str) -> str:
    """The first row of a section of the card."""
    rows = [row for section in card_of(sitrep).sections if section.label == label for row in section.rows]
    return rows[0].cells[-1] if rows else ""


def _do_now(sitrep: Sitrep, ready: Ready, how: Invocation, room: int) -> str:
    """The first option: its command, with its name where both fit; without a command its reasons."""
    if sitrep.is_real is Verdict.UNKNOWN:
        return _cut(_first(sitrep, "DO NOW"), room)
    if sitrep.is_real is Verdict.NO or sitrep.mitigations is None:
        return ""
    found = sitrep.mitigations
    if not found.ranked:
        return _cut(found.not_roll_back or "", room)
    option = found.ranked[0]
    act = ready.act(option) if ready.ongoing else None
    if act is None:
        return _cut(wording.option_line(option), room)
    named = f"{wording.plain(option.kind)} {option.target}: {how.completed(act)}".translate(PLAIN)
    return named if len(named) <= room else str(how.completed(act)).translate(PLAIN)


def _suspect(sitrep: Sitrep) -> str:
    """The likely or possible change, else that none is, else the suspect component."""
    changes = weighed.ranked(sitrep.changes) if sitrep.changes else ()
    if changes and changes[0].verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE}:
        first = changes[0]
        reasons = "; ".join(weighed.reasons_of(first, sitrep.began))
        return f"{first.verdict.value} {wording.plain(first.kind)} {weighed.title_of(first)}: {reasons}"
    return weighed.outside_cause(sitrep) or _first(sitrep, "SUSPECTS")


def _next(sitrep: Sitrep, ready: Ready, how: Invocation, room: int) -> str:
    """The first command that fits into the line, else the first one whole. Or what is not known."""
    steps: list[Command | None] = [log_lines(sitrep), failing_trace(sitrep)]
    steps.append(None if ready.ongoing or sitrep.is_real is not Verdict.YES else opening(sitrep))
    texts = [str(how.completed(step)).translate(PLAIN) for step in steps if step]
    if not texts:
        return _cut(f"not known: {_first(sitrep, 'NOT KNOWN')}", room) if sitrep.unknown else ""
    return next((text for text in texts if len(text) <= room), texts[0])


def _cut(text: str, room: int) -> str:
    """A text in one line, ended at a word where it is too long."""
    return figures.shortened(text.translate(PLAIN), room)
