"""Rolling back: whether a service can be, as its incident stands, on the record where it is about to be done."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lastgood.inspections.roll_back import roll_back
from lastgood.model.answers import ChangeVerdict
from lastgood.model.finding import Finding, Verdict
from lastgood.model.rollback import RollBack
from lastgood.model.window import Comparison, Window
from lastgood.readings.rollback import asked_of
from lastgood.workbench.commands import fields
from lastgood.workbench.evidence import Seen
from lastgood.workbench.investigate import answer, case_about
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store

ROLL_BACKS = frozenset({"rollback", "roll_back"})  # kinds of action
VERSION = "version"  # the field of a command that is filled with the version to go back to
_WHERE_TO = (VERSION, "revision")  # words of fields that say where a command goes back to


def eligibility(room: Room, store: Store | None, service: str, *, record: bool = False) -> Finding:
    """Whether a service can be rolled back, its answer a `RollBack` where a deploy of it is on record.

    With `record`, it and the rows it rests on are evidence of the incident.
    """
    said = room.incident.confirmed
    if said is None or said.comparison is None:
        because = "no measurement on the record shows user impact, so there is no time to judge versions by"
        return roll_back.signed(Finding(Verdict.UNKNOWN, because))
    if store is None:
        return roll_back.signed(Finding(Verdict.UNKNOWN, "the telemetry of this incident cannot be read"))
    seen = Seen()
    holdings, reader = replace(store, watch=seen).survey()
    good, bad = said.comparison.good, said.comparison.bad
    comparison = Comparison(good, Window(bad.start, max(bad.end, room.now)), given=True)
    likely = next((one for one in said.changes if one.verdict is ChangeVerdict.LIKELY), None)
    case = case_about(reader, holdings, comparison, room.now, asked_of(service, likely))
    if not roll_back.needs & holdings.signals:
        return roll_back.signed(Finding(Verdict.UNKNOWN, "no changes are recorded, so no deploy is known"))
    finding = answer(roll_back, case)[0]
    if record:
        seen.cite(room, finding, f"roll back {service}: {finding.verdict.value}: {finding.because}")
    return finding


def asks_version(what: str, command: Sequence[str], given: Mapping[str, str]) -> bool:
    """Whether the command of a roll-back has a field for the version, and no one gave it."""
    asked = {name for argument in command for name in fields(argument, what)}
    return what in ROLL_BACKS and VERSION in asked and VERSION not in given


def version_of(finding: Finding) -> dict[str, str]:
    """What a command of the team is filled with: the version to go back to, where that is known."""
    found = finding.answer
    return {VERSION: found.previous} if isinstance(found, RollBack) and found.previous else {}


def against(finding: Finding, service: str, command: Sequence[str]) -> str:
    """Why a roll-back needs a reason: what is measured speaks against it, or its command may end at another version.

    `command` is the template, with its fields; nothing where a person does it by hand. Empty where nothing is against it.
    """
    if finding.verdict is Verdict.NO:
        return f"{service} should not be rolled back: {finding.because}."
    return ends_at(finding.answer.one_back if isinstance(finding.answer, RollBack) else "", command)


def ends_at(one_back: str, command: Sequence[str]) -> str:
    """That a command may end one deploy back, at another version; empty where it says to which, or cannot."""
    named = {name for argument in command for name in fields(argument, "rollback")}
    if not command or not one_back or any(word in name for name in named for word in _WHERE_TO):
        return ""
    wanted = " or ".join(f"{{{word}}}" for word in _WHERE_TO)
    return f"Your rollback command names no version, and may go back to {one_back} only: add {wanted} to it."
