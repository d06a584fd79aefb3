"""The hypotheses of scenarios, checked: one line for each, with who it blames, how it stands, and what ruled it out.

    PYTHONPATH=tests python -m scenario_language.blaming FILE… | --seeds FIRST COUNT

Guilty is the change that the scenario expects first; other changes are innocent; what blames no change is a mechanism.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lastgood.config import configured
from lastgood.model.clock import system_clock
from lastgood.model.entry import Opened
from lastgood.model.hypothesis import Hypothesis
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.workbench.assess import assess
from lastgood.workbench.board import board
from lastgood.workbench.hypotheses import check_hypotheses
from lastgood.workbench.room import opened
from lastgood.workbench.store import throwaway_store
from scenario_language.asking import written
from scenario_language.generated import write
from scenario_language.grammar import Scenario


def blamed(path: Path) -> Iterator[str]:
    """A line for each hypothesis of a scenario, after it was checked."""
    with ExitStack() as stack:
        store, folder = stack.enter_context(throwaway_store()), stack.enter_context(TemporaryDirectory())
        scenario = written(store, path)
        config = replace(configured(), record=f"sqlite:///{folder}/record.db")
        what = Opened(scenario.title)
        room = stack.enter_context(
            opened(config, system_clock, what, actor="scenario", now=scenario.whole.end)
        )
        assess(room, store, lambda sitrep: json.dumps(sitrep_document(sitrep)).encode())
        found = check_hypotheses(room, store) if board(room).hypotheses else board(room)
        for one in found.hypotheses:
            by = one.decided_by.checked.prediction if one.decided_by else ""
            yield f"{_who(one, scenario)} {one.standing} {path.stem} {one.added.about} {by}".rstrip()


def _who(one: Hypothesis, scenario: Scenario) -> str:
    first = {
        e.words[1] for e in scenario.expectations if (e.question, e.words[0]) == ("what_changed", "first")
    }
    if one.added.change is None:
        return "mechanism"
    return "guilty" if one.added.change in first else "innocent"


def main() -> None:
    """Every line of the files or seeds that are named."""
    words = sys.argv[1:]
    with TemporaryDirectory() as folder:
        if words[:1] == ["--seeds"]:
            first, count = map(int, words[1:3])
            paths = [write(Path(folder), seed) for seed in range(first, first + count)]
        else:
            paths = [Path(word) for word in words]
        for path in paths:
            for line in blamed(path):
                sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
