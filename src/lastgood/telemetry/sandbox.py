"""SQL that somebody typed: proved to be one SELECT that stays in the store, before it runs.

This is the first of two walls; the second is a handle that cannot write (`Engine.query_apart`).
That wall alone does not hold: `INTO OUTFILE` writes a file even where the engine is read-only, and
several statements run in one call. A wrapping subquery is no wall at all.
"""

from collections.abc import Iterator, Sequence

from sqlglot import Token, TokenType, exp, parse, tokenize
from sqlglot.errors import SqlglotError

from lastgood.errors import QuerySyntaxError

DIALECT = "clickhouse"

# Table functions that stay inside the engine; every other one can reach files, hosts or programs.
INSIDE = frozenset({"numbers", "numbers_mt", "zeros", "values", "generate_series", "generateseries"})
# Ordinary functions that read what is not in a table.
OUTSIDE = frozenset({"file", "catboostevaluate"})
_FIRST = frozenset({TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN})


def checked_select(sql: str) -> str:
    """The same statement without comments and closing semicolon, if it is one SELECT that stays inside.

    It is put together from its tokens again, so that the engine cannot see as code what was taken
    for a comment here.

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
    _tree_allowed(sql, trees)
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
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        called = after is not None and after.token_type is TokenType.L_PAREN
        if problem := _token_problem(token, sql[token.start : token.end + 1], called=called):
            raise QuerySyntaxError(sql, token.start, problem)


def _token_problem(token: Token, source: str, *, called: bool) -> str:
    if token.token_type is TokenType.SEMICOLON:
        return "One statement at a time"
    if token.token_type is TokenType.INTO:
        return "A query typed here writes no file or table"
    if token.token_type is TokenType.IDENTIFIER and "\\" in source:
        return "A quoted name cannot hold a backslash"
    if called and token.text.lower() in OUTSIDE:
        return f"{token.text} would reach outside the store"
    return ""


def _tree_allowed(sql: str, trees: Sequence[exp.Expr | None]) -> None:
    tree = trees[0]
    if len(trees) != 1 or not isinstance(tree, exp.Query):
        raise QuerySyntaxError(sql, 0, "Only one SELECT may be typed here")
    for query in tree.find_all(exp.Query):
        for clause in ("settings", "format", "into"):
            if query.args.get(clause):
                raise QuerySyntaxError(sql, 0, f"{clause.upper()} is not for a query typed here")
    for name in _table_functions(tree):
        if name.lower() not in INSIDE:
            raise QuerySyntaxError(
                sql,
                max(sql.lower().find(name.lower()), 0),
                f"The table function {name} would reach outside the store",
            )


def _table_functions(tree: exp.Query) -> Iterator[str]:
    tables = [table.this for table in tree.find_all(exp.Table)]
    tables += [test.args.get("field") for test in tree.find_all(exp.In)]  # `x IN url(…)`
    for source in tables:
        if isinstance(source, exp.Anonymous):
            yield str(source.this)
        elif isinstance(source, exp.Func):
            yield source.sql_name()


def _place(problem: SqlglotError, sql: str) -> int:
    errors = getattr(problem, "errors", None) or [{}]
    line, column = errors[0].get("line") or 1, errors[0].get("col") or 1
    before = sum(len(text) + 1 for text in sql.split("\n")[: line - 1])
    return max(0, min(before + column - 1, len(sql)))
