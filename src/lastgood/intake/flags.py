"""Feature-flag audits: LaunchDarkly, Unleash, Flagsmith, and exports that look like them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, at_first, change, decoded, glimpses, inside, text
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
_LISTS = ("items", "events", "results", "auditLogs", "audit_logs", "data")


def recognise(given: Input) -> Claim | None:
    """JSON whose first entries tell of a flag, a time and something done to it."""
    for row in glimpses(given):
        if row.get("kind") == "flag" and ("accesses" in row or "titleVerb" in row):
            return Claim("LaunchDarkly audit", 0.97, "an entry is about a flag and its accesses")
        if (
            isinstance(row.get("type"), str)
            and row["type"].startswith(("feature-", "segment-"))
            and "createdAt" in row
        ):
            return Claim("Unleash events", 0.97, f"an entry is of type {row['type']}")
        if str(row.get("event_type")).startswith("FLAG_") and inside(row, "data", "timestamp"):
            return Claim("Flagsmith webhook", 0.97, f"its event_type is {row['event_type']}")
        if "related_object_type" in row and "created_date" in row:
            return Claim("Flagsmith audit", 0.97, "an entry has related_object_type and created_date")
        if (
            _flag(row)
            and any(row.get(name) for name in _TIMES)
            and not {"kind", "traceId", "trace_id"} & row.keys()
        ):
            return Claim("flag audit", 0.9, "an entry names a flag and a time")
    return None


_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")  # of Markdown
_BY = re.compile(r"^\[[^\]]*\] ")
_FROM_TO = re.compile(r"\bfrom `([^`]*)` to `([^`]*)`")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change of a flag for each entry."""
    del settings
    rows_of = {
        "LaunchDarkly audit": _launchdarkly, "Unleash events": _unleash, "Flagsmith audit": _flagsmith,
        "Flagsmith webhook": _flagsmith_told,
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
    return _BY.sub("", plain.replace("`", ""))


def _unleash(row: Mapping[str, Any]) -> Iterator[Row]:
    key = str(row.get("featureName") or inside(row, "data", "name") or "")
    title = row.get("label") or f"{row.get('type')} {key}".strip()
    yield _flag_change(
        row, key, at_first(row, "createdAt"), title=title, actor=row.get("createdBy"),
        environment=row.get("environment"), source="unleash", state=str(row.get("type")).removeprefix("feature-"),
    )  # fmt: skip


def _flagsmith(row: Mapping[str, Any]) -> Iterator[Row]:
    who = inside(row, "author", "email") or ""
    words = str(row.get("log") or "")
    yield _flag_change(
        row, words.rpartition(": ")[2] if ": " in words else "", at_first(row, "created_date"), title=words, actor=who,
        environment=inside(row, "environment", "name"), source="flagsmith",
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


SOURCE = Source("flags", frozenset({Signal.CHANGES}), recognise, decode)
