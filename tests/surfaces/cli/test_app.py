"""The command line from outside: help, errors and exit statuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from commands import lastgood


def test_help_names_the_verbs(tmp_path: Path) -> None:
    """Every verb is in the help, on standard output, with status 0."""
    shown = lastgood(tmp_path, "--help")

    assert 0 == shown.returncode
    for verb in ("triage", "ask", "logs", "trace", "changes", "load", "holdings"):
        assert f"  {verb} " in shown.stdout


def test_help_imports_nothing_heavy() -> None:
    """The engine, arrays and drawing are not paid for by `--help`."""
    code = (
        "import sys\nfrom lastgood.surfaces.cli.app import command_line\ncommand_line()\n"
        "heavy = {'numpy', 'pyarrow', 'scipy', 'jinja2', 'rich', 'chdb', 'clickhouse_connect', 'vl_convert'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == shown.stdout.strip()


def test_usage_errors_are_two(tmp_path: Path) -> None:
    """A mistake in the request is one message on standard error, with its place, and status 2."""
    shown = lastgood(tmp_path, "triage", "--from", "now-1x", ".")

    assert 2 == shown.returncode
    assert "" == shown.stdout
    assert "lastgood: A duration was expected at position 5:\nnow-1x\n    ^\n" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_an_unknown_option_is_two(tmp_path: Path) -> None:
    """The parser's own errors have the same status."""
    assert 2 == lastgood(tmp_path, "triage", "--nonsense").returncode


@pytest.mark.slow
def test_no_such_path_is_two(tmp_path: Path) -> None:
    """A slip of the keyboard, as an unknown option is."""
    shown = lastgood(tmp_path, "triage", str(tmp_path / "gone"))

    assert 2 == shown.returncode
    assert "There is no" in shown.stderr
