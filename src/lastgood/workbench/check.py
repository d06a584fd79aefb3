"""Check: everything that is wrong in a `lastgood.toml`, at once, and its schema for editors."""

import os
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from lastgood.config import (
    Settings,
    place_of,
    settings_file,
    trusted,
    unsafe,
    zone_of,
)
from lastgood.errors import NoDataError, UsageError, instead
from lastgood.inspections.mitigation.catalogue import CATALOGUE
from lastgood.model.moments import parse_duration
from lastgood.outside.connectors._registry import connectors
from lastgood.workbench.check_sinks import flaws_of_sinks, missing_secrets
from lastgood.workbench.commands import YOUR_COMMAND
from lastgood.workbench.options import OPTION_NAMED
from lastgood.workbench.retention import limits_of

UNKNOWN_KEY, MISSING_KEY = re.compile(r"unknown field `([^`]*)`"), re.compile(r"missing required field")
SCHEMA_URL = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class ConfigFlaw:
    """One thing in the file: where, what, and whether nothing works with it or only something."""

    where: str
    problem: str
    fatal: bool = True


def checked_file(path: Path | None) -> tuple[Path, tuple[ConfigFlaw, ...]]:
    """The file (the one in force, unless another is named) and its flaws, in its order.

    Raises:
        NoDataError: there is no file.
        UsageError: it is not TOML.
    """
    found = path or settings_file()
    if found is None or not found.is_file():
        raise NoDataError(f"There is no {found or 'lastgood.toml'}.", hint="Write one: lastgood init")
    try:
        document = tomllib.loads(found.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise UsageError(f"{found} cannot be read: {problem}.") from problem
    flaws = [*_of_types(document)]
    # A section that is wrong hides nothing of the others.
    wrong = {re.split(r"\W", flaw.where)[0] for flaw in flaws}
    reported = msgspec.convert(
        {name: value for name, value in document.items() if name not in wrong}, Settings
    )
    flaws += [*_of_values(reported), *_of_machine(reported), *_of_trust(found, reported)]
    return found, tuple(flaws)


def schema() -> dict[str, Any]:
    """The JSON schema of the settings (draft 2020-12)."""
    made = msgspec.json.schema(Settings)
    return {"$schema": SCHEMA_URL, "title": "lastgood.toml", **made}


def _of_types(document: Mapping[str, Any]) -> Iterator[ConfigFlaw]:
    """What has a wrong name or type, section by section, so that one does not hide another."""
    for name, value in document.items():
        parts = value if isinstance(value, list) and value else [None]
        for number, part in enumerate(parts):
            one = {name: [part] if part is not None else value}
            for where, text in _of_section(one):
                numbered = where.replace("[0]", f"[{number}]", 1) if part is not None else where
                yield ConfigFlaw(numbered or name, text)


def _of_section(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each wrong name or type of a section, with its place: what is wrong is left out, then the rest is read again."""
    rest, out = deepcopy(dict(document)), ""
    while True:
        try:
            msgspec.convert(rest, Settings)
        except msgspec.ValidationError as problem:
            place, text = place_of(problem)
            if out and MISSING_KEY.search(text):
                return  # it may be what was left out
            yield place, text
            if not (out := _left_out(rest, place, text)):
                return
        else:
            return


def _left_out(document: Any, place: str, text: str) -> str:
    """The key of a table that is wrong, which is taken out; empty for none. An unknown key is in the text, not in the place."""
    unknown = UNKNOWN_KEY.search(text)
    *above, last = [*re.findall(r"[^.\[\]]+", place), *([unknown[1]] if unknown else [])] or [""]
    for part in above:
        document = document[int(part)] if isinstance(document, list) else document.get(part)
    return last if isinstance(document, dict) and document.pop(last, None) is not None else ""


def _of_values(reported: Settings) -> Iterator[ConfigFlaw]:
    """Texts that mean nothing, and names that are given twice or are not there."""
    yield from _of_retention(reported)
    for where, name in (("zone", reported.zone), ("team.zone", reported.team.zone)):
        try:
            zone_of(name or "UTC")
        except UsageError as problem:
            yield ConfigFlaw(where, problem.message.rstrip("."))
    for where, text in _durations(reported):
        try:
            parse_duration(text)
        except UsageError:
            yield ConfigFlaw(where, f"{text!r} is not a duration, such as '15m'")
    yield from _of_actions(reported)
    kinds = set(connectors())
    for number, source in enumerate(reported.source):
        if source.kind not in kinds:
            yield ConfigFlaw(
                f"source[{number}].kind",
                f"there is no kind {source.kind!r}. {instead(source.kind, sorted(kinds))}".rstrip("."),
            )
    yield from (ConfigFlaw(*found) for found in flaws_of_sinks(reported))


def _of_actions(reported: Settings) -> Iterator[ConfigFlaw]:
    """Kinds that no answer proposes; a team may have its own."""
    known = {*CATALOGUE, *OPTION_NAMED}
    for number, action in enumerate(reported.action):
        if action.kind not in known:
            proposed = f"{action.kind!r} is never proposed. {instead(action.kind, sorted(known))}"
            yield ConfigFlaw(f"action[{number}].kind", proposed.rstrip(" ."), fatal=False)


def _of_retention(reported: Settings) -> Iterator[ConfigFlaw]:
    try:
        limits_of(reported.retention)
    except UsageError as problem:
        where, _, text = problem.message.partition(": ")
        yield ConfigFlaw(where, text)


def _durations(reported: Settings) -> Iterator[tuple[str, str]]:
    yield "incident.timebox", reported.incident.timebox
    yield "budget.question", reported.budget.question
    yield "budget.triage", reported.budget.triage
    yield from ((f"budget.questions.{name}", text) for name, text in reported.budget.questions.items())
    yield from ((f"updates.every.{level.value}", text) for level, text in reported.updates.every.items())
    yield from ((f"notify[{number}].within", one.within) for number, one in enumerate(reported.notify))
    recipients = enumerate(reported.recipient)
    yield from ((f"recipient[{number}].within", one.within) for number, one in recipients if one.within)


def _of_machine(reported: Settings) -> Iterator[ConfigFlaw]:
    """What this machine lacks: programs, and variables of the environment."""
    commands = [(f"action[{n}].command", one.command) for n, one in enumerate(reported.action)]
    commands += [(f"snapshot[{n}].command", one.command) for n, one in enumerate(reported.snapshot)]
    for where, command in commands:
        if command and command[0] == YOUR_COMMAND:
            yield ConfigFlaw(where, f"replace {YOUR_COMMAND} with your command", fatal=False)
        elif command and not shutil.which(command[0]):
            yield ConfigFlaw(where, f"{command[0]} is not on this machine", fatal=False)
    yield from (ConfigFlaw(*found) for found in missing_secrets(reported))
    named = list[tuple[str, str]]()
    for number, source in enumerate(reported.source):
        named += [(f"source[{number}].{key}", getattr(source, key)) for key in ("token", "password")]
    for where, text in named:
        if text.startswith("$") and not os.environ.get(text[1:]):
            yield ConfigFlaw(where, f"the environment variable {text[1:]} is not set", fatal=False)


def _of_trust(found: Path, reported: Settings) -> Iterator[ConfigFlaw]:
    if (names := unsafe(reported)) and not trusted(found):
        yield ConfigFlaw(", ".join(names), "ignored until the file is trusted: lastgood trust", fatal=False)
