"""The grammar. What worlds it makes: test_scenario_language."""

from pathlib import Path

import pytest

from lastgood.decoding.scenario.grammar import ScenarioError, parse, parse_text


def test_a_text_and_a_file_are_the_same(tmp_path: Path) -> None:
    """With its title, seed and statements; what is no statement is named by its line."""
    text = "scenario  it's a title\nseed 3\ntime 2026-11-20 10:00 .. 10:01\nservice web instances=a,b\n"
    (tmp_path / "a").write_text(text)
    of_text, of_file = parse_text(text, tmp_path / "a"), parse(tmp_path / "a")

    assert ("it's a title", 3, 1) == (of_text.title, of_text.seed, len(of_text.statements))
    assert of_text == of_file
    with pytest.raises(ScenarioError, match="a:1"):
        parse_text("time nonsense", tmp_path / "a")
