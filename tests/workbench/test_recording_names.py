"""Names in rows."""

import pyarrow as pa

from lastgood.algorithms.anonymous import Anonymous
from lastgood.telemetry.tables import CHANGES, LOGS, SPANS
from lastgood.workbench.recording_names import without_names
from records import START


def test_names_are_replaced_wherever_they_stand() -> None:
    """In attributes, events, messages, titles and actors; addresses of pages are dropped; a slice of a table counts as it is."""
    spans = SPANS.rows(
        {
            "Timestamp": [START, START],
            "ServiceName": ["acme-web", "acme-web"],
            "StatusMessage": ["", "no account acme-south"],
            "SpanAttributes": [[("tenant", "none-of-it")], [("tenant", "acme-south"), ("n", "1")]],
            "Events.Timestamp": [[], [START]],
            "Events.Name": [[], ["exception"]],
            "Events.Attributes": [
                [],
                [[("user.id", "u-4711"), ("exception.message", "u-4711 of acme-south")]],
            ],
        }
    )
    changes = CHANGES.rows(
        {"Timestamp": [START], "Actor": ["anna"], "Title": ["asked by anna"], "Url": ["https://acme-south"]}
    )
    found = without_names({"s": pa.concat_tables([spans]).slice(1), "c": changes}, Anonymous({"acme-web"}))
    span, change = found["s"].to_pylist()[0], found["c"].to_pylist()[0]

    assert ("acme-web", "no account customer-1") == (span["ServiceName"], span["StatusMessage"])
    assert [("tenant", "customer-1"), ("n", "1")] == span["SpanAttributes"]
    assert [[("user.id", "user-1"), ("exception.message", "user-1 of customer-1")]] == span[
        "Events.Attributes"
    ]
    assert ("person-1", "asked by person-1", "") == (change["Actor"], change["Title"], change["Url"])


def test_names_of_events_and_what_only_events_name() -> None:
    """What an event of a span names is replaced in every table, also in those that come before."""
    logs = LOGS.rows({"Timestamp": [START], "Body": ["order of u-4711"]})
    spans = SPANS.rows(
        {
            "Timestamp": [START],
            "Events.Timestamp": [[START]],
            "Events.Name": [["log-in of kim@example.com"]],
            "Events.Attributes": [[[("user.id", "u-4711")]]],
        }
    )
    found = without_names({"l": logs, "s": spans}, Anonymous())

    assert "order of user-1" == found["l"].to_pylist()[0]["Body"]
    assert ["log-in of person-1"] == found["s"].to_pylist()[0]["Events.Name"]
