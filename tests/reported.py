"""Incidents reported in the scenario language inside a test: the store filled, and one question asked."""

from datetime import timedelta
from pathlib import Path

from lastgood.model.finding import Finding
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from scenario_language.asking import written


def asked(store: Store, folder: Path, text: str, question: str, minutes: int | None = None) -> Finding:
    """The finding of a question; with `minutes` the good window ends, and the bad begins, that long after the start."""
    path = folder / "told.txt"
    path.write_text(text)
    scenario = written(store, path)
    comparison = _split(scenario.whole, minutes) if minutes is not None else scenario.comparison
    _, findings = investigate(store, now=scenario.whole.end, comparison=comparison, only=question)
    return findings[-1]


def _split(whole: Window, minutes: int) -> Comparison:
    middle = whole.start + timedelta(minutes=minutes)
    return Comparison(Window(whole.start, middle), Window(middle, whole.end), given=True)
