"""What clouds say of the health of machines and services, and of what they do to them.

`aws ec2 describe-instance-status`, `aws health describe-events` and `describe-event-details`, `gcloud compute operations list`
(JSON and its table), and Azure's resource health: its availability statuses and its events. Each is a change of the
infrastructure from its start to its end; what is well or only announced by a notification is a log line.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.algorithms.identity import called
from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.tables.aligned import headings, rows
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.attributes import HOST_NAME, REGIONS, ZONES
from lastgood.model.signal import Signal

_OPERATIONS = "gcloud operations"
_HEADS = frozenset(["NAME", "TYPE", "TARGET", "STATUS", "TIMESTAMP"])
_LISTS = ("InstanceStatuses", "events", "successfulSet", "value")
_STATUSES = ("SystemStatus", "InstanceStatus", "AttachedEbsStatus")
_CALLED_OFF = "[Canceled]"  # before a description


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are of one of these, or the headings of the table of operations."""
    for row in glimpses(given, 4):
        for name, known in (("EC2 instance status", _is_status), ("AWS Health", _is_health), (_OPERATIONS, _is_operation), ("Azure resource health", _is_azure)):  # fmt: skip
            if known(row):
                return Claim(name, 0.97, f"its first object is of {name}")
    first = next(iter(given.head[:4096].decode("utf-8-sig", "replace").strip().splitlines()), "")
    if set(headings(first)) >= _HEADS:
        return Claim(_OPERATIONS, 0.97, "it has the headings of gcloud compute operations list")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each event and each thing that is not well."""
    del settings
    if claim.format == _OPERATIONS and given.head.lstrip()[:1] not in {b"[", b"{"}:
        return _table(given)
    return decoded(given, _LISTS, _rows)


def _table(given: Input) -> Decoded:
    with given.open() as stream:
        content, problem = read_whole(stream)
    table, header = Rows(), ""
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip() or set(headings(line)) >= _HEADS:
            header = line if line.strip() else header
            yield Tally(1, continuations=int(bool(line.strip())), blanks=int(not line.strip()))
            continue
        try:
            table.add(*_listed(rows(header, [line])[0]), number)
        except BAD as wrong:
            yield Reject(number, f"not understood: {wrong}", line[:REJECT_TEXT])
            yield Tally(1)
            continue
        yield Tally(1, 1)
        yield from table.full()
    yield from table.rest()
    if problem is not None:
        raise problem


def _listed(row: Mapping[str, str]) -> Row:
    return _operation(
        {
            "name": row["NAME"], "operationType": row["TYPE"], "targetLink": row["TARGET"], "startTime": row["TIMESTAMP"],
            "status": row["STATUS"], "zone": row["TARGET"].partition("/")[0],
        }
    )  # fmt: skip


def _is_status(row: Mapping[str, Any]) -> bool:
    return "InstanceId" in row and any(name in row for name in _STATUSES)


def _is_health(row: Mapping[str, Any]) -> bool:
    event = row.get("event") if isinstance(row.get("event"), Mapping) else row
    return bool(inside(event, "eventTypeCode")) and bool(inside(event, "eventTypeCategory"))


def _is_operation(row: Mapping[str, Any]) -> bool:
    return row.get("kind") == "compute#operation" and "operationType" in row


def _is_azure(row: Mapping[str, Any]) -> bool:
    return str(row.get("type") or "").lower().startswith("microsoft.resourcehealth/")


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    if _is_status(row):
        yield from _instance(row)
    elif _is_health(row):
        yield _event_of_aws(row)
    elif _is_operation(row):
        yield _operation(row)
    elif _is_azure(row):
        yield from _azure(row)
    elif any(row.get(name) == [] for name in _LISTS):
        return
    else:
        raise ValueError("it is no status, event or operation of a cloud")


def _instance(row: Mapping[str, Any]) -> Iterator[Row]:
    """What is impaired of an instance since when, and what its provider plans to do with it."""
    name, zone = str(row["InstanceId"]), row.get("AvailabilityZone")
    about = {"host.id": name, ZONES[0]: zone}
    for part in _STATUSES:
        for held in inside(row, part, "Details") or ():
            if held.get("ImpairedSince"):
                what = part.removesuffix("Status") or "status"
                yield change(
                    "infrastructure", at(held["ImpairedSince"]), id=f"{name}/{part}/{held['ImpairedSince']}", state="impaired",
                    title=f"{name}: {what.lower()} status impaired, {held.get('Name')} {held.get('Status')}", source="aws", attributes=about,
                )  # fmt: skip
    for event in row.get("Events") or ():
        words = str(event.get("Description") or event.get("Code"))
        yield change(
            "infrastructure", at(event["NotBefore"]), until=at(event["NotAfter"]) if event.get("NotAfter") else None, source="aws",
            id=event.get("InstanceEventId") or f"{name}/{event.get('Code')}/{event['NotBefore']}", attributes=about,
            title=f"{event.get('Code')} of {name}: {words}", state="canceled" if words.startswith(_CALLED_OFF) else "",
        )  # fmt: skip


def _event_of_aws(row: Mapping[str, Any]) -> Row:
    """An event of AWS Health; with its words where there are details."""
    event: Mapping[str, Any] = row["event"] if isinstance(row.get("event"), Mapping) else row
    code, product = str(event["eventTypeCode"]), str(event.get("service") or "").lower()
    words = str(inside(row, "eventDescription", "latestDescription") or "").strip().partition("\n")[0]
    title, start = f"{code}: {words}" if words else code, at(event["startTime"])
    about = {
        REGIONS[0]: event.get("region"),
        ZONES[0]: event.get("availabilityZone"),
        "aws.health.category": event["eventTypeCategory"],
    }
    if event["eventTypeCategory"] == "accountNotification":
        return logged(title, start, service=product, source="aws", attributes=about)
    return change(
        "infrastructure", start, until=at(event["endTime"]) if event.get("endTime") else None, id=event.get("arn"), service=product,
        title=title, state=event.get("statusCode"), source="aws", attributes=about,
    )  # fmt: skip


def _operation(row: Mapping[str, Any]) -> Row:
    """An operation of Compute Engine on what its link names last."""
    target, word = str(row.get("targetLink") or "").rpartition("/")[2], str(row["operationType"])
    start, end = row.get("startTime") or row.get("insertTime"), row.get("endTime")
    words = str(row.get("statusMessage") or inside(row, "error", "errors") or "")
    return change(
        "infrastructure", at(start), until=at(end) if end else None, id=str(row.get("id") or row.get("name") or ""), service=called(target),
        title=f"{word.rpartition('.')[2]} of {target}{words and f': {words}'}", actor=row.get("user"), source="gcloud",
        state="failed" if row.get("error") else "",
        attributes={HOST_NAME: target, ZONES[0]: str(row.get("zone") or "").rpartition("/")[2], "gcp.operation": word},
    )  # fmt: skip


def _azure(row: Mapping[str, Any]) -> Iterator[Row]:
    """A resource that is not available, one that was not lately, or an event of the platform."""
    held = row.get("properties") or {}
    path = str(row.get("id") or "").partition("/providers/Microsoft.ResourceHealth")[0]
    name, words = path.rpartition("/")[2], str(held.get("summary") or held.get("title") or "").strip()
    about = {"azure.resource": path, REGIONS[0]: row.get("location"), "reason": held.get("reasonType")}
    if start := held.get("impactStartTime"):
        end = held.get("impactMitigationTime")
        yield change(
            "infrastructure", at(start), until=at(end) if end else None, id=row.get("name"), title=held.get("title") or words,
            state=held.get("status"), source="azure", attributes={**about, "azure.event": held.get("eventType")},
        )  # fmt: skip
        return
    state = str(held.get("availabilityState") or "")
    was = held.get("recentlyResolved") or {}
    for begun, ended, text in (
        (_time(held, "occur{}edTime", "") if state not in {"", "Available", "Unknown"} else "", "", words),
        (
            _time(was, "unavailableOccur{}edTime", ""),
            was.get("resolvedTime"),
            str(was.get("unavailabilitySummary") or "was not available"),
        ),
    ):
        if begun:
            yield change(
                "infrastructure", at(begun), until=at(ended) if ended else None, id=f"{path}/{begun}", service=name,
                title=f"{name}: {text}", state="" if ended else state, source="azure", attributes=about,
            )  # fmt: skip
    if state == "Available" and not was:
        yield logged(
            f"{name}: {words or state}",
            at(_time(held, "occur{}edTime", "reportedTime")),
            service=name,
            source="azure",
        )


def _time(held: Mapping[str, Any], name: str, otherwise: str) -> Any:
    """A time whose name Azure spells in two ways."""
    return held.get(name.format("r")) or held.get(name.format("")) or held.get(otherwise)


SOURCE = Source("cloud_health", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
