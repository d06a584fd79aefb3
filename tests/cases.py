"""A case for one question alone: its store asked directly, the answers before it given by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from lastgood.inspections._registry import Inspection
from lastgood.model.answers import Answer, Confirmation, Impact, ImpactKind
from lastgood.model.finding import Finding
from lastgood.model.scope import Scope
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from scenario_language.grammar import parse
from scenario_language.world import make, tables

FAILING = Confirmation(Impact(1000, 400, 0.4, 0.002, None, ImpactKind.ERRORS), 0.35, 0.45)
CALM = Confirmation(Impact(1000, 2, 0.002, 0.002, None, None), -0.01, 0.01)
OPEN = Confirmation(Impact(20, 2, 0.1, 0.0, None, None), -0.1, 0.3, decided=False)


def reported(store: Store, folder: Path, text: str, minutes: int) -> Comparison:
    """A scenario written into the store; good until `minutes` after its start, bad from then on."""
    path = folder / "told.txt"
    path.write_text(text)
    scenario = parse(path)
    writer = Writer(store.engine, str(path))
    for table, rows in tables(make(scenario)):
        writer.add(table, rows)
    writer.flush()
    middle = scenario.whole.start + timedelta(minutes=minutes)
    return Comparison(Window(scenario.whole.start, middle), Window(middle, scenario.whole.end), given=True)


def case_of(store: Store, comparison: Comparison | None, *answers: Answer) -> Case:
    """The case of what the store holds, given what others have answered."""
    holdings, reader = store.survey()
    whole = comparison.hull if comparison else holdings.telemetry_window
    assert whole is not None

    def ask(
        sql: str, parameters: Mapping[str, Any], window: Window, windows: Comparison | None, scope: Scope
    ) -> Rows:
        return reader.query(sql, parameters, window, comparison=windows, scope=scope)

    case = Case(whole, comparison, Scope(), holdings, whole.end, ask)
    return replace(case, answers={type(answer): answer for answer in answers})


def finding_of(
    store: Store, question: Inspection, comparison: Comparison | None, *answers: Answer
) -> Finding:
    """What a question says, given what others have answered."""
    return question.signed(list(question.run(case_of(store, comparison, *answers)))[-1])
