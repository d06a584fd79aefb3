"""A statement that may be run: one SELECT, made only of what is allowed, written anew from its tree.

What is sent is what was checked: the tree's own text, without comments. So no server can read more in it than the parser did.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from lastgood.algorithms.secrets import names_a_secret
from lastgood.errors import UsageError
from lastgood.outside.database.allowed import (
    CLOSED_SCHEMAS,
    CLOSED_TABLES,
    FUNCTIONS,
    NAMED,
    READABLE,
    SYNTAX,
    SYSTEM,
)

LONGEST = 20_000  # characters
DEEPEST = 200  # levels of nesting
_EXECUTABLE = re.compile(r"\s*(?:M?!|\+)")  # the comments that MySQL and MariaDB run, and hints
HINT = "Allowed: one SELECT, or WITH … SELECT, that only reads tables. See docs/howto/ask-a-database.md."

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of what is refused below


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked SELECT."""

    tree: exp.Query
    dialect: str
    secret: frozenset[str]  # names that hold a secret, also by another name, in lower case

    def sql(self, rows: int) -> str:
        """Its text with at most so many rows."""
        limit = self.tree.args.get("limit")
        most = min(rows, int(limit.expression.name)) if limit else rows
        return self.tree.limit(most).sql(self.dialect, comments=False, unsupported_level=ErrorLevel.RAISE)

    def hides(self, place: int, name: str) -> bool:
        """Whether the output column at a place, of this name, holds a secret."""
        outputs = [branch.selects for branch in _branches(self.tree)]
        return (
            name.lower() in self.secret
            or names_a_secret(name)
            or any(
                _tainted(selects[place], self.secret)
                for selects in outputs
                if place < len(selects) and not any(one.is_star for one in selects)
            )
        )


def admitted(sql: str, dialect: str) -> Statement:
    """The statement, if it may be run.

    Raises:
        UsageError: it may not; says what is refused.
    """
    tree = _checked(sql, dialect)
    sent = tree.sql(dialect, comments=False, unsupported_level=ErrorLevel.RAISE)
    if sent != _checked(sent, dialect).sql(dialect, comments=False):
        raise refused("it cannot be written in one certain way")
    return Statement(tree, dialect, frozenset(_secret_names(tree)))


def _checked(sql: str, dialect: str) -> exp.Query:
    tree = _parsed(sql, dialect)
    for node in tree.walk():
        _check(node, dialect)
    _refuse_whole_rows(tree)
    _refuse_renamed_stars(tree)
    return tree


def refused(what: str) -> UsageError:
    """The error of a statement that may not run."""
    return UsageError(f"The statement was not run: {what}.", hint=HINT)


def _parsed(sql: str, dialect: str) -> exp.Query:
    if len(sql) > LONGEST or "\0" in sql:
        raise refused(f"it is longer than {LONGEST} characters or holds a NUL")
    try:
        tokens = sqlglot.tokenize(sql, dialect=dialect)
        if any(_EXECUTABLE.match(comment) for token in tokens for comment in token.comments):
            raise refused("a comment of the form /*! … */ or /*+ … */ is read by servers")
        trees = [tree for tree in sqlglot.parse(sql, dialect=dialect) if tree is not None]
        deepest = max((node.depth for tree in trees for node in tree.walk()), default=0)
    except SqlglotError as problem:
        raise refused(f"it cannot be parsed as {dialect}: {_first(problem)}") from problem
    except RecursionError as problem:
        raise refused("it is nested too deeply") from problem
    if deepest > DEEPEST:
        raise refused("it is nested too deeply")
    if len(trees) != 1:
        raise refused(f"it holds {len(trees)} statements, not one")
    (tree,) = trees
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise refused(f"{tree.key.upper()} is not SELECT")
    return tree


def _first(problem: SqlglotError) -> str:
    text = re.sub(r"\x1b\[\d*m", "", str(problem)).splitlines()[0]
    return text.rstrip(".")


def _check(node: exp.Expr, dialect: str) -> None:
    """Refuse a node of the tree that is not on the lists, or not in a form that is."""
    match node:
        case exp.Anonymous() if node.name.lower() in NAMED[dialect]:
            return
        case exp.Func() if type(node) not in SYNTAX | FUNCTIONS:
            raise refused(f"the function {_called(node)} is not on the list of those that only read")
        case _ if type(node) not in SYNTAX | FUNCTIONS:
            raise refused(f"{node.key.upper()} is not allowed")
        case exp.Table():
            _check_table(node, dialect)
        case _:
            _check_form(node)


def _check_form(node: exp.Expr) -> None:
    """Refuse allowed syntax in a form that is not."""
    match node:
        case exp.With() if node.args.get("recursive"):
            raise refused("WITH RECURSIVE has no cost that can be known beforehand")
        case exp.Limit() | exp.Offset() if not (
            isinstance(node.expression, exp.Literal) and node.expression.is_int
        ):
            raise refused(f"{node.key.upper()} must be a plain number")
        case exp.Select() if not node.expressions:
            raise refused("it has no columns")
        case exp.Lateral() if not isinstance(node.this, exp.Subquery):
            raise refused("a function is not allowed in FROM")
        case exp.DataType() if node.this in {exp.DataType.Type.USERDEFINED, exp.DataType.Type.UNKNOWN}:
            raise refused(f"a cast to the type {node.sql()} may run its code; compare as text instead")
        case exp.Var() if isinstance(node.parent, exp.Select):
            raise refused(f"the modifier {node.name} is not allowed")
        case _:
            pass


def _called(node: exp.Func) -> str:
    return node.name.lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower()


def _check_table(table: exp.Table, dialect: str) -> None:
    if not isinstance(table.this, exp.Identifier):
        raise refused("a function is not allowed in FROM")
    name, schema = table.name.lower(), table.db.lower()
    system = SYSTEM[dialect].match(name) and not READABLE[dialect].fullmatch(name)
    if table.catalog or schema in CLOSED_SCHEMAS[dialect] or name in CLOSED_TABLES or system:
        raise refused(f"the table {table.sql(dialect)} is not one that may be read")


def _refuse_whole_rows(tree: exp.Expr) -> None:
    """Refuse a row as one value (`SELECT t FROM users t`): it would carry columns past their redaction."""
    tables = {table.alias_or_name.lower() for table in tree.find_all(exp.Table, exp.Subquery, exp.CTE)}
    for column in tree.find_all(exp.Column):
        starred = isinstance(column.this, exp.Star)
        inside = not isinstance(column.parent, exp.Select)
        if (starred and inside) or (not starred and not column.table and column.name.lower() in tables):
            raise refused(f"{column.sql()} is a whole row as one value; name its columns")
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Select | exp.Count | exp.Column):
            raise refused("* is allowed as a column list and in COUNT(*) only")


def _refuse_renamed_stars(tree: exp.Expr) -> None:
    """Refuse `*` where its columns get other names: those that hold a secret could not be recognised any more."""
    renamed = [alias.parent for alias in tree.find_all(exp.TableAlias) if alias.args.get("columns")]
    for node in (*renamed, *tree.find_all(exp.SetOperation)):
        bodies = node.find_all(exp.Select) if node else ()
        if isinstance(node, exp.Table) or any(body.is_star for body in bodies):
            raise refused(
                "the columns of a table or of * cannot be renamed as a list, nor be in a UNION; name them"
            )


def _branches(tree: exp.Query) -> Iterator[exp.Select]:
    """The SELECTs whose outputs a query gives: several for a UNION."""
    if isinstance(tree, exp.SetOperation):
        yield from _branches(tree.left)
        yield from _branches(tree.right)
    elif isinstance(tree, exp.Subquery):
        yield from _branches(tree.this)
    elif isinstance(tree, exp.Select):
        yield tree


def _secret_names(tree: exp.Expr) -> set[str]:
    """Names of columns that hold a secret, and every name that a secret was given."""
    secret = {c.name.lower() for c in tree.find_all(exp.Column) if names_a_secret(c.name)}
    while True:
        more = secret | {
            name
            for node in tree.find_all(exp.Alias, exp.TableAlias, exp.SetOperation)
            if _tainted(node.parent if isinstance(node, exp.TableAlias) else node, secret)
            for name in _given(node)
        }
        if more == secret:
            return secret
        secret = more


def _given(node: exp.Expr) -> Iterator[str]:
    """The names that an alias gives to columns; a UNION gives those of its branches to the values of all."""
    match node:
        case exp.Alias():
            yield node.alias.lower()
        case exp.SetOperation():
            yield from (name.lower() for branch in _branches(node) for name in branch.named_selects)
        case _:
            yield from (column.name.lower() for column in node.args.get("columns") or ())


def _tainted(node: exp.Expr | None, secret: set[str] | frozenset[str]) -> bool:
    return node is not None and any(
        column.name.lower() in secret or names_a_secret(column.name) for column in node.find_all(exp.Column)
    )
