"""The commands: one module each, found by its name; what they do is in the workbench."""

import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import typer

from lastgood.errors import LastgoodError
from lastgood.surfaces.cli._moments import MOMENTS, START, Moments, few_words

COMMANDS = tuple(name for commands in MOMENTS.values() for name in commands)

READER_GONE = 141  # as shells report a program that the end of its reader ended: 128 + SIGPIPE
LONGEST_FAULT = 300
_TRACEBACK = "For the traceback, run it again with LASTGOOD_DEBUG=1."


def command_line(*names: str) -> typer.Typer:
    """The program with the commands of these names; with all of them where none is given."""
    app = typer.Typer(cls=Moments, add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(_root)
    for name in names or COMMANDS:
        module = name.replace("-", "_")
        found = getattr(import_module(f"lastgood.surfaces.cli.{module}"), module)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, short_help=few_words(name))
        else:
            app.command(name, short_help=few_words(name))(found)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lastgood {version('lastgood')}")
        raise typer.Exit


def _root(
    ctx: typer.Context,
    *,
    _shown: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """What the person on call must know, in seconds, from what the system already emits.

    Start with: lastgood triage PATH…
    """
    if ctx.invoked_subcommand is None:
        typer.echo(START, err=True, nl=False)
        raise typer.Exit(2)


def run() -> None:
    """Run the command line; what cannot be served is one message on stderr and an exit status."""
    asked = [name for name in sys.argv[1:2] if name in COMMANDS]  # the others are not imported for it
    for closed in ("stdout", "stderr"):
        if (
            getattr(sys, closed) is None
        ):  # closed by the caller: no one reads it, and the answer is in the exit status
            setattr(sys, closed, Path(os.devnull).open("w"))  # noqa: SIM115 - to the end of the process
    try:
        try:
            _refuse_placeholders(sys.argv[1:])
            _tell_of_untrusted(asked)
            command_line(*asked)()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # here, where it is noticed that the disk is full or the reader gone
    except LastgoodError as problem:
        _tell(problem.message, problem.hint)
        sys.exit(problem.exit_status)
    except SystemExit as end:
        fault = _swallowed(end)
        if fault is None:
            raise
        sys.exit(_fault(fault))
    except Exception as fault:  # noqa: BLE001 - the last net: Python's own status 1 would mean that the problem is real
        sys.exit(_fault(fault))


def _refuse_placeholders(words: list[str]) -> None:
    """Refuse a command that was pasted with a word in it that the reader has to replace."""
    if not any(part.isupper() or part == "…" for word in words for part in word.split("=")):
        return
    from lastgood.errors import UsageError
    from lastgood.surfaces.invocation import PLACEHOLDERS, unfilled

    if word := unfilled(words):
        raise UsageError(f"{word} is a placeholder.", hint=f"Replace it with {PLACEHOLDERS[word]}.")


def _tell_of_untrusted(asked: list[str]) -> None:
    """One word on settings that are left out, where there is a file of settings to look into."""
    if not asked or asked == ["trust"] or not Path("lastgood.toml").is_file():
        return
    from lastgood.config import untrusted

    with suppress(LastgoodError):  # a file that cannot be read is reported by whoever needs it
        if left_out := untrusted():
            path, names = left_out
            _tell(
                f"{path} is not trusted: its {', '.join(names)} settings are ignored, because they can run commands or send data.",
                "Read the file. If you trust it, run: lastgood trust",
            )


def _swallowed(end: SystemExit) -> Exception | None:
    """The exception that the parser of the command line turned into status 1 by itself."""
    for fault in (end.__context__, getattr(end.__context__, "__cause__", None)):
        if isinstance(fault, BrokenPipeError | EOFError):
            return fault
    return None


def _fault(fault: Exception) -> int:
    """The exit status of an exception that was not expected, after a sentence about it."""
    from lastgood.config import debugging

    _let_go_of_output()
    if isinstance(fault, BrokenPipeError):
        return READER_GONE
    if debugging():
        from traceback import print_exception

        print_exception(fault)
    if isinstance(fault, OSError) and fault.strerror:  # the disk or the system, seldom a fault of ours
        name = f"{fault.filename}: " if fault.filename else ""
        _tell(f"Could not finish: {name}{fault.strerror}.", _TRACEBACK)
    else:
        text = " ".join(f"{type(fault).__name__}: {fault}".split())[:LONGEST_FAULT]
        _tell(f"Could not finish because of a fault of Lastgood: {text}", _TRACEBACK)
    return LastgoodError.exit_status


def _let_go_of_output() -> None:
    """Send to nowhere what standard output cannot take; else Python tries again at its end, and complains."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _tell(message: str, hint: str) -> None:
    from lastgood.surfaces.wording import PLAIN

    with suppress(OSError):  # no one may be left to read it
        typer.echo(f"lastgood: {message}".translate(PLAIN), err=True)
        if hint:
            typer.echo(hint.translate(PLAIN), err=True)
