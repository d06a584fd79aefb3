"""Statements of SQL that an edit brought or took: what a migration does to tables, and what became of a query."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.unified import Edit, Line, Role

K = EffectKind
# Migrations in SQL, and in the words of Rails, Django, Alembic, Knex and Liquibase.
BRINGS: tuple[tuple[EffectKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (K.INDEX_DROPPED, r"\bdrop\s+index\b|\bdrop_?index\b|remove_?index\b|\bdrop\s+(primary\s+)?key\b"),
        (
            K.COLUMN_DROPPED,
            (r"\bdrop\s+(column|table|view|function|type)\b|\b(drop|remove)_?(column|table|field)\b|\brename\s+(column\s+)?(to\b|\w+\s+to\b)"
            r"|\brename_?(column|table|field)\b|\bRemoveField\(|\bRenameField\(|\bDeleteModel\("),
        ),
        (
            K.LOCKING_MIGRATION,
            (r"\block\s+tables?\b|\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b|\bmodify\s+(column\b|\w+\s+\w+)|\bchange\s+column\b|change_?column\b|AlterField\("
            r"|\bvacuum\s+full\b|\bcluster\b\s+\w+|\breindex\s+(table|index)\b(?!.*concurrently)|\bset\s+not\s+null\b"
            r"|\bcreate\s+(unique\s+)?index\b(?!\s+concurrently)|\badd_?index\b(?!.*concurrently)|\bAddIndex\(|\brefresh\s+materialized\s+view\b(?!\s+concurrently)"
            r"|\badd\s+column\b.*\bdefault\b|\bvalidate\s+constraint\b|\boptimize\s+table\b|\btruncate\b"),
        ),
        (
            K.CONSTRAINT_ADDED,
            r"\badd\s+constraint\b|\bnot\s+null\b(?!.*default)|\bunique\s*\(|\bcheck\s*\(|\bforeign\s+key\b|add_?foreign_?key|AddConstraint\(|null:\s*false",
        ),
    )
)  # fmt: skip
_WHOLE = re.compile(r"^\s*(update\s+\w+\s+set|delete\s+from)\b(?!.*\bwhere\b)", re.IGNORECASE)
_QUERY = re.compile(
    r"\b(select\b.*\bfrom|from\s+\w+|where\b|join\b|order\s+by|group\s+by|having\b)", re.IGNORECASE
)
_JOINS = re.compile(r"[\s\"'`+()\\]+")
_STATEMENT = re.compile(r"[\"'`]\s*(select|insert|update|delete|with)\b|\bWHERE\b|\bFROM\b|\bJOIN\b")


def schema_effects(edit: Edit) -> Iterator[Effect]:
    """What an edit does to tables and queries; nothing where it holds no SQL."""
    migrates = edit.role is Role.SQL
    if migrates and not edit.before:
        whole = " ".join(line.text.strip() for line in edit.after if not line.text.strip().startswith("--"))
        yield from _migrated(edit, whole)
        return
    for line in edit.after:
        if migrates or re.search(
            r"\b(drop|alter|lock|create)\s+(index|table|column)", line.text, re.IGNORECASE
        ):
            yield from _brought(edit, line)
    if not migrates:
        yield from _queried(edit)


def _migrated(edit: Edit, whole: str) -> Iterator[Effect]:
    """A migration statement by statement: a clause may stand on a line of its own."""
    for statement in whole.split(";"):
        if statement.strip():
            number = next((line.number for line in edit.after), None)
            yield from _brought(edit, Line(statement.strip(), number))


def _brought(edit: Edit, line: Line) -> Iterator[Effect]:
    told = line.text.strip()[:160]
    creates = re.search(r"\bcreate\s+table\b|create_table|CreateModel\(", told, re.IGNORECASE)
    for kind, looks in BRINGS:
        if looks.search(line.text) and not creates:
            yield Effect(kind, edit.path, told, line.number, told[:100])
    if _WHOLE.search(line.text):
        yield Effect(K.LOCKING_MIGRATION, edit.path, told, line.number, told[:100])


def _same_text(edit: Edit) -> bool:
    """Whether nothing but breaks of lines, quotes and the signs that join texts differ."""
    old, new = (_JOINS.sub("", "".join(line.text for line in lines)) for lines in (edit.before, edit.after))
    return old == new


def _queried(edit: Edit) -> Iterator[Effect]:
    """A query whose text is another: its parts are in lines before or after."""
    lines = [
        line
        for line in (*edit.before, *edit.after)
        if _STATEMENT.search(line.text) and _QUERY.search(line.text)
    ]
    if (lines and edit.before and edit.after and not _same_text(edit)) or (lines and not edit.after):
        told = lines[-1].text.strip()[:160]
        yield Effect(K.QUERY_CHANGED, edit.path, told, lines[-1].number, told[:100])
