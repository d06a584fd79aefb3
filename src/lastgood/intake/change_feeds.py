"""Commits and deploys as JSON under the names that tools give them, without a mapping: an array, a list, or JSON lines.

A commit has a hash and an author, a message or files; a deploy has a version (or image, tag, release) of a service. What has a
level or a logger is a log event, whatever else is in it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lastgood.decoding.change import (
    UNKNOWN,
    Row,
    at,
    change,
    decoded,
    first_field,
    folded,
    glimpses,
    inside,
    kind_of,
    logged,
    names,
)
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.entries import only_builds
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_LISTS = (
    "commits",
    "deploys",
    "deployments",
    "releases",
    "changes",
    "items",
    "data",
    "events",
    "history",
    "results",
    "value",
    "builds",
    "runs",
)


# Most telling first; case and what is no letter do not count.
_TIMES = names(
    "time timestamp ts date at when deployedat deploytime releasedat publishedat committeddate committerdate commitdate authoreddate authordate createdat "
    "createdon created startedat started start finishedat completedat updatedat updated mergedat finished"
)  # fmt: skip
_HASHES = names("sha hash commit commitid commitsha commithash revision rev oid id gitsha gitcommit")
_AUTHORS = names(
    "author authorname committer user username actor by who deployedby createdby triggeredby owner creator email"
)
_MESSAGES = names("message title subject summary description commitmessage msg name changelog note")
_SERVICES = names("service servicename app application component project repo repository microservice")
_TARGETS = names(
    "target object what pipeline"
)  # these may be anything, so that a hash must stand beside them
_VERSIONS = names("version tag release newversion toversion appversion imagetag image build ref")
_PREVIOUS = names("previousversion previous oldversion fromversion from")
_STATES = names("state status result outcome conclusion")
_KINDS = names("kind type changetype eventtype event action category")
_DIFFS = names("diff patch")
_ENDS = names("until end endedat finishedat completedat finished ended completed")
_LOGGED = frozenset(
    ["level", "severity", "lvl", "loglevel", "logger", "levelname", "traceid", "spanid", "duration"]
)
_HEX = re.compile(r"[0-9a-f]{7,64}")
_HAS_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"deploy|release|rollout|rollback|upgrade|promot", re.IGNORECASE)
_MIGRATES = re.compile(r"migrat", re.IGNORECASE)
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?")
_SHORT = 12  # characters of a hash

Folded = Mapping[str, Any]


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are commits or deploys, and no log events."""
    for row in glimpses(given, 3):
        fields = _folded(row)
        if _is_commit(fields):
            return Claim("JSON commits", 0.94, "its first object has a hash, and an author, message or files")
        if _is_deploy(fields):
            return Claim(
                "JSON deploys", 0.94, "its first object has a version of a service, a time, and no level"
            )
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each element."""
    del claim, settings
    return decoded(given, _LISTS, _rows)


def _folded(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields by their folded names; those of an inner commit or metadata beside them."""
    parts = (row, row.get("commit"), row.get("attributes"), _released(row))
    fields = folded(*(part for part in parts if isinstance(part, Mapping)))
    if isinstance(fields.get("commit"), Mapping):
        fields["commit"] = fields["commit"].get("sha") or fields["commit"].get("id") or ""
    return fields


def _released(row: Mapping[str, Any]) -> dict[str, Any]:
    """Of a release of Azure Pipelines: what it is of, its version and revision, and when its last deployment began and ended."""
    artifacts, stages = row.get("artifacts"), row.get("environments")
    if not isinstance(artifacts, list) or not isinstance(stages, list) or not artifacts or not stages:
        return {}
    steps = [step for stage in stages for step in inside(stage, "deploySteps") or ()]
    last: Any = max(steps, key=lambda step: str(inside(step, "queuedOn") or ""), default=None)
    name = str(row.get("name") or "")
    return {
        "app": inside(artifacts[0], "alias") or "",
        "version": name.rpartition(" ")[2] if _HAS_DIGIT.search(name) else "",
        "sha": str(inside(artifacts[0], "definitionReference", "sourceVersion", "id") or ""),
        "at": inside(last, "queuedOn") or "",
        "until": inside(last, "lastModifiedOn") or "",
        "status": inside(stages[-1], "status") or "",
    }


def _is_commit(fields: Folded) -> bool:
    if _LOGGED & fields.keys() or not _time_of(fields):
        return False
    reported = any(
        name in fields
        for name in ("author", "authorname", "authoremail", "committer", "files", "diff", "patch", "parents")
    )
    return bool(_hash(fields)) and reported and not first_field(fields, _VERSIONS[:5])


def _is_deploy(fields: Folded) -> bool:
    if _LOGGED & fields.keys() or not _time_of(fields) or not _service(fields):
        return False
    version = first_field(fields, _VERSIONS) or _hash(fields)
    spoken = bool(_WORD.search(str(first_field(fields, _KINDS)))) or bool(
        kind_of(str(first_field(fields, _KINDS)))
    )
    quiet = not any(name in fields for name in ("message", "msg", "body", "log"))
    return bool(version) and (spoken or quiet or bool(first_field(fields, _AUTHORS)) or bool(_hash(fields)))


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    fields = _folded(row)
    time = _time_of(fields)
    if not time:
        raise ValueError("it has no time")
    commit = _is_commit(fields)
    if not commit and (jobs := _jobs(row)):
        yield from _of_jobs(row, fields, jobs)
        return
    word = str(first_field(fields, _KINDS) or "")
    spoken = kind_of(word) or ("deploy" if _WORD.search(word) else "")
    kind = (
        "commit"
        if commit
        else spoken or ("deploy" if first_field(fields, _VERSIONS) or _hash(fields) else UNKNOWN)
    )
    message = str(first_field(fields, _MESSAGES) or "")
    if not commit and not spoken and only_builds(message) and not first_field(fields, _VERSIONS):
        yield logged(message, at(time), service=_service(fields), source="json feed")
        return
    files, additions, deletions, diff = _content(fields)
    until = first_field(fields, _ENDS)
    service, version = (
        _service(fields),
        "" if commit else _text(first_field(fields, _VERSIONS)) or _hash(fields),
    )
    yield change(
        kind, at(time), until=at(until) if until else None, id=_hash(fields) if commit else _text(row.get("id")),
        title=message.strip().split("\n")[0] or f"{service or _target(fields)} {version[:_SHORT] if _HEX.fullmatch(version) else version}".strip(), service=service, version=version,
        previous_version=_text(first_field(fields, _PREVIOUS)), actor=_person(first_field(fields, _AUTHORS)),
        state="" if commit else _text(first_field(fields, _STATES)), files=files, additions=additions, deletions=deletions, diff=diff,
        url=_text(row.get("url") or row.get("html_url") or row.get("web_url")), source="json feed",
        attributes={"vcs.ref.head.revision": _hash(fields), "change.kind": word if word and not spoken else ""},
    )  # fmt: skip


def _jobs(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The jobs of a pipeline, each with its name and when it started."""
    jobs = row.get("jobs")
    named = (
        [job for job in jobs if isinstance(job, Mapping) and job.get("name")]
        if isinstance(jobs, list)
        else []
    )
    return named if any("started_at" in job for job in named) else []


def _of_jobs(row: Mapping[str, Any], fields: Folded, jobs: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """What a pipeline changed: its jobs that migrate and deploy, as far as they have started."""
    service, version = _service(fields), _hash(fields)[:_SHORT] or _text(first_field(fields, _VERSIONS))
    for job in jobs:
        words = f"{job['name']} {job.get('stage') or ''}"
        kind = "migration" if _MIGRATES.search(words) else "deploy" if _WORD.search(words) else ""
        if not kind or not job.get("started_at"):
            continue
        ended = job.get("finished_at")
        yield change(
            kind, at(job["started_at"]), until=at(ended) if ended else None, id=f"{row.get('id')}/{job.get('id') or job['name']}",
            title=f"{job['name']} of {service}", service=service, version=version, state=_text(job.get("status")),
            actor=_person(first_field(fields, _AUTHORS)), source="json feed",
            attributes={"vcs.ref.head.revision": _hash(fields)},
        )  # fmt: skip


def _service(fields: Folded) -> str:
    """The service; of a repository or project by its path, the last part."""
    deployed = _hash(fields) and not _is_commit(fields)  # of a commit, a target is a branch
    said = _text(first_field(fields, _SERVICES)) or (_target(fields) if deployed else "")
    return said.rstrip("/").rpartition("/")[2] if _PATH.fullmatch(said) else said


def _target(fields: Folded) -> str:
    """What was deployed, as a text; an object is of another form."""
    found = first_field(fields, _TARGETS)
    return found if isinstance(found, str) else ""


def _time_of(fields: Folded) -> Any:
    """When it was: its own time, else that of its author or committer, as GitHub gives it."""
    own = first_field(fields, _TIMES)
    return own or inside(fields.get("committer"), "date") or inside(fields.get("author"), "date") or ""


def _hash(fields: Folded) -> str:
    texts = (fields.get(name) for name in _HASHES)
    return next((text for text in texts if isinstance(text, str) and _HEX.fullmatch(text)), "")


def _person(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(
            value.get("name") or value.get("login") or value.get("email") or value.get("username") or ""
        )
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("full_name") or value.get("slug") or "")
    return str(value) if isinstance(value, str | int | float) else ""


def _content(fields: Folded) -> tuple[list[str], int, int, str]:
    """Files, lines added and taken away, and the diff, as one text or file by file."""
    listed = fields.get("files") or fields.get("changedfiles") or []
    files = [_text(one) or _path(one) for one in listed] if isinstance(listed, list) else []
    patches = [
        f"--- a/{_path(one)}\n+++ b/{_path(one)}\n{one['patch']}"
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, Mapping) and isinstance(one.get("patch"), str)
    ]
    stats = fields.get("stats") if isinstance(fields.get("stats"), Mapping) else fields
    counts = [inside(stats, name) for name in ("additions", "deletions")]
    added, taken = (int(count) if isinstance(count, int) else 0 for count in counts)
    diff = first_field(fields, _DIFFS)
    return files, added, taken, diff if isinstance(diff, str) and diff else "\n".join(patches)


def _path(one: Any) -> str:
    return (
        str(one.get("filename") or one.get("path") or one.get("new_path") or "")
        if isinstance(one, Mapping)
        else str(one)
    )


SOURCE = Source("change_feeds", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
