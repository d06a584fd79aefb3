"""The world of a scenario. More of it: test_scenario_language."""

from pathlib import Path

import pytest

from lastgood.decoding.scenario.grammar import ScenarioError, parse_text
from lastgood.decoding.scenario.world import make, tables

TEXT = """
time      2026-11-20 10:00 .. 10:02
logs      web info "hello {int}" rate=1/s
change    deploy web v1 -> v2 id=d at 10:01
"""


def test_rows_for_each_table() -> None:
    """As the tables take them; a repository needs a person who makes it."""
    made = {table.name: len(rows) for table, rows in tables(make(parse_text(TEXT, Path("x"))))}

    assert {"otel_logs", "lg_changes"} == made.keys()
    assert 1 == made["lg_changes"]
    with pytest.raises(ScenarioError, match="repository"):
        make(parse_text(f"{TEXT}repository web\n", Path("x")))
