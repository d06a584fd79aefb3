"""SQL that a user typed: proved to be one SELECT that stays in the store, before it runs.

This is the first of two walls; the second is a handle that cannot write (`Engine.query_apart`).
That wall alone does not hold: `INTO OUTFILE` writes a file even where the engine is read-only, and
several statements run in one call. A wrapping subquery is no wall at all.
"""

import re
from collections.abc import Iterator, Sequence

from sqlglot import Token, TokenType, exp, parse, tokenize
from sqlglot.errors import SqlglotError

from lastgood.errors import QuerySyntaxError
from lastgood.telemetry.functions import binding_problems, function_problems, functions
from lastgood.telemetry.relations import NAMES

DIALECT = "clickhouse"

_FIRST = frozenset({TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN})
# Tokens that this parser and the engine's read alike: the engine knows curly quotes, strange blanks, $heredocs$
# and names in which a quote is doubled, and what one of them takes for a name is code for the other.
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.|'')*'|`[^`\\]+`|"[^"\\]+\"""", re.DOTALL)
_PLAIN = re.compile(
    r"[A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*|\d\w*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d\w*(?:[eE][+-]?\d+)?|[-+*/%<>=!|&~^?:;.,(){}\[\]]{1,3}",
    re.ASCII,
)
_TABLE = re.compile(r"(lg|otel)_\w+", re.ASCII)  # of the store


def checked_select(sql: str, database: str = "") -> str:
    """The same statement without comments and closing semicolon, if it is one SELECT that stays inside.

    It is put together from its tokens again, so that the engine cannot see as code what was taken
    for a comment here. Tables may be named with their database only where it is `database`, any where none is given.

    Raises:
        QuerySyntaxError: what is wrong with it, and where.
    """
    try:
        tokens = list(tokenize(sql, read=DIALECT))
        while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
            tokens.pop()
        _tokens_allowed(sql, tokens)
        statement = "".join(_spaced(sql, tokens))
        trees = parse(statement, read=DIALECT)
    except SqlglotError as problem:
        line = str(problem).splitlines()[0]
        raise QuerySyntaxError(sql, _place(problem, sql), f"The query cannot be read: {line}") from problem
    except RecursionError as problem:
        raise QuerySyntaxError(sql, 0, "The query cannot be read: it nests too deeply") from problem
    _tree_allowed(sql, trees, database)
    return statement


def _spaced(sql: str, tokens: Sequence[Token]) -> Iterator[str]:
    """Tokens with a space between them; none inside `{name:Type}`, which the driver binds only as it stands."""
    inside = False
    for place, token in enumerate(tokens):
        follows = [after.token_type for after in tokens[place + 1 : place + 3]]
        if token.token_type is TokenType.L_BRACE:
            inside = follows[1:] == [TokenType.COLON] and follows[0] is not TokenType.STRING
        elif token.token_type is TokenType.R_BRACE:
            inside = False
        yield sql[token.start : token.end + 1] + ("" if inside else " ")


def _tokens_allowed(sql: str, tokens: list[Token]) -> None:
    if not tokens:
        raise QuerySyntaxError(sql, 0, "There is no query")
    if tokens[0].token_type not in _FIRST:
        raise QuerySyntaxError(sql, tokens[0].start, "Only one SELECT may be typed here")
    sources = [sql[token.start : token.end + 1] for token in tokens]
    for token, source in zip(tokens, sources, strict=True):
        if problem := _token_problem(token, source):
            raise QuerySyntaxError(sql, token.start, problem)
    for token, problem in (*binding_problems(tokens, sources), *function_problems(tokens, sources)):
        raise QuerySyntaxError(sql, token.start, problem)


def _token_problem(token: Token, source: str) -> str:
    if token.token_type is TokenType.SEMICOLON:
        return "One statement at a time"
    if token.token_type is TokenType.INTO:
        return "A query typed here writes no file or table"
    if token.token_type is TokenType.IDENTIFIER and "\\" in source:
        return "A quoted name cannot hold a backslash"
    if not (_QUOTED if source[:1] in "'`\"" else _PLAIN).fullmatch(source):
        return f"{source[:20]} cannot be read: write names in plain letters, and texts in '…'"
    return ""


def _tree_allowed(sql: str, trees: Sequence[exp.Expr | None], database: str) -> None:
    tree = trees[0]
    if len(trees) != 1 or not isinstance(tree, exp.Query):
        raise QuerySyntaxError(sql, 0, "Only one SELECT may be typed here")
    for query in tree.find_all(exp.Query):
        for clause in ("settings", "format", "into"):
            if query.args.get(clause):
                raise QuerySyntaxError(sql, 0, f"{clause.upper()} is not for a query typed here")
    for name, problem in _source_problems(tree, database):
        raise QuerySyntaxError(sql, max(sql.lower().find(name.lower()), 0), problem)


def _source_problems(tree: exp.Query, database: str) -> Iterator[tuple[str, str]]:
    """Every source of rows that is none of the store's relations and tables, nor a part of the query, with why."""
    for table in tree.find_all(exp.Table):
        source = table.this
        if isinstance(source, exp.Identifier):
            yield from _table_problem(table, [part.name for part in table.parts], database)
        else:
            name = str(source.this) if isinstance(source, exp.Anonymous) else source.sql_name()
            if name.lower() not in functions().tables:
                yield name, f"The table function {name} would reach outside the store"
    for test in tree.find_all(exp.In):  # `x IN t` and `x IN (t)` read a table
        found = [test.args.get("field"), *(test.expressions if len(test.expressions) == 1 else [])]
        for source in map(_unwrapped, found):
            if isinstance(source, exp.Column) and not _is_value(source):
                yield from _table_problem(source, [part.name for part in source.parts], database)
            elif isinstance(source, exp.Func) and _function_name(source).lower() in functions().tables:
                yield _function_name(source), "Read a table function with SELECT … FROM"


def _unwrapped(source: exp.Expr | None) -> exp.Expr | None:
    while isinstance(source, exp.Paren | exp.Alias):
        source = source.this
    return source


def _function_name(function: exp.Func) -> str:
    return str(function.this) if isinstance(function, exp.Anonymous) else function.sql_name()


def _table_problem(place: exp.Expr, parts: Sequence[str], database: str) -> Iterator[tuple[str, str]]:
    *before, name = parts
    known = _TABLE.fullmatch(name)
    if known and (not before or (len(before) == 1 and before[0] == (database or before[0]))):
        return
    if not before and name in _parts_visible(place):
        return
    reported = ".".join(parts)
    yield (
        name,
        f"{reported} is not a relation or table of this store. Read one of {', '.join(NAMES)}",
    )


def _parts_visible(place: exp.Expr) -> Iterator[str]:
    """The names of the queries that `WITH` defines around a place; inside one of them, those before it."""
    inside: exp.Expr = place
    while (around := inside.parent) is not None:
        clause = (
            around if isinstance(around, exp.With) else around.args.get("with_") or around.args.get("with")
        )
        if isinstance(clause, exp.With) and clause is not inside:
            for part in clause.expressions:
                if part is inside:
                    break
                if isinstance(part.this, exp.Query) and not part.args.get("scalar"):
                    yield part.alias
        inside = around


def _is_value(column: exp.Column) -> bool:
    """Whether a name behind IN is of a value that this very SELECT or one around it defines."""
    if len(column.parts) != 1:
        return False
    around = column.parent_select
    while around is not None:
        clause = around.args.get("with_") or around.args.get("with")
        scalars = [part for part in clause.expressions if part.args.get("scalar")] if clause else []
        if column.name in {one.alias for one in (*scalars, *around.expressions)}:
            return True
        around = around.parent_select
    return False


def _place(problem: SqlglotError, sql: str) -> int:
    errors = getattr(problem, "errors", None) or [{}]
    line, column = errors[0].get("line") or 1, errors[0].get("col") or 1
    before = sum(len(text) + 1 for text in sql.split("\n")[: line - 1])
    return max(0, min(before + column - 1, len(sql)))
