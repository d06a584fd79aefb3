"""Feature-flag audits: LaunchDarkly, Unleash, Flagsmith, GrowthBook, ConfigCat, and exports that look like them.

What an audit tells beside flags (members, tokens, what was asked for or is planned) changes nothing that runs: a log line.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from lastgood.decoding.change import Row, at, at_first, change, decoded, glimpses, inside, logged, text
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_TIMES = (
    "date",
    "createdAt",
    "created_at",
    "created_date",
    "timestamp",
    "time",
    "changedAt",
    "changed_at",
    "at",
)
_KEYS = (
    "flagKey",
    "flag_key",
    "featureName",
    "flag",
    "flag_name",
    "flagName",
    "feature",
    "feature_name",
    "toggle",
)
_ACTORS = ("createdBy", "created_by", "actor", "user", "changed_by", "author", "member")
_VALUES_KEPT = 20  # of what a rule was given or lost
_LISTS = ("items", "events", "results", "auditLogs", "audit_logs", "audits", "data")


def recognise(given: Input) -> Claim | None:
    """JSON whose first entries tell of a flag, a time and something done to it."""
    for row in glimpses(given):
        for form, (sign, because) in _SIGNS.items():
            if sign(row):
                return Claim(form, 0.97, because)
        if (
            _flag(row)
            and any(row.get(name) for name in _TIMES)
            and not {"kind", "traceId", "trace_id"} & row.keys()
        ):
            return Claim("flag audit", 0.9, "an entry names a flag and a time")
    return None


def _of_launchdarkly(row: Mapping[str, Any]) -> bool:
    told = "accesses" in row or "titleVerb" in row or {"date", "name", "title"} <= row.keys()
    resources = inside(row, "target", "resources")
    listed = isinstance(resources, list) and any(str(one).startswith("proj/") for one in resources)
    return (row.get("kind") == "flag" and told) or (listed and "date" in row and "kind" in row)


def _of_unleash(row: Mapping[str, Any]) -> bool:
    word = row.get("type")
    return isinstance(word, str) and word.startswith(_UNLEASH_TYPES) and "createdAt" in row


def _of_flagsmith(row: Mapping[str, Any]) -> bool:
    entry = _unwrapped(row)
    told = "author" in entry and bool(_OF_FLAGSMITH.search(str(entry.get("log"))))
    return "created_date" in entry and (told or "related_object_type" in entry)


def _of_growthbook(row: Mapping[str, Any]) -> bool:
    return {"event", "entity", "user", "dateCreated"} <= row.keys() and bool(inside(row, "entity", "object"))


def _of_webhook(row: Mapping[str, Any]) -> bool:
    return str(row.get("event_type")).startswith("FLAG_") and bool(inside(row, "data", "timestamp"))


_UNLEASH_TYPES = ("feature-", "segment-", "change-request-")
_SIGNS = {
    "LaunchDarkly audit": (_of_launchdarkly, "an entry is about a flag and its accesses"),
    "Unleash events": (_of_unleash, "an entry is of a type of Unleash"),
    "Flagsmith webhook": (_of_webhook, "its event_type is of a flag"),
    "Flagsmith audit": (_of_flagsmith, "an entry has created_date, a log and its author"),
    "GrowthBook audit": (_of_growthbook, "an entry has an event, an entity and dateCreated"),
    "ConfigCat audit": (lambda row: {"auditLogTypeEnum", "auditLogDateTime"} <= row.keys(), "an entry has auditLogTypeEnum"),
}  # fmt: skip
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")  # of Markdown
_BY = re.compile(r"^\[[^\]]*\] ")
_FROM_TO = re.compile(r"\bfrom `([^`]*)` to `([^`]*)`")
# Flagsmith's texts of an audit (docs.flagsmith.com, Audit logs), and those that put nothing into force.
_OF_FLAGSMITH = re.compile(
    r"(?:for feature|Segment updated|[Ff]lag / [Rr]emote [Cc]onfig \w+|for flag|to feature|from feature|on feature|state for feature)(?:: | )"
    r"(?:'(?P<quoted>[^']+)'|(?P<name>\S.*?))(?: by Change Request.*| in environment: .*| and (?:segment|identity) .*| scheduled .*|\.)?$"
)
_PLANNED = re.compile(r"scheduled for|Change Request: .* (?:created|approved)$", re.IGNORECASE)
_BECAME = re.compile(r"(?P<old>\S.*?) (?:→|->|=>) (?P<new>\S.*)")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change of a flag for each entry."""
    del settings
    rows_of = {
        "LaunchDarkly audit": _launchdarkly, "Unleash events": _unleash, "Flagsmith audit": _flagsmith,
        "GrowthBook audit": _growthbook, "ConfigCat audit": _configcat, "Flagsmith webhook": _flagsmith_told,
    }  # fmt: skip
    return decoded(given, _LISTS, rows_of.get(claim.format, _generic))


def _launchdarkly(row: Mapping[str, Any]) -> Iterator[Row]:
    if row.get("kind") not in {None, "flag", "segment", "environment"}:
        return  # members, tokens and the like change nothing that runs
    target = row.get("target") or {}
    resource = next((str(name) for name in target.get("resources") or () if ":flag/" in str(name)), "")
    key = resource.rpartition(":flag/")[2] or str(row.get("name") or "")
    environment = resource.partition(":env/")[2].partition(":")[0]
    who = inside(row, "member", "email") or inside(row, "subject", "name") or ""
    yield _flag_change(
        {**row, **_described(row)}, key, at_first(row, "date"), title=_launchdarkly_title(row, key), actor=who,
        environment=environment, source="launchdarkly",
    )  # fmt: skip


def _described(row: Mapping[str, Any]) -> dict[str, str]:
    """What a value was and became, from the words of the entry."""
    found = _FROM_TO.search(str(row.get("description") or ""))
    return {"from": found[1], "to": found[2]} if found else {}


def _launchdarkly_title(row: Mapping[str, Any], key: str) -> str:
    """What a value was and became; else the entry's title as plain text, without who it was."""
    plain = _LINK.sub(r"\1", str(row.get("title") or f"{row.get('titleVerb') or 'changed'} {key}"))
    sides = _described(row)
    if sides:
        return f"{row.get('name') or key}: {sides['from']} to {sides['to']}"
    said = _BY.sub("", plain.replace("`", ""))
    name = str(row.get("name") or key)
    return said if name.lower() in said.lower() or key.lower() in said.lower() else f"{name}: {said}"


def _unleash(row: Mapping[str, Any]) -> Iterator[Row]:
    word = str(row.get("type") or "")
    key = str(row.get("featureName") or inside(row, "data", "name") or "")
    title = str(row.get("label") or f"{word} {key}".strip())
    if not word.startswith(_UNLEASH_TYPES[:2]):
        yield logged(title, at_first(row, "createdAt"), source="unleash")
        return
    yield _flag_change(
        row, key, at_first(row, "createdAt"), title=title, actor=row.get("createdBy"),
        environment=row.get("environment"), source="unleash", state=word.removeprefix("feature-"),
    )  # fmt: skip


def _unwrapped(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry in what Flagsmith posts to a webhook."""
    inner = row.get("data")
    return inner if isinstance(inner, Mapping) and "created_date" in inner else row


def _flagsmith(row: Mapping[str, Any]) -> Iterator[Row]:
    entry = _unwrapped(row)
    author, environment = entry.get("author"), entry.get("environment")
    who = inside(author, "email") or (author if isinstance(author, str) else "")
    where = inside(environment, "name") or (environment if isinstance(environment, str) else "")
    words, time = str(entry.get("log") or ""), at_first(entry, "created_date")
    found = _OF_FLAGSMITH.search(words)
    if found is None or _PLANNED.search(words):
        yield logged(words, time, source="flagsmith")
        return
    project = inside(entry, "project", "name") or entry.get("project")
    yield _flag_change(
        {**entry, "project": project}, found["quoted"] or found["name"], time, title=words, actor=who,
        environment=where, source="flagsmith",
    )  # fmt: skip


def _growthbook(row: Mapping[str, Any]) -> Iterator[Row]:
    """An entry of its audit; `details` is JSON as text, with what it was (`pre`), became (`post`) and where (`context`)."""
    details = row.get("details")
    held = orjson.loads(details) if isinstance(details, str) and details.startswith("{") else details
    about, key = inside(row, "entity", "object"), str(inside(row, "entity", "id") or "")
    time, did = at_first(row, "dateCreated"), str(row["event"])
    if about not in {"feature", "experiment"}:
        yield logged(f"{did} {key}", time, source="growthbook")
        return
    before, after = (inside(held, side, "on") for side in ("pre", "post"))
    yield _flag_change(
        {"id": row.get("id"), "old": before, "new": after}, key, time, title=f"{did} {key}", source="growthbook",
        actor=inside(row, "user", "email") or inside(row, "user", "name"), state=did.rpartition(".")[2],
        environment=inside(held, "context", "environment"),
    )  # fmt: skip


def _configcat(row: Mapping[str, Any]) -> Iterator[Row]:
    """An entry of its audit; a flag is a setting there."""
    time, key = at_first(row, "auditLogDateTime"), text(row.get("actionTarget") or "")
    title = f"{row.get('auditLogType') or row['auditLogTypeEnum']} {key}".strip()
    if not str(row["auditLogTypeEnum"]).startswith(("setting", "segment")):
        yield logged(title, time, source="configcat")
        return
    became = _BECAME.fullmatch(str(row.get("details") or "").strip())
    sides = {"old": became["old"], "new": became["new"]} if became else {}
    yield _flag_change(
        {"id": row.get("auditLogId"), "comment": row.get("why"), "project": row.get("where"), **sides}, key, time,
        title=title, actor=row.get("userEmail") or row.get("userName"), source="configcat",
    )  # fmt: skip


def _flagsmith_told(row: Mapping[str, Any]) -> Iterator[Row]:
    """A flag before and after, as Flagsmith posts it."""
    told = row["data"]
    new, old = told.get("new_state") or {}, told.get("previous_state") or {}
    flag = new or old  # of one that was deleted there is only what it was
    key = str(inside(flag, "feature", "name") or "")
    if not key:
        raise ValueError("it names no flag")
    was, now = (_flagsmith_value(one) for one in (old, new))
    title = f"{key}: {was} to {now}" if was and now and was != now else f"{row['event_type']} {key}"
    yield _flag_change(
        {"from": was, "to": now}, key, at_first(told, "timestamp"), title=title, actor=told.get("changed_by"),
        environment=inside(flag, "environment", "name"), source="flagsmith", state=row["event_type"],
    )  # fmt: skip


def _flagsmith_value(state: Mapping[str, Any]) -> str:
    """`on`, `off`, or the value of a flag that is on."""
    if not state:
        return ""
    value = state.get("feature_state_value")
    return "off" if not state.get("enabled") else "on" if value in {None, ""} else text(value)


def _generic(row: Mapping[str, Any]) -> Iterator[Row]:
    key = _flag(row)
    if not key:
        raise ValueError("it names no flag")
    time = next((at(row[name]) for name in _TIMES if row.get(name)), None)
    if time is None:
        raise ValueError("it has no time")
    actor = next((text(row[name]) for name in _ACTORS if row.get(name)), "")
    did = text(row.get("action") or row.get("event") or row.get("change") or "changed")
    yield _flag_change(
        row, key, time, title=row.get("title") or f"{did} {key}", actor=actor, state=did, source="flags",
        environment=row.get("environment") or row.get("env"),
    )  # fmt: skip


def _flag(row: Mapping[str, Any]) -> str:
    for name in _KEYS:
        value = row.get(name)
        found = inside(value, "key") or inside(value, "name") if isinstance(value, Mapping) else value
        if isinstance(found, str) and found:
            return found
    return ""


def _flag_change(row: Mapping[str, Any], key: str, time: int, **given: Any) -> Row:
    environment = given.pop("environment", None)
    before, after = _sides(row)
    return change(
        "flag", time, id=f"{given['source']}/{row.get('_id') or row.get('id') or f'{key}/{time}'}",
        service=text(row.get("service") or ""), previous_version=before, version=after,
        attributes={
            "feature_flag.key": key, "deployment.environment.name": text(environment or ""),
            "comment": row.get("comment") or row.get("description"), "project": row.get("project"),
            "rule.added": ", ".join(_beyond(row.get("currentVersion"), row.get("previousVersion"))),
            "rule.removed": ", ".join(_beyond(row.get("previousVersion"), row.get("currentVersion"))),
        },
        **given,
    )  # fmt: skip


def _sides(row: Mapping[str, Any]) -> tuple[str, str]:
    """What it was and what it became, where the entry says so in a word or two."""
    pairs = (
        ("before", "after"),
        ("old", "new"),
        ("old_value", "new_value"),
        ("oldValue", "newValue"),
        ("from", "to"),
    )
    for old, new in pairs:
        if old in row or new in row:
            return _short(row.get(old)), _short(row.get(new))
    return "", ""


def _beyond(one: Any, other: Any) -> list[str]:
    """The values anywhere in one state of a flag that the other has not."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return []
    known = set(_values(other))
    return [value for value in dict.fromkeys(_values(one)) if value not in known][:_VALUES_KEPT]


def _values(state: Any) -> Iterator[str]:
    if isinstance(state, Mapping):
        for inner in state.values():
            yield from _values(inner)
    elif isinstance(state, list):
        for inner in state:
            yield from _values(inner)
    elif isinstance(state, str | int | float):
        yield str(state)


def _short(value: Any) -> str:
    return "" if value is None else text(value)[:200]


SOURCE = Source("flags", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
