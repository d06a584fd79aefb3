"""Announce: changes that the server accepted are posted to the sinks that want them, such as #deployments."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.redaction import redacted
from lastgood.config import Config
from lastgood.model.clock import Clock
from lastgood.model.figures import stamp
from lastgood.model.message import Delivered, Occasion
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks import texts
from lastgood.outside.sinks.made import Sink, made
from lastgood.workbench.deliveries import Row
from lastgood.workbench.sinks import handed

MOST_ANNOUNCED = 20  # changes of one delivery; more is an import, and is said to be
_FIELDS = (("Service", "Service"), ("Version", "Version"), ("Previous version", "PreviousVersion"), ("State", "State"),
           ("By", "Actor"), ("Address", "Url"))  # fmt: skip


def wanted(config: Config) -> bool:
    """Whether any sink takes changes."""
    return any(getattr(one, "changes", False) for one in config.settings.sink)


def announce(config: Config, clock: Clock, rows: Sequence[Row]) -> Iterator[Delivered]:
    """What came of posting each change to each sink that wants it, as they are posted."""
    sinks = [made(one, clock) for one in config.settings.sink if getattr(one, "changes", False)]
    for row in rows[:MOST_ANNOUNCED]:
        yield from _each(sinks, change_message(row))
    if len(rows) > MOST_ANNOUNCED:
        first = change_message(rows[MOST_ANNOUNCED])
        head = f"{len(rows) - MOST_ANNOUNCED} more changes came with these"
        rest = replace(
            first, id=f"{first.id}_rest", headline=head, text=f"{head}\n", markdown=head, fields=()
        )
        yield from _each(sinks, rest)


def _each(sinks: Sequence[Sink], outgoing: Outgoing) -> Iterator[Delivered]:
    for sink in sinks:
        yield handed(sink, outgoing, 0, "")


def change_message(row: Row) -> Outgoing:
    """A change as a message: what it is, of which service and version, by whom."""
    at = row["Timestamp"]
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    head = _clean(f"{row['Kind']} · {row['Title'] or row['Id']}")
    fields = tuple((label, _clean(str(row[column]))) for label, column in _FIELDS if row.get(column))
    text = "\n".join([head, "", *(f"{label}: {value}" for label, value in fields)]) + "\n"
    marked = [f"- **{label}:** {texts.markdown(value)}" for label, value in fields]
    named = hashlib.sha256(f"{row['Id']}\0{row['State']}".encode("utf-8", "replace")).hexdigest()[:32]
    document = {
        "type": "change.accepted",
        "timestamp": stamp(moment),
        "data": {
            "id": _clean(str(row["Id"])),
            "text": text,
            **{label.lower(): value for label, value in fields},
        },
    }
    return Outgoing(
        f"msg_{named}",
        text,
        "\n".join([f"## {texts.markdown(head)}", "", *marked]),
        json_text(document),
        occasion=Occasion.CHANGE,
        headline=head,
        fields=fields,
        key=f"change-{named}",
        at=moment,
    )


def _clean(text: str) -> str:
    return texts.line(redacted(text)[0], 500)
