"""Registers of changes and audit logs that no tool's format fits: who did what to which thing, and when.

An entry has a time, a person or a program, and what was done: in a sentence, or as an action with the values before and
after it. What has a level, a logger or a trace is a log event, and what has a hash or a flag is of other sources.
"""

import re
from collections.abc import Iterator, Mapping
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
    kind_of,
    names,
    text,
)
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_LISTS = (
    "records",
    "entries",
    "events",
    "items",
    "changes",
    "results",
    "data",
    "audit",
    "tickets",
    "history",
    "log",
    "Parameters",
)


# Most telling first; case and what is no letter do not count.
_TIMES = names(
    "time timestamp ts date at when appliedat changedat executedat startedat createdat performedat actualstart lastmodifieddate lastmodified modifiedat updatedat start"
)
_ENDS = names("until end endedat finishedat completedat actualend")
_ACTORS = names(
    "actor by user username author operator performedby changedby implementer assignee requestedby lastmodifieduser lastmodifiedby modifiedby updatedby who principal owner"
)
_DONE = names("summary title subject headline shortdescription change description what message note")
_ACTIONS = names("action operation verb event eventtype method")
_THINGS = names("pool resource target object entity setting key record zone name item path rule")
_IDS = names("ticket changeid changenumber number chg id uuid")
_SERVICES = names("service servicename app application component")
_SYSTEMS = names("system kind type category platform source tool area")
_NOTES = names("note notes detail details reason comment description message")
_STATES = names("state status result outcome")
_BEFORE = names("old before oldvalue previous from previousvalue")
_AFTER = names("new after newvalue current to value")
_NOT_OURS = frozenset(
    names("level severity lvl loglevel logger levelname traceid spanid duration durationms statuscode labels metric sha hash commit")
)  # fmt: skip
_VERSIONED = re.compile(
    r"^(?P<service>[A-Za-z][\w.-]*):? (?:from )?(?P<old>v?\d[\w.+-]*) (?:->|=>|→|to) (?P<new>v?\d[\w.+-]*)(?=\s|$|[,;:])"
)
# What the system that was changed is called, and the kind of change that it makes.
_KIND_OF_SYSTEM = (
    (re.compile(r"certificate|\btls\b|\bssl\b|\bpki\b|\bacme\b|certbot", re.IGNORECASE), "certificate"),
    (re.compile(r"^dns\b|route ?53|\bzone file\b|name ?server", re.IGNORECASE), "dns"),
    (re.compile(r"firewall|router|switch\b|\bvpn\b|\bwan\b|hypervisor|datacent(re|er)|hardware|storage", re.IGNORECASE), "infrastructure"),
    (re.compile(r"feature.?flag|toggle", re.IGNORECASE), "flag"),
    (re.compile(r"database|schema|migration", re.IGNORECASE), "migration"),
    (re.compile(r"autoscal|\bscaling\b|capacity", re.IGNORECASE), "scaling"),
)  # fmt: skip
_TICKET = re.compile(r"[A-Za-z]{0,8}[-_ #]?\d+")  # another id tells a person nothing
_FEWEST_LETTERS = 4  # of what was done
_SIDE_LETTERS = 120


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects have a time, a person, and what was done."""
    for row in glimpses(given, 4):
        if _is_record(_fields(row)):
            return Claim("change records", 0.9, "an entry has a time, who did it, and what was done")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each entry."""
    del claim, settings
    return decoded(given, _LISTS, _rows)


def _fields(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields by their folded names; of a resource of JSON:API (its specification, 7.2) those of its attributes."""
    inner = row.get("attributes")
    if not isinstance(inner, Mapping) or not isinstance(row.get("type"), str):
        return folded(row)
    return folded(inner, {"id": row.get("id", ""), "actor": inner.get("user_id", "")})


def _is_record(fields: Mapping[str, Any]) -> bool:
    if _NOT_OURS & fields.keys() or not _timed(fields) or not first_field(fields, _ACTORS):
        return False
    sided = first_field(fields, _ACTIONS) and (
        first_field(fields, _BEFORE) != "" or first_field(fields, _AFTER) != ""
    )
    listed = any(
        name in fields for name in ("ticket", "changeid", "changenumber", "chg", "system", "id", "number")
    )
    return bool(sided) or _is_parameter(fields) or (listed and len(_said(fields, _DONE)) >= _FEWEST_LETTERS)


def _is_parameter(fields: Mapping[str, Any]) -> bool:
    """Whether an entry tells what a parameter was set to, as a parameter store does."""
    return {"name", "value", "version"} <= fields.keys()


def _timed(fields: Mapping[str, Any]) -> bool:
    try:
        at(first_field(fields, _TIMES))
    except ValueError:
        return False
    return True


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    fields = _fields(row)
    time, ends = at(first_field(fields, _TIMES)), first_field(fields, _ENDS)
    title, diff = _title(fields), "\n".join(_sides(fields))
    found = _VERSIONED.match(_said(fields, _DONE))
    system = _said(fields, _SYSTEMS)
    kind = "deploy" if found else _kind(system, title)
    ticket = _said(fields, _IDS)
    yield change(
        kind, time, until=at(ends) if ends else None, id=ticket, title=f"{ticket}: {title}" if _TICKET.fullmatch(ticket) else title,
        service=found["service"] if found else _said(fields, _SERVICES) or _first_part(fields), version=found["new"] if found else "",
        previous_version=found["old"] if found else "", actor=_said(fields, _ACTORS), state=_said(fields, _STATES),
        diff=diff, source="change records",
        attributes={
            "change.kind": system if system and not kind_of(system) else "", "change.note": _said(fields, _NOTES),
            **{name: value for name, value in row.items() if isinstance(value, str) and name.lower() in _THINGS},
        },
    )  # fmt: skip


def _first_part(fields: Mapping[str, Any]) -> str:
    """Of the path of a parameter, whose it is; empty for other entries."""
    name = _said(fields, _THINGS) if _is_parameter(fields) else ""
    return name.split("/")[1] if name.count("/") > 1 and name.startswith("/") else ""


def _kind(system: str, title: str) -> str:
    reported = kind_of(system)
    if reported and reported != "commit":
        return reported
    for said in (system, title):
        for looks, kind in _KIND_OF_SYSTEM:
            if looks.search(said):
                return kind
    return UNKNOWN


def _title(fields: Mapping[str, Any]) -> str:
    """What was done: in the words of the entry, or the action, the thing, and what became of its values."""
    action = _said(fields, _ACTIONS)
    if not action and _is_parameter(fields):
        note = _said(fields, _NOTES)
        return f"{_said(fields, _THINGS)} = {_said(fields, _AFTER)}{f'; {note}' if note else ''}"
    if not action:
        return _said(fields, _DONE)
    thing = _said(fields, _THINGS)
    sides = ", ".join(f"{name} {old} → {new}".strip() for name, old, new in _changed(fields))
    said = " ".join(part for part in (action, thing) if part)
    note = _said(fields, _DONE)
    return "; ".join(
        part for part in (f"{said}: {sides}" if sides else said, note if note != said else "") if part
    )


def _changed(fields: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each value that differs: its name, what it was, what it became."""
    before, after = first_field(fields, _BEFORE), first_field(fields, _AFTER)
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old = before if isinstance(before, Mapping) else {}
        new = after if isinstance(after, Mapping) else {}
        keys = list(dict.fromkeys([*old, *new]))
        return [
            (str(name), _short(old.get(name, "")), _short(new.get(name, "")))
            for name in keys
            if old.get(name) != new.get(name)
        ]
    if before == "" and after == "":
        return []
    return [("", _short(before), _short(after))]


def _sides(fields: Mapping[str, Any]) -> Iterator[str]:
    """What became of its values, as an edit of settings."""
    changed = _changed(fields)
    if not changed:
        return
    thing = re.sub(r"[^\w.-]+", "-", _said(fields, _THINGS) or "setting")
    yield f"--- a/{thing}.yaml\n+++ b/{thing}.yaml\n@@ -1,{len(changed)} +1,{len(changed)} @@"
    yield from (f"-{name or thing}: {old}" for name, old, _ in changed if old)
    yield from (f"+{name or thing}: {new}" for name, _, new in changed if new)


def _short(value: Any) -> str:
    return text(value)[:_SIDE_LETTERS] if value not in ("", None) else ""


def _said(fields: Mapping[str, Any], wanted: tuple[str, ...]) -> str:
    """The first of these fields that is a word or a name."""
    for name in wanted:
        value = fields.get(name)
        if isinstance(value, Mapping):
            value = value.get("name") or value.get("displayName") or value.get("email")
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip().split("\n")[0]
    return ""


SOURCE = Source("change_records", frozenset({Signal.CHANGES}), recognise, decode)
