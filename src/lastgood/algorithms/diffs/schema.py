"""Statements of SQL that an edit brought or took: what a migration does to tables, and what became of a query."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect
from lastgood.algorithms.diffs.kinds import EffectKind as K
from lastgood.algorithms.diffs.parts import Edits
from lastgood.algorithms.diffs.unified import Line, Role

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

LONGEST_STATEMENT = 20_000  # characters of SQL that are parsed
_STATEMENT = re.compile(
    r"\b(select\b.*\bfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|with\s+\w+\s+as)\b",
    re.IGNORECASE | re.DOTALL,
)
_NOTE = re.compile(r"--.*|/\*.*?\*/")
# Migrations in the words of Rails, Django, Alembic, Knex, Liquibase and Ecto.
_IN_WORDS: tuple[tuple[K, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (K.INDEX_DROPPED, r"\bdrop_?index\b|\bremove_?index\b|\bdrop\s+index\b"),
        (K.COLUMN_DROPPED, r"\b(drop|remove|rename)_?(columns?|table|field)\b|\bDeleteModel\b"),
        (K.LOCKING_MIGRATION, r"\bchange_?column(_null)?\b|\bAlterField\b|\badd_?index\b(?!.*concurrently)|\balter_column\b|\bcreate_index\b(?!.*concurrently)"),
        (K.CONSTRAINT_ADDED, r"\badd_?foreign_?key\b|\bAddConstraint\b|\bcreate_(foreign_key|unique_constraint|check_constraint)\b|\bchange_column_null\b.*false|\badd_column\b.*null: false(?!.*default)"),
    )
)  # fmt: skip
_UNREAD = re.compile(r"\block\s+tables?\b|\bvacuum\s+full\b|\bcluster\s+\w+|\breindex\s+(table|index)\b(?!.*concurrently)|\brefresh\s+materialized\s+view\b(?!\s+concurrently)|\bvalidate\s+constraint\b|\boptimize\s+table\b|\btruncate\b|\bmodify\s+(column\b|\w+\s+\w+)|\bchange\s+column\b|\bset\s+not\s+null\b|\btype\b", re.IGNORECASE)  # fmt: skip


def schema_effects(edits: Edits) -> Iterator[Effect]:
    """What an edit does to tables and queries; nothing where it holds no SQL."""
    old, new = (_text(edits, sign) for sign in "-+")
    if edits.hunk.role is Role.SQL:
        yield from _migrated(edits, new)
        yield from _in_words(edits)
    elif any(word in new.lower() for word in ("drop ", "alter ", "lock ", "create ")):
        yield from _migrated(edits, new)
    if any(_STATEMENT.search(text) or edits.hunk.path.endswith(".sql") for text in (old, new)):
        yield from _queried(edits, old, new)


def _text(edits: Edits, sign: str) -> str:
    """The SQL of one side: all of a file of SQL, the texts of code joined."""
    if edits.hunk.path.endswith((".sql", ".ddl")) or not edits.hunk.path:
        lines = (
            edits.hunk.side(sign) if any(line.sign == "-" for line in edits.hunk.lines) else edits.hunk.after
        )
        return "\n".join(_NOTE.sub("", line.text) for line in lines)[:LONGEST_STATEMENT]
    parts = edits.old if sign == "-" else edits.new
    return " ".join(part.value.strip("frb").strip("\"'`;") for part in parts if part.form is Form.TEXT)[
        :LONGEST_STATEMENT
    ]


def _statements(text: str) -> list["Expr | None"]:
    import sqlglot  # noqa: PLC0415
    from sqlglot.errors import SqlglotError  # noqa: PLC0415

    sqlglot.parser.logger.setLevel("CRITICAL")  # what it cannot read is no news
    for dialect in ("postgres", "mysql"):
        try:
            return list(sqlglot.parse(text, dialect=dialect))
        except (SqlglotError, RecursionError):
            continue
    return []


def _migrated(edits: Edits, text: str) -> Iterator[Effect]:
    """A migration statement by statement."""
    for statement in text.split(";"):
        reported = " ".join(statement.split())
        kinds = set[K]()
        for tree in _statements(statement) if reported else ():
            kinds |= set(_of_tree(tree)) if tree is not None else set()
        if reported and re.match(r"create\s+table", reported, re.IGNORECASE):
            continue
        if (
            not kinds
            and re.match(
                r"(alter|lock|vacuum|cluster|reindex|refresh|optimize|truncate)\b", reported, re.IGNORECASE
            )
            and _UNREAD.search(reported)
        ):
            kinds = {K.LOCKING_MIGRATION}
        for kind in sorted(kinds):
            yield _effect(edits, kind, reported)


def _of_tree(tree: "Expr") -> Iterator[K]:
    """What a statement does to those that read and write meanwhile, and afterwards."""
    from sqlglot import exp  # noqa: PLC0415

    of_index = str(tree.args.get("kind")).upper() == "INDEX"
    if isinstance(tree, exp.Drop):
        yield K.INDEX_DROPPED if of_index else K.COLUMN_DROPPED
    elif isinstance(tree, exp.Alter):
        for action in tree.args.get("actions") or ():
            yield from _of_action(action)
    elif (
        (isinstance(tree, exp.Create) and of_index and not tree.args.get("concurrently"))
        or (isinstance(tree, exp.Update | exp.Delete) and tree.args.get("where") is None)
        or isinstance(tree, exp.TruncateTable)
    ):
        yield K.LOCKING_MIGRATION


def _of_action(action: "Expr") -> Iterator[K]:
    from sqlglot import exp  # noqa: PLC0415

    held = {type(constraint.args.get("kind")) for constraint in action.args.get("constraints") or ()}
    filled = exp.DefaultColumnConstraint in held
    strict = exp.NotNullColumnConstraint in held and not filled
    if isinstance(action, exp.Drop):
        yield (
            K.INDEX_DROPPED if str(action.args.get("kind")).upper() in {"INDEX", "KEY"} else K.COLUMN_DROPPED
        )
    elif isinstance(action, exp.RenameColumn | exp.AlterRename):
        yield K.COLUMN_DROPPED
    elif isinstance(action, exp.AddConstraint) or strict:
        yield K.CONSTRAINT_ADDED
    elif filled or isinstance(action, exp.Command) or _rewrites(action):
        yield K.LOCKING_MIGRATION


def _rewrites(action: "Expr") -> bool:
    """Whether a column gets another type, or must not be empty any more: every row is looked at."""
    from sqlglot import exp  # noqa: PLC0415

    retyped = bool(action.args.get("dtype")) or action.args.get("allow_null") is False
    return isinstance(action, exp.AlterColumn) and retyped


def _in_words(edits: Edits) -> Iterator[Effect]:
    """A migration in the words of a framework."""
    for line in edits.hunk.after:
        if not re.search(r"create_table|CreateModel|^\s*(#|//|--)", line.text):
            for kind, looks in _IN_WORDS:
                if looks.search(line.text) and not edits.hunk.path.endswith(".sql"):
                    yield _effect(edits, kind, line.text.strip(), line)


def _queried(edits: Edits, old: str, new: str) -> Iterator[Effect]:
    """A query that is another one: not only laid out otherwise."""
    was, now = _normal(old), _normal(new)
    if (
        was == now
        or not edits.hunk.before
        or (edits.hunk.role is Role.SQL and not edits.hunk.path.endswith(".sql"))
    ):
        return
    texts = [part.line for part in edits.got if part.form is Form.TEXT and _STATEMENT.search(part.value)]
    reported = (texts or edits.hunk.after or edits.hunk.before)[0]
    if re.search(r"\blimit\b|\bfetch first\b", was) and not re.search(r"\blimit\b|\bfetch first\b", now):
        yield _effect(edits, K.SIZE_UNLIMITED, reported.text.strip(), reported)
        was = re.sub(r"\s*\blimit\s+\S+|\s*\bfetch first.*?only", "", was)
    if was.split() != now.split():
        yield _effect(edits, K.QUERY_CHANGED, reported.text.strip(), reported)


def _normal(text: str) -> str:
    """SQL as a parser writes it, else without what makes no difference."""
    text = re.sub(
        r"^\s*(?=from\b)",
        "select * ",
        re.sub(r"^\s*(?=(where|order|group|join|left|and)\b)", "select * from _ ", text, flags=re.IGNORECASE),
        flags=re.IGNORECASE,
    )
    trees = [tree for tree in _statements(text.replace("%s", "?")) if tree is not None]
    written = "; ".join(tree.sql() for tree in trees) if trees else re.sub(r"[\s\"'`+()\\]+", " ", text)
    return written.lower()


def _effect(edits: Edits, kind: K, reported: str, line: Line | None = None) -> Effect:
    at = line or next(iter(edits.hunk.after), None)
    return Effect(kind, edits.hunk.path, reported[:160], at.number if at else None, reported[:100])
