"""What kubectl prints for people: the table of `kubectl get events`, and `kubectl describe` of pods and nodes.

Ages count back from when the text was written: the time of the file, or now. Columns that people choose may hold times.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from typing import Any

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.moments import age, moment
from lastgood.decoding.tables.aligned import headings, rows

EVENTS, DESCRIBED = "kubectl get events", "kubectl describe"
_FIELD = re.compile(r"^(?P<indent> *)(?P<name>[A-Z][A-Za-z ]*):(?: +(?P<value>.*))?$")
_COUNTED = re.compile(r"(?P<last>\S+)(?: \(x(?P<count>\d+) over (?P<over>\S+)\))?")
_SEEN = {"LAST SEEN", "LAST", "LASTSEEN", "TIME"}
_OF_NODES = {"Name", "Conditions", "Unschedulable"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def what(head: str) -> str:
    """Which of the two a text is; empty for neither."""
    lines = head.lstrip("\ufeff\n").splitlines()
    first = lines[0] if lines else ""
    named = set(headings(first))
    if {"REASON", "OBJECT", "MESSAGE"} <= named and named & _SEEN:
        return EVENTS
    fields = {found["name"] for line in lines[:200] if (found := _FIELD.match(line)) and not found["indent"]}
    pod = {"Name", "Namespace"} <= fields and fields & {"Containers", "Events", "Status"}
    return DESCRIBED if pod or fields >= _OF_NODES else ""


def objects(text: str, reference: Reference) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """What the text tells as objects of Kubernetes' API, each with its line; or why a line could not be read."""
    lines = text.replace("\r\n", "\n").splitlines()
    if what(text) == EVENTS:
        first = next(number for number, line in enumerate(lines) if line.strip())
        for number, line in enumerate(lines[first + 1 :], first + 2):
            if line.strip():
                yield number, _listed(rows(lines[first], [line])[0], reference)
        return
    begins = [number for number, line in enumerate(lines) if line.startswith("Name:")]
    for begin, end in pairwise([*begins, len(lines)]):
        yield from _described(lines[begin:end], begin, reference)


def _described(
    lines: list[str], begin: int, reference: Reference
) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """One object and its events; `begin` is the number of lines above it."""
    fields, events = _parted(lines)
    node = fields.keys() >= _OF_NODES
    yield begin + 1, _node(fields, lines, reference) if node else _pod(fields, reference)
    about = ("node" if node else "pod", fields.get("Name", ""), fields.get("Namespace", ""))
    for number, row in events:
        reported = {name.upper(): text for name, text in row.items()}
        yield begin + number, _event(row.get("Age", ""), reported, about, reference)


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


def _node(fields: dict[str, str], lines: list[str], reference: Reference) -> dict[str, Any]:
    """A node with its conditions and taints."""
    conditions = [
        {"type": row.get("Type"), "status": row.get("Status"), "reason": row.get("Reason"), "message": row.get("Message"),
         "lastTransitionTime": _read(row.get("LastTransitionTime", ""), reference)}
        for row in _table(lines, "Conditions:")
    ]  # fmt: skip
    return {
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": fields["Name"]}, "status": {"conditions": conditions},
        "spec": {"taints": [{"key": taint} for taint in _taints(lines)]},
    }  # fmt: skip


def _table(lines: list[str], name: str) -> list[dict[str, str]]:
    """The rows of the table below a name: indented lines, under a header and a rule."""
    begin = next((number for number, line in enumerate(lines) if line.startswith(name)), len(lines))
    below = list(takewhile(lambda line: line.startswith("  "), lines[begin + 1 :]))
    return rows(below[0], below[2:]) if len(below) > 2 else []


def _taints(lines: list[str]) -> list[str]:
    """Each taint on a line of its own, the first behind the name."""
    begin = next((number for number, line in enumerate(lines) if line.startswith("Taints:")), len(lines))
    below = takewhile(lambda line: line.startswith(" "), lines[begin + 1 :])
    found = [line.removeprefix("Taints:").strip() for line in (*lines[begin : begin + 1], *below)]
    return [taint for taint in found if taint not in {"", "<none>"}]


def _pod(fields: dict[str, str], reference: Reference) -> dict[str, Any]:
    """A pod with the states of its containers."""
    names = [path.split(".")[1] for path in fields if re.fullmatch(r"Containers\.[^.]+", path)]
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": fields.get("Name"), "namespace": fields.get("Namespace")},
        "spec": {"nodeName": fields.get("Node", "").partition("/")[0].removeprefix("<none>")},
        "status": {"containerStatuses": [_container(fields, name, reference) for name in names]},
    }  # fmt: skip


def _container(fields: dict[str, str], name: str, reference: Reference) -> dict[str, Any]:
    def of(*path: str) -> str:
        return fields.get(".".join(("Containers", name, *path)), "")

    def ended(state: str) -> dict[str, Any]:
        if of(state) != "Terminated":
            return {}
        return {
            "terminated": {
                "reason": of(state, "Reason"), "exitCode": of(state, "Exit Code"),
                "startedAt": _read(of(state, "Started"), reference), "finishedAt": _read(of(state, "Finished"), reference),
            }
        }  # fmt: skip

    return {
        "name": name, "image": of("Image"), "restartCount": of("Restart Count"),
        "state": {"waiting": {"reason": of("State", "Reason")}} if of("State") == "Waiting" else ended("State"),
        "lastState": ended("Last State"),
    }  # fmt: skip


def _read(text: str, reference: Reference) -> str:
    try:
        return _written(moment(text, reference))
    except ValueError:
        return ""


def _written(nanoseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=nanoseconds // 1000)).isoformat()
