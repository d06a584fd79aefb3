"""What a question is handed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from lastgood.model.answers import BlastRadius, Confirmation, Impact, ImpactKind, Onset
from lastgood.model.evidence import Provenance
from lastgood.model.scope import Scope
from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Rows

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHOLE = Window(NOON, NOON + timedelta(hours=1))


def no_rows(
    sql: str, parameters: Mapping[str, Any], window: Window, comparison: Comparison | None, scope: Scope
) -> Rows:
    """Nothing, with where it came from."""
    return Rows(pa.table({}), Provenance(sql, dict(parameters), window, 0, 0.0))


CASE = Case(
    WHOLE, None, Scope(), Holdings((Holding(Signal.LOGS, 1, WHOLE, ()),)), NOON, no_rows,
    {BlastRadius: BlastRadius((), (), (), everyone=True)},
)  # fmt: skip


def test_a_query_is_bound_to_the_window_asked_about() -> None:
    """Unless the question names a narrower one; its values are parameters."""
    narrow = Window(NOON, NOON + timedelta(minutes=1))

    assert WHOLE == CASE.query("SELECT 1", limit=5).provenance.window
    assert narrow == CASE.query("SELECT 1", window=narrow).provenance.window
    assert {"limit": 5} == CASE.query("SELECT 1", limit=5).provenance.parameters


def test_an_earlier_answer_is_found_by_its_kind() -> None:
    """None when that question could not answer."""
    assert CASE.earlier(BlastRadius) is CASE.answers[BlastRadius]
    assert CASE.earlier(Onset) is None


def test_a_case_knows_which_signals_there_are() -> None:
    """By the rows in the store."""
    assert (True, False) == (CASE.has(Signal.LOGS), CASE.has(Signal.SPANS))


def test_refused_requests_are_failed_ones_where_they_are_the_impact() -> None:
    """Later questions count as it was confirmed; lines are untouched."""
    impact = Impact(10, 5, 0.5, 0.0, None, ImpactKind.ERRORS, refused=True)
    refused = replace(CASE, answers={Confirmation: Confirmation(impact, 0.1, 0.9)})
    sql = "SELECT failed FROM lg_requests UNION ALL SELECT 1 FROM lg_lines"

    assert sql == CASE.query(sql).provenance.sql
    asked = refused.query(sql).provenance.sql
    assert "http_status IN (400, 409, 413, 415, 422)" in asked
    assert "operation IN {refused_at:Array(String)}" in asked
    assert asked.endswith("FROM lg_lines")


def test_requests_that_were_counted_and_are_well_are_unharmed() -> None:
    """A metric alone that deviates says nothing of requests."""

    def confirmed(requests: int | None, kind: ImpactKind | None) -> Case:
        found = Confirmation(Impact(requests, 0, 0.0, 0.0, None, kind), 0.0, 0.0)
        return replace(CASE, answers={Confirmation: found})

    assert [True, False, False, False] == [
        confirmed(10, None).unharmed, confirmed(10, ImpactKind.ERRORS).unharmed, confirmed(None, None).unharmed, CASE.unharmed,
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [None, ImpactKind.ERRORS])
def test_requests_that_may_be_affected_are_neither_well_nor_not(kind: ImpactKind | None) -> None:
    """What is open is an answer of its own; where nothing was answered, nothing is open."""
    counts = Confirmation(Impact(10, 0, 0.0, 0.0, None, kind), 0.0, 0.3)
    decided, open_ = (
        replace(CASE, answers={Confirmation: replace(counts, decided=one)}) for one in (True, False)
    )

    assert (kind is None, False) == (decided.unharmed, decided.undecided)
    assert (False, True) == (open_.unharmed, open_.undecided)
    assert not CASE.undecided
