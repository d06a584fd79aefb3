"""What a statement may be made of: syntax, functions and system tables. All else is refused by its name.

Functions are those that only compute from their arguments, or read the state of the server. None writes, waits, locks,
reads a file, calls another server, takes SQL as text, or makes a long value from a short one.
"""

import re
from typing import Final

from sqlglot import exp

DIALECTS: Final = ("postgres", "mysql", "sqlite")

SYNTAX: Final[frozenset[type[exp.Expr]]] = frozenset({
    exp.Select, exp.Subquery, exp.Union, exp.Except, exp.Intersect, exp.With, exp.CTE, exp.TableAlias, exp.From,
    exp.Join, exp.Lateral, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset,
    exp.Distinct, exp.Window, exp.WindowSpec, exp.Filter, exp.WithinGroup, exp.Table, exp.Column, exp.Identifier,
    exp.Alias, exp.Star, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple, exp.Interval, exp.Var,
    exp.IntervalSpan, exp.DataType, exp.DataTypeParam, exp.ObjectIdentifier, exp.HexString, exp.ByteString, exp.RawString, exp.Values,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.Like, exp.ILike,
    exp.Glob, exp.RegexpLike, exp.RegexpILike, exp.Escape, exp.In, exp.Between, exp.Not, exp.Neg, exp.Add, exp.Sub, exp.Mul,
    exp.Div, exp.IntDiv, exp.Mod, exp.DPipe, exp.Bracket, exp.Any, exp.All, exp.Exists, exp.And, exp.Or, exp.Case,
    exp.If, exp.Cast, exp.AtTimeZone, exp.BitwiseAnd, exp.BitwiseOr, exp.ArrayContainsAll, exp.ArrayOverlaps,
    exp.JSONPath, exp.JSONPathRoot, exp.JSONPathKey, exp.JSONPathSubscript, exp.JSONExtract, exp.JSONExtractScalar,
    exp.JSONBExtract, exp.JSONBExtractScalar, exp.JSONBContainsTopKey,
})  # fmt: skip

FUNCTIONS: Final[frozenset[type[exp.Expr]]] = frozenset({
    exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance,
    exp.VariancePop, exp.PercentileCont, exp.PercentileDisc, exp.GroupConcat, exp.ArrayAgg, exp.LogicalAnd,
    exp.LogicalOr, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Round, exp.Floor, exp.Ceil, exp.Abs,
    exp.Sign, exp.Sqrt, exp.Ln, exp.Log, exp.Exp, exp.Pow, exp.Lower, exp.Upper, exp.Length, exp.Substring,
    exp.Left, exp.Right, exp.Trim, exp.Concat, exp.ConcatWs, exp.SplitPart, exp.StrPosition, exp.TimestampTrunc,
    exp.DateTrunc, exp.Extract, exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.DateAdd, exp.DateSub,
    exp.DateDiff, exp.TimestampDiff, exp.TimeToStr, exp.StrToTime, exp.StrToDate, exp.UnixToTime, exp.TimeToUnix,
    exp.UnixSeconds, exp.Date, exp.Year, exp.Month, exp.Day, exp.Hour, exp.Minute, exp.Second, exp.TsOrDsToDate,
    exp.TsOrDsToTimestamp, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
    exp.Ntile, exp.Array,
})  # fmt: skip

# Functions that the parser has no class for.
NAMED: Final = {
    "postgres": frozenset(
        [
            "age",
            "date_part",
            "jsonb_array_length",
            "json_array_length",
            "jsonb_typeof",
            "pg_size_pretty",
            "pg_relation_size",
            "pg_total_relation_size",
            "pg_blocking_pids",
            "pg_is_in_recovery",
            "pg_last_xact_replay_timestamp",
            "pg_current_wal_lsn",
            "pg_last_wal_replay_lsn",
            "pg_last_wal_receive_lsn",
            "pg_wal_lsn_diff",
            "pg_postmaster_start_time",
            "justify_interval",
            "width_bucket",
            "num_nonnulls",
            "num_nulls",
        ]
    ),
    "mysql": frozenset(
        ["unix_timestamp", "timestampdiff", "sec_to_time", "time_to_sec", "field", "instr", "locate"]
    ),
    "sqlite": frozenset(
        ["strftime", "julianday", "unixepoch", "typeof", "instr", "total", "json_extract", "json_type"]
    ),
}

# System tables by dialect: what may be read of those that match `SYSTEM`. Statistics hold values of columns, others passwords.
SYSTEM: Final = {
    "postgres": re.compile(r"pg_"),
    "mysql": re.compile(r"(?!)"),  # they have schemas of their own
    "sqlite": re.compile(
        r"sqlite_|pragma_|dbstat|bytecode|tables_used|json_|generate_series|fts\d|completion"
    ),
}
READABLE: Final = {
    "postgres": re.compile(
        r"pg_stat_(?!ssl|gssapi)\w+|pg_statio_\w+|pg_locks|pg_class|pg_namespace|pg_index|pg_indexes|pg_tables|pg_views"
        r"|pg_attribute|pg_type|pg_database|pg_replication_slots|pg_constraint|pg_settings|pg_prepared_xacts"
    ),
    "mysql": re.compile(r".*"),
    "sqlite": re.compile(r"sqlite_(?:schema|master|sequence|stat1)"),
}
# Schemas that hold credentials or internals.
CLOSED_SCHEMAS: Final = {
    "postgres": frozenset({"pg_toast"}),
    "mysql": frozenset({"mysql"}),
    "sqlite": frozenset({"temp"}),
}
CLOSED_TABLES: Final = frozenset({"user_mapping_options", "_pg_user_mappings", "user_variables_by_thread"})
