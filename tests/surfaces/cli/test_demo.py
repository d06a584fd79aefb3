"""`lastgood demo`: the words that the shop is started with."""

import os

import pytest
from typer.testing import CliRunner

from lastgood.surfaces.cli.app import command_line


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        (["--list"], ["faults"]),
        (["--fault", "dns", "--seed", "3", "--act"], ["demo", "--seed=3", "--fault=dns", "--act"]),
        (["--record", "out"], ["demo", "--seed=7", "--record=out"]),
    ],
)
def test_options_are_passed_on(monkeypatch: pytest.MonkeyPatch, given: list[str], passed: list[str]) -> None:
    """And the shop takes the place of the process."""
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(os, "execve", lambda _, words, __: started.append(words))

    done = CliRunner().invoke(command_line("demo"), ["demo", *given])

    assert 0 == done.exit_code, done.output
    assert [passed] == [list(words[4:]) for words in started]
