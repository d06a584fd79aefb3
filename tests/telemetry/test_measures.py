"""Measures as SQL: which relation, which rows."""

import pytest

from lastgood.algorithms.predictions.expression import Filter, Measure
from lastgood.algorithms.predictions.language import parse
from lastgood.model.signal import Signal
from lastgood.telemetry.measures import (
    column_of,
    measure_sql,
    presence,
    relation_of,
    selected,
    signals_of,
    values_sql,
)

SPANS, LOGS = frozenset({Signal.SPANS}), frozenset({Signal.LOGS})


def measure(text: str) -> Measure:
    """The measure of a prediction."""
    return parse(f"{text} > 1").quantity.measure  # type: ignore[union-attr] # it is not of an onset


@pytest.mark.parametrize(
    ("relation", "text", "signals"),
    [
        ("lg_requests", "fails(issuer=ANZ)", SPANS),
        ("lg_spans", "fails(service=a)", SPANS),
        ("lg_served", "fails(service=a)", LOGS),
        ("lg_spans", "errors()", LOGS),
        ("lg_spans", "traffic(peer=db)", LOGS),
        ("lg_lines", "lines(level=error)", SPANS),
        ("lg_points", "metric(cpu)", SPANS),
    ],
)
def test_what_a_measure_reads(relation: str, text: str, signals: frozenset[Signal]) -> None:
    """Requests where they enter; spans of who answers or is called, where there are spans."""
    assert relation == relation_of(measure(text), signals)


def test_every_relation_comes_from_signals() -> None:
    """Requests from spans, or from lines that are of requests."""
    assert (Signal.SPANS, Signal.LOGS) == signals_of("lg_requests")
    assert (Signal.SPANS,) == signals_of("lg_spans")


def test_values_are_bound_and_never_pasted() -> None:
    """Neither names nor values of a prediction are in the SQL."""
    rows = selected(measure('fails(""=x, a.b!="x\' OR 1")'.replace('""=x, ', "")), "lg_requests")

    assert "OR 1" not in measure_sql(measure("fails()"), rows)
    assert {"k0": "a.b", "v0": "x' OR 1"} == rows.parameters
    assert "v" not in column_of("lg_requests", "a'b", "k0").split()


def test_words_are_matched_in_their_order() -> None:
    """`<*>` stands for anything, and wildcards of the engine for themselves."""
    rows = selected(measure('lines("100% of <*> my_pool")'), "lg_lines")

    assert "%100\\%%of%my\\_pool%" == rows.parameters["subject"]


def test_presence_is_asked_at_the_place() -> None:
    """Of an attribute among the rows of the service; of the service among all that could be read."""
    sql, parameters = presence(Measure("errors", (Filter("service", "a"), Filter("plan", "x"))), "lg_spans")

    assert "seen1" in sql
    assert "service = {v0:String}" in sql.partition(" WHERE ")[2]
    assert "plan" not in sql
    assert "plan" == parameters["k1"]
    assert "key" in values_sql(Filter("plan", ""), "lg_spans")[1]
