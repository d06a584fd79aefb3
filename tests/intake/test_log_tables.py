"""Logs under a header: each row is an event, whatever the columns are called."""

import csv
import io
from datetime import UTC, datetime

import pytest

from exported import MESSAGES, outline
from lastgood.decoding.input import Input
from lastgood.intake import log_tables
from outcomes import outcome


def test_rows_are_events() -> None:
    """The time that says its zone, the level, whose it is; an empty cell is nothing, a text may have many lines."""
    found = outcome(
        b"time,timestamp,container_name,message,level,userId\n"
        b"2026-11-22 15:00:00,1795356000000000001,cart,no stock,error,7\n"
        b'2026-11-22 15:00:01,1795356001000000000,web,"two\nlines",info,\n'
    )

    assert "log table" == found.claim.format
    assert found.balanced
    first, second = found.rows["otel_logs"]
    assert ("cart", "no stock", 17, "7") == (
        first["ServiceName"], first["Body"], first["SeverityNumber"], dict(first["LogAttributes"])["user.id"]
    )  # fmt: skip
    assert (1795356000000000001, "two\nlines") == (first["Timestamp"].value, second["Body"])
    assert "user.id" not in dict(second["LogAttributes"])


def test_a_pod_says_whose_an_event_is() -> None:
    """Where the event does not; what it says of itself goes first."""
    found = outcome(
        b"time,pod,service,message\n2026-11-22T14:00:00Z,cart-5f6585d649-fnmft,,a\n"
        b"2026-11-22T14:00:01Z,cart-5f6585d649-fnmft,shop,b\n"
    )

    assert ["cart", "shop"] == [row["ServiceName"] for row in found.rows["otel_logs"]]


def test_rows_of_an_access_log() -> None:
    """Requests need no message; how long one took has the unit that its column names."""
    found = outcome(
        b"@timestamp\tservice\tmethod\tpath\tstatus\tduration_ms\n"
        b"2026-11-22T14:00:00Z\tweb\tGET\t/cart\t502\t12.5\n2026-11-22T14:00:01Z\tweb\tGET\t/cart\t200\t3\n"
    )

    reported = dict(found.rows["otel_logs"][0]["LogAttributes"])
    assert ("502", "12500000") == (reported["http.response.status_code"], reported["lg.duration_ns"])


def test_a_row_of_another_length_is_a_reject() -> None:
    """It is kept, with its line."""
    found = outcome(
        b"time,level,message\n" + b"2026-11-22T14:00:00Z,info,a\n" * 60 + b"2026-11-22T14:00:02Z,info\n"
    )

    assert [62] == [reject.line for reject in found.rejects]
    assert (62, 60, 1, 0) == found.tally


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"time,cpu\n2026-11-22T14:00:00Z,3\n",
        b"level,message\ninfo,hello\n",
        b"time,message\nsoon,hello\n",
        b"trace_id,span_id,timestamp,status\n1,2,2026-11-22T14:00:00Z,200\n",
    ],
)
def test_what_is_no_table_of_logs(content: bytes) -> None:
    """No message, no time, or spans."""
    assert None is log_tables.recognise(Input(None, "x", content))


EVENT_VIEWER = (
    b'"Level","Date and Time","Source","Event ID","Task Category"\r\n'
    b'"Error","11/22/2026 2:41:00 PM","Service Control Manager","7031","None","The Checkout service terminated."\r\n'
)
KIBANA = (
    b'"@timestamp","message","log.level","service.name"\n"Nov 22, 2026 @ 14:41:00.000","no","error","pay"\n'
)
DATADOG = b"Date,Host,Service,Message,Status\n2026-11-22T14:41:00.000Z,web-1,pay,no,error\n"
LOKI = (
    b'"labels","Time","Line","tsNs","id"\n'
    b'"{""app"":""pay"",""level"":""error""}","2026-11-22 15:41:00.000","no","1795358460000000000","1"\n'
)
SPLUNK = b'"_time","_raw",host,"log_level"\n"2026-11-22T14:41:00.000+0000","no",web-1,ERROR\n'
INSIGHTS = (
    b'@timestamp,@message,@logStream\n2026-11-22 14:41:00.000,"{""level"":""error"",""msg"":""no""}",pay/1\n'
)
AZURE = (
    b'"TimeGenerated [UTC]",Message,SeverityLevel,AppRoleName\n"11/22/2026, 2:41:00.000 PM",no,Error,pay\n'
)


@pytest.mark.parametrize("content", [EVENT_VIEWER, KIBANA, DATADOG, LOKI, SPLUNK, INSIGHTS, AZURE])
def test_exports_of_consoles_are_read(content: bytes) -> None:
    """Each under the names and with the times of its console."""
    found = outcome(content, "export.csv")
    (row,) = found.rows["otel_logs"]

    assert found.balanced
    assert datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == row["Timestamp"].to_pydatetime()
    assert 17 == row["SeverityNumber"]
    assert row["Body"] in {"no", "The Checkout service terminated."}


def test_the_dates_of_a_table_are_read_as_their_neighbours_tell() -> None:
    """Two days that follow each other, rather than two months."""
    rows = b'"05/11/2026 23:59:00","Error","down"\n"06/11/2026 00:01:00","Information","up"\n'

    found = outcome(b'"Date","Level","Message"\n' + rows, "till.csv").rows["otel_logs"]

    assert [(11, 5), (11, 6)] == [(row["Timestamp"].month, row["Timestamp"].day) for row in found]


OF_AZURE = "/subscriptions/1/resourcegroups/shop/providers/microsoft.web/sites/pay"
CONSOLES = {
    "CloudWatch Insights": {"@timestamp": "2026-11-22 14:41:00.000", "@message": "", "@logStream": "a/1", "@log": "1234:/ecs/pay"},
    "Kibana": {"@timestamp": "Nov 22, 2026 @ 14:41:00.000", "message": "", "kubernetes.container.name": "pay"},
    "Datadog": {"Date": "2026-11-22T14:41:00.000Z", "Host": "web-1", "Service": "pay", "Message": "", "Status": "info"},
    "Loki Explore": {"labels": '{"app":"pay","detected_level":"unknown"}', "Time": "2026-11-22 15:41:00.000", "Line": "", "tsNs": "1795358460000000000"},
    "Grafana Inspect": {"timestamp": "1795358460000", "body": "", "severity": "unknown", "labels": '{"app":"pay"}'},
    "Splunk": {"_raw": "", "_time": "2026-11-22T14:41:00.000+0000", "host": "web-1", "source": "/var/log/pay/app.log", "sourcetype": "app", "index": "pay"},
    "Azure console logs": {"TimeGenerated [UTC]": "11/22/2026, 2:41:00.000 PM", "ResultDescription": "", "Level": "Informational", "_ResourceId": OF_AZURE},
    "Azure containers": {"TimeGenerated [UTC]": "11/22/2026, 2:41:00.000 PM", "LogEntry": "", "LogEntrySource": "stdout", "ContainerName": "pay"},
    "Google": {"timestamp": "2026-11-22T14:41:00Z", "severity": "DEFAULT", "textPayload": "", "resource.labels.container_name": "pay"},
    "Datadog's older": {"date": "2026-11-22T14:41:00.000Z", "Host": "web-1", "Service": "pay", "Content": ""},
    "Papertrail": {"id": "7", "generated_at": "2026-11-22T14:41:00Z", "received_at": "2026-11-22T14:41:09Z", "severity_name": "Info", "program": "pay", "message": ""},
    "New Relic": {"timestamp": "1795358460000", "message": "", "entity.name": "pay", "hostname": "web-1"},
}  # fmt: skip


def export(columns: dict[str, str], messages: list[str]) -> bytes:
    """A table as a console exports it, with the messages in the column that is empty."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows([value or message for value in columns.values()] for message in messages)
    return text.getvalue().encode()


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("console", CONSOLES)
def test_a_message_says_what_it_says_as_a_line(console: str, message: str) -> None:
    """Status, duration and level; the time and whose it is are those of the columns."""
    found = outcome(export(CONSOLES[console], [message] * 3), "export.csv")

    assert found.balanced
    for row in found.rows["otel_logs"]:
        assert MESSAGES[message] == outline(row)
        assert (datetime(2026, 11, 22, 14, 41, tzinfo=UTC), "pay") == (
            row["Timestamp"].to_pydatetime(), row["ServiceName"]
        )  # fmt: skip


def test_what_columns_say_goes_before_what_the_message_says() -> None:
    """The service, the level, the status; a level below a warning is what consoles put where they know none."""
    message = '{"level": "warn", "msg": "no answer", "service": "bank", "status": 504, "path": "/pay"}'
    columns = {"Date": "2026-11-22T14:41:00.000Z", "Service": "pay", "Message": "", "http.status_code": "502"}
    by_level = {
        status: outcome(export(columns | {"Status": status}, [message] * 3), "export.csv").rows["otel_logs"][
            0
        ]
        for status in ("error", "info")
    }

    assert [17, 13] == [row["SeverityNumber"] for row in by_level.values()]
    row = by_level["error"]
    reported = dict(row["LogAttributes"])
    assert ("pay", "no answer", "502", "/pay") == (
        row["ServiceName"], row["Body"], reported["http.response.status_code"], reported["url.path"]
    )  # fmt: skip


def test_a_name_that_a_group_is_called_after_goes_behind_the_messages_own() -> None:
    """A group of logs is named for where they are kept."""
    message = '{"level": "warn", "msg": "no answer", "service": "pay-api"}'
    rows = outcome(export(CONSOLES["CloudWatch Insights"], [message, "plain"]), "export.csv").rows[
        "otel_logs"
    ]

    assert ["pay-api", "pay"] == [row["ServiceName"] for row in rows]
