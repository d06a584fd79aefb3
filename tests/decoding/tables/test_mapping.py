"""A mapping file: what it says wrongly is named with its place and what is possible."""

from pathlib import Path

import pytest

from lastgood.decoding.tables.mapping import matches, read_mapping
from lastgood.errors import MappingError

GOOD = """
[[file]]
match = "*.csv"
kind = "logs"
[file.fields]
time = "t"
body = "b"
"""


@pytest.mark.parametrize(
    ("said", "problem", "hint"),
    [
        ("", "no [[file]] table", "one [[file]]"),
        ("[[file]]\nkind = 'logs'", "match: it is missing", "which files"),
        ("[[file]]\nmatch = 'a'\nkind = 'lags'", "kind: 'lags' is not possible", "spans, logs, metrics"),
        (GOOD + "bdy = 'x'", "[[file]] 1 fields, bdy: there is no such key", "severity"),
        (GOOD + "[file.attributes]\na = 3", "attributes a: this must be a table", ""),
        (GOOD.replace('"t"', '{ column = "t", unit = "days" }'), "unit: 'days' is not possible", "ms"),
        (GOOD.replace('"t"', '{ column = "t", zone = "Mars" }'), "no time zone 'Mars'", "Europe/Berlin"),
        (GOOD.replace('"b"', '{ column = "b", regex = "(" }'), "not a regular expression", ""),
        (GOOD.replace('"b"', "{ unit = 's' }"), "neither a column nor a constant", "column ="),
        (
            "[[file]]\nmatch='a'\nkind='metrics'\nfields={time='t'}",
            "metric, value not said",
            "[[file.values]]",
        ),
        (
            "[[file]]\nmatch='a'\nkind='metrics'\nfields={time='t'}\n[[file.values]]\ncolumns='x'\nmetric='{y}'",
            "no group 'y'",
            "0 (the whole name)",
        ),
        ("[[file", "is not TOML", ""),
    ],
)
def test_a_wrong_mapping_says_where_and_what_is_possible(
    tmp_path: Path, said: str, problem: str, hint: str
) -> None:
    """The message names the file, the table and the key; the hint says what would do."""
    path = tmp_path / "map.toml"
    path.write_text(said)

    with pytest.raises(MappingError) as raised:
        read_mapping(path)

    assert str(path) in raised.value.message
    assert problem in raised.value.message
    assert hint in raised.value.hint


def test_a_missing_mapping_is_said(tmp_path: Path) -> None:
    """A path that is not there is a usage error, not a traceback."""
    with pytest.raises(MappingError, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("name", "glob", "expected"),
    [
        ("/in/day/trace/1_trace.csv.gz", "trace/*_trace.csv", True),
        ("/in/day/trace/1_trace.csv", "*.csv", True),
        ("/in/day/log/1.csv", "trace/*.csv", False),
        ("/in/day/xtrace/1.csv", "trace/*.csv", False),
        ("m.csv.zst", "m.csv", True),
    ],
)
def test_patterns_match_the_end_of_a_path(name: str, glob: str, expected: bool) -> None:
    """Whole components from the right; a compression's suffix need not be named."""
    assert expected is matches(name, glob)
