"""The command line from outside: help, errors and exit statuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands import lastgood
from lastgood.surfaces.cli import app
from lastgood.surfaces.cli._moments import MOMENTS, few_words
from lastgood.surfaces.cli.app import COMMANDS

CLI = Path(app.__file__).parent


def test_help_names_the_verbs(tmp_path: Path) -> None:
    """Every verb is in the help, on standard output, with status 0."""
    shown = lastgood(tmp_path, "--help")

    assert 0 == shown.returncode
    for verb in ("triage", "ask", "logs", "trace", "changes", "load", "holdings"):
        assert f"  {verb} " in shown.stdout


def test_help_lists_every_command_by_its_moment(tmp_path: Path) -> None:
    """Once, in the order of a night, in few words that are not cut off."""
    shown = lastgood(tmp_path, "--help").stdout
    places = [shown.index(f"\n{moment}:\n") for moment in MOMENTS]

    assert sorted(places) == places
    assert len(COMMANDS) == len(set(COMMANDS))
    for name in COMMANDS:
        assert f"  {name} " in shown
        assert " ".join(few_words(name).split()) in " ".join(shown.split())
        assert len(few_words(name)) <= 60
    modules = {path.stem.replace("_", "-") for path in CLI.glob("[a-z]*.py")} - {"app"}
    assert modules - {"handover", "chat", "notify"} <= set(COMMANDS)  # those are of `incident`


def test_without_arguments_it_says_how_to_start(tmp_path: Path) -> None:
    """One command, not the list of all; with status 2, since nothing was asked."""
    shown = lastgood(tmp_path)

    assert (2, "") == (shown.returncode, shown.stdout)
    assert "lastgood triage PATH…" in shown.stderr.splitlines()[2]
    assert len(shown.stderr.splitlines()) < 8


def test_a_value_that_is_not_possible_names_the_one_that_is_meant(tmp_path: Path) -> None:
    """As for commands and options."""
    shown = lastgood(tmp_path, "triage", "-o", "jsno", ".")

    assert 2 == shown.returncode
    assert "Did you mean 'json'?" in " ".join(shown.stderr.split())
    assert "Value error" not in shown.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("incident", "show"), 2), (("act",), 2), (("verify",), 2), (("postmortem",), 2), (("hypothesis", "list"), 2),
        (("incident", "list"), 0), (("incident", "stats"), 0), (("actions",), 0), (("learning",), 0),
    ],
)  # fmt: skip
def test_without_an_incident_on_the_record(tmp_path: Path, words: tuple[str, ...], status: int) -> None:
    """What needs one is refused, with what to do; lists and reports are empty."""
    shown = lastgood(tmp_path, *words)

    assert status == shown.returncode, shown.stderr
    assert "lastgood incident open TITLE" in shown.stderr or words == ("actions",)


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


@pytest.mark.parametrize(
    "words",
    [("actions", "done", "1.2", "--because", "WHY"), ("incident", "resolve", "WHY"), ("note", "--actor=NAME", "x"), ("load", "PATH…")],
)  # fmt: skip
def test_a_placeholder_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    """As a printed command has it, before anything is recorded; what stands for it is said."""
    shown = lastgood(tmp_path, *words)

    assert 2 == shown.returncode
    assert " is a placeholder.\nReplace it with " in shown.stderr


def test_an_unknown_option_is_two(tmp_path: Path) -> None:
    """The parser's own errors have the same status."""
    assert 2 == lastgood(tmp_path, "triage", "--nonsense").returncode


@pytest.mark.slow
def test_no_such_path_is_two(tmp_path: Path) -> None:
    """A slip of the keyboard, as an unknown option is."""
    shown = lastgood(tmp_path, "triage", str(tmp_path / "gone"))

    assert 2 == shown.returncode
    assert "There is no" in shown.stderr


def _run(
    command: str, error: str, *, debug: str = "", out: int | None = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """A run in which a command does this."""
    code = (
        "import sys, typer\nfrom lastgood.surfaces.cli import app\n"
        f"def broken() -> None:\n    {command}\n    {error}\n"
        "made = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)\nmade.command()(broken)\n"
        "app.command_line = lambda *_: made\nsys.argv = ['lastgood']\napp.run()"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "LASTGOOD_DEBUG": debug},
        timeout=60,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("because of a fault of Lastgood: AssertionError: no\n", "raise AssertionError('no')"),
        ("because of a fault of Lastgood: KeyError: 'x'\n", "{}['x']"),
        ("because of a fault of Lastgood: EOFError", "raise EOFError"),
        (
            "Could not finish: /x: No space left on device.\n",
            "raise OSError(28, 'No space left on device', '/x')",
        ),
    ],
)
def test_a_fault_is_four_and_one_sentence(said: str, error: str) -> None:
    """Never 1, which means that the problem is real; what was printed before stays printed."""
    shown = _run("print('begun')", error)

    assert (4, "begun\n") == (shown.returncode, shown.stdout)
    assert said in shown.stderr
    assert "LASTGOOD_DEBUG=1" in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.slow
def test_when_debugging_a_fault_has_its_traceback() -> None:
    """And the same status."""
    shown = _run("pass", "raise AssertionError('no')", debug="1")

    assert 4 == shown.returncode
    assert "Traceback (most recent call last)" in shown.stderr


@pytest.mark.slow
@pytest.mark.parametrize("written", ["sys.stdout.write('x')", "sys.stdout.write('x' * 10**6)"])
def test_a_reader_that_has_gone_ends_it_quietly(written: str) -> None:
    """Also where what is left is written at the end."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        shown = _run(written, "raise typer.Exit(1)", out=writer)
    finally:
        os.close(writer)

    assert (141, "") == (shown.returncode, shown.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("written", ["sys.stdout.write('x')", "sys.stdout.write('x' * 10**6)"])
def test_output_to_a_full_disk_is_four(written: str) -> None:
    """What could not be written was not answered."""
    with Path("/dev/full").open("wb") as full:
        shown = _run(written, "raise typer.Exit(1)", out=full.fileno())

    assert 4 == shown.returncode
    assert "Could not finish: No space left on device." in shown.stderr
    assert "Exception ignored" not in shown.stderr
