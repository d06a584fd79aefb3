"""What a check of a running system says: the largest number of its rows, against the check's row."""

from collections.abc import Mapping, Sequence

from lastgood.algorithms.live_questions import HIDDEN
from lastgood.algorithms.trouble_words import error_kinds
from lastgood.inspections.trouble import checks as table
from lastgood.inspections.trouble.looked import Looked
from lastgood.inspections.trouble.seen import ASK, CANNOT_TELL, NO, YES, Seen
from lastgood.inspections.trouble.weights import RUNBOOK_PLACES
from lastgood.model.evidence import Evidence, Provenance, Table
from lastgood.model.failure import ErrorKind
from lastgood.model.figures import worded
from lastgood.model.sql_answer import Cell
from lastgood.model.trouble import SYSTEM_NAMES, LiveAnswer, System, Trouble

RIGHTS: Mapping[System, str] = {
    System.POSTGRESQL: "GRANT pg_monitor TO the role",
    System.MYSQL: "GRANT PROCESS to the user",
    System.REDIS: "",
    System.RABBITMQ: "",
    System.GO: "",
    System.JVM: "",
}
USUAL_VARIABLES: Mapping[System, str] = {
    System.POSTGRESQL: "env:DATABASE_URL", System.MYSQL: "env:MYSQL_URL", System.REDIS: "env:REDIS_URL",
    System.RABBITMQ: "env:RABBITMQ_URL", System.GO: "env:GO_URL", System.JVM: "env:ACTUATOR_URL",
}  # fmt: skip


def live(look: table.Live, looked: Looked, trouble: Trouble) -> Seen:
    """Of several systems that were asked, the one that says most; of none, the command that asks."""
    answers = looked.live(look.system, look.question)
    if not answers:
        named = looked.asked.databases.get(look.system, USUAL_VARIABLES[look.system])
        command = ("lastgood", "ask", "trouble", "--class", trouble.value, "--database", named)
        return Seen(ASK, f"only {SYSTEM_NAMES[look.system]} itself knows", (), command)
    rank = (YES, CANNOT_TELL, NO)
    return min((_one(look, answer) for answer in answers), key=lambda seen: rank.index(seen.verdict))


def _one(look: table.Live, answer: LiveAnswer) -> Seen:
    evidence = (_evidence(answer),)
    if answer.problem:
        exhausted = look.refused and ErrorKind.POOL in error_kinds(answer.problem)
        return Seen(YES if exhausted else CANNOT_TELL, answer.problem, evidence)
    rows = answer.records
    known = [(value, row) for row in rows if (value := _value(look, row)) is not None]
    value, row = max(known, key=lambda pair: pair[0], default=(0.0, {}))
    said = f"{answer.database}: {worded(look.finds, _readable(row)) if known else look.none}"
    if known and value >= look.at:
        return Seen(YES, said, evidence)
    if any(HIDDEN in one.values() for one in rows):
        why = f"{answer.database}: the role may not see the sessions of others; {RIGHTS[look.system]}"
        return Seen(CANNOT_TELL, why, evidence)
    if not known and (rows or not look.none):
        return Seen(CANNOT_TELL, f"{answer.database}: {_missing(look, rows)}", evidence)
    return Seen(NO, said, evidence)


def _missing(look: table.Live, rows: Sequence[Mapping[str, Cell]]) -> str:
    if not rows and look.lacking:
        return look.lacking
    limitless = any(_number(row.get(look.of)) == 0 for row in rows) if look.of else False
    return f"{look.of} is 0: no limit is set" if limitless else f"it reports no {look.measure}"


def _value(look: table.Live, row: Mapping[str, Cell]) -> float | None:
    """The number of a row; None where it is missing, or a share of nothing (no limit is set)."""
    value, whole = _number(row.get(look.measure)), _number(row.get(look.of)) if look.of else 1.0
    return value / whole if value is not None and whole else None


def _number(cell: Cell) -> float | None:
    try:
        return float(cell) if cell is not None else None
    except ValueError:
        return None


def _readable(row: Mapping[str, Cell]) -> dict[str, object]:
    """The cells by column, those of numbers as numbers; a text without line breaks."""
    written: dict[str, object] = {}
    for name, cell in row.items():
        number = _number(cell) if name == "seconds" or not isinstance(cell, str) else None
        text = " ".join(str(cell).split()) if cell is not None else "unknown"
        written[name] = cell if isinstance(cell, int) else number if number is not None else text
    return written


def _evidence(answer: LiveAnswer) -> Evidence:
    origin = Provenance(answer.asked, {}, None, len(answer.rows), answer.seconds, answer.cut_off)
    wide = len(answer.columns) > RUNBOOK_PLACES and len(answer.rows) == 1
    columns = ("field", "value") if wide else answer.columns
    rows = tuple(zip(answer.columns, answer.rows[0], strict=True)) if wide else answer.rows
    return Table(f"{answer.question} of {answer.database}", columns, rows, origin)
