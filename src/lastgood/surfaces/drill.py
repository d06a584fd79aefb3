"""Drills in words: the list, the page with what to paste, chat lines, and a score beside a good run."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lastgood.model import figures
from lastgood.model.drill import ChatLine, Drill, DrillScore, Played
from lastgood.surfaces.exercise import criterion_lines
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.drill import scored_for

LEVELS = {1: "easy", 2: "simple", 3: "medium", 4: "hard", 5: "very hard"}


def list_text(drills: Sequence[Drill], played: Mapping[str, Played]) -> str:
    """One line each, with the best score of those that were played."""
    return "".join(f"{_listed(one, played.get(one.name))}\n" for one in drills).translate(PLAIN)


def _listed(drill: Drill, played: Played | None) -> str:
    best = f"   best {figures.number(played.percent, 0)} of 100" if played else ""
    return f"{drill.name:<22} {LEVELS[drill.level]:<9} {drill.title}{best}"


def page_text(drill: Drill, at: datetime, store: str, record: str, folder: str) -> str:
    """The page, and the settings that send the ordinary commands to the drill."""
    exported = {"LASTGOOD_STORE": store, "LASTGOOD_RECORD": record, "LASTGOOD_DRILL": folder}
    lines = [f"# PAGE {at:%H:%M} UTC  {drill.page}", "# Paste these lines, then use the ordinary commands:"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in exported.items()]
    lines.append(f"# lastgood incident open {shlex.quote(drill.title)}")
    lines += [
        "# lastgood drill look    before each triage and verify: new chat lines, and telemetry up to the present",
        "# lastgood drill score   at the end: it shows the cause",
        f"# Scored: {', '.join(scored_for(drill))}.",
    ]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def made_text(drill: Drill) -> str:
    """A drill that was made of an own incident: what others will read."""
    lines = [
        f"drill {drill.name} is made: {drill.title}",
        f"  page         {drill.page}",
        *(f"  chat         {one.who}: {one.text}" for one in drill.chat),
        f"  truth        {drill.truth.explanation}",
        *(f"  fixed by     {one}" for one in drill.truth.mitigations),
        "start it:",
        f"lastgood drill start {drill.name}",
    ]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def chat_text(lines: Sequence[ChatLine], paged_at: datetime) -> str:
    """What was said so far."""
    return "".join(
        f"{paged_at + timedelta(minutes=line.after):%H:%M}  {line.who}: {line.text}\n" for line in lines
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
        "truth": drill.truth.explanation,
        "good_run": [{"by_minutes": one.by, "text": one.text} for one in drill.good],
    }  # fmt: skip


def _lines(found: DrillScore, drill: Drill) -> Iterator[str]:
    yield f"SCORE {figures.number(found.percent, 0)} of 100   {drill.title}"
    for one in found.parts:
        yield from criterion_lines(one)
    yield f"TRUTH     {drill.truth.explanation}"
    yield "A GOOD RUN"
    for step in drill.good:
        yield f"  {figures.number(step.by, 0):>4} min  {step.text}"
