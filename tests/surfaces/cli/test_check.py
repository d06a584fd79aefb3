"""`lastgood check`."""

import json
from pathlib import Path

from typer.testing import CliRunner

from lastgood.surfaces.cli.app import command_line


def test_the_file_that_is_named_and_the_schema(tmp_path: Path) -> None:
    """Exit status 1 with a line for each flaw; the schema is JSON."""
    (tmp_path / "x.toml").write_text('zones = "UTC"\n')
    done = CliRunner().invoke(command_line("check"), ["check", str(tmp_path / "x.toml")])
    made = CliRunner().invoke(command_line("check"), ["check", "--schema"])

    assert 1 == done.exit_code
    assert "x.toml: error: zones:" in done.stdout
    assert "$schema" in json.loads(made.stdout)
