"""What brings people on purpose: newsletters, campaigns, sales and broadcasts of a calendar, about the onset."""

import re

from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.weights import PLANNED_AFTER, PLANNED_BEFORE
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case

# English, German, French, Spanish, Portuguese, Italian, Dutch.
_BRINGS = re.compile(
    r"news-?letter|mailing|e-?mail blast|push (?:notification|message)s?|campa(?:ign|gne|ña|nha|gna)|kampagne|campagne|promo(?:tion)?s?\b|\bsales?\b|pre-?sale|vorverkauf"
    r"|\bsoldes\b|\brebajas\b|\bsaldi\b|black friday|cyber monday|singles.? day|\blaunch|premiere|première|\btv\b|\bspot\b|broadcast|live-?stream|webinar|kick-?off|\bmatch\b|ticket (?:sale|drop)|\bdrop\b|giveaway|influencer|registration opens|anmeldestart",
    re.IGNORECASE,
)
_EVENTS = "SELECT ts, body FROM lg_lines WHERE service = 'calendar' AND scope = 'calendar' ORDER BY ts DESC, body LIMIT 200"


def planned_crowd(case: Case, scene: Scene) -> str:
    """The event of a calendar, with its time, that brings people and began about the onset; empty where there is none."""
    if not case.has(Signal.LOGS):
        return ""
    around = Window(scene.low - PLANNED_BEFORE, scene.high + PLANNED_AFTER)
    rows = case.query(_EVENTS, window=around).dicts()
    return next(
        (f"“{row['body']}” at {row['ts']:%H:%M} UTC" for row in rows if _BRINGS.search(row["body"])), ""
    )
