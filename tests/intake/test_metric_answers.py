"""Series as monitoring systems answer in JSON."""

import json
from typing import Any

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import metric_answers
from outcomes import outcome


def points(document: Any, name: str = "export.json") -> list[tuple[str, str, float, str]]:
    """Service, metric, value and unit of every point."""
    found = outcome(json.dumps(document).encode(), name)
    assert [] == found.rejects
    return [
        (row["ServiceName"], row["MetricName"], row["Value"], row["MetricUnit"])
        for rows in found.rows.values()
        for row in rows
    ]


def test_whose_a_series_is() -> None:
    """By its labels, its host, its name, or the name of the file."""
    series = {
        "metric": "system.cpu.user",
        "unit": [{"name": "percent"}, None],
        "pointlist": [[1794304920000.0, 12.0], [1794304980000.0, None]],
    }
    labelled = {"series": [{**series, "tag_set": ["service:cart", "host:web-2"]}]}
    of_host = {"series": [{**series, "scope": "host:web-2,env:prod"}]}
    of_none = {"series": [{**series, "scope": "*"}]}

    assert [("cart", "system.cpu.user", 12.0, "%")] == points(labelled)
    assert [("web-2", "system.cpu.user", 12.0, "%")] == points(of_host)
    assert [("ledger", "system.cpu.user", 12.0, "%")] == points(of_none, "ledger-cpu.json")


def test_broken_values_cost_only_themselves() -> None:
    """A time that is none is a reject; what is no answer at all, too."""
    found = outcome(b'[{"target":"a.b","datapoints":[[1,1794304920],[2,"x"]]},{"target":"c","datapoints":7}]')
    assert 1 == len(found.rows["otel_metrics_gauge"])
    assert found.balanced
    assert found.rejects


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"series":[]}',
        b'{"time":"2026-11-10T10:02:00Z","msg":"x"}',
        b"target,datapoints\n",
    ],
)
def test_what_is_no_answer(content: bytes) -> None:
    """Other JSON and other texts."""
    assert None is metric_answers.recognise(Input(None, "x", content))
