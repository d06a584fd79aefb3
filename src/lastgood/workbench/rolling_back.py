"""Rolling back: whether a service can be, as its incident stands, on the record where it is about to be done."""

from dataclasses import replace

from lastgood.inspections.roll_back import roll_back
from lastgood.model.finding import Finding, Verdict
from lastgood.model.rollback import RollBackOf
from lastgood.model.window import Comparison, Window
from lastgood.workbench.evidence import Seen
from lastgood.workbench.investigate import answer, case_about
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store

ROLL_BACKS = frozenset({"rollback", "roll_back"})  # kinds of action


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
    case = case_about(reader, holdings, comparison, room.now, RollBackOf(service))
    if not roll_back.needs & holdings.signals:
        return roll_back.signed(Finding(Verdict.UNKNOWN, "no changes are recorded, so no deploy is known"))
    finding = answer(roll_back, case)[0]
    if record:
        seen.cite(room, finding, f"roll back {service}: {finding.verdict.value}: {finding.because}")
    return finding
