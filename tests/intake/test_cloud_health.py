"""The health of machines and services as clouds tell it, and what clouds do to them."""

import json
from datetime import UTC, datetime
from typing import Any

from outcomes import outcome

INSTANCE = {
    "AvailabilityZone": "eu-west-1a", "InstanceId": "i-1234567890abcdef0", "InstanceState": {"Code": 16, "Name": "running"},
    "Events": [
        {"InstanceEventId": "instance-event-1", "Code": "instance-retirement", "Description": "The instance is running on degraded hardware",
         "NotBefore": "2026-11-22T14:00:00+00:00"},
        {"InstanceEventId": "instance-event-2", "Code": "system-reboot", "Description": "[Canceled] scheduled reboot",
         "NotBefore": "2026-11-22T14:10:00+00:00", "NotAfter": "2026-11-22T14:20:00+00:00"},
    ],
    "SystemStatus": {"Details": [{"ImpairedSince": "2026-11-22T14:40:00.000Z", "Name": "reachability", "Status": "failed"}], "Status": "impaired"},
    "InstanceStatus": {"Details": [{"Name": "reachability", "Status": "passed"}], "Status": "ok"},
}  # fmt: skip
ISSUE = {
    "arn": "arn:aws:health:eu-west-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/1", "service": "EC2", "eventTypeCode": "AWS_EC2_OPERATIONAL_ISSUE",
    "eventTypeCategory": "issue", "region": "eu-west-1", "startTime": 1795358460.123, "endTime": "2026-11-22T14:50:00+00:00", "statusCode": "closed",
}  # fmt: skip
NOTICE = {**ISSUE, "arn": "b", "eventTypeCode": "AWS_EC2_NEWS", "eventTypeCategory": "accountNotification"}
OPERATION = {
    "id": "123", "kind": "compute#operation", "operationType": "compute.instances.hostError", "user": "system", "status": "DONE",
    "targetLink": "https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b/instances/web-1",
    "zone": "https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b", "statusMessage": "Instance terminated by Compute Engine.",
    "insertTime": "2026-11-22T06:41:00-08:00", "startTime": "2026-11-22T06:41:01-08:00", "endTime": "2026-11-22T06:41:30-08:00",
}  # fmt: skip
TABLE = b"""NAME                TYPE                         TARGET                          HTTP_STATUS  STATUS  TIMESTAMP
systemevent-1795-1  compute.instances.hostError  europe-west1-b/instances/web-1  200          DONE    2026-11-22T06:41:01-08:00
operation-1795-2    insert                       europe-west1-b/instances/web-2  200          DONE    soon
"""
PLACE = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/virtualMachines"
STATUS = "Microsoft.ResourceHealth/AvailabilityStatuses"


def status(name: str, **properties: Any) -> dict[str, Any]:
    """An availability status of a machine."""
    place = f"{PLACE}/{name}/providers/Microsoft.ResourceHealth/availabilityStatuses/current"
    return {"id": place, "type": STATUS, "location": "westeurope", "properties": properties}


def told(given: object) -> list[tuple[str, str, str, str]]:
    """The changes that a document tells: title, service, begin, end."""
    found = outcome(given if isinstance(given, bytes) else json.dumps(given).encode(), "a file")
    assert found.balanced
    assert {"infrastructure"} == {row["Kind"] for row in found.rows["lg_changes"]}
    return [
        (row["Title"], row["Service"], f"{row['Timestamp']:%H:%M:%S}", f"{row['EndTimestamp']:%H:%M:%S}")
        for row in found.rows["lg_changes"]
    ]


def test_an_instance_is_impaired_since_and_will_be_retired() -> None:
    """What is called off is not in force."""
    assert [
        ("i-1234567890abcdef0: system status impaired, reachability failed", "", "14:40:00", "14:40:00"),
        ("instance-retirement of i-1234567890abcdef0: The instance is running on degraded hardware", "", "14:00:00", "14:00:00"),
        ("system-reboot of i-1234567890abcdef0: [Canceled] scheduled reboot", "", "14:10:00", "14:20:00"),
    ] == told({"InstanceStatuses": [INSTANCE]})  # fmt: skip
    *_, off = outcome(json.dumps({"InstanceStatuses": [INSTANCE]}).encode(), "a").rows["lg_changes"]
    assert ("canceled", "i-1234567890abcdef0") == (off["State"], dict(off["Attributes"])["host.id"])


def test_an_issue_of_aws_is_an_event_and_a_notification_a_line() -> None:
    """With the words of its details where there are any."""
    detailed = {"event": ISSUE, "eventDescription": {"latestDescription": "We are investigating.\n\nMore."}}

    assert [("AWS_EC2_OPERATIONAL_ISSUE", "ec2", "14:41:00", "14:50:00")] == told({"events": [ISSUE, NOTICE]})
    assert ["AWS_EC2_OPERATIONAL_ISSUE: We are investigating."] == [
        one[0] for one in told({"successfulSet": [detailed]})
    ]
    (line,) = outcome(json.dumps({"events": [ISSUE, NOTICE]}).encode(), "a").rows["otel_logs"]
    assert "AWS_EC2_NEWS" == line["Body"]


def test_an_operation_of_compute_engine_is_of_its_machine() -> None:
    """As JSON and as a table, where a row without a time is a reject."""
    title = "hostError of web-1"

    assert [(f"{title}: Instance terminated by Compute Engine.", "web-1", "14:41:01", "14:41:30")] == told(
        [OPERATION]
    )
    assert [(title, "web-1", "14:41:01", "14:41:01")] == told(TABLE)
    (reject,) = outcome(TABLE, "operations.txt").rejects
    assert 3 == reject.line


def test_azure_says_what_is_and_was_not_available() -> None:
    """In both spellings of its times; what is well is a line; an event is from its impact to its mitigation."""
    gone = status(
        "vm1",
        availabilityState="Unavailable",
        summary="It is not available",
        occuredTime="2026-11-22T14:40:00Z",
    )
    resolved = {
        "unavailableOccurredTime": "2026-11-22T14:20:00Z",
        "resolvedTime": "2026-11-22T14:50:00Z",
        "unavailabilitySummary": "rebooted",
    }
    back = status(
        "vm2", availabilityState="Available", occurredTime="2026-11-22T14:50:00Z", recentlyResolved=resolved
    )
    well = status(
        "vm3", availabilityState="Available", summary="no known problems", occurredTime="2026-11-22T10:00:00Z"
    )
    event = {
        "id": "/subscriptions/s/providers/Microsoft.ResourceHealth/events/X", "name": "X", "type": "Microsoft.ResourceHealth/events",
        "properties": {"eventType": "ServiceIssue", "title": "SQL in West Europe", "status": "Resolved", "impactStartTime": "2026-11-22T14:35:00Z",
                       "impactMitigationTime": "2026-11-22T14:55:00Z"},
    }  # fmt: skip
    document = {"value": [gone, back, well, event]}

    assert [
        ("vm1: It is not available", "vm1", "14:40:00", "14:40:00"), ("vm2: rebooted", "vm2", "14:20:00", "14:50:00"),
        ("SQL in West Europe", "", "14:35:00", "14:55:00"),
    ] == told(document)  # fmt: skip
    (line,) = outcome(json.dumps(document).encode(), "a").rows["otel_logs"]
    assert ("vm3: no known problems", datetime(2026, 11, 22, 10, tzinfo=UTC)) == (
        line["Body"],
        line["Timestamp"].to_pydatetime(),
    )
