"""Each query is read once, whoever asks it, and fails for everybody."""

from datetime import timedelta

import pytest

from lastgood.errors import QueryFailedError
from lastgood.model.window import Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from one_line import NOON, write_one_line


def test_the_same_query_runs_once(store: Store) -> None:
    """Questions share what they read; other parameters, or another window, are another query."""
    write_one_line(store)
    case, _ = investigate(store, now=NOON + timedelta(minutes=1), only="onset")
    sql = "SELECT count() AS n, {x:UInt8} AS x FROM lg_lines"

    first = case.query(sql, x=1)

    assert case.query(sql, x=1) is first
    assert case.query(sql, x=2) is not first
    assert case.query(sql, x=1, window=Window(NOON, NOON + timedelta(minutes=5))) is not first


def test_a_query_that_fails_fails_for_everybody(store: Store) -> None:
    """Whoever asks it again gets the same."""
    write_one_line(store)
    case, _ = investigate(store, now=NOON + timedelta(minutes=1), only="onset")

    for _ in range(2):
        with pytest.raises(QueryFailedError):
            case.query("SELECT nothing FROM lg_lines")
