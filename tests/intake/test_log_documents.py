"""Logs in one JSON document: arrays, CloudWatch, Elasticsearch, Loki."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from clouds import DATADOG_EVENT
from exported import MESSAGES, outline
from lastgood.decoding.input import Batch, Input, Reject, Settings
from lastgood.intake import log_documents, logs
from outcomes import outcome

SETTINGS = Settings(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), UTC)
EVENT = {"timestamp": 1795358460000, "message": "no stock", "level": "error"}


def read(content: str) -> list[dict[str, Any] | Reject]:
    """The events and the rejects."""
    given = Input(None, "<stdin>", content.encode())
    claim = log_documents.recognise(given)
    assert claim is not None
    found: list[dict[str, Any] | Reject] = []
    for item in log_documents.decode(given, claim, SETTINGS):
        if isinstance(item, Batch):
            found += item.rows.to_pylist()
        elif isinstance(item, Reject):
            found.append(item)
    return found


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "document",
    [
        [EVENT],
        {"logGroup": "shop", "logStream": "a", "logEvents": [EVENT]},
        {"events": [EVENT], "nextToken": "x"},
        {"took": 3, "hits": {"total": 1, "hits": [{"_id": "1", "_source": EVENT}]}},
        {
            "status": "success",
            "data": {
                "resultType": "streams",
                "result": [{"stream": {"level": "error"}, "values": [["1795358460000000000", "no stock"]]}],
            },
        },
    ],
)
def test_a_document_of_events_is_read(document: Any, indent: int | None) -> None:
    """The same event in five wrappings, on one line or many."""
    (row,) = read(json.dumps(document, indent=indent))

    assert isinstance(row, dict)
    assert ("no stock", 17) == (row["Body"], row["SeverityNumber"])
    assert datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == row["Timestamp"]


def test_of_a_document_that_is_cut_off_the_rest_is_read() -> None:
    """What cannot be read is a reject that says why."""
    row, reject = read(json.dumps([EVENT, EVENT])[:-5])

    assert isinstance(row, dict)
    assert isinstance(reject, Reject)
    assert "not JSON" in reject.reason


def test_one_value_that_cannot_be_read_costs_only_itself() -> None:
    """A number of more digits than can be read, in the middle of an array."""
    broken = json.dumps([EVENT, EVENT | {"n": 0}, EVENT]).replace('"n": 0', '"n": ' + "9" * 4301)
    found = read(broken)

    assert [False, False, True] == [isinstance(one, Reject) for one in found]


def test_several_objects_on_a_line_are_events() -> None:
    """End to end, with or without something between."""
    for between in ("", " ", "\n", ", "):
        line = between.join([json.dumps(EVENT)] * 3)
        assert 3 == len(outcome(line.encode(), "x.json").rows["otel_logs"])


def test_other_documents_are_left_alone() -> None:
    """No time or no message: not a log; and its lines are none either."""
    for document in ([{"a": 1}], {"spans": [EVENT]}, []):
        given = Input(None, "<stdin>", json.dumps(document, indent=1).encode())
        assert log_documents.recognise(given) is None
        assert logs.recognise(given) is None


def test_a_stream_that_is_longer_than_what_is_looked_at_is_recognised() -> None:
    """By its labels and the first of its pairs."""
    pairs = [[str(1795358460000000000 + n), f"order {n} has no stock " + "x" * 90] for n in range(4000)]
    whole = {
        "status": "success",
        "data": {"resultType": "streams", "result": [{"stream": {"app": "shop"}, "values": pairs}]},
    }
    found = outcome(json.dumps(whole).encode(), "answer.json")
    assert 4000 == len(found.rows["otel_logs"])
    assert {"shop"} == {row["ServiceName"] for row in found.rows["otel_logs"]}


def test_a_stream_of_a_task_names_its_container() -> None:
    """As CloudWatch lists the events of a group without saying which."""
    event = EVENT | {"logStreamName": f"ecs/pay-api/{'0a' * 16}"}
    (row,) = read(json.dumps({"events": [event]}))
    assert not isinstance(row, Reject)
    assert "pay-api" == row["ServiceName"]


@pytest.mark.parametrize("indent", [None, 2])
def test_tables_as_azure_answers(indent: int | None) -> None:
    """Columns and rows apart."""
    columns = [
        {"name": name, "type": "string"}
        for name in ("timestamp", "message", "severityLevel", "cloud_RoleName")
    ]
    rows = [[f"2026-11-22T14:41:0{n}Z", f"no answer {n}", 3, "pay"] for n in range(3)]
    answer = {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}]}
    found = outcome(json.dumps(answer, indent=indent).encode(), "query.json").rows["otel_logs"]
    assert [("pay", f"no answer {n}", 17) for n in range(3)] == [
        (row["ServiceName"], row["Body"], row["SeverityNumber"]) for row in found
    ]


def test_objects_over_several_lines_each() -> None:
    """As jq prints them: end to end, and one alone."""
    events = [
        {"timestamp": f"2026-11-22T14:41:0{n}Z", "level": "error", "message": f"no stock {n}"}
        for n in range(3)
    ]
    text = "\n".join(json.dumps(one, indent=2) for one in events)
    assert [f"no stock {n}" for n in range(3)] == [
        row["Body"] for row in outcome(text.encode(), "a.json").rows["otel_logs"]
    ]

    (alone,) = outcome(json.dumps(events[0], indent=4).encode(), "a.json").rows["otel_logs"]
    assert "no stock 0" == alone["Body"]


def test_events_of_services_of_ecs() -> None:
    """As describe-services prints them."""
    event = {"id": "e", "createdAt": "2026-11-22T14:41:00Z", "message": "(service pay) has started 1 tasks."}
    (row,) = outcome(
        json.dumps({"services": [{"serviceName": "pay", "events": [event]}]}).encode(), "ecs.json"
    ).rows["otel_logs"]
    assert "pay" == row["ServiceName"]


def test_a_document_whose_events_are_not_found_says_so() -> None:
    """Its beginning looked as if it had some."""
    content = (
        b'{"other": {"events": [{"timestamp": "2026-11-22T14:41:00Z", "level": "error", "message": "x"}]}}'
    )
    found = outcome(content, "x.json")
    assert found.balanced
    assert found.rows.get("otel_logs") or found.rejects


def test_an_event_of_datadog_is_what_its_attributes_say() -> None:
    """As the search of its API gives it."""
    (row,) = outcome(json.dumps({"data": [DATADOG_EVENT]}).encode(), "logs-01.json").rows["otel_logs"]

    assert ("web", "no connection", 17) == (row["ServiceName"], row["Body"], row["SeverityNumber"])
    assert "500" == dict(row["LogAttributes"])["http.response.status_code"]


def _consoles(message: str) -> dict[str, Any]:
    """The answers of consoles that hold a message."""
    at, number = "2026-11-22T14:41:00Z", 1795358460000
    pairs = [
        {"field": "@timestamp", "value": "2026-11-22 14:41:00.000"},
        {"field": "@message", "value": message},
    ]
    return {
        "CloudWatch Insights": {"results": [[*pairs, {"field": "@log", "value": "1:/ecs/pay"}]] * 3, "status": "Complete"},
        "pairs alone": [[*pairs, {"field": "@log", "value": "1:/ecs/pay"}]] * 3,
        "CloudWatch": {"logGroup": "/ecs/pay", "events": [{"timestamp": number, "message": message, "ingestionTime": number}] * 3},
        "Datadog": {"data": [{"type": "log", "attributes": {"status": "info", "service": "pay", "message": message, "timestamp": at}}] * 3},
        "Grafana": [{"line": message, "timestamp": f"{number}000000", "date": at, "fields": {"app": "pay", "detected_level": "unknown"}}] * 3,
        "Loki": {"data": {"result": [{"stream": {"app": "pay"}, "values": [[f"{number}000000", message]] * 3}]}},
        "Splunk": {"results": [{"_raw": message, "_time": at, "host": "web-1", "source": "/var/log/pay/app.log", "sourcetype": "app"}] * 3},
        "Azure": [{"TableName": "PrimaryResult", "TimeGenerated": at, "Log_s": message, "ContainerAppName_s": "pay"}] * 3,
        "Google": [{"timestamp": at, "severity": "DEFAULT", "textPayload": message, "resource": {"labels": {"container_name": "pay"}}}] * 3,
        "New Relic": {"data": {"actor": {"account": {"nrql": {"results": [{"timestamp": number, "message": message, "entity.name": "pay"}] * 3}}}}},
        "New Relic's older": {"results": [{"events": [{"timestamp": number, "message": message, "entity.name": "pay"}] * 3}]},
        "Datadog's older": {"logs": [{"id": "a", "content": {"timestamp": at, "service": "pay", "message": message}}] * 3},
        "Sumo": {"messages": [{"map": {"_messagetime": str(number), "_raw": message, "app": "pay"}}] * 3},
        "Kibana": {"hits": {"hits": [{"_source": {"@timestamp": at, "message": message, "service": {"name": "pay"}}}] * 3}},
    }  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("console", _consoles(""))
def test_a_message_in_a_document_says_what_it_says_as_a_line(console: str, message: str) -> None:
    """Status, duration and level; the time and whose it is are those of the document."""
    found = outcome(json.dumps(_consoles(message)[console], indent=1).encode(), "export.json")

    assert 3 == len(found.rows["otel_logs"])
    for row in found.rows["otel_logs"]:
        assert MESSAGES[message] == outline(row)
        assert (datetime(2026, 11, 22, 14, 41, tzinfo=UTC), "pay") == (
            row["Timestamp"].to_pydatetime(), row["ServiceName"]
        )  # fmt: skip


def test_what_lies_too_deep_is_not_looked_for() -> None:
    """A document of a thousand levels ends."""
    for name, inner in (("data", '{"data":'), ("events", '{"events":[')):
        deep = inner * 900 + json.dumps([EVENT]) + ("}" if name == "data" else "]}") * 900
        found = outcome(f'{{"results": [{json.dumps(EVENT)}], "x": {deep}}}'.encode(), "x.json")
        assert 1 == len(found.rows["otel_logs"])
