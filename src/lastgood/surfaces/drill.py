"""Drills in words: the list, the page with what to paste, chat lines, and a score beside a good run."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lastgood.model import figures
from lastgood.model.drill import ChatLine, Drill, DrillScore, GoodStep, Member, Played
from lastgood.model.team import TeamRole
from lastgood.surfaces.drill_budget import allows, spent
from lastgood.surfaces.entries import entry_line
from lastgood.surfaces.exercise import criterion_lines
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.drill_scored import scored_for

_ALONE = (
    "# lastgood drill look    before each triage and verify: new chat lines, and telemetry up to the present",
    "# lastgood drill pause   when you leave: the clock stops until lastgood drill resume",
)
_TEAM = (
    f"# lastgood drill join NAME --role lead    for each person; roles: {', '.join(TeamRole)}",
    "# lastgood serve         then the clock runs; each logs in, and works on the page of the incident",
    "# End it with Ctrl-C: the clock stops until it is started again.",
)
LEVELS = {1: "easy", 2: "simple", 3: "medium", 4: "hard", 5: "very hard"}


def list_text(drills: Sequence[Drill], played: Mapping[str, Played]) -> str:
    """One line each, with the best score of those that were played."""
    return "".join(f"{_listed(one, played.get(one.name))}\n" for one in drills).translate(PLAIN)


def _listed(drill: Drill, played: Played | None) -> str:
    best = f"   best {figures.number(played.percent, 0)} of 100" if played else ""
    return f"{drill.name:<22} {LEVELS[drill.level]:<9} {_one_line(drill.title)}{best}"


def _one_line(text: str) -> str:
    """The words of a drill, which another person may have made: none begins a line of its own, which would be pasted."""
    return " ".join(text.split())


def page_text(drill: Drill, at: datetime, store: str, record: str, folder: str, *, team: bool = False) -> str:
    """The page, and the settings that send the ordinary commands to the drill."""
    exported = {"LASTGOOD_STORE": store, "LASTGOOD_RECORD": record, "LASTGOOD_DRILL": folder}
    lines = [
        f"# PAGE {at:%H:%M} UTC  {_one_line(drill.page)}",
        *([f"# Budget: {allows(drill.budget)}."] if drill.budget else []),
        "# Paste these lines, then use the ordinary commands:",
    ]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in exported.items()]
    lines += _TEAM if team else (f"# lastgood incident open {shlex.quote(_one_line(drill.title))}", *_ALONE)
    lines += [
        "# lastgood drill score   once the incident is resolved: it shows the cause",
        f"# Scored: {', '.join(scored_for(drill, team=team))}.",
    ]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def made_text(drill: Drill) -> str:
    """A drill that was made of an own incident: what others will read."""
    lines = [
        f"drill {drill.name} is made: {_one_line(drill.title)}",
        f"  page         {_one_line(drill.page)}",
        *(f"  chat         {_one_line(f'{one.who}: {one.text}')}" for one in drill.chat),
        f"  truth        {drill.truth.explanation}",
        *(f"  fixed by     {_one_line(one)}" for one in drill.truth.mitigations),
        "start it:",
        f"lastgood drill start {drill.name}",
    ]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def joined_text(name: str, role: TeamRole, password: str | None) -> str:
    """How a person gets to the pages."""
    how = f"\n  password {password}   (printed once)" if password else ""
    return f"{name} joins as {role}{how}\n".translate(PLAIN)


def chat_text(lines: Sequence[ChatLine], paged_at: datetime) -> str:
    """What was said so far."""
    return "".join(
        f"{paged_at + timedelta(minutes=line.after):%H:%M}  {_one_line(f'{line.who}: {line.text}')}\n"
        for line in lines
    ).translate(PLAIN)


def score_text(found: DrillScore, drill: Drill) -> str:
    """The parts, each beside what a good run does; the truth; the course of a good run."""
    return "".join(f"{line}\n" for line in _lines(found, drill)).translate(PLAIN)


def score_document(found: DrillScore, drill: Drill) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "drill": found.drill,
        "percent": found.percent,
        "parts": [
            {"name": one.name, "points": one.points, "of": one.of, "seen": one.seen, "good": one.good} for one in found.parts
        ],
        "budget": {"minutes_used": found.used.minutes, "minutes": found.used.budget.minutes, "lost": found.used.lost, "currency": found.used.budget.currency}
        if found.used
        else None,
        "truth": drill.truth.explanation,
        "good_run": [{"by_minutes": one.by, "text": one.text} for one in drill.good],
        "team": [
            {
                "name": one.name, "role": one.role,
                "did": [{"minute": minute, "text": entry_line(entry)} for minute, entry in one.did],
                "good_run": [{"by_minutes": step.by, "text": step.text} for step in one.good],
            }
            for one in found.team
        ],
    }  # fmt: skip


def _lines(found: DrillScore, drill: Drill) -> Iterator[str]:
    yield f"SCORE {figures.number(found.percent, 0)} of 100   {drill.title}"
    for one in found.parts:
        yield from criterion_lines(one)
    if found.used:
        yield f"BUDGET    {spent(found.used)}"
    yield f"TRUTH     {drill.truth.explanation}"
    yield "A GOOD RUN"
    yield from _steps(drill.good)
    for member in found.team:
        yield from _member(member)


def _member(one: Member) -> Iterator[str]:
    """What a person recorded, and what a good run of the role does."""
    yield f"{one.name.upper()}, {one.role}"
    for minute, entry in one.did:
        yield f"  {figures.number(minute, 0):>4} min  {entry_line(entry)}"
    if not one.did:
        yield "            recorded nothing"
    yield f"  A good run of {one.role}:"
    yield from _steps(one.good)


def _steps(steps: Sequence[GoodStep]) -> Iterator[str]:
    for step in steps:
        yield f"  {figures.number(step.by, 0):>4} min  {step.text}"
