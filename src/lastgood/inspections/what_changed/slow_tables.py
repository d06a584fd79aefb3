"""Tables whose statements became slow, and changes that do something to them: an index, a column, a query."""

import re
from collections.abc import Iterable, Mapping

from lastgood.algorithms.diffs.kinds import ON_STORES, Effect
from lastgood.inspections.what_changed.weights import CHANGES_TABLE, TABLE_LETTERS
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.slow_statements import OF_WINDOWS, more_logged


def slow_tables(case: Case) -> Mapping[str, str]:
    """By table the store that logs many more slow statements of it than before."""
    if case.comparison is None or not case.has(Signal.LOGS):
        return {}
    longer = case.comparison.bad.seconds / max(case.comparison.good.seconds, 1.0)
    found: dict[str, str] = {}
    for row in case.query(OF_WINDOWS).dicts():  # most first
        table = row["table"].rpartition(".")[2].lower()
        if len(table) >= TABLE_LETTERS and more_logged(row["bad"], row["good"], longer):
            found.setdefault(table, row["service"])
    return found


def changing_table(effects: Iterable[Effect], tables: Mapping[str, str]) -> list[Reason]:
    """The tie of a change to the store whose slow statements read what it changes."""
    for effect in effects if tables else ():
        if effect.kind in ON_STORES:
            named = set(re.findall(r"\w+", f"{effect.line} {effect.what}".lower()))
            if table := next((one for one in sorted(tables) if one in named), ""):
                return [Reason(CHANGES_TABLE, table=table, store=tables[table])]
    return []
