"""What kubectl prints for people: the table of `kubectl get events`, and `kubectl describe` of a pod.

Ages count back from when the text was written: the time of the file, or now. Columns that people choose may hold times.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.moments import age, moment
from lastgood.decoding.tables.aligned import headings, rows

EVENTS, DESCRIBED = "kubectl get events", "kubectl describe"
_FIELD = re.compile(r"^(?P<indent> *)(?P<name>[A-Z][A-Za-z ]*):(?: +(?P<value>.*))?$")
_COUNTED = re.compile(r"(?P<last>\S+)(?: \(x(?P<count>\d+) over (?P<over>\S+)\))?")
_SEEN = {"LAST SEEN", "LAST", "LASTSEEN", "TIME"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def what(head: str) -> str:
    """Which of the two a text is; empty for neither."""
    lines = head.lstrip("\ufeff\n").splitlines()
    first = lines[0] if lines else ""
    named = set(headings(first))
    if {"REASON", "OBJECT", "MESSAGE"} <= named and named & _SEEN:
        return EVENTS
    fields = {found["name"] for line in lines[:80] if (found := _FIELD.match(line)) and not found["indent"]}
    return (
        DESCRIBED if {"Name", "Namespace"} <= fields and fields & {"Containers", "Events", "Status"} else ""
    )


def objects(text: str, reference: Reference) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """What the text tells as objects of Kubernetes' API, each with its line; or why a line could not be read."""
    lines = text.replace("\r\n", "\n").splitlines()
    if what(text) == EVENTS:
        first = next(number for number, line in enumerate(lines) if line.strip())
        for number, line in enumerate(lines[first + 1 :], first + 2):
            if line.strip():
                yield number, _listed(rows(lines[first], [line])[0], reference)
        return
    described, events = _parted(lines)
    yield 1, _pod(described, reference)
    for number, row in events:
        yield number, _of_pod(row, described.get("Name", ""), described.get("Namespace", ""), reference)


def _parted(lines: list[str]) -> tuple[dict[str, str], list[tuple[int, dict[str, str]]]]:
    """The fields by their names, inner ones behind those around them, and the rows of the table of events."""
    fields: dict[str, str] = {}
    around: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        if line.startswith("Events:"):
            table = [(n, one) for n, one in enumerate(lines[number + 1 :], number + 2) if one.strip()]
            if len(table) > 2:
                return fields, [(n, rows(table[0][1], [one])[0]) for n, one in table[2:]]
            break
        found = _FIELD.match(line) or re.match(r"^(?P<indent>  )(?P<name>[a-z0-9][\w.-]*):(?P<value>)$", line)
        if found:
            depth = len(found["indent"])
            around = [(at, name) for at, name in around if at < depth] + [(depth, found["name"])]
            fields[".".join(name for _, name in around)] = (found["value"] or "").strip()
    return fields, []


def _listed(row: dict[str, str], reference: Reference) -> dict[str, Any] | str:
    kind, _, name = row.get("OBJECT", "").partition("/")
    seen = next((row[heading] for heading in sorted(_SEEN) if row.get(heading)), "")
    return _event(seen, row, (kind, name, row.get("NAMESPACE", "")), reference)


def _of_pod(row: dict[str, str], pod: str, namespace: str, reference: Reference) -> dict[str, Any] | str:
    reported = {name.upper(): text for name, text in row.items()}
    return _event(row.get("Age", ""), reported, ("pod", pod, namespace), reference)


def _event(
    seen: str, row: dict[str, str], about: tuple[str, str, str], reference: Reference
) -> dict[str, Any] | str:
    found = _COUNTED.match(seen)
    try:
        last = _seen_at(found["last"] if found else "", reference)
        over = (found and found["over"]) or row.get("FIRST") or row.get("FIRST SEEN")
        first = _seen_at(over, reference) if over else last
    except ValueError as problem:
        return str(problem)
    kind, name, namespace = about
    return {
        "reason": row.get("REASON", ""), "message": row.get("MESSAGE", ""), "type": row.get("TYPE", ""),
        "involvedObject": {"kind": kind.capitalize(), "name": name, "namespace": namespace},
        "firstTimestamp": _written(first), "lastTimestamp": _written(last), "source": {"component": row.get("FROM")},
        "count": int((found and found["count"]) or row.get("COUNT") or 1),
    }  # fmt: skip


def _seen_at(text: str, reference: Reference) -> int:
    """Nanoseconds of a time, or of an age.

    Raises:
        ValueError: it is neither.
    """
    return moment(text, reference) if "-" in text else reference.latest - age(text)


def _pod(fields: dict[str, str], reference: Reference) -> dict[str, Any]:
    """A pod with the states of its containers."""
    names = [path.split(".")[1] for path in fields if re.fullmatch(r"Containers\.[^.]+", path)]
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": fields.get("Name"), "namespace": fields.get("Namespace")},
        "status": {"containerStatuses": [_container(fields, name, reference) for name in names]},
    }  # fmt: skip


def _container(fields: dict[str, str], name: str, reference: Reference) -> dict[str, Any]:
    def of(*path: str) -> str:
        return fields.get(".".join(("Containers", name, *path)), "")

    ended = {
        "reason": of("Last State", "Reason"), "exitCode": of("Last State", "Exit Code"),
        "startedAt": _read(of("Last State", "Started"), reference), "finishedAt": _read(of("Last State", "Finished"), reference),
    }  # fmt: skip
    return {
        "name": name, "image": of("Image"), "restartCount": of("Restart Count"),
        "state": {"waiting": {"reason": of("State", "Reason")}} if of("State") == "Waiting" else {},
        "lastState": {"terminated": ended} if of("Last State") == "Terminated" else {},
    }  # fmt: skip


def _read(text: str, reference: Reference) -> str:
    try:
        return _written(moment(text, reference))
    except ValueError:
        return ""


def _written(nanoseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=nanoseconds // 1000)).isoformat()
