"""`python -m drills_played [NAME…]`: each drill with its good and bad player, and what the card shows at its page.

One line a drill, parted by tabs: name, score of the good player, of the bad one, `found` or `missed`, and why.
"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lastgood.algorithms.drill_score import fits, score
from lastgood.decoding.scenario.course import stretch, world_until
from lastgood.decoding.scenario.world import tables
from lastgood.model.action import ActionBegun
from lastgood.model.answers import ChangesWeighed, Mitigations
from lastgood.model.drill import Drill
from lastgood.model.finding import Finding, Verdict
from lastgood.telemetry.writer import Writer
from lastgood.workbench.drill_list import drills
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import throwaway_store
from players import play_badly, play_well
from records import START
from rooms import room_in

PAGED = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def scores(drill: Drill) -> tuple[float, float]:
    """Of the good and of the bad player."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for player in (play_well, play_badly):
            with room_in(Path(folder) / player.__name__) as room:
                player(room, drill)
                found.append(score(drill, room.entries, START).percent)
        return found[0], found[1]


def card(drill: Drill) -> tuple[Finding, ...]:
    """The findings of a triage half a minute after the page."""
    until = PAGED + timedelta(seconds=30)
    world, shift = world_until(drill.scenario, drill.page_at, PAGED, until, None)
    with throwaway_store() as store:
        writer = Writer(store.engine, drill.name)
        for table, rows in tables(stretch(world, shift, None, until)):
            writer.add(table, rows)
        writer.flush()
        return investigate(store, now=until)[1]


def judged(drill: Drill, findings: tuple[Finding, ...]) -> tuple[bool, str]:
    """Whether the card shows what is to be found, and what it shows."""
    confirmed = next(one for one in findings if one.name == "confirm").verdict
    proposed = [
        one
        for finding in findings
        if isinstance(finding.answer, Mitigations)
        for one in finding.answer.ranked
    ]
    likely = [
        one.change_id
        for finding in findings
        if isinstance(finding.answer, ChangesWeighed)
        for one in finding.answer.ranked
        if one.verdict == "likely"
    ]
    said = (
        f"{confirmed} {', '.join(f'{one.kind} {one.target}' for one in proposed[:4])} | {', '.join(likely)}"
    )
    if not drill.truth.incident:
        return confirmed is not Verdict.YES, said
    right = any(fits(drill, ActionBegun(one.kind, one.target, "card")) for one in proposed)
    return confirmed is Verdict.YES and (right or drill.truth.change in likely), said


def main(names: list[str]) -> None:
    """Print them."""
    for drill in drills():
        if names and drill.name not in names:
            continue
        well, badly = scores(drill)
        found, said = judged(drill, card(drill))
        sys.stdout.write(f"{drill.name}\t{well:.1f}\t{badly:.1f}\t{'found' if found else 'missed'}\t{said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
