"""Types that new errors name: of a message that one side writes and another cannot read, by the file that declares it.

A class has a file of its own in many languages, `OrderPlaced.java`; what reads the message names it, whatever service it is in.
"""

import re
from collections.abc import Iterable
from pathlib import PurePath

from lastgood.algorithms.code_places import is_code
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import NAMES_TYPE, PLACES_LEAST, TYPES_LOOKED_FOR, WRITES_TYPE
from lastgood.model.attributes import STACKTRACE
from lastgood.model.change import Change
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.risen import risen

# Two words at least: single ones are words of a sentence too.
_TYPE = re.compile(r"(?:[A-Z][a-z0-9]+){2,}|[a-z0-9]{2,}(?:_[a-z0-9]{2,})+")
_NAMED = f"""
SELECT name AS text, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_lines ARRAY JOIN arrayFilter(n -> position(concat(body, attributes['{STACKTRACE}']), n) > 0, {{names:Array(String)}}) AS name
WHERE phase != '' AND severity >= 17 GROUP BY name HAVING bad > 0 ORDER BY bad DESC, name"""


def read_named_types(case: Case, changes: Iterable[Change], symptoms: Symptoms) -> frozenset[str]:
    """The types that changes touch and that most new errors name, where what fails cannot read or lacks something."""
    if not case.has(Signal.LOGS) or not symptoms.troubles & {Trouble.BAD_DATA, Trouble.CONTRACT}:
        return frozenset()
    names = sorted({name for change in changes for name in _types(change)})[:TYPES_LOOKED_FOR]
    found = risen(case, case.query(_NAMED, names=names).dicts()) if names else []
    most = max((more for _, more in found), default=0.0)
    return frozenset(row["text"] for row, more in found if more >= PLACES_LEAST * most)


def _types(change: Change) -> set[str]:
    stems = (PurePath(file).stem for file in change.files if is_code(file))
    return {stem for stem in stems if _TYPE.fullmatch(stem)}


def naming_type(change: Change, named: frozenset[str]) -> list[Reason]:
    """That a change touches the file of a type that new errors name: where it takes effect, and what it does."""
    name = min(_types(change) & named, default="") if change.kind == "commit" else ""
    return [Reason(WRITES_TYPE, name=name), Reason(NAMES_TYPE, name=name)] if name else []
