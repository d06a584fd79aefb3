"""Prometheus' answers to queries: matrices, vectors, several in one file, errors."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Claim
from lastgood.intake import prometheus
from outcomes import outcome

LABELS = {"__name__": "http_requests_total", "job": "cart", "instance": "10.0.0.1:80", "code": "503"}


def _answer(kind: str, result: Any) -> bytes:
    return orjson.dumps({"status": "success", "data": {"resultType": kind, "result": result}})


def test_a_matrix_of_a_counter() -> None:
    """A name that ends in _total is a cumulative sum; labels become service, resource and attributes."""
    values = [[1700000000, "1"], [1700000060.5, "3"], [1700000120, "NaN"]]
    found = outcome(_answer("matrix", [{"metric": LABELS, "values": values}]))

    assert ("prometheus matrix", (3, 2, 0, 0)) == (found.claim.format, found.tally)
    assert "stale" in found.rejects[0].reason
    first, second = found.rows["otel_metrics_sum"]
    assert ("cart", "http_requests_total", 1.0, True, 2) == (
        first["ServiceName"], first["MetricName"], first["Value"], first["IsMonotonic"], first["AggregationTemporality"],
    )  # fmt: skip
    assert {"job": "cart", "code": "503"} == dict(first["Attributes"])
    assert {"service.name": "cart", "service.instance.id": "10.0.0.1:80"} == dict(first["ResourceAttributes"])
    assert 60_500_000_000 == second["TimeUnix"].value - first["TimeUnix"].value


def test_several_answers_in_one_file() -> None:
    """A vector and a scalar end to end, spread over lines; an expression is named by the file."""
    vector = _answer("vector", [{"metric": {"pod": "cart-5f66d8c6b9-x7k2p"}, "value": [1700000000, "0.5"]}])
    content = (
        vector
        + b"\n"
        + orjson.dumps(orjson.loads(_answer("scalar", [1700000000, "2"])), option=orjson.OPT_INDENT_2)
    )
    found = outcome(content, "error_rate.json")

    names = [
        (row["MetricName"], row["ServiceName"], row["Value"]) for row in found.rows["otel_metrics_gauge"]
    ]
    assert [("error_rate", "cart", 0.5), ("error_rate", "", 2.0)] == names


def test_an_error_is_reported() -> None:
    """The reason that Prometheus gave is the reject's."""
    found = outcome(b'{"status":"error","errorType":"bad_data","error":"parse error at char 3"}')

    assert "parse error at char 3" in found.rejects[0].reason
    assert found.balanced


def test_an_answer_that_is_cut_off() -> None:
    """The document is one reject when nothing of it is whole."""
    found = outcome(_answer("matrix", [{"metric": LABELS, "values": [[1700000000, "1"]]}])[:-4])

    assert found.balanced
    assert found.rejects


@given(st.recursive(st.none() | st.floats() | st.text("1a"), lambda i: st.lists(i) | st.dictionaries(
    st.sampled_from(["data", "result", "resultType", "metric", "values", "value"]), i), max_leaves=15))  # fmt: skip
def test_nothing_crashes(value: Any) -> None:
    """Any JSON in the place of an answer, of a result and of a series."""
    claim = Claim("prometheus matrix", 1, "")
    for content in (
        orjson.dumps(value),
        _answer("matrix", value),
        _answer("vector", [value, {"metric": {}, "values": value}]),
    ):
        assert outcome(content, by=(prometheus.SOURCE, claim)).balanced
