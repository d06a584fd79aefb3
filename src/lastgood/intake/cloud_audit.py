"""Audit logs of clouds and clusters: CloudTrail, Google's and Azure's audit logs, Kubernetes' API audit, Vault's audit device.

A call that changes something is a change; what only reads is a log line. One that was refused is a change that is not in
force. The files of each are known: `Records`, `entries`, `records`, or one event a line.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, at_first, change, decoded, glimpses, inside, said
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.entries import version_in
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import LOGS

_LISTS = ("Records", "records", "entries", "items", "events", "Events")
# What an operation is called that changes nothing.
_READS = re.compile(
    r"^(?:Get|List|Describe|Head|Lookup|Search|Query|Scan|Select|Batch(?:Get|Check)|Assume|Check|Test|Filter|View|Poll|Receive|"
    r"Console|Decrypt|Encrypt|Generate|Validate|Preview|Simulate|Download|get|list|watch|read|aggregatedList|search|query)"
)
_KINDS = (
    (re.compile(r"ResourceRecordSets|dns", re.IGNORECASE), "dns"),
    (re.compile(r"Certificate", re.IGNORECASE), "certificate"),
    (re.compile(r"DesiredCapacity|AutoScaling|ScalingPolic|scale$|setSize|resize|UpdateScalable", re.IGNORECASE), "scaling"),
    (re.compile(r"FeatureFlag|appconfig.*(?:Start|Stop)Deployment", re.IGNORECASE), "flag"),
    (
        re.compile(
            r"UpdateService|CreateDeployment|UpdateFunctionCode|PublishVersion|UpdateAlias|RegisterTaskDefinition|CreateTaskSet"
            r"|StartPipelineExecution|UpdateStack|CreateChangeSet|ExecuteChangeSet|ReplaceService|Rollout|StartDeployment"
            r"|deployments|sites/(?:write|publish|slots)|StartRefresh|StartInstanceRefresh",
        ),
        "deploy",
    ),
)  # fmt: skip
_NAMES = (
    "service", "serviceName", "functionName", "applicationName", "dBInstanceIdentifier", "dBClusterIdentifier", "clusterName",
    "autoScalingGroupName", "stackName", "repositoryName", "bucketName", "tableName", "queueName", "name",
)  # fmt: skip
_VERSIONS = ("taskDefinition", "imageUri", "imageTag", "version", "functionVersion", "revision")
# Of Vault: what programs fetch and renew all day; settings, roles and rotations; and how people sign in.
_FETCHED = re.compile(
    r"auth/(?:token|\w+/login)|sys/leases/|sys/(?:health|internal)|[\w-]+/(?:static-)?creds/|[\w-]+/(?:issue|sign|encrypt|decrypt)/"
)
_SETTINGS = re.compile(r"^sys/|/config\b|/roles?/|/static-roles/|rotate|/policies|/policy/")
_PERSON = re.compile(r"oidc-|userpass-|ldap-|okta-|github-|jwt-|root$")
_OF_ROLE = re.compile(
    r"[-_](?:app|role|user|rw|ro|db|svc)$"
)  # a role is called after the service that uses it
VAULT = "vault"
_ROTATED = "--- a/role.yaml\n+++ b/role.yaml\n@@ -1,1 +1,1 @@\n-credential: previous\n+credential: rotated"
_THING = re.compile(r"name$|arn$|id$|identifier$|token$|tag|^bucket|^key$|region", re.IGNORECASE)
_ARN = re.compile(r"arn:[^:]*(?::[^:]*){3}:(?P<resource>.+)")
_TITLE, _VALUE = 160, 60  # characters
_DEPLOYED = frozenset(["deployments", "statefulsets", "daemonsets", "replicasets", "rollouts"])
_WRITES = frozenset(["create", "update", "patch", "delete", "deletecollection"])


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are events of an audit log."""
    for row in glimpses(given, 5):
        for known, name in ((_is_trail, "AWS CloudTrail"), (_is_google, "Google Cloud audit"), (_is_cluster, "Kubernetes audit"), (_is_azure, "Azure activity"), (_is_vault, "Vault audit")):  # fmt: skip
            if known(row):
                return Claim(name, 0.97, f"its first object is an event of {name}")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each call that changes something, a log line for the rest."""
    del claim, settings
    return decoded(given, _LISTS, _rows)


def _is_trail(row: Mapping[str, Any]) -> bool:
    return {"eventTime", "eventName", "eventSource"} <= row.keys()


def _is_google(row: Mapping[str, Any]) -> bool:
    return bool(inside(row, "protoPayload", "methodName")) and "timestamp" in row


def _is_cluster(row: Mapping[str, Any]) -> bool:
    return str(row.get("apiVersion", "")).startswith("audit.k8s.io/") and "verb" in row


def _is_azure(row: Mapping[str, Any]) -> bool:
    named = str(inside(row, "operationName", "value") or row.get("operationName") or "")
    return (
        "/" in named and ("caller" in row or "identity" in row) and ("eventTimestamp" in row or "time" in row)
    )


def _is_vault(row: Mapping[str, Any]) -> bool:
    asked = row.get("request")
    return (
        row.get("type") in ("request", "response")
        and isinstance(asked, Mapping)
        and {"operation", "path"} <= asked.keys()
    )


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    if _is_trail(row):
        yield _trail(row)
    elif _is_google(row):
        yield _google(row)
    elif _is_cluster(row):
        yield _cluster(row)
    elif _is_azure(row):
        yield _azure(row)
    elif _is_vault(row):
        yield from _vault(row)
    else:
        raise ValueError("it is not an event of an audit log")


def _made(name: str, time: int, *, reads: bool, **given: Any) -> Row:
    """A change, or the line of what only reads."""
    state = str(given.get("state") or "")
    attributes = said({"audit.operation": name, **given.pop("attributes", {})})
    if reads:
        level = "ERROR" if state else "INFO"
        return LOGS, {
            "Timestamp": time, "ServiceName": str(given.get("service") or ""), "Body": f"{name} {state}".strip(),
            "SeverityNumber": 17 if state else 9, "SeverityText": level, "ScopeName": "audit",
            "LogAttributes": attributes | said({"user.id": given.get("actor")}),
        }  # fmt: skip
    kind = next((kind for found, kind in _KINDS if found.search(name)), "config")
    asked = dict(_settings(given.pop("asked", None)))
    parts = (
        name,
        str(given.get("service") or ""),
        str(given.get("version") or ""),
        *(f"{key}={value}" for key, value in asked.items()),
    )
    title = " ".join(filter(None, parts))[:_TITLE]
    return change(
        given.pop("kind", kind),
        time,
        title=title,
        diff=given.pop("diff", "") or _edit(name, asked),
        attributes=attributes,
        **given,
    )


def _settings(asked: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """What a call sets: its values that are no names of things, with the last word of where each stands."""
    if isinstance(asked, Mapping):
        pair = {key.lower(): value for key, value in asked.items() if isinstance(value, str | int | float)}
        named = next((value for key, value in pair.items() if key.endswith(("parametername", "key"))), "")
        said = next((value for key, value in pair.items() if key.endswith("value")), "")
        if named and said != "":
            yield str(named), str(said)
            return
        for key, value in asked.items():
            yield from _settings(value, str(key))
    elif isinstance(asked, list):
        for one in asked:
            yield from _settings(one, name)
    elif asked not in (None, "") and not _THING.search(name):
        yield name, str(asked).lower() if isinstance(asked, bool) else str(asked)[:_VALUE]


def _edit(name: str, settings: Mapping[str, str]) -> str:
    """The values as lines that are set: what they were is not said."""
    if not settings:
        return ""
    lines = "\n".join(f"+{key}: {value}" for key, value in settings.items())
    return f"--- a/{name}.yaml\n+++ b/{name}.yaml\n@@ -1,0 +1,{len(settings)} @@\n{lines}"


def _trail(row: Mapping[str, Any]) -> Row:
    asked = row.get("requestParameters") or {}
    who = row.get("userIdentity") or {}
    name = str(row["eventName"])
    issuer = inside(who, "sessionContext", "sessionIssuer", "userName")
    return _made(
        name, at(row["eventTime"]), reads=row.get("readOnly") is True or bool(_READS.match(name)),
        service=_thing(asked), version=_version(asked), asked=asked, id=f"cloudtrail/{row.get('eventID') or ''}",
        actor=who.get("userName") or issuer or _last(who.get("arn")), state=_refusal(row.get("errorCode")), source="cloudtrail",
        attributes={
            "cloud.region": row.get("awsRegion"), "aws.event.source": row.get("eventSource"),
            "error.code": row.get("errorCode"), "error.message": row.get("errorMessage"),
        },
    )  # fmt: skip


def _thing(asked: Mapping[str, Any]) -> str:
    """What a call of AWS is about: a name that is known to be one, else any name, else the resource of an ARN."""
    if known := _last(_first(asked, _NAMES)):
        return known
    texts = {name: value for name, value in asked.items() if isinstance(value, str)}
    named = next((value for name, value in texts.items() if name.endswith(("Name", "Identifier"))), "")
    arn = next((found["resource"] for value in texts.values() if (found := _ARN.fullmatch(value))), "")
    kind, _, rest = arn.partition("/")
    return named or (rest.partition("/")[0] if rest else kind.rpartition(":")[2])


def _version(asked: Mapping[str, Any]) -> str:
    """The version that a call names, in a field for it or in the name of what it ships."""
    stated = _last(_first(asked, _VERSIONS))
    shipped = inside(asked, "revision", "s3Location", "key") or inside(
        asked, "revision", "gitHubLocation", "commitId"
    )
    return stated or version_in(str(shipped or "").removesuffix(".zip")) or str(shipped or "")


def _google(row: Mapping[str, Any]) -> Row:
    call = row["protoPayload"]
    name = str(call["methodName"])
    return _made(
        name, at(row["timestamp"]), reads=bool(_READS.match(name.rpartition(".")[2])), service=_last(call.get("resourceName")),
        id=f"gcp/{row.get('insertId') or ''}", actor=inside(call, "authenticationInfo", "principalEmail"), source="gcp audit",
        state="failed" if inside(call, "status", "code") else "",
        attributes={"gcp.resource": call.get("resourceName"), "error.message": inside(call, "status", "message")},
    )  # fmt: skip


def _cluster(row: Mapping[str, Any]) -> Row:
    about = row.get("objectRef") or {}
    verb, resource = str(row["verb"]), str(about.get("resource") or "")
    code = int(inside(row, "responseStatus", "code") or 0)
    kind = {"kind": "deploy"} if resource in _DEPLOYED and about.get("subresource") != "scale" else {}
    return _made(
        f"{verb} {'/'.join(filter(None, (resource, about.get('subresource'))))}",
        at_first(row, "requestReceivedTimestamp", "stageTimestamp"), reads=verb not in _WRITES, service=about.get("name"),
        id=f"kubernetes/{row.get('auditID') or ''}", actor=inside(row, "user", "username"), source="kubernetes audit",
        state="denied" if code in {401, 403} else "failed" if code >= 400 else "",
        attributes={"k8s.namespace.name": about.get("namespace"), "http.response.status_code": code or None}, **kind,
    )  # fmt: skip


def _azure(row: Mapping[str, Any]) -> Row:
    name = str(inside(row, "operationName", "value") or row.get("operationName"))
    status = str(inside(row, "status", "value") or row.get("resultType") or "")
    return _made(
        name, at_first(row, "eventTimestamp", "time"), reads=name.lower().endswith(("/read", "/action/read")),
        service=_last(row.get("resourceId")), id=f"azure/{row.get('eventDataId') or row.get('correlationId') or ''}",
        actor=row.get("caller"), state="failed" if status.lower() in {"failed", "failure"} else "", source="azure activity",
        attributes={"azure.resource.id": row.get("resourceId"), "azure.status": status},
    )  # fmt: skip


def _vault(row: Mapping[str, Any]) -> Iterator[Row]:
    """What people write, and anyone's writing of settings, roles and rotations; what programs fetch and renew is a line."""
    asked, who = row["request"], row.get("auth") or {}
    if row["type"] == "request":
        return  # its response follows, with what became of it
    path, operation = str(asked["path"]), str(asked["operation"])
    person = str(who.get("display_name") or "")
    routine = bool(_FETCHED.match(path)) or not (_SETTINGS.search(path) or _PERSON.match(person))
    rotated = re.search(r"rotate-(?:role|root)/(?P<name>[\w.-]+)", path)
    reads = operation in {"read", "list"} or routine
    yield _made(
        f"{operation} {path}", at(row["time"]), reads=reads, kind="config",
        id=f"vault/{asked.get('id') or row['time']}", actor=person, source="vault audit", state="failed" if row.get("error") else "",
        service=_OF_ROLE.sub("", rotated["name"]) if rotated else VAULT if reads else "", diff=_ROTATED if rotated else "",
        attributes={"vault.path": path, "error.message": row.get("error")},
    )  # fmt: skip


def _first(asked: Any, names: tuple[str, ...]) -> str:
    found = (asked.get(name) for name in names) if isinstance(asked, Mapping) else ()
    return next((text for text in found if isinstance(text, str) and text), "")


def _last(path: Any) -> str:
    return str(path or "").rstrip("/").rpartition("/")[2]


def _refusal(code: Any) -> str:
    """Whether a call was refused, or failed."""
    if not code:
        return ""
    return "denied" if re.search(r"Denied|Unauthorized|Forbidden", str(code)) else "failed"


SOURCE = Source("cloud_audit", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
