"""What tools report of what they applied, as JSON.

Jenkins builds, runs of Ansible, Chef and Puppet, deployments of CodeDeploy, CloudFormation, ECS and Nomad, pipelines of Spinnaker.
What was applied is a change, in force unless it failed. What a tool reports beside it (a task of one host that failed, an
event of a service) is a log line.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

Object = Mapping[str, Any]
_LISTS = (
    "jobs",
    "builds",
    "StackEvents",
    "services",
    "tasks",
    "deploymentsInfo",
    "items",
    "Deployments",
    "Allocations",
    "Activities",
    "deployments",
)
_WORK = re.compile(
    r"[-_. ]?\b(?:deploy(?:ment|er)?|release|rollout|publish|promote)\b[-_. ]?(?:to[-_])?", re.IGNORECASE
)
_BAD = re.compile(
    r"fail|abort|unstable|stopped|cancel|error|rollback|dead|oom|unhealthy|unable|not ", re.IGNORECASE
)
_SPINNAKER_STAGE = re.compile(r"deploy|runJob|rollout|rollback|patchManifest|scale|resize|disable|enable|redBlack|clone|promote", re.IGNORECASE)  # fmt: skip
_ENDED_WELL = frozenset({0, 143})  # by itself, and when it was asked to (128 and SIGTERM)
_VERSION_NAMED = re.compile(r"(?:\w+_)?(?:VERSION|TAG|RELEASE)", re.IGNORECASE)
_REVISIONS = ("SHA1", "commitId", "revision", "hash")


@dataclass(frozen=True, slots=True)
class _Tool:
    """One tool's objects: how they are known, and what they become."""

    name: str
    known: frozenset[str]
    rows: Callable[[Object], Iterator[Row]]


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are what one of these tools reports."""
    for row in glimpses(given, 4):
        tool = _tool_of(next(iter(_builds(row)), row))
        if tool is not None:
            return Claim(tool.name, 0.97, f"its first object has {', '.join(sorted(tool.known))}")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Changes, and the lines of what was reported beside them."""
    del claim, settings
    return decoded(given, _LISTS, _rows)


def _tool_of(row: Object) -> _Tool | None:
    return next((tool for tool in _TOOLS if tool.known <= row.keys()), None)


def _rows(row: Object) -> Iterator[Row]:
    for one in _builds(row) or [row]:
        tool = _tool_of(one)
        if tool is None:
            raise ValueError("it is not what one of the known tools reports")
        yield from tool.rows(one)


def _builds(row: Object) -> list[Object]:
    """The builds of a job of Jenkins, where its jobs are listed with them."""
    builds = row.get("builds")
    return [one for one in builds if isinstance(one, Mapping)] if isinstance(builds, list) else []


def _jenkins(row: Object) -> Iterator[Row]:
    name = str(row.get("fullDisplayName") or "").partition(" #")[0].rpartition("» ")[2]
    job = name or next(iter(re.findall(r"/job/([^/]+)/\d+/?$", str(row.get("url") or ""))), "")
    start = at(row["timestamp"])
    causes = [cause for action in row.get("actions") or () for cause in action.get("causes") or ()]
    revision = _found(row.get("actions") or [], _REVISIONS)
    result = str(row.get("result") or "")
    yield change(
        "deploy", start, until=start + int(row.get("duration") or 0) * 1_000_000, id=f"jenkins/{job}/{row['number']}",
        service=_WORK.sub("", job) or job, version=_parameter(row, _VERSION_NAMED) or revision or f"#{row['number']}", title=f"{job} #{row['number']} {result}".strip(),
        actor=next((cause["userId"] for cause in causes if cause.get("userId")), ""), source="jenkins", url=row.get("url"),
        state=_state(result) if result else "running", attributes={"vcs.ref.head.revision": revision, "jenkins.result": result},
    )  # fmt: skip


def _parameter(row: Object, named: re.Pattern[str]) -> str:
    """The value of the first parameter of a build with such a name."""
    given = [one for action in row.get("actions") or () for one in action.get("parameters") or ()]
    return next((str(one.get("value") or "") for one in given if named.fullmatch(str(one.get("name")))), "")


def _ansible(row: Object) -> Iterator[Row]:
    for play in row["plays"]:
        for task in play.get("tasks") or ():
            about = task.get("task") or {}
            name, took = str(about.get("name") or ""), about.get("duration") or {}
            time = at(took.get("start") or inside(play, "play", "duration", "start"))
            hosts = task.get("hosts") or {}
            changed = sorted(host for host, reported in hosts.items() if reported.get("changed"))
            if changed:
                yield change(
                    "config", time, until=at(took["end"]) if took.get("end") else None, title=name, source="ansible",
                    id=f"ansible/{about.get('id') or name}/{time}", service=str(inside(play, "play", "name") or ""),
                    attributes={"host.name": ", ".join(changed), "ansible.task": name},
                )  # fmt: skip
            for host, reported in sorted(hosts.items()):
                level = "ERROR" if reported.get("failed") or reported.get("unreachable") else "INFO"
                body = f"{name}: {reported.get('msg') or ('changed' if reported.get('changed') else 'ok')}"
                yield logged(
                    body, time, level, service="ansible", source="ansible", resource={"host.name": host}
                )


def _chef(row: Object) -> Iterator[Row]:
    updated = [str(one.get("id") or one.get("name")) for one in row.get("resources") or ()]
    start, node = at(row["start_time"]), str(row["node_name"])
    failed = str(row.get("status")) in {"failure", "failed"}
    title = f"chef run of {node}: {', '.join(updated[:5]) or 'nothing updated'}"
    attributes = {"host.name": node, "chef.run_list": row.get("run_list")}
    if updated or failed:
        yield change(
            "config", start, until=at(row["end_time"]) if row.get("end_time") else None, id=f"chef/{row.get('id') or start}",
            title=title, state="failed" if failed else "", source="chef", attributes=attributes,
        )  # fmt: skip
    else:
        yield logged(title, start, source="chef", service="chef", attributes=attributes)


def _puppet(row: Object) -> Iterator[Row]:
    time, host, status = at(row["time"]), str(row["host"]), str(row.get("status") or "")
    if status in {"changed", "failed"} and not row.get("noop"):
        yield change(
            "config", time, id=f"puppet/{row.get('transaction_uuid') or time}/{host}", version=row["configuration_version"],
            title=f"puppet run of {host}: {status}", state="failed" if status == "failed" else "", source="puppet",
            attributes={"host.name": host, "vcs.ref.head.revision": row["configuration_version"]},
        )  # fmt: skip
    levels = {"notice": "INFO", "info": "INFO", "debug": "DEBUG", "warning": "WARN"}
    for reported in row.get("logs") or ():
        yield logged(
            str(reported.get("message") or ""), at(reported.get("time") or row["time"]), levels.get(str(reported.get("level")), "ERROR"),
            service="puppet", source=reported.get("source"), resource={"host.name": host},
        )  # fmt: skip


def _codedeploy(row: Object) -> Iterator[Row]:
    about = row.get("deploymentInfo") or row
    status = str(about.get("status") or "")
    revision = _found(about.get("revision"), _REVISIONS)
    bundle = inside(about, "revision", "s3Location", "key")
    _, tagged, tag = str(inside(about, "revision", "image") or "").rpartition(":")
    yield change(
        "deploy", at(about.get("startTime") or about["createTime"]), id=f"codedeploy/{about.get('deploymentId')}",
        until=at(about["completeTime"]) if about.get("completeTime") else None, service=about.get("applicationName"),
        version=(tag if tagged else "") or revision or bundle, title=_worded(about, status),
        actor=about.get("creator"), state=_state(status), source="codedeploy",
        attributes={"vcs.ref.head.revision": revision, "error.message": inside(about, "errorInformation", "message")},
    )  # fmt: skip


def _worded(about: Object, status: str) -> str:
    """What was deployed where, and what is said of it."""
    said = f"{about.get('applicationName')} to {about.get('deploymentGroupName')}: {status}"
    return f"{said}; {about['description']}" if about.get("description") else said


def _stack(row: Object) -> Iterator[Row]:
    status, stack = str(row["ResourceStatus"]), str(row.get("StackName") or "")
    time, what = at(row["Timestamp"]), f"{row['LogicalResourceId']} {status}"
    whole = row.get("ResourceType") == "AWS::CloudFormation::Stack" and row["LogicalResourceId"] == stack
    attributes = {
        "aws.resource.type": row.get("ResourceType"),
        "error.message": row.get("ResourceStatusReason"),
    }
    if whole and status.endswith("_IN_PROGRESS") and "CLEANUP" not in status:
        yield change("deploy", time, id=f"cloudformation/{row.get('EventId')}", service=stack, title=what,
                     source="cloudformation", attributes=attributes)  # fmt: skip
    reason = f": {row['ResourceStatusReason']}" if row.get("ResourceStatusReason") else ""
    level = "ERROR" if _BAD.search(status) else "INFO"
    yield logged(what + reason, time, level, service=stack, source="cloudformation", attributes=attributes)


def _scaled(row: Object) -> Iterator[Row]:
    """What an Auto Scaling group did, and why: a line each, for the group reacts to what was changed or fails."""
    state = str(row.get("StatusCode") or "")
    why = re.sub(r"^At \S+ ", "", str(row["Cause"]))
    bad = state in {"Failed", "Cancelled"} or bool(_BAD.search(why))
    yield logged(
        f"{row['Description']}: {why}", at(row["StartTime"]), "WARN" if bad else "INFO",
        service=str(row["AutoScalingGroupName"]), source="auto scaling",
        attributes={"aws.activity.id": row.get("ActivityId"), "aws.activity.status": state},
    )  # fmt: skip


def _ecs(row: Object) -> Iterator[Row]:
    service = str(row["serviceName"])
    for one in row["deployments"]:
        version = str(one.get("taskDefinition") or "").rpartition("/")[2]
        yield change(
            "deploy", at(one["createdAt"]), id=f"ecs/{one.get('id')}", service=service, version=version, source="ecs",
            title=f"{service} {version}: {one.get('rolloutState') or one.get('status') or ''}",
            state=_state(str(one.get("rolloutState") or "")), attributes={"error.message": one.get("rolloutStateReason")},
        )  # fmt: skip
    for event in row.get("events") or ():
        text = str(event.get("message") or "")
        yield logged(
            text,
            at(event["createdAt"]),
            "WARN" if _BAD.search(text) else "INFO",
            service=service,
            source="ecs",
        )


def _ecs_task(row: Object) -> Iterator[Row]:
    """A task that stopped, by each container that did not end well; a kill for memory is the platform's own event."""
    service, time = str(row.get("group") or "").rpartition(":")[2], at(row["stoppedAt"])
    task = str(row["taskArn"]).rpartition("/")[2]
    for one in row["containers"]:
        code, why = one.get("exitCode"), str(one.get("reason") or row.get("stoppedReason") or "")
        named = service or str(one.get("name") or "")
        if "OutOfMemory" in why:
            yield change("infrastructure", time, id=f"ecs/{task}", service=named, title=f"OOM: {why}", source="ecs", attributes={"service.instance.id": task})  # fmt: skip
        level = "INFO" if code in _ENDED_WELL and "OutOfMemory" not in why else "ERROR"
        yield logged(f"task stopped: {why} (exit {code})", time, level, service=named, source="ecs")


def _gke(row: Object) -> Iterator[Row]:
    """An operation on a cluster or a pool of nodes; `detail` says what it does."""
    of = "/".join(str(row["targetLink"]).split("/")[-2:])
    title = str(row.get("detail") or row["operationType"])
    ended = at(row["endTime"]) if row.get("endTime") else None
    yield change("infrastructure", at(row["startTime"]), until=ended, id=str(row.get("name") or ""), title=f"{of}: {title}", source="gke")  # fmt: skip


def _nomad(row: Object) -> Iterator[Row]:
    job, status = str(row["JobID"]), str(row.get("StatusDescription") or row.get("Status") or "")
    time = row.get("CreateTime") or row.get("ModifyTime") or row.get("SubmitTime")
    yield change(
        "deploy", at(time), id=f"nomad/{row['ID']}", service=job, version=row["JobVersion"], source="nomad",
        title=f"{job} version {row['JobVersion']}: {status}", state=_state(str(row.get("Status") or "")),
        attributes={"nomad.namespace": row.get("Namespace")},
    )  # fmt: skip


def _spinnaker(row: Object) -> Iterator[Row]:
    """One execution of a pipeline; one without a stage that deploys anything is a log line."""
    name, trigger = f"{row['application']}: {row.get('name') or ''}", row.get("trigger") or {}
    status = str(row.get("status") or "").replace("TERMINAL", "FAILED")
    time = at(row.get("startTime") or row.get("buildTime") or row["stages"][0]["startTime"])
    failed: Object = next(
        (stage for stage in row["stages"] if _BAD.search(str(stage.get("status") or ""))), {}
    )
    error = inside(failed, "context", "exception", "details", "error") or failed.get("name") or ""
    title = f"{name} {status}".strip()
    if not any(_SPINNAKER_STAGE.search(str(stage.get("type") or "")) for stage in row["stages"]):
        yield logged(
            title,
            time,
            "ERROR" if _BAD.search(status) else "INFO",
            service=row["application"],
            source="spinnaker",
        )
        return
    yield change(
        "deploy", time, until=at(row["endTime"]) if row.get("endTime") else None, id=f"spinnaker/{row.get('id') or time}",
        service=row["application"], title=title, actor=inside(row, "authentication", "user") or trigger.get("user"),
        version=trigger.get("tag") or _found(trigger.get("artifacts"), ("version",)) or _found(trigger, ("tag", "hash")),
        state=_state(status), source="spinnaker",
        attributes={"spinnaker.status": status, "vcs.ref.head.revision": _found(trigger, ("hash",)), "error.message": error},
    )  # fmt: skip


def _allocation(row: Object) -> Iterator[Row]:
    resource = {
        "host.name": row.get("NodeName"),
        "nomad.alloc.id": row.get("ID"),
        "nomad.task.group": row.get("TaskGroup"),
    }
    for task, state in (row["TaskStates"] or {}).items():
        for event in state.get("Events") or ():
            text = f"{event.get('Type')}: {event.get('DisplayMessage') or ''}".rstrip(": ")
            killed = str(inside(event, "Details", "exit_code") or "0") != "0"
            level = "ERROR" if killed or _BAD.search(text) else "INFO"
            yield logged(text, at(event["Time"]), level, service=str(row.get("JobID") or task), source="nomad",
                         resource=resource, attributes={"nomad.task": task})  # fmt: skip


def _found(value: Any, names: tuple[str, ...]) -> str:
    """The first text under one of some names, however deep."""
    inner: list[Any] = (
        list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    )
    own = [value[name] for name in names if isinstance(value, Mapping) and isinstance(value.get(name), str)]
    return own[0] if own else next((text for one in inner if (text := _found(one, names))), "")


def _state(status: str) -> str:
    return (
        "failed"
        if _BAD.search(status)
        else "running"
        if re.search(r"progress|running|pending", status, re.IGNORECASE)
        else ""
    )


_TOOLS = tuple(
    _Tool(name, frozenset(known.split()), rows)
    for name, known, rows in (
        ("Jenkins build", "fullDisplayName number result timestamp", _jenkins),
        ("Jenkins build", "number result timestamp url", _jenkins),
        ("Ansible run", "plays stats", _ansible),
        ("Chef run report", "node_name run_list start_time", _chef),
        ("Puppet report", "configuration_version host logs time", _puppet),
        ("CodeDeploy deployment", "deploymentInfo", _codedeploy),
        ("CodeDeploy deployment", "applicationName createTime deploymentId", _codedeploy),
        ("CloudFormation events", "LogicalResourceId ResourceStatus Timestamp", _stack),
        ("ECS services", "deployments serviceArn serviceName", _ecs),
        ("Auto Scaling activities", "AutoScalingGroupName Cause Description StartTime", _scaled),
        ("ECS stopped tasks", "containers stoppedAt taskArn", _ecs_task),
        ("operations of GKE", "operationType startTime targetLink", _gke),
        ("Nomad deployments", "ID JobID JobVersion TaskGroups", _nomad),
        ("Spinnaker pipelines", "application stages trigger status", _spinnaker),
        ("Nomad allocations", "JobID TaskStates", _allocation),
    )
)

SOURCE = Source("applied", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
