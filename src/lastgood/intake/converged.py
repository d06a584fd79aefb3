"""What Puppet, Chef and Salt report of a run, as JSON or YAML: a change for each resource that it changed.

A run that changed nothing is a log line. One whose resources are not listed is one change. What Puppet only refreshed because
something else changed puts that in force, and is no change of its own beside it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.text.whose import date_of
from lastgood.decoding.whole import read_whole
from lastgood.decoding.yaml_text import documents
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

Object = Mapping[str, Any]
_LEVELS = {"notice": "INFO", "info": "INFO", "debug": "DEBUG", "warning": "WARN"}
_EPOCH = re.compile(r"1\d{9}")  # what Puppet takes for a version where none is set
_STATE = re.compile(r"\w+_\|-.*_\|-.*_\|-\w+", re.DOTALL)  # Salt: the parts of the key of a state
_JID = re.compile(r"(20\d\d)(\d\d)(\d\d)\d{6,}")
_BAD = re.compile(r"fail|error", re.IGNORECASE)
_PUPPET_YAML = re.compile(rb"^(?:host|report_format|configuration_version):", re.MULTILINE)
_NAMED = 5  # resources in the title of a whole run


@dataclass(frozen=True, slots=True)
class _Tool:
    """One tool's report: how it is known, and what it becomes."""

    name: str
    known: Callable[[Object], bool]
    rows: Callable[[Object], Iterator[Row]]


def recognise(given: Input) -> Claim | None:
    """A document that is a report of one of these tools."""
    for row in glimpses(given, 4):
        if tool := _tool_of(row):
            return Claim(tool.name, 0.97, f"it is a report of {tool.name.split()[0]}")
    head = given.head[:65_536]
    if head.startswith(b"---") and len(set(_PUPPET_YAML.findall(head))) > 1:
        return Claim(
            "Puppet report, YAML", 0.97, "it has a host, a version of the report and of the configuration"
        )
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Changes, and the lines of what was reported beside them."""
    del settings
    if not claim.format.endswith("YAML"):
        day = date_of(given.name)
        yield from decoded(given, ("reports", "results", "return"), lambda row: _rows(row, f"{day:%Y-%m-%d}" if day else ""))  # fmt: skip
        return
    with given.open() as stream:
        content, problem = read_whole(stream)
    rows, read, rejects = Rows(), 0, 0
    try:
        for report in documents(content):
            if report is None:
                continue
            read += 1
            for row in _rows(report, ""):
                rows.add(*row, read)
    except BAD as wrong:
        read, rejects = read + 1, rejects + 1
        yield Reject(read, f"not understood: {wrong}", content[:REJECT_TEXT].decode("utf-8", "replace"))
    yield from rows.rest()
    yield Tally(read, read - rejects)
    if problem is not None:
        raise problem


def _tool_of(row: Object) -> _Tool | None:
    return next((tool for tool in _TOOLS if tool.known(row)), None)


def _rows(row: Object, day: str) -> Iterator[Row]:
    tool = _tool_of(row)
    if tool is None:
        raise ValueError("it is not a report of a run")
    yield from tool.rows({**row, "_day": day} if tool.name.startswith("Salt") else row)


def _puppet(row: Object) -> Iterator[Row]:
    """A report of the agent: each changed resource; of one without, whether the run changed something."""
    host, status, resources = str(row["host"]), str(row.get("status") or ""), row.get("resource_statuses")
    version = str(row.get("configuration_version") or "")
    revision = "" if _EPOCH.fullmatch(version) else version
    about = {"host.name": host, "vcs.ref.head.revision": revision}
    listed = list(resources.items()) if isinstance(resources, Mapping) else []
    changed = [(name, one) for name, one in listed if one.get("changed") and not row.get("noop")]
    made = [(name, one) for name, one in changed if not _refreshed(one)] or changed
    for name, one in made:
        said = "; ".join(str(event.get("message") or "") for event in one.get("events") or ())
        yield change(
            "config", at(one.get("time") or row["time"]), id=f"puppet/{row.get('transaction_uuid') or row['time']}/{host}/{name}", source="puppet",
            title=f"{name} {said}".strip(), state="failed" if one.get("failed") else "", attributes={**about, "puppet.file": one.get("file")},
        )  # fmt: skip
    if not changed and status in {"changed", "failed"} and not row.get("noop"):
        yield change(
            "config", at(row["time"]), id=f"puppet/{row.get('transaction_uuid') or row['time']}/{host}", version=revision,
            title=f"puppet run of {host}: {status}", state="failed" if status == "failed" else "", source="puppet", attributes=about,
        )  # fmt: skip
    for one in row.get("logs") or ():
        yield logged(
            str(one.get("message") or ""), at(one.get("time") or row["time"]), _LEVELS.get(str(one.get("level")).lstrip(":"), "ERROR"),
            service="puppet", source=one.get("source"), resource={"host.name": host},
        )  # fmt: skip


def _refreshed(one: Object) -> bool:
    """Whether a resource was only refreshed because something else changed: that puts the other in force."""
    events = one.get("events") or ()
    return bool(events) and all("Triggered 'refresh'" in str(event.get("message")) for event in events)


def _puppetdb(row: Object) -> Iterator[Row]:
    """A report as PuppetDB gives it: its events that succeeded are what was changed."""
    host, events = str(row["certname"]), inside(row, "resource_events", "data") or []
    version = str(row.get("configuration_version") or "")
    about = {"host.name": host, "vcs.ref.head.revision": "" if _EPOCH.fullmatch(version) else version}
    made = [one for one in events if one.get("status") in {"success", "failure"} and not row.get("noop")]
    for one in made:
        thing = f"{one.get('resource_type')}[{one.get('resource_title')}]"
        yield change(
            "config", at(one.get("timestamp") or row["start_time"]), id=f"puppet/{row.get('hash')}/{thing}/{one.get('property')}",
            title=f"{thing} {one.get('message') or ''}".strip(), state="failed" if one["status"] == "failure" else "", source="puppet", attributes=about,
        )  # fmt: skip
    if not made:
        yield logged(f"puppet run of {host}: {row.get('status')}", at(row["start_time"]), service="puppet", source="puppet", resource={"host.name": host})  # fmt: skip


def _chef(row: Object) -> Iterator[Row]:
    """A run: each resource that was updated, with the cookbook that it is of; of one that failed without any, the run."""
    node = str(row.get("node_name") or inside(row, "node", "name") or row.get("node") or "")
    listed = row.get("updated_resources")
    resources = listed if isinstance(listed, list) else row.get("resources") or []
    updated = [
        one
        for one in resources
        if isinstance(one, Mapping) and str(one.get("status") or "updated") == "updated"
    ]
    failed = _BAD.match(str(row.get("status") or "")) is not None or row.get("success") is False
    start, ended = at(row["start_time"]), at(row["end_time"]) if row.get("end_time") else None
    about = {"host.name": node, "chef.run_list": row.get("run_list")}
    for one in updated:
        name = str(one.get("id") or one.get("name"))
        thing = f"{one.get('declared_type') or one.get('type') or 'resource'}[{name}]"
        yield change(
            "config", start, until=ended, id=f"chef/{row.get('run_id') or row.get('id') or start}/{thing}", title=f"chef run of {node}: {thing}",
            service=str(one.get("cookbook_name") or ""), state="failed" if failed else "", source="chef", attributes=about,
        )  # fmt: skip
    if failed and not updated:
        yield change("config", start, until=ended, id=f"chef/{row.get('run_id') or row.get('id') or start}", title=f"chef run of {node}", state="failed", source="chef", attributes=about)  # fmt: skip
    elif not updated:
        yield logged(
            f"chef run of {node}: nothing updated", start, source="chef", service="chef", attributes=about
        )


def _salt(row: Object) -> Iterator[Row]:
    """What a job returned: each state that has changes, with its formula; times of day are of the day of the job."""
    minions = {str(row.get("id") or ""): row["return"]} if "return" in row else {name: one for name, one in row.items() if name != "_day"}  # fmt: skip
    jid = _JID.match(str(row.get("jid") or ""))
    day = "-".join(jid.groups()) if jid else str(row.get("_day") or "")
    for minion, states in minions.items():
        if not isinstance(states, Mapping):
            continue
        for key, one in states.items():
            if not _STATE.fullmatch(str(key)) or not one.get("changes"):
                continue
            yield _of_state(minion, key, one, day)


def _of_state(minion: str, key: str, one: Object, day: str) -> Row:
    began = str(one["start_time"])
    time = at(began if "-" in began else f"{day}T{began}")
    changes = one["changes"] if isinstance(one["changes"], Mapping) else {}
    name, diff = str(one.get("name") or key.split("_|-")[2]), changes.get("diff")
    pair = changes.get(name)
    new, old = (inside(pair, side) for side in ("new", "old"))
    return change(
        "config", time, id=f"salt/{minion}/{key}/{time}", title=f"{key.split('_|-', maxsplit=1)[0]} {name}: {one.get('comment') or 'changed'}",
        service=str(one.get("__sls__") or "").rpartition(".")[2], version=new if isinstance(new, str) else "", previous_version=old if isinstance(old, str) else "",
        state="failed" if one.get("result") is False else "", diff=diff if isinstance(diff, str) else "", source="salt", attributes={"host.name": minion},
    )  # fmt: skip


def _has_states(row: Object) -> bool:
    """Whether an object holds what Salt's states returned, by minion or of one."""
    inner = [row["return"]] if isinstance(row.get("return"), Mapping) else list(row.values())
    return any(
        isinstance(one, Mapping) and any(_STATE.fullmatch(str(key)) for key in one) for one in inner[:3]
    )


_TOOLS = (
    _Tool("Puppet report", lambda row: {"host", "time"} <= row.keys() and ("resource_statuses" in row or {"configuration_version", "logs"} <= row.keys()), _puppet),
    _Tool("Puppet reports", lambda row: {"certname", "start_time", "resource_events"} <= row.keys(), _puppetdb),
    _Tool("Chef run", lambda row: {"updated_resources", "start_time", "node"} <= row.keys(), _chef),
    _Tool("Chef run", lambda row: {"node_name", "start_time"} <= row.keys() and bool({"run_list", "resources"} & row.keys()), _chef),
    _Tool("Salt job", _has_states, _salt),
)  # fmt: skip

SOURCE = Source("converged", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
